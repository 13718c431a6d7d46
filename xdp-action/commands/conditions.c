// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "conditions.h"

/* The option was not given. */
#define NO_PROBABILITY UINT64_MAX

void conditions_init(struct conditions *conditions)
{
	*conditions = (struct conditions){ .probability = NO_PROBABILITY };
}

const char *conditions_check(const struct conditions *conditions)
{
	uint64_t probability = conditions->probability;
	bool shared = probability != NO_PROBABILITY;

	if (conditions->every && shared)
		return "give --every or --probability, not both";
	if (conditions->burst && conditions->per_flow)
		return "give --burst or --per-flow, not both";
	if (conditions->burst && !shared)
		return "--burst needs --probability";
	if (conditions->per_flow && !shared)
		return "--per-flow needs --probability";
	if (conditions->seed && !conditions->per_flow)
		return "--seed needs --per-flow";
	if (conditions->burst && (!probability || probability == XDPACTION_ALWAYS))
		return "--burst needs a share between 0% and 100%: none and all have no runs";
	if (conditions->per_flow && probability == XDPACTION_ALWAYS)
		return "--per-flow needs a share below 100%";
	return NULL;
}

bool conditions_leave_out(const struct conditions *conditions)
{
	return *conditions->match || *conditions->except || conditions->spare ||
	       conditions->probability != NO_PROBABILITY || conditions->every ||
	       conditions->skip || conditions->pulse.on_ns;
}

void conditions_store(const struct conditions *conditions, struct xdpaction_rule *rule)
{
	strcpy(rule->match, conditions->match);
	strcpy(rule->except, conditions->except);
	if (conditions->probability != NO_PROBABILITY)
		rule->probability = conditions->probability;
	rule->burst = conditions->burst;
	rule->per_flow = conditions->per_flow;
	rule->seed = conditions->seed;
	rule->every = conditions->every;
	rule->skip = conditions->skip;
	rule->pulse_on_ns = conditions->pulse.on_ns;
	rule->pulse_off_ns = conditions->pulse.off_ns;
}
