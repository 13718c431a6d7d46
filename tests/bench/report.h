/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* The table that `make bench` prints, as Markdown with aligned columns. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "program.h"
#include "series.h"

/* A ratio that is aimed at; 0: the ratio is only shown. */
struct aim {
	double at_most;
	double at_least;
};

#define NO_AIM ((struct aim){ 0 })
#define AT_MOST(ratio) ((struct aim){ .at_most = (ratio) })
#define AT_LEAST(ratio) ((struct aim){ .at_least = (ratio) })

/* Begins a table: a heading, what was measured, the unit of its numbers. */
void report_begin(const char *heading, const char *unit);

/* A row with a series alone. */
void report_series(const char *name, const struct series *series);

/* A row with the ratio of a series to another. */
void report_ratio(const char *name, const struct series *series, const char *reference_name,
		  const struct series *reference, struct aim aim);

/* A table of sizes, its rows, and what it means. */
void report_sizes_begin(void);
void report_sizes_end(void);
void report_size(const char *name, const struct program_size *size);

#endif
