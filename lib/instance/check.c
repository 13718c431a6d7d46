// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Settings that cannot be, and why. */
#include <string.h>

#include "instance/instance.h"

static int check_target(struct xdpaction *ctx, const struct link *link,
			struct xdpaction_rule *rule)
{
	unsigned int ifindex = rule->target_ifindex;
	struct link target;
	int err;

	if (!ifindex)
		return fail_kind(ctx, link->name, -EINVAL, XDPACTION_ADVICE_TARGET,
				 "REDIRECT needs an interface to send to");
	if (ifindex == link->ifindex)
		return fail_on(ctx, link->name, -EINVAL,
			       "TX sends packets back to where they came from",
			       "cannot redirect to itself");
	err = link_target(ctx, link, ifindex, &target);
	if (err)
		return err;
	memcpy(rule->target_ifname, target.name, sizeof(rule->target_ifname));
	if (!strcmp(target.kind, "veth") && target.peer_ifindex == link->ifindex &&
	    target.peer_netns == PEER_HERE)
		return fail_on(ctx, link->name, -EINVAL,
			       "TX sends packets back to where they came from",
			       "cannot redirect to %s, its own peer: each packet would come back forever",
			       target.name);
	if (link->ethernet != target.ethernet)
		return fail_on(ctx, link->name, -EINVAL, NULL,
			       "cannot redirect to %s: only the packets of %s have an Ethernet header",
			       target.name, link->ethernet ? link->name : target.name);

	err = not_gone(target_check(ctx, link->mode, &target));
	return err ? error_on(ctx, link->name, err) : 0;
}

/* Sent on a loopback, a packet comes in again, without an end. */
static int check_transmit(struct xdpaction *ctx, const struct link *link)
{
	if (link->loopback)
		return fail_on(ctx, link->name, -EINVAL, NULL,
			       "TX on a loopback interface would send each packet round forever");
	if (!link->ethernet)
		return fail_on(ctx, link->name, -EINVAL, NULL,
			       "TX needs an Ethernet header to swap its addresses, and the packets of %s have none",
			       link->name);
	return 0;
}

static bool has_end(const char expression[XDPACTION_EXPRESSION_SIZE])
{
	return memchr(expression, '\0', XDPACTION_EXPRESSION_SIZE);
}

/* Fewer steps of a chance than these would not give the share. */
#define BURST_ENTER_MIN 100

static int check_burst(struct xdpaction *ctx, const struct xdpaction_rule *rule)
{
	uint64_t most;

	if (!rule->burst)
		return 0;
	if (rule->burst < XDPACTION_BURST_MIN || rule->burst > XDPACTION_BURST_MAX)
		return fail(ctx, -EINVAL, NULL, "runs must be of 1 to 1,000,000 packets on average");
	if (!rule->probability || rule->probability >= XDPACTION_ALWAYS)
		return fail(ctx, -EINVAL, "give a share between 0% and 100%",
			    "a share of %s has no runs", rule->probability ? "all" : "none");
	if (burst_enter(rule->probability, rule->burst) < BURST_ENTER_MIN)
		return fail(ctx, -EINVAL, "give a larger share, or shorter runs",
			    "a share so small cannot be given in runs so long");
	/* Between two runs there is one packet at least. */
	most = XDPACTION_ALWAYS * rule->burst / (rule->burst + 1000);
	if (rule->probability > most)
		return fail(ctx, -EINVAL, "give a smaller share, or longer runs",
			    "runs of %.10g packets on average, with one packet in between, are at most %.4g%% of all",
			    rule->burst / 1000.0, most * 100.0 / XDPACTION_ALWAYS);
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

static int check_more(struct xdpaction *ctx, const struct link *link,
		      const struct xdpaction_rule *rule)
{
	int err = check_share(ctx, link, rule);

	if (!err && rule->skip > XDPACTION_PACKETS_MAX)
		err = fail(ctx, -EINVAL, NULL, "packets to skip must be at most 2^32");
	return err ? err : check_pulse(ctx, rule);
}

static int check_rule(struct xdpaction *ctx, const struct link *link,
			 struct xdpaction_rule *rule)
{
	int err = 0;

	if ((unsigned int)rule->verdict >= XDPACTION_VERDICTS ||
	    (unsigned int)rule->otherwise >= XDPACTION_VERDICTS)
		return fail(ctx, -EINVAL, NULL, "there is no verdict %d",
			    (unsigned int)rule->verdict >= XDPACTION_VERDICTS ?
				    (int)rule->verdict : (int)rule->otherwise);
	if (rule->probability > XDPACTION_ALWAYS)
		return fail(ctx, -EINVAL, NULL, "a probability cannot be above 1");
	if (!has_end(rule->match) || !has_end(rule->except) || !has_end(rule->spares))
		return fail(ctx, -EINVAL, NULL, "an expression does not end");
	err = check_more(ctx, link, rule);
	rule->target_ifname[0] = '\0';
	if (!err && xdpaction_rule_can_give(rule, XDPACTION_TX))
		err = check_transmit(ctx, link);
	if (!err && xdpaction_rule_can_give(rule, XDPACTION_REDIRECT))
		err = check_target(ctx, link, rule);
	return err;
}

int setting_check_features(struct xdpaction *ctx, uint32_t features,
			   const struct xdpaction_setting *setting)
{
	const struct xdpaction_rule *rule = &setting->rule, *base = &setting->base;

	if (features & XDP_ACTION_FEATURE_BUDGET)
		return 0;
	if (rule->every || rule->skip || (setting->has_base && (base->every || base->skip)))
		return fail(ctx, -EOPNOTSUPP, NULL,
			    "this kernel cannot count packets for each Nth or to skip some: it has no atomic instruction that returns a value");
	if (!setting->packets)
		return 0;
	return fail_kind(ctx, "", -EOPNOTSUPP, XDPACTION_ADVICE_DURATION,
			 "this kernel cannot count packets down: it has no atomic instruction that returns a value");
}

int setting_check(struct xdpaction *ctx, const struct link *link,
		  struct xdpaction_setting *setting)
{
	int err;

	if (setting->duration_ns && (setting->duration_ns < XDPACTION_DURATION_MIN_NS ||
				     setting->duration_ns > XDPACTION_DURATION_MAX_NS))
		return fail(ctx, -EINVAL, NULL, "a duration must be from 1 ms to 30 days");
	if (setting->packets > XDPACTION_PACKETS_MAX)
		return fail(ctx, -EINVAL, NULL, "a number of packets must be from 1 to 2^32");

	err = check_rule(ctx, link, &setting->rule);
	if (!err && xdpaction_setting_is_temporary(setting) && setting->has_base)
		err = check_rule(ctx, link, &setting->base);
	return err;
}
