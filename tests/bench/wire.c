// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "wire.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process.h"
#include "support/devices.h"
#include "support/netns.h"
#include "util.h"

/* With GRO a veth polls, and so takes frames of XDP where it has no program. */
static void enable_gro(const char *name)
{
	struct ethtool_value gro = { .cmd = ETHTOOL_SGRO, .data = 1 };
	struct ifreq request = { .ifr_data = (void *)&gro };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &request))
		die("cannot enable GRO of %s: %s", name, strerror(errno));
	close(fd);
}

void wire_make(unsigned int queues)
{
	netns_silence();
	veth_make(&(struct veth){ .name = WIRE_FROM, .peer = WIRE_TO, .queues = queues });
	must_run(COMMAND("ip", "link", "set", WIRE_TO, "address", "02:00:00:00:00:01"));
	must_run(COMMAND("ip", "address", "add", "10.0.0.1/24", "dev", WIRE_TO));
	device_up(WIRE_FROM);
	device_up(WIRE_TO);
	enable_gro(WIRE_TO);
}

unsigned int wire_ifindex(const char *name)
{
	unsigned int ifindex = if_nametoindex(name);

	if (!ifindex)
		die("%s: %s", name, strerror(errno));
	return ifindex;
}

uint64_t wire_received(const char *name)
{
	FILE *file = fopen("/proc/net/dev", "re");
	unsigned long long packets;
	char line[512], found[64];

	if (!file)
		die("cannot open /proc/net/dev: %s", strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %63[^:]: %*u %llu", found, &packets) == 2 &&
		    !strcmp(found, name)) {
			fclose(file);
			return packets;
		}
	}
	die("/proc/net/dev: no %s", name);
}

uint64_t wire_delivered(void)
{
	FILE *file = fopen("/proc/net/snmp", "re");
	unsigned long long delivered;
	char line[1024];

	if (!file)
		die("cannot open /proc/net/snmp: %s", strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		/* The ninth number: InDelivers. */
		if (sscanf(line, "Ip: %*u %*u %*u %*u %*u %*u %*u %*u %llu", &delivered) == 1) {
			fclose(file);
			return delivered;
		}
	}
	die("/proc/net/snmp: no InDelivers");
}
