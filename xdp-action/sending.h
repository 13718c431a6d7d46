/* SPDX-License-Identifier: GPL-2.0-only */
/* Verdicts by which frames leave an interface. */
#ifndef SENDING_H
#define SENDING_H

#include "cli.h"

/*
 * Says what is known to go wrong where a setting that was made sends frames: a
 * driver that cannot transmit.
 */
void warn_of_sending(const struct cli *cli, const char *ifname,
		     const struct xdpaction_setting *setting);

#endif /* SENDING_H */
