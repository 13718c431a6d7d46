// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "netlink.h"
#include "session.h"

/* The mode 802.3ad, whose name is in a header that does not go together with <net/if.h>. */
#define BOND_LACP 4

/* What is known of a bond; that of another kind has other numbers. */
static int read_bond(const struct nlattr *attr, void *data)
{
	struct device *link = data;

	if (mnl_attr_get_type(attr) == IFLA_BOND_MODE && !strcmp(link->kind, "bond"))
		link->lacp = mnl_attr_get_u8(attr) == BOND_LACP;
	return MNL_CB_OK;
}

static int read_kind(const struct nlattr *attr, void *data)
{
	struct device *link = data;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_INFO_KIND:
		snprintf(link->kind, sizeof(link->kind), "%s", mnl_attr_get_str(attr));
		break;
	case IFLA_INFO_DATA:
		return mnl_attr_parse_nested(attr, read_bond, link);
	}
	return MNL_CB_OK;
}

static int read_attribute(const struct nlattr *attr, void *data)
{
	struct device *link = data;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		snprintf(link->name, sizeof(link->name), "%s", mnl_attr_get_str(attr));
		break;
	case IFLA_MASTER:
		link->master = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINK:
		link->lower = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINKINFO:
		return mnl_attr_parse_nested(attr, read_kind, link);
	}
	return MNL_CB_OK;
}

static int find_netnsid(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == IFLA_LINK_NETNSID)
		*(bool *)data = true;
	return MNL_CB_OK;
}

static int read_link(const struct nlmsghdr *message, void *data)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	struct links *links = data;
	struct device *grown, *link;

	grown = list_grow(links->list, links->count, sizeof(*grown));
	if (!grown) {
		errno = ENOMEM;
		return MNL_CB_ERROR;
	}
	links->list = grown;
	link = &grown[links->count++];
	memset(link, 0, sizeof(*link));
	link->ifindex = info->ifi_index;
	link->loopback = info->ifi_flags & IFF_LOOPBACK;

	if (mnl_attr_parse(message, sizeof(*info), read_attribute, link) < 0 ||
	    mnl_attr_parse(message, sizeof(*info), find_netnsid, &link->elsewhere) < 0)
		return MNL_CB_ERROR;
	/* The number of an interface of another namespace says nothing here. */
	if (link->elsewhere)
		link->lower = 0;
	return MNL_CB_OK;
}

int links_read(struct links *links)
{
	char buffer[256];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info;

	request->nlmsg_type = RTM_GETLINK;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	info = mnl_nlmsg_put_extra_header(request, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	mnl_attr_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);

	*links = (struct links){ 0 };
	return netlink_dump(NETLINK_ROUTE, request, read_link, links, &links->count);
}

void links_free(struct links *links)
{
	free(links->list);
	*links = (struct links){ 0 };
}

/* ---- routes ---- */

static struct rtmsg *begin_route_request(char *buffer, uint16_t flags, int family)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct rtmsg *question;

	request->nlmsg_type = RTM_GETROUTE;
	request->nlmsg_flags = NLM_F_REQUEST | flags;
	question = mnl_nlmsg_put_extra_header(request, sizeof(*question));
	question->rtm_family = family;
	return question;
}

static unsigned int address_bits(const struct address *address)
{
	return address->family == AF_INET ? 32 : 128;
}

static int read_way(const struct nlattr *attr, void *data)
{
	struct route *route = data;

	switch (mnl_attr_get_type(attr)) {
	case RTA_OIF:
		route->ifindex = mnl_attr_get_u32(attr);
		break;
	case RTA_GATEWAY:
	case RTA_VIA:
		route->direct = false;
		break;
	}
	return MNL_CB_OK;
}

static int read_route(const struct nlmsghdr *message, void *data)
{
	const struct rtmsg *answer = mnl_nlmsg_get_payload(message);
	struct route *route = data;

	route->local = answer->rtm_type == RTN_LOCAL;
	route->direct = true;
	if (mnl_attr_parse(message, sizeof(*answer), read_way, route) < 0)
		return MNL_CB_ERROR;
	return MNL_CB_STOP;
}

