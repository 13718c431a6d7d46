// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The further conditions of rules, and how they stand in the map. */
#include <sys/random.h>

#include "instance/instance.h"

#define ONE_RUN 1000

/* A share in units of 2^-32, rounded. */
static uint64_t share_of(long double share)
{
	uint64_t units = share * XDPACTION_ALWAYS + 0.5L;

	return units < XDPACTION_ALWAYS ? units : XDPACTION_ALWAYS;
}

/*
 * The chance, of 2^32, with which a packet enters a run of losses, for a share
 * below XDPACTION_ALWAYS and runs of so many thousandths of packets on average.
 * 2^32 also where it would be more.
 */
static uint64_t burst_enter(uint64_t probability, uint32_t burst)
{
	long double leave = (long double)ONE_RUN / burst;

	return share_of(leave * probability / (XDPACTION_ALWAYS - probability));
}

static uint64_t burst_stay(uint32_t burst)
{
	return share_of(1 - (long double)ONE_RUN / burst);
}

static void store_share(const struct xdpaction_rule *rule, struct xdp_action_more *more)
{
	if (rule->every) {
		more->asks |= XDP_ACTION_MORE_EVERY;
		more->every = rule->every;
		more->count = rule->every_seen;
	} else if (rule->burst) {
		more->asks |= XDP_ACTION_MORE_BURST;
		more->burst = rule->burst;
		more->stay = burst_stay(rule->burst);
		more->enter = burst_enter(rule->probability, rule->burst);
	} else if (rule->per_flow) {
		more->asks |= XDP_ACTION_MORE_FLOW;
		more->seed = rule->seed;
	}
}

void more_store(const struct xdpaction_rule *rule, struct xdp_action_more *more)
{
	struct xdp_action_more new = { 0 };

	store_share(rule, &new);
	if (rule->skip) {
		new.asks |= XDP_ACTION_MORE_SKIP;
		new.skip = rule->skip;
	}
	if (rule->pulse_on_ns) {
		new.asks |= XDP_ACTION_MORE_PULSE;
		new.on_ns = rule->pulse_on_ns;
		new.period_ns = rule->pulse_on_ns + rule->pulse_off_ns;
		new.start_ns = rule->pulse_start_ns;
	}
	*more = new;
}

/* What of a word with a share, and what in place of it. */
static void load_share(const struct xdp_action_more *more, uint64_t threshold,
		       struct xdpaction_rule *rule)
{
	if (more->asks & XDP_ACTION_MORE_EVERY) {
		rule->every = more->every;
		rule->every_seen = rule->every ? more->count % rule->every : 0;
		/* The program gives it to none then. */
		rule->probability = rule->every ? XDPACTION_ALWAYS : 0;
	} else if (more->asks & XDP_ACTION_MORE_BURST) {
		rule->burst = more->burst ?: ONE_RUN;
		rule->probability = threshold;
	} else if (more->asks & XDP_ACTION_MORE_FLOW) {
		rule->per_flow = true;
		rule->seed = more->seed;
		rule->probability = threshold;
	}
}

bool more_load(const struct xdp_action_more *shared, uint64_t threshold,
	       struct xdpaction_rule *rule)
{
	/* The program goes on counting in it. */
	const struct xdp_action_more more = *(const volatile struct xdp_action_more *)shared;

	if (more.asks & ~XDP_ACTION_MORE_ALL)
		return false;
	load_share(&more, threshold, rule);
	if (more.asks & XDP_ACTION_MORE_SKIP && more.skip > 0)
		rule->skip = more.skip;
	if (!(more.asks & XDP_ACTION_MORE_PULSE))
		return true;
	if (!more.period_ns || !more.on_ns) {
		rule->probability = 0;
	} else if (more.on_ns < more.period_ns) {
		rule->pulse_on_ns = more.on_ns;
		rule->pulse_off_ns = more.period_ns - more.on_ns;
		rule->pulse_start_ns = more.start_ns;
	}
	return true;
}

bool more_asked(const struct xdpaction_rule *rule)
{
	return rule->skip || rule->pulse_on_ns || rule->every || rule->burst || rule->per_flow;
}

bool more_equal(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return a->skip == b->skip && a->pulse_on_ns == b->pulse_on_ns &&
	       a->pulse_off_ns == b->pulse_off_ns && a->every == b->every && a->burst == b->burst &&
	       a->per_flow == b->per_flow && (!a->per_flow || a->seed == b->seed);
}

/* Fewer steps of the chance to enter a run than these would not give the share. */
#define BURST_ENTER_MIN 100

