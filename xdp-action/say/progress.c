// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

static bool shown;

static bool possible(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
}

void progress_show(const char *line)
{
	if (!possible())
		return;
	output_flush();
	fprintf(stderr, "\r%s\033[K", line);
	shown = true;
}

void progress_hide(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
}
