// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "faults/util.h"
#include "wire.h"

void run_on_nth_cpu(unsigned int n)
{
	cpu_set_t allowed, one;
	int cpu;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		bail("cannot tell the CPUs: %s", strerror(errno));
	n %= CPU_COUNT(&allowed);
	for (cpu = 0; n || !CPU_ISSET(cpu, &allowed); cpu++)
		n -= CPU_ISSET(cpu, &allowed) != 0;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		bail("cannot run on CPU %d: %s", cpu, strerror(errno));
}

int packet_socket(unsigned int ifindex, int protocol)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = ifindex,
	};
	int sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), one = 1;

	if (sock < 0 ||
	    setsockopt(sock, SOL_PACKET, protocol ? PACKET_IGNORE_OUTGOING : PACKET_QDISC_BYPASS,
		       &one, sizeof(one)) ||
	    bind(sock, (const struct sockaddr *)&address, sizeof(address)))
		bail("cannot make a packet socket: %s", strerror(errno));
	return sock;
}

unsigned int packet_socket_given(int sock)
{
	struct tpacket_stats stats;
	socklen_t length = sizeof(stats);

	if (getsockopt(sock, SOL_PACKET, PACKET_STATISTICS, &stats, &length))
		bail("cannot tell how many frames passed: %s", strerror(errno));
	return stats.tp_packets;
}

static void read_mac(int sock, const char *ifname, unsigned char mac[6])
{
	struct ifreq request = { 0 };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	if (ioctl(sock, SIOCGIFHWADDR, &request))
		bail("cannot tell the address of %s: %s", ifname, strerror(errno));
	memcpy(mac, request.ifr_hwaddr.sa_data, 6);
}

void write_addresses(const char *from, const char *to, unsigned char frame[12])
{
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		bail("cannot make a socket: %s", strerror(errno));
	read_mac(sock, to, frame);
	read_mac(sock, from, frame + 6);
	close(sock);
}
