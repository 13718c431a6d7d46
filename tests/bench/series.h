/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * Samples of one thing, and what can be said about them. Sample i of one series
 * and sample i of another were taken in the same round, a moment apart, so that
 * their ratio holds where the machine's speed drifts.
 */
#ifndef BENCH_SERIES_H
#define BENCH_SERIES_H

#include <stddef.h>

struct series {
	double *samples;
	size_t count;
	/* Samples that share a load, and with it the program's place in memory. */
	size_t per_load;
};

/* A value and its 95 % bootstrap confidence interval. */
struct estimate {
	double value;
	double low;
	double high;
};

void series_add(struct series *series, double sample);
void series_free(struct series *series);

double series_minimum(const struct series *series);
/* The `share` quantile, 0 to 1; 0.5 is the median. */
double series_quantile(const struct series *series, double share);
struct estimate series_median(const struct series *series);
/* The median of the ratios of two series that were taken together, round by round. */
struct estimate series_ratio(const struct series *series, const struct series *reference);

/* Puts the numbers 0 to count - 1 into `order`, shuffled. */
void shuffle(size_t *order, size_t count);

#endif
