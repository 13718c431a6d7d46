// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Sends frames that are given in hexadecimal. The usage text has the rest. */
#include <linux/if_tun.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "endpoint.h"
#include "frame.h"
#include "hex.h"
#include "support/die.h"

static const char usage_text[] =
	"usage: inject [NETNS:]IFNAME   sends the frames of stdin: a line is HEX [LENGTH], and\n"
	"                               zeros fill a frame up to its length\n"
	"       inject -t TUN           lets a tun, which is in the mode of that name, receive them\n";

int main(int argc, char **argv)
{
	static uint8_t frame[FRAME_MAX];
	struct endpoint endpoint;
	char line[4096];
	size_t length;
	int fd;

	if (argc == 3 && !strcmp(argv[1], "-t")) {
		fd = endpoint_tun(argv[2], IFF_TUN, 0);
	} else if (argc == 2) {
		endpoint_open(&endpoint, argv[1]);
		fd = endpoint_sender(&endpoint);
	} else {
		fputs(usage_text, stderr);
		return 2;
	}
	while (fgets(line, sizeof(line), stdin)) {
		length = hex_read(line, frame, sizeof(frame));
		if (write(fd, frame, length) != (ssize_t)length)
			die("a frame of %zu bytes cannot be sent: %m", length);
	}
	return 0;
}
