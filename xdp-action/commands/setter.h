/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Changes the settings of several instances, if the guard and the kernel allow all of it. */
#ifndef SETTER_H
#define SETTER_H

#include "args/args.h"
#include "guard/guard.h"

struct setter {
	const struct cli *cli;
	const struct xdpaction_setting *asked;
	struct guard *guard;
	/* How long the guard is to think that the setting holds; 0: for good. */
	uint64_t guarded_ns;
	/* Says nothing on the standard output. */
	bool silent;

	/* Begun by setter_set(), for xdpaction_change_end(). */
	struct xdpaction_change *change;
	size_t count;		/* of the instances that were found */
	int status;
};

/*
 * Sets all of the interfaces, or none when one of them fails the check, and reports
 * what cannot be. Returns an exit status.
 */
int setter_set(struct setter *setter, const struct interfaces *interfaces);

#endif /* SETTER_H */
