// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* A request by netlink, and its answer. */
#include <stdlib.h>
#include <string.h>

#include "netlink.h"

int netlink_join(struct xdpaction *ctx, int bus, unsigned int groups, struct mnl_socket **socket)
{
	int err;

	*socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (*socket && !mnl_socket_bind(*socket, groups, MNL_SOCKET_AUTOPID))
		return 0;

	err = -errno;
	fail(ctx, err, NULL, "cannot open a netlink socket: %s", strerror(-err));
	if (err == -EAFNOSUPPORT || err == -EPERM)
		advise(ctx, "a filter forbids it: a service needs AF_NETLINK in RestrictAddressFamilies=");
	else
		advise_refused(ctx, err);
	return err;
}

int netlink_open(struct xdpaction *ctx, int bus, struct mnl_socket **socket)
{
	return netlink_join(ctx, bus, 0, socket);
}

void netlink_close(struct mnl_socket **socket)
{
	if (*socket)
		mnl_socket_close(*socket);
	*socket = NULL;
}

struct nlmsghdr *netlink_begin(char buffer[NETLINK_REQUEST_SIZE], uint16_t type, uint16_t flags,
			       size_t header_size)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);

	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | flags;
	request->nlmsg_seq = 1;
	mnl_nlmsg_put_extra_header(request, header_size);
	return request;
}

static ssize_t receive(struct mnl_socket *socket, char *buffer)
{
	ssize_t length;

	do {
		length = mnl_socket_recvfrom(socket, buffer, NETLINK_RECEIVE_SIZE);
	} while (length < 0 && errno == EINTR);
	return length;
}

int netlink_ask(struct mnl_socket *socket, struct nlmsghdr *request, mnl_cb_t fn, void *data)
{
	int status = MNL_CB_OK;
	ssize_t length;
	char *buffer;

	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return -errno;
	buffer = malloc(NETLINK_RECEIVE_SIZE);
	if (!buffer)
		return -ENOMEM;

	while (status > MNL_CB_STOP) {
		length = receive(socket, buffer);
		status = length < 0 ? MNL_CB_ERROR :
				      mnl_cb_run(buffer, length, request->nlmsg_seq,
						 mnl_socket_get_portid(socket), fn, data);
	}
	if (status < 0)
		status = -errno;
	free(buffer);
	return status;
}
