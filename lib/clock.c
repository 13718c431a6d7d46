// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The clocks. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "private.h"

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

/*
 * What a time namespace adds to CLOCK_BOOTTIME. The program in the kernel does
 * not see it. No file: no time namespaces, no offset.
 */
static int boottime_offset(struct xdpaction *ctx, int64_t *offset_ns)
{
	FILE *file = fopen("/proc/self/timens_offsets", "re");
	int64_t sec, nsec;
	char clock[32];
	int err = 0;

	*offset_ns = 0;
	if (!file) {
		if (errno == ENOENT)
			return 0;
		err = -errno;
		return fail(ctx, err, NULL, "cannot read /proc/self/timens_offsets: %s",
			    strerror(-err));
	}

	while (fscanf(file, "%31s %" SCNd64 " %" SCNd64, clock, &sec, &nsec) == 3)
		if (!strcmp(clock, "boottime"))
			*offset_ns = sec * NSEC_PER_SEC + nsec;
	if (ferror(file))
		err = fail(ctx, -EIO, NULL, "cannot read /proc/self/timens_offsets");
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
