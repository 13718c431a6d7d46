// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Each question about a rule or a setting, once. */
#include <string.h>

#include "instance/instance.h"

bool xdpaction_rule_has_match(const struct xdpaction_rule *rule)
{
	return *rule->match || *rule->except || *rule->spares;
}

bool rule_has_conditions(const struct xdpaction_rule *rule)
{
	return rule->probability < XDPACTION_ALWAYS || xdpaction_rule_has_match(rule) ||
	       more_asked(rule);
}

/* Frames to a group address are not sent back, so TX always leaves some out. */
static bool leaves_out(const struct xdpaction_rule *rule)
{
	return rule_has_conditions(rule) || rule->verdict == XDPACTION_TX;
}

bool xdpaction_rule_can_give(const struct xdpaction_rule *rule, enum xdpaction_verdict verdict)
{
	bool chosen = rule->probability > 0, left_out = leaves_out(rule);

	if (verdict == XDPACTION_PASS && left_out && rule->otherwise == XDPACTION_TX)
		return true;
	return (chosen && rule->verdict == verdict) || (left_out && rule->otherwise == verdict);
}

bool xdpaction_rule_equal(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	if (a->verdict != b->verdict || a->probability != b->probability)
		return false;
	if (leaves_out(a) && a->otherwise != b->otherwise)
		return false;
	if (strcmp(a->match, b->match) || strcmp(a->except, b->except) ||
	    strcmp(a->spares, b->spares))
		return false;
	if (!more_equal(a, b))
		return false;
	return !xdpaction_rule_can_give(a, XDPACTION_REDIRECT) ||
	       a->target_ifindex == b->target_ifindex;
}

bool xdpaction_setting_is_temporary(const struct xdpaction_setting *setting)
{
	return setting->duration_ns || setting->packets;
}
