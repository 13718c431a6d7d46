// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What a driver can do with XDP, as the kernel's generic netlink family
 * "netdev" shows it since 6.3. The numbers are its ABI; kernel headers older
 * than that do not have them.
 */
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "kernel/kernel.h"

#define NETDEV_FAMILY "netdev"
#define NETDEV_VERSION 1
#define NETDEV_DEV_GET 1
#define NETDEV_DEV_IFINDEX 1
#define NETDEV_DEV_XDP_FEATURES 3

static void close_socket(struct mnl_socket **socket)
{
	if (*socket)
		mnl_socket_close(*socket);
}

static struct nlmsghdr *begin_request(char *buffer, uint16_t type, uint8_t command, uint32_t seq)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *generic;

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST;
	message->nlmsg_seq = seq;
	generic = mnl_nlmsg_put_extra_header(message, sizeof(*generic));
	generic->cmd = command;
	generic->version = NETDEV_VERSION;
	return message;
}

/* Sends a request; the one message of the answer is left in the buffer. */
static int exchange(struct mnl_socket *socket, const struct nlmsghdr *message, char *answer,
	       size_t size)
{
	const struct nlmsghdr *header = (const struct nlmsghdr *)answer;
	ssize_t length;

	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -errno;
	do {
		length = mnl_socket_recvfrom(socket, answer, size);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return -errno;
	if (!mnl_nlmsg_ok(header, length))
		return -EIO;
	if (header->nlmsg_type == NLMSG_ERROR)
		return ((const struct nlmsgerr *)mnl_nlmsg_get_payload(header))->error ?: -EIO;
	return 0;
}

static const struct nlattr *find_attr(const char *answer, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, (const struct nlmsghdr *)answer, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

static int query_features(struct mnl_socket *socket, unsigned int ifindex, uint64_t *features)
{
	char buffer[256] __attribute__((aligned(8)));
	char answer[8192] __attribute__((aligned(8)));
	struct nlmsghdr *message;
	const struct nlattr *attr;
	int err;

	message = begin_request(buffer, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, NETDEV_FAMILY);
	err = exchange(socket, message, answer, sizeof(answer));
	if (err)
		return err == -ENOENT ? -EOPNOTSUPP : err;
	attr = find_attr(answer, CTRL_ATTR_FAMILY_ID);
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_U16))
		return -EIO;

	message = begin_request(buffer, mnl_attr_get_u16(attr), NETDEV_DEV_GET, 2);
	mnl_attr_put_u32(message, NETDEV_DEV_IFINDEX, ifindex);
	err = exchange(socket, message, answer, sizeof(answer));
	if (err)
		return err;
	attr = find_attr(answer, NETDEV_DEV_XDP_FEATURES);
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_U64))
		return -EIO;
	*features = mnl_attr_get_u64(attr);
	return 0;
}

int link_xdp_features(struct xdpaction *ctx, unsigned int ifindex, uint64_t *features)
{
	CLEANUP(close_socket) struct mnl_socket *socket = NULL;
	int err;

	socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID))
		err = -errno;
	else
		err = query_features(socket, ifindex, features);

	if (err && err != -EOPNOTSUPP)
		return fail(ctx, err, NULL, "cannot ask for the XDP features of interface %u: %s",
			    ifindex, strerror(-err));
	return err;
}
