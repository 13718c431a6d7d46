// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What is known to stand in the way of a setting that the kernel would accept. */
#include <stdio.h>
#include <string.h>

#include "instance/instance.h"

/* One line about frames that `sender` may not be able to send: those that get TX or REDIRECT. */
static int describe_sender(struct xdpaction *ctx, const struct link *sender,
			   enum xdpaction_verdict verdict, char *text, size_t size)
{
	bool veth = !strcmp(sender->kind, "veth"), reflects = verdict == XDPACTION_TX;
	const char *name = reflects ? "the interface" : sender->name;
	const char *unless = !veth    ? "" :
			     reflects ? " unless its peer has an XDP program in native mode" :
					" unless its peer has an XDP program or GRO";
	enum ability ability;
	int err;

	if (veth && reflects)
		err = link_can_reflect(ctx, sender, &ability);
	else
		err = link_can_transmit(ctx, sender, &ability);
	if (err || ability == ABILITY_YES)
		return err;
	if (ability == ABILITY_NO)
		snprintf(text, size, "%s cannot transmit for XDP now: packets that get %s vanish%s",
			 name, xdpaction_verdict_name(verdict), unless);
	else
		snprintf(text, size, "this kernel does not tell whether %s can transmit for XDP: packets that get %s may vanish%s",
			 name, xdpaction_verdict_name(verdict), unless);
	return 0;
}

static int describe_obstacle(struct xdpaction *ctx, const struct link *link,
			     const struct xdpaction_rule *rule, char *text, size_t size)
{
	struct link target;
	int err = 0;

	/* Generic XDP transmits by the ordinary queue. */
	if (link->mode != XDPACTION_MODE_SKB && xdpaction_rule_can_give(rule, XDPACTION_TX))
		err = describe_sender(ctx, link, XDPACTION_TX, text, size);
	if (err || *text || !xdpaction_rule_can_give(rule, XDPACTION_REDIRECT))
		return err;
	err = link_target(ctx, link, rule->target_ifindex, &target);
	if (!err && target.mtu < link->mtu)
		snprintf(text, size, "%s has MTU %u: larger packets that get REDIRECT vanish",
			 target.name, target.mtu);
	else if (!err && link->mode != XDPACTION_MODE_SKB)
		err = describe_sender(ctx, &target, XDPACTION_REDIRECT, text, size);
	return err;
}

int xdpaction_check_setting(struct xdpaction *ctx, const char *ifname,
			    const struct xdpaction_setting *setting, char *text, size_t size)
{
	char found[XDPACTION_TEXT_SIZE] = "";
	struct xdpaction_setting wanted;
	struct link link;
	int err;

	forget_error(ctx);
	err = sized_read(ctx, &wanted, sizeof(wanted), setting);
	if (!err)
		err = link_by_name(ctx, ifname, &link);
	if (!err)
		err = describe_obstacle(ctx, &link, &wanted.rule, found, sizeof(found));
	if (!err && !*found && xdpaction_setting_is_temporary(&wanted) && wanted.has_base)
		err = describe_obstacle(ctx, &link, &wanted.base, found, sizeof(found));
	if (!err)
		snprintf(text, size, "%s", found);
	return err;
}
