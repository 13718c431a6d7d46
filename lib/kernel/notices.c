// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What rtnetlink tells of interfaces by itself. */
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "netlink.h"

/* One notice is some 2 KB; a thousand of them may wait while the reader is busy. */
#define RECEIVE_BUFFER (4 * 1024 * 1024)

int notices_open(struct xdpaction *ctx, struct mnl_socket **socket)
{
	const int size = RECEIVE_BUFFER;
	int err, fd;

	err = netlink_join(ctx, NETLINK_ROUTE, RTMGRP_LINK, socket);
	if (err)
		return err;
	fd = mnl_socket_get_fd(*socket);
	/* Without the privilege the buffer is smaller, and overflows earlier. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		return fail_kernel(ctx, -errno, "listen to notices of interfaces");
	return 0;
}

void notices_close(struct mnl_socket **socket)
{
	netlink_close(socket);
}

int notices_fd(const struct mnl_socket *socket)
{
	return mnl_socket_get_fd(socket);
}

static bool has_attribute(const struct nlmsghdr *message, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct ifinfomsg))
		if (mnl_attr_get_type(attr) == type)
			return true;
	return false;
}

/*
 * Bridges tell of their ports, and wireless drivers of their events, in messages of
 * the same type that do not describe the interface.
 */
static bool is_description(const struct nlmsghdr *message)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info) || info->ifi_family != AF_UNSPEC)
		return false;
	return message->nlmsg_type == RTM_DELLINK ||
	       (message->nlmsg_type == RTM_NEWLINK && has_attribute(message, IFLA_XDP));
}

struct reader {
	struct xdpaction *ctx;
	notice_fn fn;
	void *data;
	int err;
};

static int on_message(const struct nlmsghdr *message, void *data)
{
	struct notice notice = { .kind = NOTICE_CHANGED };
	struct reader *reader = data;

	if (!is_description(message))
		return MNL_CB_OK;
	if (message->nlmsg_type == RTM_DELLINK)
		notice.kind = has_attribute(message, IFLA_NEW_NETNSID) ? NOTICE_MOVED :
									 NOTICE_DELETED;
	reader->err = link_parse(message, &notice.link);
	if (reader->err)
		fail(reader->ctx, reader->err, NULL, "netlink gave a broken description of an interface");
	else
		reader->err = reader->fn(reader->ctx, &notice, reader->data);
	return reader->err ? MNL_CB_STOP : MNL_CB_OK;
}

/* What is left in a socket that has lost something is older than a look from now on. */
static void drain(struct mnl_socket *socket, char *buffer)
{
	while (mnl_socket_recvfrom(socket, buffer, NETLINK_RECEIVE_SIZE) >= 0 || errno == ENOBUFS ||
	       errno == EINTR)
		;
}

int notices_read(struct xdpaction *ctx, struct mnl_socket *socket, notice_fn fn, void *data)
{
	struct reader reader = { .ctx = ctx, .fn = fn, .data = data };
	char *buffer = malloc(NETLINK_RECEIVE_SIZE);
	int err = 0;

	if (!buffer)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	while (!err && !reader.err) {
		ssize_t length = mnl_socket_recvfrom(socket, buffer, NETLINK_RECEIVE_SIZE);

		if (length < 0)
			err = errno == EINTR ? 0 : -errno;
		else
			mnl_cb_run(buffer, length, 0, 0, on_message, &reader);
	}
	if (err == -ENOBUFS)
		drain(socket, buffer);
	free(buffer);
	if (reader.err || err == -ENOBUFS)
		return reader.err ? reader.err : err;
	return err == -EAGAIN ? 0 : fail_kernel(ctx, err, "read notices of interfaces");
}
