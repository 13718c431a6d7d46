// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Each question about a rule or a setting, once. */
#include "context.h"

bool xdpaction_rule_can_give(const struct xdpaction_rule *rule, enum xdpaction_verdict verdict)
{
	bool chosen = rule->probability > 0;
	/* Frames to a group address are not sent back, so TX always leaves some out. */
	bool left_out = rule->probability < XDPACTION_ALWAYS || rule->verdict == XDPACTION_TX;

	if (verdict == XDPACTION_PASS && left_out && rule->otherwise == XDPACTION_TX)
		return true;
	return (chosen && rule->verdict == verdict) || (left_out && rule->otherwise == verdict);
}

bool xdpaction_setting_is_temporary(const struct xdpaction_setting *setting)
{
	return setting->duration_ns || setting->packets;
}
