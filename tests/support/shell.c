// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "shell.h"
#include "tap.h"

void shell(const char *fmt, ...)
{
	char command[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(command, sizeof(command), fmt, args);
	va_end(args);
	fflush(NULL);
	if (system(command))
		bail("failed: %s", command);
}
