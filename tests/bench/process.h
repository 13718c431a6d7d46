/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Commands as whole processes, and what they cost. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <stdint.h>

#define COMMAND(...) ((const char *const[]){ __VA_ARGS__, NULL })

struct usage {
	/* From the fork to the end, and on the CPU, in user space and in the kernel. */
	uint64_t wall_ns;
	uint64_t cpu_ns;
	/* The most memory that was resident at once. */
	long peak_kib;
};

/*
 * Runs a command to its end, with its output thrown away. Returns its exit
 * status, 127 where it cannot be run, 128 and more after a signal. `usage` may
 * be NULL.
 */
int process_run(const char *const argv[], struct usage *usage);

/* The same, and ends the process where the command fails. */
void must_run(const char *const argv[]);

#endif
