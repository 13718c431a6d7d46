// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Is the user of a tap: what comes in at an interface comes out of the tap as
 * if it were received there, and what the tap is to send goes out of the
 * interface. Until it is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "endpoint.h"
#include "frame.h"
#include "support/die.h"

/* Passes on one frame, if there is one. A reader or writer may be full or down. */
static void pass_on(int from, int to)
{
	static unsigned char frame[FRAME_MAX + 4];
	ssize_t length = read(from, frame, sizeof(frame));

	if (length < 0) {
		if (errno != EAGAIN && errno != ENETDOWN && errno != EIO)
			die("reading: %m");
		return;
	}
	if (write(to, frame, length) < 0 && errno != EAGAIN && errno != ENOBUFS &&
	    errno != ENETDOWN && errno != EIO)
		die("writing: %m");
}

int main(int argc, char **argv)
{
	struct endpoint via;
	struct pollfd ends[2];
	int tap, sender;

	if (argc != 3) {
		fputs("usage: relay TAP [NETNS:]IFNAME\n", stderr);
		return 2;
	}
	/* Nonblocking, or the kernel passes the frames to generic XDP. */
	tap = endpoint_tun(argv[1], IFF_TAP, O_NONBLOCK);
	endpoint_open(&via, argv[2]);
	sender = endpoint_sender(&via);
	ends[0] = (struct pollfd){ .fd = tap, .events = POLLIN };
	ends[1] = (struct pollfd){ .fd = endpoint_watcher(&via), .events = POLLIN };
	puts("ready");
	fflush(stdout);

	while (poll(ends, 2, -1) > 0) {
		if (ends[0].revents)
			pass_on(tap, sender);
		if (ends[1].revents)
			pass_on(ends[1].fd, tap);
	}
	die("poll: %m");
}
