// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Each question about a rule or a setting, once. */
#include <string.h>

#include "instance/instance.h"

bool rule_redirects(const struct xdpaction_rule *rule)
{
	return (rule->verdict == XDPACTION_REDIRECT && rule->probability) ||
	       (rule->otherwise == XDPACTION_REDIRECT &&
		(rule->probability < XDPACTION_ALWAYS || rule->verdict == XDPACTION_TX));
}

bool rule_transmits(const struct xdpaction_rule *rule)
{
	return (rule->verdict == XDPACTION_TX && rule->probability) ||
	       (rule->otherwise == XDPACTION_TX && rule->probability < XDPACTION_ALWAYS);
}

int rule_name_target(struct xdpaction *ctx, struct xdpaction_rule *rule)
{
	struct link target = { 0 };
	int err = 0;

	if (rule->target_ifindex)
		err = link_by_index(ctx, rule->target_ifindex, &target);
	if (err == -ENODEV)
		forget_error(ctx);
	else if (err)
		return err;
	memcpy(rule->target_ifname, target.name, sizeof(rule->target_ifname));
	return 0;
}

bool setting_is_temporary(const struct xdpaction_setting *setting)
{
	return setting->duration_ns || setting->packets;
}
