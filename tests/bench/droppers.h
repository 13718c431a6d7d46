/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Ways to drop every packet that WIRE_TO receives, all of them to one port of UDP. */
#ifndef BENCH_DROPPERS_H
#define BENCH_DROPPERS_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

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
	/* What it is compared with, a place in droppers[], and what is aimed at. */
	size_t to;
	struct aim aim;
};

/* The places of xdp_action in droppers[], for all packets and for those to the port. */
#define DROPPER_OURS 0
#define DROPPER_OURS_PORT 1

extern const struct dropper droppers[];
extern const size_t dropper_count;

/* What xdp_action has counted as dropped since it was started. */
unsigned long long dropped_by_ours(void);

#endif
