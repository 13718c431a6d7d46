// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdio.h>
#include <string.h>

#include "conditions.h"

/* The option was not given. */
#define NO_PROBABILITY UINT64_MAX

static bool read_every(const char *text, void *value)
{
	return parse_number(text, 2, XDPACTION_PACKETS_MAX, value);
}

const struct value_type value_every = {
	.noun = "a number of packets",
	.expected = "2 to 4294967296",
	.parse = read_every,
};

static bool read_burst(const char *text, void *value)
{
	return parse_thousandths(text, value);
}

const struct value_type value_burst = {
	.noun = "a mean number of packets",
	.expected = "1 to 1000000, with up to three decimals",
	.parse = read_burst,
};

static bool read_seed(const char *text, void *value)
{
	return parse_number(text, 1, XDPACTION_SEED_MAX, value);
}

const struct value_type value_seed = {
	.noun = "a seed",
	.expected = "1 to 9007199254740991",
	.parse = read_seed,
};

/* Copies the first of two durations to `on` and returns the second; NULL: there are not two. */
static const char *split_pulse(const char *text, char on[64])
{
	const char *slash = strchr(text, '/');

	if (!slash || slash - text >= 64)
		return NULL;
	snprintf(on, 64, "%.*s", (int)(slash - text), text);
	return slash + 1;
}

static bool read_pulse(const char *text, void *value)
{
	struct pulse *pulse = value, parts;
	const char *off;
	char on[64];

	off = split_pulse(text, on);
	if (!off || !parse_duration(on, &parts.on_ns) || !parse_duration(off, &parts.off_ns))
		return false;
	*pulse = parts;
	return true;
}

static bool is_duration(const char *text)
{
	uint64_t ns;

	return parse_duration(text, &ns) || duration_out_of_range(text);
}

static const char *refuse_pulse(const char *text)
{
	const char *off;
	char on[64];

	off = split_pulse(text, on);
	return off && is_duration(on) && is_duration(off) ?
		       " is out of range; expected 1ms to 30d for each" : NULL;
}

const struct value_type value_pulse = {
	.noun = "a pulse",
	.expected = "two durations from 1ms to 30d, on and off, as in 200ms/800ms",
	.parse = read_pulse,
	.refusal = refuse_pulse,
};

void conditions_init(struct conditions *conditions)
{
	*conditions = (struct conditions){ .probability = NO_PROBABILITY };
}

/* What cannot be together, whatever the values are; NULL: nothing. */
static const char *excluded(const struct conditions *conditions)
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

/* Quotes a share of runs that cannot be. */
static void check_burst(const struct conditions *conditions, struct words *wrong)
{
	char given[UNITS_SIZE], limit[UNITS_SIZE];
	uint64_t least, most;

	xdpaction_burst_shares(conditions->burst, &least, &most);
	if (conditions->probability >= least && conditions->probability <= most)
		return;
	words_add(wrong, "--burst %.10g cannot be with -p %s: ", conditions->burst / 1000.0,
		  units_percent(given, conditions->probability));
	if (conditions->probability > most)
		words_add(wrong, "with one packet between two runs, these are at most %s of all",
			  units_percent(limit, most));
	else
		words_add(wrong, "runs so long are at least %s of all",
			  units_percent(limit, least));
}

bool conditions_check(const struct conditions *conditions, struct words *wrong)
{
	const char *reason = excluded(conditions);

	if (reason)
		words_add(wrong, "%s", reason);
	else if (conditions->burst)
		check_burst(conditions, wrong);
	return wrong->length > 0;
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
