/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* The client of netlink that the files of this room share. */
#ifndef XDPACTION_NETLINK_H
#define XDPACTION_NETLINK_H

#include <libmnl/libmnl.h>

#include "kernel/kernel.h"

/* Enough for a request, which is written into a buffer of this size. */
#define NETLINK_REQUEST_SIZE 256

/* The kernel's own limit for what one read gives. */
#define NETLINK_RECEIVE_SIZE (32 * 1024)

/* Opens a socket, NETLINK_ROUTE or NETLINK_GENERIC. An error is recorded. */
int netlink_open(struct xdpaction *ctx, int bus, struct mnl_socket **socket);
/* The same for what the kernel tells by itself to these multicast groups. */
int netlink_join(struct xdpaction *ctx, int bus, unsigned int groups, struct mnl_socket **socket);
void netlink_close(struct mnl_socket **socket);
/* Begins a request whose payload begins with a header of this size, all 0. */
struct nlmsghdr *netlink_begin(char buffer[NETLINK_REQUEST_SIZE], uint16_t type, uint16_t flags,
			       size_t header_size);
/*
 * Sends a request and hands each message of the answer to fn, a callback of
 * libmnl. It must return MNL_CB_STOP for an answer of one message, which has no
 * end mark. -EINTR when what a dump lists changed meanwhile. No error is
 * recorded.
 */
int netlink_ask(struct mnl_socket *socket, struct nlmsghdr *request, mnl_cb_t fn, void *data);

/* Reads the description of an interface; -EIO when it is broken. */
int link_parse(const struct nlmsghdr *message, struct link *link);

#endif /* XDPACTION_NETLINK_H */
