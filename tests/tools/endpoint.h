/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* An interface, here or in another network namespace, and packet sockets on it. */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <net/if.h>
#include <stdbool.h>

struct endpoint {
	/* A path, or a name below /run/netns; "" for the one of the process. */
	char netns[128];
	char ifname[IFNAMSIZ];
	int ifindex;
	unsigned char mac[6];
};

/* Reads "[NETNS:]IFNAME" and looks the interface up. */
void endpoint_open(struct endpoint *endpoint, const char *text);

/* A raw packet socket that sends past any qdisc, on the queue of its CPU. */
int endpoint_sender(const struct endpoint *endpoint);

/* A raw packet socket that gets all that comes in. */
int endpoint_watcher(const struct endpoint *endpoint);

/*
 * The program's end of a tun or tap, in this network namespace. `mode` is IFF_TUN or
 * IFF_TAP, `flags` are more of those of open(2).
 */
int endpoint_tun(const char *ifname, short mode, int flags);

enum offload {
	OFFLOAD_GRO,		/* makes a veth take what XDP sends to its peer */
	OFFLOAD_VLAN_TAG,	/* tags of what it sends are beside the packet, not in it */
};
void endpoint_set_offload(const struct endpoint *endpoint, enum offload offload, bool on);

#endif
