/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Questions to the kernel by netlink. */
#ifndef NETLINK_H
#define NETLINK_H

#include <libmnl/libmnl.h>

/*
 * Sends a request on a socket of its own and hands every answer to fn. Returns 0
 * or a negative errno value.
 *
 * @bus		NETLINK_ROUTE or another of its kind
 */
int netlink_exchange(int bus, struct nlmsghdr *request, mnl_cb_t fn, void *data);

/*
 * The same for a dump, which is made again when the answers do not fit together.
 *
 * @count	how many were read, which an interrupted dump makes void; NULL where
 *		it is no matter
 */
int netlink_dump(int bus, struct nlmsghdr *request, mnl_cb_t fn, void *data, size_t *count);

#endif /* NETLINK_H */
