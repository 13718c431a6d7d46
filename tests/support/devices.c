// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>

#include "devices.h"
#include "die.h"

#define REQUEST_SIZE 1024

static struct nlmsghdr *begin(char *buffer, int type, unsigned int ifindex)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *device = mnl_nlmsg_put_extra_header(message, sizeof(*device));

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	device->ifi_family = AF_UNSPEC;
	device->ifi_index = ifindex;
	return message;
}

static void request(struct nlmsghdr *message, const char *what)
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	char answer[4096];
	ssize_t length;

	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		die("%s: netlink: %m", what);
	length = mnl_socket_recvfrom(socket, answer, sizeof(answer));
	if (length < 0 ||
	    mnl_cb_run(answer, length, 0, mnl_socket_get_portid(socket), NULL, NULL) < 0)
		die("%s: %m", what);
	mnl_socket_close(socket);
}

static void put_choices(struct nlmsghdr *message, const char *name, unsigned int queues)
{
	if (name)
		mnl_attr_put_strz(message, IFLA_IFNAME, name);
	if (queues) {
		mnl_attr_put_u32(message, IFLA_NUM_TX_QUEUES, queues);
		mnl_attr_put_u32(message, IFLA_NUM_RX_QUEUES, queues);
	}
}

void veth_make(const struct veth *veth)
{
	char buffer[REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *message = begin(buffer, RTM_NEWLINK, veth->ifindex);
	struct nlattr *info, *data, *peer;
	struct ifinfomsg *device;

	message->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	put_choices(message, veth->name, veth->queues);
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(message, VETH_INFO_PEER);
	device = mnl_nlmsg_put_extra_header(message, sizeof(*device));
	device->ifi_index = veth->peer_ifindex;
	put_choices(message, veth->peer, veth->queues);
	mnl_attr_nest_end(message, peer);
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, info);
	request(message, "cannot make a veth");
}

static void set_flags(const char *name, unsigned int flags)
{
	char buffer[REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *message = begin(buffer, RTM_SETLINK, if_nametoindex(name));
	struct ifinfomsg *device = mnl_nlmsg_get_payload(message);

	device->ifi_flags = flags;
	device->ifi_change = IFF_UP;
	request(message, name);
}

void device_up(const char *name)
{
	set_flags(name, IFF_UP);
}

void device_down(const char *name)
{
	set_flags(name, 0);
}

void device_move(unsigned int ifindex, int netns)
{
	char buffer[REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *message = begin(buffer, RTM_SETLINK, ifindex);

	mnl_attr_put_u32(message, IFLA_NET_NS_FD, netns);
	request(message, "cannot move an interface");
}

void device_delete(unsigned int ifindex)
{
	char buffer[REQUEST_SIZE] __attribute__((aligned(8)));

	request(begin(buffer, RTM_DELLINK, ifindex), "cannot delete an interface");
}
