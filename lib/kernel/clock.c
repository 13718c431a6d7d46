// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The clocks. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "kernel/kernel.h"

#define OWN_TIMENS "/proc/self/ns/time"
#define CHILDREN_TIMENS "/proc/self/ns/time_for_children"
#define OFFSETS "/proc/self/timens_offsets"
/* The inode number of the first time namespace, in every kernel. */
#define FIRST_TIMENS 0xeffffffaU

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

uint64_t realtime_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t monotonic_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void sleep_ns(uint64_t ns)
{
	struct timespec time = { .tv_sec = ns / NSEC_PER_SEC, .tv_nsec = ns % NSEC_PER_SEC };

	nanosleep(&time, NULL);
}

static int fail_offset(struct xdpaction *ctx, int err, const char *file)
{
	return fail(ctx, err, NULL, "cannot tell the offset of the time namespace: %s: %s", file,
		    strerror(-err));
}

/*
 * Whether the clocks of this process have the offsets that
 * /proc/self/timens_offsets shows. The file is about future children, and until
 * Linux 6.3 a process that left its time namespace stayed in it after execve().
 */
static int has_offset(struct xdpaction *ctx, bool *has)
{
	struct stat own, children;
	int err;

	*has = false;
	if (stat(OWN_TIMENS, &own)) {
		err = -errno;
		return err == -ENOENT ? 0 : fail_offset(ctx, err, OWN_TIMENS);
	}
	if (own.st_ino == FIRST_TIMENS)
		return 0;
	if (stat(CHILDREN_TIMENS, &children))
		return fail_offset(ctx, -errno, CHILDREN_TIMENS);
	if (own.st_ino != children.st_ino)
		return fail(ctx, -EIO, "start it in a child of this process",
			    "cannot tell the offset of a time namespace that was left");
	*has = true;
	return 0;
}

/*
 * Reads what the time namespace adds to CLOCK_BOOTTIME, which the program in the
 * kernel does not see. A kernel without time namespaces adds nothing.
 */
static int boottime_offset(struct xdpaction *ctx, int64_t *offset_ns)
{
	int64_t sec, nsec;
	char clock[32];
	FILE *file;
	bool has;
	int err;

	*offset_ns = 0;
	err = has_offset(ctx, &has);
	if (err || !has)
		return err;
	file = fopen(OFFSETS, "re");
	if (!file)
		return fail_offset(ctx, -errno, OFFSETS);

	while (fscanf(file, "%31s %" SCNd64 " %" SCNd64, clock, &sec, &nsec) == 3)
		if (!strcmp(clock, "boottime"))
			*offset_ns = sec * NSEC_PER_SEC + nsec;
	if (ferror(file))
		err = fail_offset(ctx, -EIO, OFFSETS);
	fclose(file);
	return err;
}

int boottime_ns(struct xdpaction *ctx, uint64_t *now_ns)
{
	int64_t offset_ns;
	int err = boottime_offset(ctx, &offset_ns);

	if (err)
		return err;
	*now_ns = read_clock(CLOCK_BOOTTIME) - offset_ns;
	return 0;
}
