// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tap.h"

static int tests, failures;

static void line(const char *head, const char *text, va_list args, const char *tail)
{
	printf("%s", head);
	vprintf(text, args);
	printf("%s\n", tail);
	fflush(stdout);
}

bool ok(bool good, const char *name, ...)
{
	va_list args;
	char head[32];

	snprintf(head, sizeof(head), "%s %d - ", good ? "ok" : "not ok", ++tests);
	failures += !good;
	va_start(args, name);
	line(head, name, args, "");
	va_end(args);
	return good;
}

void skip(const char *reason, const char *name, ...)
{
	char head[32], tail[160];
	va_list args;

	snprintf(head, sizeof(head), "ok %d - ", ++tests);
	snprintf(tail, sizeof(tail), " # SKIP %s", reason);
	va_start(args, name);
	line(head, name, args, tail);
	va_end(args);
}

void note(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	line("# ", text, args, "");
	va_end(args);
}

void bail(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	line("Bail out! ", text, args, "");
	va_end(args);
	exit(1);
}

int finish(void)
{
	printf("1..%d\n", tests);
	return failures || !tests;
}
