// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * shuffle_link NETNS NETNS IFNAME: moves an interface from the first network
 * namespace to the second and back, again and again, with pauses that differ. On
 * SIGTERM it says how often, and the interface is in the first.
 */
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "support/devices.h"
#include "support/die.h"
#include "support/netns.h"

#define PAUSE_MAX_NS 8000000L

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static int open_netns(const char *path)
{
	int netns = open(path, O_RDONLY | O_CLOEXEC);

	if (netns < 0)
		die("%s: %m", path);
	return netns;
}

static void take_a_pause(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = random() % PAUSE_MAX_NS }, NULL);
}

int main(int argc, char **argv)
{
	unsigned int moves = 0;
	int places[2];

	if (argc != 4) {
		fputs("usage: shuffle_link NETNS NETNS IFNAME\n", stderr);
		return 2;
	}
	places[0] = open_netns(argv[1]);
	places[1] = open_netns(argv[2]);
	signal(SIGTERM, stop);
	while (!stopped || moves % 2) {
		netns_enter(places[moves % 2]);
		device_move(if_nametoindex(argv[3]), places[(moves + 1) % 2]);
		if (!moves++) {
			puts("moving");
			fflush(stdout);
		}
		take_a_pause();
	}
	printf("moves=%u\n", moves);
	return 0;
}
