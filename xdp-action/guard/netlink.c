// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <sys/socket.h>

#include "netlink.h"

/* A link can be larger than the 8 KiB that libmnl calls enough. */
#define BUFFER_SIZE 32768
/* A dump during which interfaces or policies came or went is made again, so often. */
#define DUMP_TRIES 20

int netlink_exchange(int bus, struct nlmsghdr *request, mnl_cb_t fn, void *data)
{
	struct mnl_socket *socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
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

int netlink_dump(int bus, struct nlmsghdr *request, mnl_cb_t fn, void *data, size_t *count)
{
	int tries = DUMP_TRIES, err;

	do {
		if (count)
			*count = 0;
		err = netlink_exchange(bus, request, fn, data);
	} while (err == -EINTR && --tries);
	return err;
}
