// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "say.h"

int output_flush(void)
{
	static int first;

	errno = 0;
	if ((fflush(stdout) || ferror(stdout)) && !first)
		first = errno ? -errno : -EIO;
	return first;
}

bool output_unwanted(void)
{
	struct pollfd fd = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&fd, 1, 0) == 1 && fd.revents & POLLERR;
}
