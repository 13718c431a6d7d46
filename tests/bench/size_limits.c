// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "size_limits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "util.h"

/* A line is a name and a number; what begins with # is a comment. */
static unsigned int read_limit(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	char line[256], found[64];
	unsigned int limit;

	if (!file)
		die("cannot open %s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %u", found, &limit) == 2 && !strcmp(found, name)) {
			fclose(file);
			return limit;
		}
	}
	die("%s: no limit \"%s\"", path, name);
}

static bool holds(const char *path, const char *name, unsigned int value)
{
	unsigned int limit = read_limit(path, name);

	if (value > limit)
		fprintf(stderr, "%s is %u, more than the %u in %s\n", name, value, limit, path);
	return value <= limit;
}

bool limits_hold(const char *path, const struct program_size *size)
{
	char bytes[sizeof("main-bytes-") + sizeof(((struct utsname *)NULL)->machine)];
	struct utsname system;
	bool plain_holds;

	if (uname(&system))
		die("uname: %s", strerror(errno));
	snprintf(bytes, sizeof(bytes), "main-bytes-%s", system.machine);
	plain_holds = holds(path, "plain-instructions", size->path);
	plain_holds = holds(path, "main-registers", size->saved) && plain_holds;
	return holds(path, bytes, size->main_bytes) && plain_holds;
}
