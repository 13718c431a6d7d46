/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What must be in force on the interface, by the documents alone. Knows no kernel. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "xdpaction.h"

/* Expressions for each frame of the traffic, and for none, without white space. */
#define MATCH_EACH "ether[12:2]=0x88b5"
#define MATCH_NONE "ether[12:2]=0x88b6"
/* Of pulses: longer than any soak, and over before frames come. */
#define PULSE_LONG_NS UINT64_C(7200000000000)
#define PULSE_SHORT_NS UINT64_C(1000000)

struct model {
	bool loaded, neighbour;
	struct xdpaction_rule rule;
	/* The rule holds until one of the two is over: ~0 and 0 where there is none. */
	bool temporary;
	uint64_t packets_left;
	uint64_t earliest_end_ns, latest_end_ns;	/* CLOCK_BOOTTIME */
	struct xdpaction_rule base;
};

/* How many frames get each verdict, at least and at most. */
struct expectation {
	unsigned int least[XDPACTION_VERDICTS], most[XDPACTION_VERDICTS];
	/* They are one flow: either the least or the most. */
	bool one_flow;
};

void model_load(struct model *model, const struct xdpaction_rule *rule);
/* A setting that was set between these two times. */
void model_set(struct model *model, const struct xdpaction_setting *setting,
	       uint64_t earliest_ns, uint64_t latest_ns);
/* Time goes by; it must not be within the moment in which a setting ends. */
void model_wait(struct model *model, uint64_t now_ns);
/* True while frames are counted, so that it matters how many come in. */
bool model_counts(const struct model *model);
/*
 * So many frames come in, which are one flow. A rule with a budget has no
 * probability, and does not get each Nth frame: what two CPUs do at its end
 * depends on which is first.
 */
void model_receive(struct model *model, unsigned int frames, struct expectation *expected);

/* "" when a setting that was read at a time is the one of the model. */
const char *model_compare(const struct model *model, const struct xdpaction_setting *setting,
			  uint64_t now_ns);

#endif /* MODEL_H */
