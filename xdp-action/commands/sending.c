// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "commands.h"
#include "say/say.h"

static bool sends(const struct xdpaction_rule *rule)
{
	return xdpaction_rule_can_give(rule, XDPACTION_TX) ||
	       xdpaction_rule_can_give(rule, XDPACTION_REDIRECT);
}

void warn_of_sending(const struct cli *cli, const char *ifname,
		     const struct xdpaction_setting *setting)
{
	char text[XDPACTION_TEXT_SIZE];

	if (!sends(&setting->rule) && (!setting->has_base || !sends(&setting->base)))
		return;
	if (xdpaction_check_setting(cli->ctx, ifname, setting, text, sizeof(text)))
		report_warning(cli, ifname, "%s", xdpaction_error(cli->ctx));
	else if (*text)
		report_warning(cli, ifname, "%s", text);
}