int links_route(const struct address *to, struct route *route)
{
	char buffer[256];
	struct nlmsghdr *request = (struct nlmsghdr *)buffer;
	struct route found = { 0 };
	int err;

	begin_route_request(buffer, 0, to->family)->rtm_dst_len = address_bits(to);
	mnl_attr_put(request, RTA_DST, address_bits(to) / 8, &to->v6);
	if (*to->scope && if_nametoindex(to->scope))
		mnl_attr_put_u32(request, RTA_OIF, if_nametoindex(to->scope));

	err = netlink_exchange(NETLINK_ROUTE, request, read_route, &found);
	if (err)
		return err;
	if (!found.ifindex)
		return -ENETUNREACH;
	*route = found;
	return 0;
}

struct route_tour {
	const struct address *to;
	route_fn fn;
	void *data;
};

struct route_parts {
	const struct nlattr *destination, *ways;
};

static int find_parts(const struct nlattr *attr, void *data)
{
	struct route_parts *parts = data;

	if (mnl_attr_get_type(attr) == RTA_DST)
		parts->destination = attr;
	else if (mnl_attr_get_type(attr) == RTA_MULTIPATH)
		parts->ways = attr;
	return MNL_CB_OK;
}

/* True when an address begins with so many bits of another. */
static bool begins_with(const struct address *address, const void *prefix, unsigned int bits)
{
	const unsigned char *a = (const unsigned char *)&address->v6, *b = prefix;
	unsigned int bytes = bits / 8, rest = bits % 8;

	return !memcmp(a, b, bytes) && (!rest || !((a[bytes] ^ b[bytes]) >> (8 - rest)));
}

static bool covers(const struct rtmsg *route, const struct nlattr *destination,
		   const struct address *to)
{
	if (route->rtm_type != RTN_UNICAST || route->rtm_family != to->family)
		return false;
	if (!destination)
		return !route->rtm_dst_len;
	return mnl_attr_get_payload_len(destination) * 8 >= route->rtm_dst_len &&
	       begins_with(to, mnl_attr_get_payload(destination), route->rtm_dst_len);
}

/* Each of several ways is an rtnexthop with attributes behind it. */
static void tell_ways(const struct nlattr *ways, const struct route_tour *tour)
{
	const struct rtnexthop *way = mnl_attr_get_payload(ways);
	int left = mnl_attr_get_payload_len(ways);

	for (; RTNH_OK(way, left); left -= RTNH_ALIGN(way->rtnh_len), way = RTNH_NEXT(way)) {
		struct route route = { .ifindex = way->rtnh_ifindex, .direct = true };

		mnl_attr_parse_payload(RTNH_DATA(way), way->rtnh_len - sizeof(*way), read_way,
				       &route);
		tour->fn(&route, tour->data);
	}
}

static int tell_route(const struct nlmsghdr *message, void *data)
{
	const struct rtmsg *answer = mnl_nlmsg_get_payload(message);
	const struct route_tour *tour = data;
	struct route_parts parts = { 0 };
	struct route route = { .direct = true };

	if (mnl_attr_parse(message, sizeof(*answer), find_parts, &parts) < 0 ||
	    mnl_attr_parse(message, sizeof(*answer), read_way, &route) < 0)
		return MNL_CB_ERROR;
	if (!covers(answer, parts.destination, tour->to))
		return MNL_CB_OK;
	if (parts.ways)
		tell_ways(parts.ways, tour);
	else if (route.ifindex)
		tour->fn(&route, tour->data);
	return MNL_CB_OK;
}

int links_routes(const struct address *to, route_fn fn, void *data)
{
	struct route_tour tour = { .to = to, .fn = fn, .data = data };
	char buffer[256];

	begin_route_request(buffer, NLM_F_DUMP, to->family);
	return netlink_dump(NETLINK_ROUTE, (struct nlmsghdr *)buffer, tell_route, &tour, NULL);
}
