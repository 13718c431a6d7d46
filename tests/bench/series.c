// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "series.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

#define RESAMPLES 1000

void series_add(struct series *series, double sample)
{
	series->samples = reallocarray(series->samples, series->count + 1, sizeof(double));
	if (!series->samples)
		die("out of memory");
	series->samples[series->count++] = sample;
}

void series_free(struct series *series)
{
	free(series->samples);
	*series = (struct series){ 0 };
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double quantile(double *values, size_t count, double share)
{
	double place = share * (double)(count - 1);
	size_t below = (size_t)place;
	double part = place - (double)below;

	qsort(values, count, sizeof(*values), compare);
	if (below + 1 == count)
		return values[below];
	return values[below] * (1 - part) + values[below + 1] * part;
}

double series_quantile(const struct series *series, double share)
{
	double *copy = calloc(series->count, sizeof(*copy)), value;

	if (!copy)
		die("out of memory");
	memcpy(copy, series->samples, series->count * sizeof(*copy));
	value = quantile(copy, series->count, share);
	free(copy);
	return value;
}

double series_minimum(const struct series *series)
{
	return series_quantile(series, 0);
}

/*
 * Draws loads with replacement, and in each of them rounds: samples of one load
 * are alike, and only the number of loads says how much placement matters.
 */
static void draw(size_t *picked, size_t count, size_t per_load)
{
	size_t i, load = 0;

	for (i = 0; i < count; i++) {
		if (i % per_load == 0)
			load = (size_t)random() % (count / per_load);
		picked[i] = load * per_load + (size_t)random() % per_load;
	}
}

struct estimate series_median(const struct series *series)
{
	size_t per_load = series->per_load ? series->per_load : 1, i, k;
	struct estimate result = { .value = series_quantile(series, 0.5) };
	size_t *picked = calloc(series->count, sizeof(*picked));
	double *scratch = calloc(series->count, sizeof(*scratch));
	double *found = calloc(RESAMPLES, sizeof(*found));

	if (!picked || !scratch || !found)
		die("out of memory");
	if (series->count % per_load)
		die("a load with too few samples");

	for (i = 0; i < RESAMPLES; i++) {
		draw(picked, series->count, per_load);
		for (k = 0; k < series->count; k++)
			scratch[k] = series->samples[picked[k]];
		found[i] = quantile(scratch, series->count, 0.5);
	}
	result.low = quantile(found, RESAMPLES, 0.025);
	result.high = quantile(found, RESAMPLES, 0.975);
	free(picked);
	free(scratch);
	free(found);
	return result;
}

struct estimate series_ratio(const struct series *series, const struct series *reference)
{
	struct series ratios = { .per_load = series->per_load };
	struct estimate result;
	size_t i;

	if (reference->count != series->count || reference->per_load != series->per_load)
		die("series that were not taken together");
	for (i = 0; i < series->count; i++)
		series_add(&ratios, series->samples[i] / reference->samples[i]);
	result = series_median(&ratios);
	series_free(&ratios);
	return result;
}

void shuffle(size_t *order, size_t count)
{
	size_t i, other, swap;

	for (i = 0; i < count; i++)
		order[i] = i;
	for (i = count; i > 1; i--) {
		other = (size_t)random() % i;
		swap = order[i - 1];
		order[i - 1] = order[other];
		order[other] = swap;
	}
}