void xdpaction_burst_shares(uint32_t burst, uint64_t *least, uint64_t *most)
{
	/* Of the share and of that of the other packets, as burst_enter() takes it. */
	long double ratio = (long double)BURST_ENTER_MIN / XDPACTION_ALWAYS * burst / ONE_RUN;

	*least = 1 + (uint64_t)(ratio / (1 + ratio) * XDPACTION_ALWAYS);
	/* Between two runs there is one packet at least. Rounded, as a share is that was typed. */
	*most = (XDPACTION_ALWAYS * burst + (burst + ONE_RUN) / 2) / (burst + ONE_RUN);
}

static int check_burst(struct xdpaction *ctx, const struct xdpaction_rule *rule)
{
	uint64_t least, most;

	if (!rule->burst)
		return 0;
	if (rule->burst < XDPACTION_BURST_MIN || rule->burst > XDPACTION_BURST_MAX)
		return fail(ctx, -EINVAL, NULL, "runs must be of 1 to 1,000,000 packets on average");
	if (!rule->probability || rule->probability >= XDPACTION_ALWAYS)
		return fail(ctx, -EINVAL, "give a share between 0% and 100%",
			    "a share of %s has no runs", rule->probability ? "all" : "none");
	xdpaction_burst_shares(rule->burst, &least, &most);
	if (rule->probability < least)
		return fail(ctx, -EINVAL, "give a larger share, or shorter runs",
			    "a share so small cannot be given in runs so long");
	if (rule->probability > most)
		return fail(ctx, -EINVAL, "give a smaller share, or longer runs",
			    "runs of %.10g packet%s on average, with one packet in between, are at most %.4g%% of all",
			    rule->burst / 1000.0, rule->burst == ONE_RUN ? "" : "s",
			    most * 100.0 / XDPACTION_ALWAYS);
	return 0;
}

static int check_pulse(struct xdpaction *ctx, const struct xdpaction_rule *rule)
{
	if (!rule->pulse_on_ns && !rule->pulse_off_ns)
		return 0;
	if (rule->pulse_on_ns < XDPACTION_DURATION_MIN_NS ||
	    rule->pulse_on_ns > XDPACTION_DURATION_MAX_NS ||
	    rule->pulse_off_ns < XDPACTION_DURATION_MIN_NS ||
	    rule->pulse_off_ns > XDPACTION_DURATION_MAX_NS)
		return fail(ctx, -EINVAL, NULL, "both parts of a pulse must be from 1 ms to 30 days");
	return 0;
}

/* Which packets, where it is not each by itself. */
static int check_share(struct xdpaction *ctx, const struct link *link,
		       const struct xdpaction_rule *rule)
{
	if (!!rule->every + !!rule->burst + rule->per_flow > 1)
		return fail(ctx, -EINVAL, NULL,
			    "each Nth packet, runs and flows exclude each other");
	if (rule->every && rule->probability != XDPACTION_ALWAYS)
		return fail(ctx, -EINVAL, NULL, "each Nth packet excludes a probability");
	if (rule->every && (rule->every < 2 || rule->every > XDPACTION_PACKETS_MAX ||
			    rule->every_seen >= rule->every))
		return fail(ctx, -EINVAL, NULL, "each Nth packet must be from each 2nd to each 2^32nd");
	if (rule->per_flow && rule->probability == XDPACTION_ALWAYS)
		return fail(ctx, -EINVAL, NULL, "a share of flows must be below 100%%");
	if (rule->per_flow && !link->ethernet)
		return fail_on(ctx, link->name, -EINVAL, NULL,
			       "flows are told by what follows an Ethernet header, and the packets of %s have none",
			       link->name);
	if (rule->seed > XDPACTION_SEED_MAX)
		return fail(ctx, -EINVAL, NULL, "a seed must be below 2^53");
	return check_burst(ctx, rule);
}

int more_check(struct xdpaction *ctx, const struct link *link, const struct xdpaction_rule *rule)
{
	int err = check_share(ctx, link, rule);

	if (!err && rule->skip > XDPACTION_PACKETS_MAX)
		err = fail(ctx, -EINVAL, NULL, "packets to skip must be at most 2^32");
	return err ? err : check_pulse(ctx, rule);
}

static int choose_seed(struct xdpaction *ctx, struct xdpaction_rule *rule)
{
	uint32_t number = 0;

	if (!rule->per_flow || rule->seed)
		return 0;
	while (!number)
		if (getrandom(&number, sizeof(number), 0) < 0)
			return fail_kernel(ctx, -errno, "draw a random number");
	rule->seed = number;
	return 0;
}

static int complete_rule(struct xdpaction *ctx, struct xdpaction_rule *rule)
{
	int err = choose_seed(ctx, rule);

	if (!err && rule->pulse_on_ns && !rule->pulse_start_ns)
		err = boottime_ns(ctx, &rule->pulse_start_ns);
	return err;
}

int more_complete(struct xdpaction *ctx, struct xdpaction_setting *setting)
{
	int err = complete_rule(ctx, &setting->rule);

	if (!err && setting->has_base)
		err = complete_rule(ctx, &setting->base);
	return err;
}
