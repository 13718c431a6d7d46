// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
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
	err = more_check(ctx, link, rule);
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
