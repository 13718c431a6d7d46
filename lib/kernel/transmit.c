// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Whether a driver can send what TX and REDIRECT give it. */
#include <string.h>

#include "kernel/kernel.h"

/* NETDEV_XDP_ACT_NDO_XMIT of <linux/netdev.h>, which older kernel headers lack. */
#define FEATURE_NDO_XMIT (1U << 2)

/* Kinds of virtual interface that had ndo_xdp_xmit before kernels told. */
static const char *const able_kinds[] = { "veth", "tun", "bond" };

/* Before 6.3 nothing is known of hardware, and of a veth only that it depends on its peer. */
static enum ability guess_ability(const struct link *link)
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
	int err = link_xdp_features(ctx, link, &features);

	if (err == -EOPNOTSUPP)
		*ability = guess_ability(link);
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
int link_can_reflect(struct xdpaction *ctx, const struct link *link, enum ability *ability)
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
