/* SPDX-License-Identifier: GPL-2.0-only */
/* Ways to drop every packet that WIRE_TO receives. */
#ifndef BENCH_DROPPERS_H
#define BENCH_DROPPERS_H

#include <stdbool.h>
#include <stddef.h>

/* Where the objects are; `filter` is NULL where xdp-filter is not installed. */
struct object_paths {
	const char *ours;
	const char *bench;
	const char *filter;
};

struct dropper {
	const char *name;
	/* False where the machine does not have what it takes. */
	bool (*start)(const struct object_paths *paths);
	void (*stop)(void);
};

/* The place of xdp_action in droppers[], which the others are compared with. */
#define DROPPER_OURS 0

extern const struct dropper droppers[];
extern const size_t dropper_count;

/* What xdp_action has counted as dropped since it was started. */
unsigned long long dropped_by_ours(void);

#endif
