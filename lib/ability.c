// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Whether a driver can send what TX and REDIRECT give it. */
#include <string.h>

#include "private.h"

/* NETDEV_XDP_ACT_NDO_XMIT of <linux/netdev.h>, which is younger than some headers. */
#define FEATURE_NDO_XMIT (1U << 2)

/* The kinds of virtual interface that had ndo_xdp_xmit when kernels did not tell. */
static const char *const able_kinds[] = { "veth", "tun", "bond" };

/*
 * Before 6.3: of hardware nothing is known, and of a veth only that it depends
 * on its peer.
 */
static enum ability guess(const struct link *link)
{
	size_t i;

	if (link->loopback)
		return ABILITY_NO;
	if (!link->kind[0])
		return ABILITY_UNKNOWN;
	for (i = 0; i < ARRAY_SIZE(able_kinds); i++)
		if (!strcmp(link->kind, able_kinds[i]))
			return ABILITY_UNKNOWN;
	return ABILITY_NO;
}

int link_can_transmit(struct xdpaction *ctx, const struct link *link, enum ability *ability)
{
	uint64_t features;
	int err = link_xdp_features(ctx, link->ifindex, &features);

	if (err == -EOPNOTSUPP)
		*ability = guess(link);
	else if (!err)
		*ability = features & FEATURE_NDO_XMIT ? ABILITY_YES : ABILITY_NO;
	return err == -EOPNOTSUPP ? 0 : err;
}

int target_check(struct xdpaction *ctx, enum xdpaction_mode mode, const struct link *target)
{
	enum ability ability;
	int err;

	/* In either mode the kernel frees such packets and counts them nowhere. */
	if (!target->up) {
		fail(ctx, -EOPNOTSUPP, NULL, "%s is down, and packets redirected to it vanish",
		     target->name);
		advise(ctx, "set it up first: 'ip link set %s up'", target->name);
		return -EOPNOTSUPP;
	}
	/* Generic XDP hands the packet to the ordinary transmit queue. */
	if (mode == XDPACTION_MODE_SKB)
		return 0;
	err = link_can_transmit(ctx, target, &ability);
	if (err || ability != ABILITY_NO)
		return err;

	fail(ctx, -EOPNOTSUPP, NULL, "%s cannot take redirected packets now", target->name);
	if (!strcmp(target->kind, "veth"))
		advise(ctx, "a veth takes them once its peer has an XDP program or GRO: 'ethtool -K PEER gro on'");
	else if (!target->kind[0] && !target->loopback)
		advise(ctx, "many drivers take them once the interface has an XDP program itself; or load in skb mode, which can redirect to every interface");
	else
		advise(ctx, "load in skb mode, which can redirect to every interface");
	return -EOPNOTSUPP;
}

/*
 * A veth takes redirected frames when its peer has GRO as well. What TX sends
 * is then queued for the peer too, but nothing wakes it.
 */
static int veth_can_reflect(struct xdpaction *ctx, const struct link *link, enum ability *ability)
{
	struct link peer;
	int err = link_peer(ctx, link, &peer);

	if (err == -ENOMEM)
		return err;
	if (err) {
		forget_error(ctx);
		*ability = ABILITY_UNKNOWN;
	} else {
		*ability = peer.attached && peer.mode == XDPACTION_MODE_NATIVE ? ABILITY_YES :
										 ABILITY_NO;
	}
	return 0;
}

/* One line about frames that `sender` may not be able to send. */
static int describe(struct xdpaction *ctx, const struct link *sender, const char *verdict,
		    char *text, size_t size)
{
	bool veth = !strcmp(sender->kind, "veth"), reflects = !strcmp(verdict, "TX");
	const char *unless = !veth    ? "" :
			     reflects ? " unless its peer has an XDP program in native mode" :
					" unless its peer has an XDP program or GRO";
	enum ability ability;
	int err;

	if (veth && reflects)
		err = veth_can_reflect(ctx, sender, &ability);
	else
		err = link_can_transmit(ctx, sender, &ability);
	if (err || ability == ABILITY_YES)
		return err;
	if (ability == ABILITY_NO)
		snprintf(text, size, "%s cannot transmit for XDP now: packets that get %s vanish%s",
			 sender->name, verdict, unless);
	else
		snprintf(text, size, "this kernel does not tell whether %s can transmit for XDP: packets that get %s may vanish%s",
			 sender->name, verdict, unless);
	return 0;
}

static int describe_rule(struct xdpaction *ctx, const struct link *link,
			 const struct xdpaction_rule *rule, char *text, size_t size)
{
	struct link target;
	int err = 0;

	/* Generic XDP transmits by the ordinary queue. */
	if (link->mode != XDPACTION_MODE_SKB && rule_transmits(rule))
		err = describe(ctx, link, "TX", text, size);
	if (err || *text || !rule_redirects(rule))
		return err;
	err = link_by_index(ctx, rule->target_ifindex, &target);
	if (!err && target.mtu < link->mtu)
		snprintf(text, size, "%s has MTU %u: larger packets that get REDIRECT vanish",
			 target.name, target.mtu);
	else if (!err && link->mode != XDPACTION_MODE_SKB)
		err = describe(ctx, &target, "REDIRECT", text, size);
	return err;
}

int xdpaction_check_setting(struct xdpaction *ctx, const char *ifname,
			    const struct xdpaction_setting *setting, char *text, size_t size)
{
	char found[XDPACTION_TEXT_SIZE] = "";
	struct link link;
	int err;

	forget_error(ctx);
	err = link_by_name(ctx, ifname, &link);
	if (!err) {
		err = describe_rule(ctx, &link, &setting->rule, found, sizeof(found));
		if (!err && !*found && (setting->duration_ns || setting->packets) &&
		    setting->has_base)
			err = describe_rule(ctx, &link, &setting->base, found, sizeof(found));
	}
	if (!err)
		snprintf(text, size, "%s", found);
	return err;
}
