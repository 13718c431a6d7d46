// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "links.h"

/* A link can be larger than the 8 KiB that libmnl calls enough. */
#define BUFFER_SIZE 32768
/* A dump during which interfaces came or went is made again, so often. */
#define DUMP_TRIES 20

/* Sends a request on a socket of its own and hands every answer to fn. */
static int talk(struct nlmsghdr *request, mnl_cb_t fn, void *data)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	char buffer[BUFFER_SIZE];
	int length = 0, more = 1;

	if (!socket)
		return -errno;
	request->nlmsg_seq = 1;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		more = -1;
	while (more > 0) {
		length = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		more = -1;
		if (length >= 0)
			more = mnl_cb_run(buffer, length, 1, mnl_socket_get_portid(socket), fn,
					  data);
	}
	if (more < 0)
		more = -errno;
	mnl_socket_close(socket);
	return more;
}

static int read_kind(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
		snprintf(link->kind, sizeof(link->kind), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int read_attribute(const struct nlattr *attr, void *data)
{
	struct link *link = data;

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
	struct link *grown, *link;
	bool elsewhere = false;

	grown = realloc(links->list, (links->count + 1) * sizeof(*grown));
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
	    mnl_attr_parse(message, sizeof(*info), find_netnsid, &elsewhere) < 0)
		return MNL_CB_ERROR;
	/* The number of an interface of another namespace says nothing here. */
	if (elsewhere)
		link->lower = 0;
	return MNL_CB_OK;
}

int links_read(struct links *links)
{
	char buffer[256];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info;
	int i, err = -EINTR;

	request->nlmsg_type = RTM_GETLINK;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	info = mnl_nlmsg_put_extra_header(request, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	mnl_attr_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);

	*links = (struct links){ 0 };
	for (i = 0; i < DUMP_TRIES && err == -EINTR; i++) {
		links->count = 0;
		err = talk(request, read_link, links);
	}
	return err;
}

void links_free(struct links *links)
{
	free(links->list);
	*links = (struct links){ 0 };
}

static int find_oif(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == RTA_OIF)
		*(unsigned int *)data = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int read_route(const struct nlmsghdr *message, void *data)
{
	const struct rtmsg *answer = mnl_nlmsg_get_payload(message);
	struct route *route = data;

	route->local = answer->rtm_type == RTN_LOCAL;
	if (mnl_attr_parse(message, sizeof(*answer), find_oif, &route->ifindex) < 0)
		return MNL_CB_ERROR;
	return MNL_CB_STOP;
}

int links_route(const struct address *to, struct route *route)
{
	char buffer[256];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct route found = { 0 };
	struct rtmsg *question;
	int err;

	request->nlmsg_type = RTM_GETROUTE;
	request->nlmsg_flags = NLM_F_REQUEST;
	question = mnl_nlmsg_put_extra_header(request, sizeof(*question));
	question->rtm_family = to->family;
	if (to->family == AF_INET) {
		question->rtm_dst_len = 32;
		mnl_attr_put(request, RTA_DST, sizeof(to->v4), &to->v4);
	} else {
		question->rtm_dst_len = 128;
		mnl_attr_put(request, RTA_DST, sizeof(to->v6), &to->v6);
	}
	if (*to->scope && if_nametoindex(to->scope))
		mnl_attr_put_u32(request, RTA_OIF, if_nametoindex(to->scope));

	err = talk(request, read_route, &found);
	if (err)
		return err;
	if (!found.ifindex)
		return -ENETUNREACH;
	*route = found;
	return 0;
}
