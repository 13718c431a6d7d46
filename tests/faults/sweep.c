// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Fails each system call of each operation of the tool in turn, or ends the
 * tool there, and looks what came of it. Speaks TAP; the comments at the end
 * are a table of all outcomes.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "point.h"
#include "support/clock.h"
#include "util.h"

/* What happens at a point: an error that the call returns, or a signal. */
struct kind {
	const char *name;
	int error, signal;
};

static const struct kind errors[] = {
	{ "ENOMEM", ENOMEM, 0 }, { "EPERM", EPERM, 0 }, { "EBUSY", EBUSY, 0 },
	{ "EIO", EIO, 0 },	 { "EINTR", EINTR, 0 },
};

static const struct kind signals[] = {
	{ "SIGKILL", 0, SIGKILL },
	{ "SIGINT", 0, SIGINT },
	{ "SIGTERM", 0, SIGTERM },
};

static struct {
	struct tools tools;
	const char *operation;	/* only this one */
	const char *class;
	const char *kind;
	unsigned int n;		/* only this call; 0: all */
	unsigned int sample;	/* so many calls of each class; 0: all */
	unsigned int part, parts;
	bool kills;
} options = { .tools = { "xdp-action/xdp-action", "build/tests/faults/tool_oom" }, .parts = 1 };

static struct scene scene;
static unsigned int points;
/* The table of outcomes, printed at the end. */
static char table[65536];

/* ---- which points ---- */

/* The same numbers in each run, on each machine. */
static uint32_t next_random(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state = state * 6364136223846793005 + 1442695040888963407;
	return state >> 33;
}

/* Choose `wanted` of the calls, the first and the last among them. */
static void choose(bool *chosen, unsigned int count, unsigned int wanted)
{
	unsigned int i, n;

	memset(chosen, wanted >= count, count);
	if (wanted >= count)
		return;
	chosen[0] = chosen[count - 1] = true;
	for (i = 2; i < wanted; i++) {
		do
			n = next_random() % count;
		while (chosen[n]);
		chosen[n] = true;
	}
}

static bool matches(const char *only, const char *name)
{
	return !only || !strcmp(only, name);
}

/* ---- the sweep ---- */

struct tally {
	unsigned int results[RESULTS];
};

static void run_point(const struct operation *operation, enum call_class class, unsigned int n,
		      const struct kind *kind, unsigned int healer, struct tally *tally)
{
	struct fault fault = { .class = class, .n = n, .error = kind->error,
			       .signal = kind->signal };
	const char *wrong;
	enum result result;

	result = point_run(&scene, &options.tools, operation, &fault, healer % HEALERS, &wrong);
	tally->results[result]++;
	points++;
	if (result != RESULT_WRONG)
		return;
	printf("# %s, %s call %u: %s: %s\n", operation->name, call_class_name(class), n,
	       kind->name, wrong);
	printf("# again: build/tests/faults/sweep%s%s --only %s:%s:%u:%s%s\n",
	       scene.neighbour ? " --neighbour" : "", scene.alone ? " --alone" : "",
	       operation->name, call_class_name(class), n, kind->name,
	       options.kills ? " --kills" : "");
	fflush(stdout);
}

static void tabulate(const struct operation *operation, enum call_class class, unsigned int calls,
		     const char *kind, const struct tally *tally)
{
	size_t used = strlen(table);

	snprintf(table + used, sizeof(table) - used, "# %-9s %-8s %-8s %6u %6u %6u %6u %6u %6u\n",
		 operation->name, call_class_name(class), kind, calls,
		 tally->results[RESULT_NEW], tally->results[RESULT_OLD],
		 tally->results[RESULT_UNREACHED], tally->results[RESULT_CRASH],
		 tally->results[RESULT_WRONG]);
}

static void sweep_class(const struct operation *operation, enum call_class class)
{
	const struct kind *kinds = options.kills ? signals : errors;
	size_t kind_count = options.kills ? ARRAY_SIZE(signals) : ARRAY_SIZE(errors), i;
	/* In a sample each call fails in one way, and its neighbour in the next. */
	bool spread = options.sample && !options.kind && class != CALL_MALLOC;
	bool chosen[CALLS_MAX];
	unsigned int count, n, wrong = 0, chosen_count = 0;
	struct run run;

	point_count(&scene, &options.tools, operation, class, &run);
	count = run.counts[class];
	if (count > CALLS_MAX)
		bail("%s makes %u calls", operation->name, count);
	if (!count)
		return;
	choose(chosen, count, options.sample ? options.sample : count);
	for (n = 1; n <= count; n++)
		chosen_count += chosen[n - 1];

	for (i = 0; i < kind_count; i++) {
		struct tally tally = { .results = { 0 } };

		/* Memory has one way to fail. */
		if (!matches(options.kind, kinds[i].name) || (class == CALL_MALLOC && i))
			continue;
		for (n = 1; n <= count; n++)
			if (options.n ? n == options.n :
					chosen[n - 1] && n % options.parts == options.part &&
						(!spread || n % kind_count == i))
				run_point(operation, class, n, &kinds[i], n + i, &tally);
		wrong += tally.results[RESULT_WRONG];
		tabulate(operation, class, count, kinds[i].name, &tally);
	}
	ok(!wrong, "%s: %s at %u of %u %s calls", operation->name,
	   options.kills ? "a signal" : "an error", chosen_count, count, call_class_name(class));
}

