// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * What a driver can do with XDP, as the kernel's generic netlink family
 * "netdev" shows it since 6.3. The numbers are its ABI; kernel headers older
 * than that do not have them.
 */
#include <linux/genetlink.h>
#include <string.h>

#include "netlink.h"

#define NETDEV_FAMILY "netdev"
#define NETDEV_VERSION 1
#define NETDEV_DEV_GET 1
#define NETDEV_DEV_IFINDEX 1
#define NETDEV_DEV_XDP_FEATURES 3

/* An attribute of the answer. */
struct number {
	uint16_t attr;
	enum mnl_attr_data_type type;	/* MNL_TYPE_U16 or MNL_TYPE_U64 */
	bool found;
	uint64_t value;
};

static int find_number(const struct nlmsghdr *message, void *data)
{
	struct number *number = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != number->attr ||
		    mnl_attr_validate(attr, number->type))
			continue;
		number->found = true;
		number->value = number->type == MNL_TYPE_U16 ? mnl_attr_get_u16(attr) :
							       mnl_attr_get_u64(attr);
	}
	return MNL_CB_STOP;
}

static struct nlmsghdr *begin_request(char buffer[NETLINK_REQUEST_SIZE], uint16_t type,
				      uint8_t command)
{
	struct nlmsghdr *message = netlink_begin(buffer, type, 0, sizeof(struct genlmsghdr));
	struct genlmsghdr *generic = mnl_nlmsg_get_payload(message);

	generic->cmd = command;
	generic->version = NETDEV_VERSION;
	return message;
}

static int ask_number(struct mnl_socket *socket, struct nlmsghdr *message, struct number *number)
{
	int err = netlink_ask(socket, message, find_number, number);

	return err ? err : number->found ? 0 : -EIO;
}

static int query_features(struct mnl_socket *socket, unsigned int ifindex, uint64_t *features)
{
	struct number family = { .attr = CTRL_ATTR_FAMILY_ID, .type = MNL_TYPE_U16 };
	struct number answer = { .attr = NETDEV_DEV_XDP_FEATURES, .type = MNL_TYPE_U64 };
	char buffer[NETLINK_REQUEST_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *message;
	int err;

	message = begin_request(buffer, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, NETDEV_FAMILY);
	err = ask_number(socket, message, &family);
	if (err)
		return err == -ENOENT ? -EOPNOTSUPP : err;

	message = begin_request(buffer, family.value, NETDEV_DEV_GET);
	mnl_attr_put_u32(message, NETDEV_DEV_IFINDEX, ifindex);
	err = ask_number(socket, message, &answer);
	if (!err)
		*features = answer.value;
	return err;
}

int link_xdp_features(struct xdpaction *ctx, const struct link *link, uint64_t *features)
{
	CLEANUP(netlink_close) struct mnl_socket *socket = NULL;
	int err = netlink_open(ctx, NETLINK_GENERIC, &socket);

	if (err)
		return err;
	err = query_features(socket, link->ifindex, features);
	if (err && err != -EOPNOTSUPP)
		return fail(ctx, err, NULL, "cannot ask for the XDP features of %s: %s",
			    link->name, strerror(-err));
	return err;
}
