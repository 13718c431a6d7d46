// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Interfaces and what is attached to them, as rtnetlink shows it. */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netlink.h"

/* A vxlan has its own attribute for what it sits on. */
static void parse_kind_data(const struct nlattr *data, struct link *link)
{
	const struct nlattr *attr;

	if (strcmp(link->kind, "vxlan"))
		return;
	mnl_attr_for_each_nested(attr, data)
		if (mnl_attr_get_type(attr) == IFLA_VXLAN_LINK &&
		    !mnl_attr_validate(attr, MNL_TYPE_U32))
			link->peer_ifindex = mnl_attr_get_u32(attr);
}

/* The kind comes before its data. */
static void parse_kind(const struct nlattr *info, struct link *link)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, info) {
		if (mnl_attr_get_type(attr) == IFLA_INFO_KIND &&
		    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			snprintf(link->kind, sizeof(link->kind), "%s", mnl_attr_get_str(attr));
		if (mnl_attr_get_type(attr) == IFLA_INFO_DATA)
			parse_kind_data(attr, link);
	}
}

/*
 * An interface has one program in native or skb mode, and perhaps another one in
 * the hardware. A dispatcher is the former.
 */
static int parse_xdp(const struct nlattr *xdp, struct link *link)
{
	uint32_t native = 0, skb = 0, hw = 0;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, xdp) {
		uint32_t *id;

		switch (mnl_attr_get_type(attr)) {
		case IFLA_XDP_DRV_PROG_ID:
			id = &native;
			break;
		case IFLA_XDP_SKB_PROG_ID:
			id = &skb;
			break;
		case IFLA_XDP_HW_PROG_ID:
			id = &hw;
			break;
		default:
			continue;
		}
		if (mnl_attr_validate(attr, MNL_TYPE_U32))
			return -EIO;
		*id = mnl_attr_get_u32(attr);
	}

	link->prog_id = native ? native : skb ? skb : hw;
	link->mode = native ? XDPACTION_MODE_NATIVE :
		     skb    ? XDPACTION_MODE_SKB :
			      XDPACTION_MODE_HW;
	link->attached = link->prog_id != 0;
	return 0;
}

/* A tun, a WireGuard and the like, and the tunnels of IP in IP. */
static bool is_bare_ip(unsigned short type)
{
	return type == ARPHRD_NONE || type == ARPHRD_RAWIP || type == ARPHRD_TUNNEL ||
	       type == ARPHRD_TUNNEL6 || type == ARPHRD_SIT;
}

int link_parse(const struct nlmsghdr *message, struct link *link)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr;

	memset(link, 0, sizeof(*link));
	link->ifindex = info->ifi_index;
	link->peer_netns = PEER_HERE;
	link->loopback = info->ifi_flags & IFF_LOOPBACK;
	link->up = info->ifi_flags & IFF_UP;
	link->ethernet = info->ifi_type == ARPHRD_ETHER || info->ifi_type == ARPHRD_LOOPBACK;
	link->bare_ip = is_bare_ip(info->ifi_type);

	mnl_attr_for_each(attr, message, sizeof(*info)) {
		switch (mnl_attr_get_type(attr)) {
		case IFLA_IFNAME:
			if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
				return -EIO;
			snprintf(link->name, sizeof(link->name), "%s", mnl_attr_get_str(attr));
			break;
		case IFLA_MTU:
			if (mnl_attr_validate(attr, MNL_TYPE_U32))
				return -EIO;
			link->mtu = mnl_attr_get_u32(attr);
			break;
		case IFLA_MASTER:
			if (mnl_attr_validate(attr, MNL_TYPE_U32))
				return -EIO;
			link->master_ifindex = mnl_attr_get_u32(attr);
			break;
		case IFLA_LINK:
			if (mnl_attr_validate(attr, MNL_TYPE_U32))
				return -EIO;
			link->peer_ifindex = mnl_attr_get_u32(attr);
			break;
		case IFLA_LINK_NETNSID:
			if (mnl_attr_validate(attr, MNL_TYPE_U32))
				return -EIO;
			link->peer_netns = (int32_t)mnl_attr_get_u32(attr);
			break;
		case IFLA_LINKINFO:
			parse_kind(attr, link);
			break;
		case IFLA_XDP:
			if (parse_xdp(attr, link))
				return -EIO;
			break;
		}
	}
	return link->name[0] ? 0 : -EIO;
}

struct request {
	struct xdpaction *ctx;
	link_fn fn;
	void *data;
	int err;	/* of fn */
	bool one;	/* the answer is one message */
	bool found;
};

