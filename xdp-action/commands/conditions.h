/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Which packets get a verdict: the options that `set`, `run` and `load` share. */
#ifndef CONDITIONS_H
#define CONDITIONS_H

#include "args/args.h"

/* How long packets get a verdict, and then do not. */
struct pulse {
	uint64_t on_ns, off_ns;
};

/* Begins with conditions_init(). */
struct conditions {
	char match[XDPACTION_EXPRESSION_SIZE];
	char except[XDPACTION_EXPRESSION_SIZE];
	uint64_t probability;
	uint64_t skip, every, seed;
	uint32_t burst;
	bool per_flow;
	bool spare;
	struct pulse pulse;
};

extern const struct value_type value_every;		/* uint64_t */
extern const struct value_type value_burst;		/* uint32_t, thousandths of packets */
extern const struct value_type value_seed;		/* uint64_t */
extern const struct value_type value_pulse;		/* struct pulse */

/* Their part of a synopsis ... */
#define CONDITION_SYNOPSIS \
	"[--match EXPR] [--except EXPR] [-s] [-p PCT] [--burst N] [--per-flow] [--seed N] " \
	"[--every N] [--skip N] [--pulse ON/OFF]"

/* ... and of a table of options. They go to `member`, a struct conditions in `owner`. */
#define CONDITION_OPTIONS(owner, member) \
	OPTION_VALUE(0, "match", "EXPR", value_condition, owner, member.match, \
		     "VERDICT is for packets that match, as 'tcp port 5432'"), \
	OPTION_VALUE(0, "except", "EXPR", value_condition, owner, member.except, \
		     "and for none that match this"), \
	OPTION_FLAG('s', "spare-session", owner, member.spare, \
		    "nor for the SSH session it is typed in and what keeps that alive"), \
	OPTION_VALUE('p', "probability", "PCT", value_probability, owner, member.probability, \
		     "each packet gets VERDICT with this chance: 5%, 0.1%, 0.05"), \
	OPTION_VALUE(0, "burst", "N", value_burst, owner, member.burst, \
		     "with -p: in runs of N packets on average"), \
	OPTION_FLAG(0, "per-flow", owner, member.per_flow, \
		    "with -p: a share of the flows, with all of their packets"), \
	OPTION_VALUE(0, "seed", "N", value_seed, owner, member.seed, \
		     "with --per-flow: the flows that this number chose before"), \
	OPTION_VALUE(0, "every", "N", value_every, owner, member.every, \
		     "exactly each Nth packet"), \
	OPTION_VALUE(0, "skip", "N", value_packets, owner, member.skip, \
		     "not for the next N packets"), \
	OPTION_VALUE(0, "pulse", "ON/OFF", value_pulse, owner, member.pulse, \
		     "for ON, not for OFF, and so on: 200ms/800ms")

void conditions_init(struct conditions *conditions);

/* What is wrong with them together goes to `wrong`; false: nothing. */
bool conditions_check(const struct conditions *conditions, struct words *wrong);

/* True when they leave some packets out. */
bool conditions_leave_out(const struct conditions *conditions);

/* Stores them in a rule that has none. Which session is spared is the guard's. */
void conditions_store(const struct conditions *conditions, struct xdpaction_rule *rule);

#endif /* CONDITIONS_H */