static void sweep(void)
{
	size_t i;
	int class;

	for (i = 0; i < OPERATIONS; i++) {
		if (!matches(options.operation, operations[i].name) ||
		    (options.kills && operations[i].reads) ||
		    (scene.neighbour && operations[i].single_mode))
			continue;
		for (class = 0; class < CALL_CLASSES; class++)
			if (options.class ? !strcmp(options.class, call_class_name(class)) :
					    (class == CALL_ANY) == options.kills)
				sweep_class(&operations[i], class);
	}
}

/* ---- the command line ---- */

static void usage(void)
{
	puts("usage: sweep [OPTION...]\n"
	     "  --neighbour          with xdp-filter in the chain\n"
	     "  --alone              nobody else uses BPF: count all objects of the kernel\n"
	     "  --kills              end the tool at each call; else fail each call\n"
	     "  --sample N           only so many calls of each class, each in one way\n"
	     "  --part I/N           only each Nth call, from the Ith on, from 0 to N - 1\n"
	     "  --class CLASS        only these calls: bpf, netlink, ...\n"
	     "  --operation NAME     only load, unload, set, match, upgrade or status\n"
	     "  --kind NAME          only this error or signal: ENOMEM, SIGKILL, ...\n"
	     "  --only OPERATION:CLASS:N:KIND   only this point, as a failure names it\n"
	     "  --tool PATH, --tool-oom PATH    what to run");
	exit(2);
}

/* "load:bpf:17:ENOMEM" */
static void parse_only(char *text)
{
	char *n;

	options.operation = strtok(text, ":");
	options.class = strtok(NULL, ":");
	n = strtok(NULL, ":");
	options.kind = strtok(NULL, ":");
	options.n = n ? atoi(n) : 0;
	if (!options.kind || !options.n)
		usage();
}

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "neighbour", no_argument, NULL, 'b' },
		{ "alone", no_argument, NULL, 'a' },
		{ "kills", no_argument, NULL, 'k' },
		{ "sample", required_argument, NULL, 's' },
		{ "part", required_argument, NULL, 'p' },
		{ "class", required_argument, NULL, 'c' },
		{ "operation", required_argument, NULL, 'o' },
		{ "kind", required_argument, NULL, 'K' },
		{ "only", required_argument, NULL, 'O' },
		{ "tool", required_argument, NULL, 't' },
		{ "tool-oom", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	enum call_class class;
	int key;

	while ((key = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (key) {
		case 'b': scene.neighbour = true; break;
		case 'a': scene.alone = true; break;
		case 'k': options.kills = true; break;
		case 's': options.sample = atoi(optarg); break;
		case 'p':
			if (sscanf(optarg, "%u/%u", &options.part, &options.parts) != 2)
				usage();
			break;
		case 'c': options.class = optarg; break;
		case 'o': options.operation = optarg; break;
		case 'K': options.kind = optarg; break;
		case 'O': parse_only(optarg); break;
		case 't': options.tools.tool = optarg; break;
		case 'm': options.tools.tool_oom = optarg; break;
		default: usage();
		}
	}
	if (optind < argc || !options.parts ||
	    (options.class && !call_class_parse(options.class, &class)))
		usage();
}

int main(int argc, char **argv)
{
	uint64_t start_ns = clock_ns(CLOCK_MONOTONIC), elapsed_ns;
	int status;

	parse(argc, argv);
	scene_reset(&scene);
	operations_init();
	sweep();
	elapsed_ns = clock_ns(CLOCK_MONOTONIC) - start_ns;
	status = finish();
	printf("# operation call     fault     calls    new    old   none  crash  wrong\n%s",
	       table);
	printf("# %u points in %u s\n", points, (unsigned int)(elapsed_ns / SECOND_NS));
	return status;
}
