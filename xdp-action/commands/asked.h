/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* A setting as it is asked for on the command line: what `set` and `run` share. */
#ifndef ASKED_H
#define ASKED_H

#include "conditions.h"
#include "guard/guard.h"

/* What these commands read their lines into. Begins with asked_init(). */
struct asked {
	enum xdpaction_verdict verdict, otherwise, then;
	struct conditions conditions;
	uint64_t packets;
	uint64_t duration_ns;
	char to[XDPACTION_IFNAME_SIZE];
	bool all;
	bool force;
};

/* Their part of a synopsis, behind the verdict ... */
#define ASKED_SYNOPSIS \
	"[-a | IFNAME...] " CONDITION_SYNOPSIS \
	" [-c N] [-t DURATION] [--then VERDICT] [--otherwise VERDICT] [--to IFNAME] [-f]" \
	" [--if-unchanged N] [--note TEXT]"

/* ... and of a table of options. */
#define ASKED_OPTIONS \
	CONDITION_OPTIONS(struct asked, conditions), \
	OPTION_VALUE('c', "packets", "N", value_packets, struct asked, packets, \
		     "for exactly the next N packets, then the base"), \
	OPTION_VALUE('t', "for", "DURATION", value_duration, struct asked, duration_ns, \
		     "for this long, then the base: 500ms, 30s, 5m, 2h, 1d"), \
	OPTION_VALUE(0, "then", "VERDICT", value_verdict, struct asked, then, \
		     "the base, instead of what was in force before"), \
	OPTION_VALUE(0, "otherwise", "VERDICT", value_verdict, struct asked, otherwise, \
		     "what packets get that these leave out; default PASS"), \
	OPTION_VALUE(0, "to", "IFNAME", value_ifname, struct asked, to, \
		     "where REDIRECT sends packets"), \
	OPTION_FLAG('a', "all", struct asked, all, \
		    "every interface that has an instance, as without IFNAME"), \
	OPTION_FLAG('f', "force", struct asked, force, \
		    "even if it would cut the SSH session it is typed in"), \
	OPTION_IF_UNCHANGED, \
	OPTION_NOTE

/* For the `init` of a command. */
void asked_init(void *data);

/*
 * Says what is wrong with them together. `ends`: the setting ends by itself, also
 * without --for and --packets.
 */
void asked_check(const struct cli *cli, const struct asked *asked, bool ends,
		 struct words *wrong);

/* The guard for what is asked. */
struct guard asked_guard(const struct asked *asked);

/* Finds the target of --to and fills in the setting. Returns an exit status. */
int asked_setting(const struct cli *cli, const struct asked *asked,
		  struct xdpaction_setting *setting);

#endif /* ASKED_H */
