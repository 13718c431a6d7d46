// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "endpoint.h"
#include "support/die.h"

#define RECEIVE_BUFFER	(64 << 20)

/* A socket belongs to the namespace in which it was made. */
static int netns_socket(const char *netns, int type, int protocol)
{
	char path[sizeof(((struct endpoint *)NULL)->netns) + sizeof("/run/netns/")];
	int here, there, sock;

	if (!netns[0]) {
		sock = socket(AF_PACKET, type, protocol);
	} else {
		snprintf(path, sizeof(path), "%s%s", strchr(netns, '/') ? "" : "/run/netns/",
			 netns);
		here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
		there = open(path, O_RDONLY | O_CLOEXEC);
		if (here < 0 || there < 0 || setns(there, CLONE_NEWNET))
			die("namespace '%s': %m", netns);
		sock = socket(AF_PACKET, type, protocol);
		if (setns(here, CLONE_NEWNET))
			die("the way back from namespace '%s': %m", netns);
		close(here);
		close(there);
	}
	if (sock < 0)
		die("a packet socket: %m");
	return sock;
}

void endpoint_open(struct endpoint *endpoint, const char *text)
{
	const char *colon = strchr(text, ':'), *name = colon ? colon + 1 : text;
	struct ifreq request = {};
	int sock;

	memset(endpoint, 0, sizeof(*endpoint));
	errno = 0;
	if (colon)
		snprintf(endpoint->netns, sizeof(endpoint->netns), "%.*s", (int)(colon - text),
			 text);
	if (!*name || strlen(name) >= IFNAMSIZ)
		die("'%s' names no interface", text);
	strcpy(endpoint->ifname, name);

	sock = netns_socket(endpoint->netns, SOCK_RAW, 0);
	strcpy(request.ifr_name, name);
	if (ioctl(sock, SIOCGIFINDEX, &request))
		die("interface '%s': %m", text);
	endpoint->ifindex = request.ifr_ifindex;
	if (ioctl(sock, SIOCGIFHWADDR, &request))
		die("address of '%s': %m", text);
	memcpy(endpoint->mac, request.ifr_hwaddr.sa_data, sizeof(endpoint->mac));
	close(sock);
}

static void bind_to(int sock, const struct endpoint *endpoint, int protocol)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = endpoint->ifindex,
	};

	if (bind(sock, (const void *)&address, sizeof(address)))
		die("packets on '%s': %m", endpoint->ifname);
}

static void set_option(int sock, int level, int option, int value, const char *name)
{
	if (setsockopt(sock, level, option, &value, sizeof(value)))
		die("%s: %m", name);
}

int endpoint_sender(const struct endpoint *endpoint)
{
	int sock = netns_socket(endpoint->netns, SOCK_RAW, 0);

	set_option(sock, SOL_PACKET, PACKET_QDISC_BYPASS, 1, "PACKET_QDISC_BYPASS");
	bind_to(sock, endpoint, 0);
	return sock;
}

int endpoint_watcher(const struct endpoint *endpoint)
{
	/* Nothing comes in before it is bound to the interface. */
	int sock = netns_socket(endpoint->netns, SOCK_RAW, 0);

	set_option(sock, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER, "SO_RCVBUFFORCE");
	set_option(sock, SOL_PACKET, PACKET_AUXDATA, 1, "PACKET_AUXDATA");
	set_option(sock, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING");
	bind_to(sock, endpoint, ETH_P_ALL);
	return sock;
}

int endpoint_tun(const char *ifname, short mode, int flags)
{
	struct ifreq request = { .ifr_flags = mode | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | flags);

	if (strlen(ifname) >= IFNAMSIZ)
		die("'%s' names no interface", ifname);
	strcpy(request.ifr_name, ifname);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		die("tun or tap '%s': %m", ifname);
	return fd;
}

static void ethtool(int sock, const struct endpoint *endpoint, struct ethtool_value *value)
{
	struct ifreq request = { .ifr_data = (void *)value };

	strcpy(request.ifr_name, endpoint->ifname);
	if (ioctl(sock, SIOCETHTOOL, &request))
		die("offloads of '%s': %m", endpoint->ifname);
}

void endpoint_set_offload(const struct endpoint *endpoint, enum offload offload, bool on)
{
	struct ethtool_value value = { .cmd = ETHTOOL_SGRO, .data = on };
	int sock = netns_socket(endpoint->netns, SOCK_RAW, 0);

	if (offload == OFFLOAD_VLAN_TAG) {
		value.cmd = ETHTOOL_GFLAGS;
		ethtool(sock, endpoint, &value);
		value.cmd = ETHTOOL_SFLAGS;
		value.data = on ? value.data | ETH_FLAG_TXVLAN : value.data & ~ETH_FLAG_TXVLAN;
	}
	ethtool(sock, endpoint, &value);
	close(sock);
}
