/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard: a verdict that would cut the SSH session in which the command was
 * typed is refused, unless it ends by itself. Where the guard cannot tell it
 * refuses too.
 */
#ifndef GUARD_H
#define GUARD_H

#include "cli.h"
#include "session.h"

enum guard_command {
	GUARD_LOAD,
	GUARD_SET,
};

/* What the guard found out when it was first asked. */
struct guard {
	enum guard_command command;
	bool looked;
	/* Where a session came from that the command may have been typed in; "": there is none. */
	char client[64];
	bool several;		/* of such sessions */
	/* What these sessions pass in the network namespace worked in. */
	struct carriers carriers;
	/* Why it cannot be told; "" when it can. */
	char unsure[256];
};

void guard_free(struct guard *guard);

/* True when a rule takes packets away from the network stack. */
bool guard_cuts(const struct xdpaction_rule *rule);

/* True when a setting does so for good: by itself, or by the base it ends in. */
bool guard_setting_cuts(const struct xdpaction_setting *setting);

/* True when the setting is refused on the interface; says so then. */
bool guard_refuses(const struct cli *cli, struct guard *guard, const char *ifname,
		   const struct xdpaction_setting *setting);

#endif /* GUARD_H */
