// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Listens on a TCP port, on all addresses of IPv4, until it is ended: listen PORT.
 * The kernel completes connections, and nobody accepts them.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* More connections than any test makes. */
#define BACKLOG 128

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	if (argc != 2)
		return EXIT_FAILURE;
	address.sin_port = htons(atoi(argv[1]));
	if (sock < 0 || bind(sock, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(sock, BACKLOG)) {
		perror("listen");
		return EXIT_FAILURE;
	}
	puts("listening");
	fflush(stdout);
	pause();
	return EXIT_SUCCESS;
}
