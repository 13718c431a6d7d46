/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What a lease takes over from a change. */
#ifndef XDPACTION_CHANGE_H
#define XDPACTION_CHANGE_H

#include "instance/instance.h"

/* An instance whose setting was stored. */
struct stored {
	char ifname[XDPACTION_IFNAME_SIZE];	/* as the caller calls it */
	struct instance instance;		/* the caller closes it */
	struct holding holding;			/* without an end */
};

/* Hands over the next one; false when there is none left. */
bool change_hand_over(struct xdpaction_change *change, struct stored *stored);

#endif /* XDPACTION_CHANGE_H */
