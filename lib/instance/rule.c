// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Each question about a rule, once. */
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
