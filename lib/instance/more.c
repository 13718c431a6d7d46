// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
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

uint64_t burst_enter(uint64_t probability, uint32_t burst)
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
