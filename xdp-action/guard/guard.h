/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * The guard: a verdict that would cut the SSH session in which the command was
 * typed is refused, unless it ends by itself or spares the session. Where the
 * guard cannot tell it refuses too.
 */
#ifndef GUARD_H
#define GUARD_H

#include "cli.h"
#include "session.h"
#include "spare/spare.h"

enum guard_command {
	GUARD_LOAD,
	GUARD_SET,
};

/* What the guard found out when it was first asked; begins with what it is told. */
struct guard {
	enum guard_command command;
	bool forced;		/* it refuses nothing that can be done */
	bool spares;		/* the sessions are to be spared */

	bool looked;
	/* Where a session came from that the command may have been typed in; "": there is none. */
	char client[64];
	bool several;		/* of such sessions */
	/* These sessions, as they come in. */
	struct spared spared;
	/* What these sessions pass in the network namespace worked in. */
	struct carriers carriers;
	/* Why it cannot be told; "" when it can. */
	char unsure[256];
	/* Why the packets of a session cannot be told from others; "" when they can. */
	char veil[128];
};

void guard_free(struct guard *guard);

/*
 * The address from which the SSH session came in that this process runs, by what it
 * and its ancestors have in their environment; "" where they have nothing.
 */
void guard_find_client(char client[64]);

/* True when a rule takes packets away from the network stack. */
bool guard_cuts(const struct xdpaction_rule *rule);

/* True when a setting does so for good: by itself, or by the base it ends in. */
bool guard_setting_cuts(const struct xdpaction_setting *setting);

/*
 * Makes a setting, and the base that it names, spare the sessions if that is
 * wanted. Returns false, and says so, when there is none or it cannot be told.
 */
bool guard_spare(const struct cli *cli, struct guard *guard, struct xdpaction_setting *setting);

/* True when the setting is refused on the interface; says so then. */
bool guard_refuses(const struct cli *cli, struct guard *guard, const char *ifname,
		   const struct xdpaction_setting *setting);

#endif /* GUARD_H */
