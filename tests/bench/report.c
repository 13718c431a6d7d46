// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "report.h"

#include <stdio.h>

static const char dashes[] = "----------------------------------------";

void report_begin(const char *heading, const char *unit)
{
	printf("\n### %s\n\n", heading);
	printf("| %-34s | %9s | %-19s | %9s | %5s | %-13s | %-26s | %-8s | %-4s |\n", "what", unit,
	       "95 %", "least", "ratio", "95 %", "to", "aim", "");
	printf("|%.36s|%.10s:|%.21s|%.10s:|%.6s:|%.15s|%.28s|%.10s|%.6s|\n", dashes, dashes, dashes,
	       dashes, dashes, dashes, dashes, dashes, dashes);
}

static void print_series(const char *name, const struct series *series)
{
	struct estimate median = series_median(series);
	char interval[32];

	snprintf(interval, sizeof(interval), "%.4g to %.4g", median.low, median.high);
	printf("| %-34s | %9.4g | %-19s | %9.4g ", name, median.value, interval,
	       series_minimum(series));
}

void report_series(const char *name, const struct series *series)
{
	print_series(name, series);
	printf("| %5s | %-13s | %-26s | %-8s | %-4s |\n", "", "", "", "", "");
}

void report_ratio(const char *name, const struct series *series, const char *reference_name,
		  const struct series *reference, struct aim aim)
{
	struct estimate ratio = series_ratio(series, reference);
	char interval[32], wanted[16] = "";
	const char *met = "";

	if (aim.at_most > 0) {
		snprintf(wanted, sizeof(wanted), "<= %.2f", aim.at_most);
		met = ratio.value <= aim.at_most ? "met" : "over";
	} else if (aim.at_least > 0) {
		snprintf(wanted, sizeof(wanted), ">= %.2f", aim.at_least);
		met = ratio.value >= aim.at_least ? "met" : "under";
	}
	snprintf(interval, sizeof(interval), "%.2f to %.2f", ratio.low, ratio.high);
	print_series(name, series);
	printf("| %5.2f | %-13s | %-26s | %-8s | %-4s |\n", ratio.value, interval, reference_name,
	       wanted, met);
}

void report_sizes_begin(void)
{
	printf("\n### Size of the programs\n\n");
	printf("| %-34s | %12s | %12s | %12s | %13s |\n", "what", "instructions", "on the way*",
	       "JITed bytes", "main function");
	printf("|%.36s|%.13s:|%.13s:|%.13s:|%.14s:|\n", dashes, dashes, dashes, dashes, dashes);
}

void report_size(const char *name, const struct program_size *size)
{
	char path[16] = "";

	if (size->path)
		snprintf(path, sizeof(path), "%u", size->path);
	printf("| %-34s | %12u | %12s | %12u | %13u |\n", name, size->instructions, path,
	       size->bytes, size->main_bytes);
}

void report_sizes_end(void)
{
	printf("\n\\* instructions on the shortest way that counts the packet\n");
}
