// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <sys/ioctl.h>
#include <unistd.h>

#include "words.h"

size_t terminal_width(FILE *out)
{
	struct winsize size;

	if (!isatty(fileno(out)))
		return 0;
	return ioctl(fileno(out), TIOCGWINSZ, &size) || !size.ws_col ? LINE_WIDTH : size.ws_col;
}
