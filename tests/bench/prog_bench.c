// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The price of a packet: xdp_action with each of its settings against an empty
 * program, the exercise's design and xdp-filter, in CPU time of the thread that
 * runs them under BPF_PROG_TEST_RUN.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "contenders.h"
#include "size_limits.h"
#include "program.h"
#include "report.h"
#include "series.h"
#include "util.h"

#define LOADS 6
#define ROUNDS 8
#define REPEAT 150000
#define WARM_UP 2000
#define MAX_CONTENDERS 32
#define MAX_FRAME 1500

static const size_t frame_sizes[] = { 64, 1500 };

static const struct option options[] = {
	{ "ours-dir", required_argument, NULL, 'o' },
	{ "bench-dir", required_argument, NULL, 'b' },
	{ "filter-dir", required_argument, NULL, 'f' },
	{ "limits", required_argument, NULL, 'l' },
	{ "sizes-only", no_argument, NULL, 's' },
	{ 0 },
};

static const char usage[] =
	"usage: prog_bench --ours-dir DIR --bench-dir DIR [--filter-dir DIR]\n"
	"		   [--limits FILE] [--sizes-only]\n";

/* Where the objects are; filter_dir is NULL where xdp-filter is not installed. */
static const char *ours_dir, *bench_dir, *filter_dir;

static void load(const struct contender *contender, struct program *program)
{
	const char *const dirs[] = {
		[ORIGIN_BENCH] = bench_dir,
		[ORIGIN_OURS] = ours_dir,
		[ORIGIN_FILTER] = filter_dir,
	};
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dirs[contender->origin], contender->object);
	program_load(program, path, contender->program);
	if (contender->arm)
		contender->arm(program);
}

static bool there(const struct contender *contender)
{
	return contender->origin != ORIGIN_FILTER || filter_dir;
}

static double measure(const struct contender *contender, const struct program *program,
		      size_t frame_size, unsigned int repeat)
{
	uint8_t frame[MAX_FRAME];
	uint32_t verdict;
	double ns;

	if (contender->tcp)
		tcp_frame(frame, frame_size);
	else
		udp_frame(frame, frame_size);
	ns = program_run(program, frame, frame_size, repeat, &verdict);
	if (verdict != contender->verdict &&
	    !(contender->other_verdict && verdict == contender->other_verdict))
		die("%s: verdict %u where %u was set", contender->name, verdict,
		    contender->verdict);
	return ns;
}

/* One load of every program, in a new order, and some rounds over all of them. */
static void sample_load(struct series *series, size_t frame_size)
{
	struct program programs[MAX_CONTENDERS] = { 0 };
	size_t order[MAX_CONTENDERS], i, round;

	shuffle(order, contender_count);
	for (i = 0; i < contender_count; i++) {
		if (there(&contenders[order[i]]))
			load(&contenders[order[i]], &programs[order[i]]);
	}
	for (round = 0; round < ROUNDS; round++) {
		shuffle(order, contender_count);
		for (i = 0; i < contender_count; i++) {
			const struct contender *contender = &contenders[order[i]];
			const struct program *program = &programs[order[i]];

			if (!there(contender))
				continue;
			measure(contender, program, frame_size, WARM_UP);
			series_add(&series[order[i]],
				   measure(contender, program, frame_size, REPEAT));
		}
	}
	for (i = 0; i < contender_count; i++) {
		if (there(&contenders[i]))
			program_unload(&programs[i]);
	}
}

static void report(const struct series *series)
{
	size_t i, k;

	for (i = 0; i < contender_count; i++) {
		const struct contender *contender = &contenders[i];
		bool compared = false;

		if (!there(contender))
			continue;
		for (k = 0; k < 2 && contender->ratios[k].shown; k++) {
			enum reference to = contender->ratios[k].to;

			if (!there(&contenders[to]))
				continue;
			report_ratio(contender->name, &series[i], contenders[to].name, &series[to],
				     contender->ratios[k].aim);
			compared = true;
		}
		if (!compared)
			report_series(contender->name, &series[i]);
	}
}

static void bench(size_t frame_size)
{
	struct series series[MAX_CONTENDERS] = { 0 };
	char heading[64];
	size_t i;

	for (i = 0; i < contender_count; i++)
		series[i].per_load = ROUNDS;
	for (i = 0; i < LOADS; i++)
		sample_load(series, frame_size);
	snprintf(heading, sizeof(heading), "A packet of %zu bytes", frame_size);
	report_begin(heading, "ns");
	report(series);
	for (i = 0; i < contender_count; i++)
		series_free(&series[i]);
}

/* Prints the sizes of all programs; those of the plain path go to `plain`. */
static void report_sizes(struct program_size *plain)
{
	size_t i;

	report_sizes_begin();
	for (i = 0; i < contender_count; i++) {
		const struct contender *contender = &contenders[i];
		struct program program;
		struct program_size size;

		/* All settings are of one program. */
		if (!there(contender) ||
		    (contender->origin == ORIGIN_OURS && i != PLAIN && i != PLAIN_LINEAR))
			continue;
		load(contender, &program);
		program_size(&program, &size);
		program_unload(&program);
		/* The shortest way through a filter is that of a packet it cannot read. */
		if (contender->origin == ORIGIN_FILTER)
			size.path = 0;
		report_size(contender->name, &size);
		if (i == PLAIN)
			*plain = size;
	}
	report_sizes_end();
}

int main(int argc, char **argv)
{
	const char *limits = NULL;
	struct program_size plain;
	bool sizes_only = false;
	size_t i;
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			ours_dir = optarg;
			break;
		case 'b':
			bench_dir = optarg;
			break;
		case 'f':
			filter_dir = optarg;
			break;
		case 'l':
			limits = optarg;
			break;
		case 's':
			sizes_only = true;
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (!ours_dir || !bench_dir || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	be_quiet();
	srandom((unsigned int)clock_ns(CLOCK_MONOTONIC));
	enter_private_namespaces();
	pin_to_cpu((int)sysconf(_SC_NPROCESSORS_ONLN) - 1);
	report_sizes(&plain);
	if (!sizes_only) {
		for (i = 0; i < sizeof(frame_sizes) / sizeof(frame_sizes[0]); i++)
			bench(frame_sizes[i]);
	}
	return limits && !limits_hold(limits, &plain);
}