static int on_link(const struct nlmsghdr *message, void *data)
{
	struct request *request = data;
	struct link link;

	if (message->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;

	request->err = link_parse(message, &link);
	if (request->err) {
		fail(request->ctx, request->err, NULL, "netlink gave a broken description of an interface");
		return MNL_CB_STOP;
	}
	request->found = true;
	request->err = request->fn(request->ctx, &link, request->data);
	return request->err || request->one ? MNL_CB_STOP : MNL_CB_OK;
}

static struct nlmsghdr *begin_request(char buffer[NETLINK_REQUEST_SIZE], uint16_t flags)
{
	struct nlmsghdr *message =
		netlink_begin(buffer, RTM_GETLINK, flags, sizeof(struct ifinfomsg));

	mnl_attr_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return message;
}

static int keep_link(struct xdpaction *ctx, const struct link *link, void *data)
{
	(void)ctx;
	*(struct link *)data = *link;
	return 0;
}

/* `name` is what was asked for; NULL if that was a number. */
static int fail_link(struct xdpaction *ctx, const char *name, unsigned int ifindex, int err)
{
	if (err == -ENODEV && name)
		return fail_on(ctx, name, err, "'ip link' shows the interfaces that there are",
			       "there is no such interface");
	if (err == -ENODEV)
		return fail(ctx, err, NULL, "there is no interface with the number %u", ifindex);
	fail_on(ctx, name ?: "", err, NULL, "cannot look at the interface: %s", strerror(-err));
	return not_gone(err);
}

static int link_get(struct xdpaction *ctx, struct nlmsghdr *message, const char *name,
		    struct link *link)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	CLEANUP(netlink_close) struct mnl_socket *socket = NULL;
	struct request request = { .ctx = ctx, .fn = keep_link, .one = true };
	struct link found;
	int err;

	request.data = &found;
	err = netlink_open(ctx, NETLINK_ROUTE, &socket);
	if (err)
		return err;

	err = netlink_ask(socket, message, on_link, &request);
	if (request.err)
		return request.err;
	if (err >= 0 && !request.found)
		err = -EIO;
	if (err < 0)
		return fail_link(ctx, name, info->ifi_index, err);

	*link = found;
	return 0;
}

int link_by_name(struct xdpaction *ctx, const char *name, struct link *link)
{
	char buffer[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *message = begin_request(buffer, 0);

	if (!*name || strlen(name) >= IFNAMSIZ)
		return fail(ctx, -ENODEV, NULL, "'%s' cannot be the name of an interface", name);
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	return link_get(ctx, message, name, link);
}

int link_by_index(struct xdpaction *ctx, unsigned int ifindex, struct link *link)
{
	char buffer[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *message = begin_request(buffer, 0);
	struct ifinfomsg *info = mnl_nlmsg_get_payload(message);

	info->ifi_index = ifindex;
	return link_get(ctx, message, NULL, link);
}

int link_again(struct xdpaction *ctx, const struct link *link, struct link *now)
{
	int err = link_by_index(ctx, link->ifindex, now);

	if (err == -ENODEV)
		return fail_on(ctx, link->name, err, NULL, "the interface went away");
	return err ? error_on(ctx, link->name, err) : 0;
}

int link_target(struct xdpaction *ctx, const struct link *link, unsigned int ifindex,
		struct link *target)
{
	int err = link_by_index(ctx, ifindex, target);

	if (err == -ENODEV)
		return fail_kind(ctx, link->name, not_gone(err), XDPACTION_ADVICE_NEW_TARGET,
				 "the interface to send to is not there");
	return err;
}

int link_peer(struct xdpaction *ctx, const struct link *link, struct link *peer)
{
	char buffer[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *message = begin_request(buffer, 0);
	struct ifinfomsg *info = mnl_nlmsg_get_payload(message);

	info->ifi_index = link->peer_ifindex;
	if (link->peer_netns != PEER_HERE)
		mnl_attr_put_u32(message, IFLA_TARGET_NETNSID, link->peer_netns);
	return link_get(ctx, message, NULL, peer);
}

/* The links of a dump, kept until the dump is known to be complete. */
struct link_list {
	struct link *links;
	size_t count;
};

static int append_link(struct xdpaction *ctx, const struct link *link, void *data)
{
	struct link_list *list = data;
	struct link *grown = list_grow(list->links, list->count, sizeof(*grown));

	if (!grown)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	list->links = grown;
	grown[list->count++] = *link;
	return 0;
}

/* -EINTR when interfaces came or went meanwhile. */
static int dump_once(struct xdpaction *ctx, struct link_list *list)
{
	char buffer[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct request request = { .ctx = ctx, .fn = append_link, .data = list };
	CLEANUP(netlink_close) struct mnl_socket *socket = NULL;
	int err;

	list->count = 0;
	err = netlink_open(ctx, NETLINK_ROUTE, &socket);
	if (err)
		return err;
	err = netlink_ask(socket, begin_request(buffer, NLM_F_DUMP), on_link, &request);
	if (request.err)
		return request.err;
	if (err < 0 && err != -EINTR)
		return fail(ctx, err, NULL, "cannot list the interfaces: %s", strerror(-err));
	return err;
}

int link_for_each(struct xdpaction *ctx, link_fn fn, void *data)
{
	struct retry retry = { .timeout_ns = LOOK_TIMEOUT_NS };
	struct link_list list = { 0 };
	size_t n;
	int err;

	do {
		err = dump_once(ctx, &list);
	} while (err == -EINTR && retry_again(&retry));
	if (err == -EINTR)
		err = fail(ctx, -EBUSY, "try again", "the list of interfaces kept changing");

	for (n = 0; !err && n < list.count; n++)
		err = fn(ctx, &list.links[n], data);
	free(list.links);
	return err;
}
