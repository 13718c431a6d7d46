// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * What a command costs as a whole process: `set` against bpftool and against a
 * static program, which write a verdict of eight bytes into a map that has nothing
 * else; `status` and `load` against xdp-loader's, with the same program. On a
 * kernel with the dispatcher both loaders use it.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"
#include "report.h"
#include "series.h"
#include "util.h"
#include "wire.h"

#define ROUNDS 60
#define PEAK_AIM_KIB 2560

static const char tool[] = "xdp-action/xdp-action";
static const char floor_program[] = "build/tests/bench/one_update";
static const char object[] = "bpf/xdp_action.o";

static const char pin[] = "/sys/fs/bpf/verdict";

static void load_ours(void)
{
	must_run(COMMAND(tool, "-q", "load", WIRE_TO));
}

static void unload_ours(void)
{
	must_run(COMMAND(tool, "-q", "unload", WIRE_TO));
}

static void unload_theirs(void)
{
	must_run(COMMAND("xdp-loader", "unload", WIRE_TO, "--all"));
}

/* The commands that are measured, in groups that are set up in the same way. */
enum group { WITH_INSTANCE, LOAD };

enum reference {
	NONE = -1,
	FLOOR,
	BPFTOOL,
	SET,
	SET_MATCH,
	LOADER_STATUS,
	STATUS,
	LOADER_LOAD,
	LOAD_OURS,
};

struct contender {
	const char *name;
	enum group group;
	const char *const *argv;
	void (*after)(void);
	enum reference to;
	struct aim aim;
};

static const struct contender contenders[] = {
	[FLOOR] = { "static program, one map written", WITH_INSTANCE,
		    COMMAND(floor_program, pin), .to = NONE },
	[BPFTOOL] = { "bpftool map update", WITH_INSTANCE,
		      COMMAND("bpftool", "map", "update", "pinned", pin, "key", "hex", "00", "00",
			      "00", "00", "value", "hex", "02", "00", "00", "00", "00", "00", "00",
			      "00"),
		      .to = FLOOR },
	[SET] = { "xdp-action set", WITH_INSTANCE, COMMAND(tool, "set", "PASS", WIRE_TO),
		  .to = BPFTOOL, .aim = { .at_most = 0.9 } },
	[SET_MATCH] = { "xdp-action set --match", WITH_INSTANCE,
			COMMAND(tool, "set", "PASS", "--match", "tcp port 5432", WIRE_TO),
			.to = SET, .aim = { .at_most = 1.5 } },
	[LOADER_STATUS] = { "xdp-loader status", WITH_INSTANCE,
			    COMMAND("xdp-loader", "status", WIRE_TO), .to = NONE },
	[STATUS] = { "xdp-action status", WITH_INSTANCE, COMMAND(tool, "status", WIRE_TO),
		     .to = LOADER_STATUS, .aim = { .at_most = 0.7 } },
	[LOADER_LOAD] = { "xdp-loader load", LOAD,
			  COMMAND("xdp-loader", "load", "-m", "native", WIRE_TO, object),
			  unload_theirs, NONE },
	[LOAD_OURS] = { "xdp-action load", LOAD, COMMAND(tool, "-q", "load", WIRE_TO), unload_ours,
			LOADER_LOAD, { .at_most = 1.1 } },
};

#define COUNT (sizeof(contenders) / sizeof(contenders[0]))

static void make_verdict_map(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "verdict", sizeof(uint32_t), sizeof(uint64_t),
				1, NULL);

	if (fd < 0 || bpf_obj_pin(fd, pin))
		die("cannot make a map to write: %s", strerror(errno));
	close(fd);
}

struct measured {
	struct series wall, cpu;
	long peak_kib;
};

static void measure(const struct contender *contender, struct measured *to)
{
	struct usage usage;
	int status = process_run(contender->argv, &usage);

	if (status)
		die("%s: exit status %d", contender->name, status);
	series_add(&to->wall, (double)usage.wall_ns / 1e6);
	series_add(&to->cpu, (double)usage.cpu_ns / 1e6);
	if (usage.peak_kib > to->peak_kib)
		to->peak_kib = usage.peak_kib;
	if (contender->after)
		contender->after();
}

static void measure_group(enum group group, struct measured *measured)
{
	size_t order[COUNT], round, i;

	for (round = 0; round < ROUNDS; round++) {
		shuffle(order, COUNT);
		for (i = 0; i < COUNT; i++) {
			if (contenders[order[i]].group == group)
				measure(&contenders[order[i]], &measured[order[i]]);
		}
	}
}

static void report(const char *heading, const struct measured *measured, bool wall)
{
	size_t i;

	report_begin(heading, "ms");
	for (i = 0; i < COUNT; i++) {
		const struct contender *contender = &contenders[i];
		const struct measured *mine = &measured[i], *theirs = &measured[contender->to];

		if (contender->to == NONE)
			report_series(contender->name, wall ? &mine->wall : &mine->cpu);
		else
			report_ratio(contender->name, wall ? &mine->wall : &mine->cpu,
				     contenders[contender->to].name,
				     wall ? &theirs->wall : &theirs->cpu, contender->aim);
	}
}

static void check_peak(const struct measured *measured, enum reference which, enum reference of)
{
	if (measured[which].peak_kib > measured[of].peak_kib)
		printf("%s has more resident than %s, which is aimed at.\n", contenders[which].name,
		       contenders[of].name);
}

int main(void)
{
	struct measured measured[COUNT] = { 0 };
	size_t i;

	srandom((unsigned int)clock_ns(CLOCK_MONOTONIC));
	enter_private_namespaces();
	wire_make(1);

	make_verdict_map();
	load_ours();
	measure_group(WITH_INSTANCE, measured);
	unload_ours();
	measure_group(LOAD, measured);

	report("Commands as whole processes, CPU time", measured, false);
	report("Commands as whole processes, from start to end", measured, true);
	printf("\nMost memory resident, in KiB:");
	for (i = 0; i < COUNT; i++)
		printf("%s %s %ld", i ? "," : "", contenders[i].name, measured[i].peak_kib);
	printf("\n");
	check_peak(measured, SET, LOADER_STATUS);
	check_peak(measured, STATUS, LOADER_STATUS);
	if (measured[LOAD_OURS].peak_kib > PEAK_AIM_KIB)
		printf("xdp-action load is over the %d KiB that are aimed at.\n", PEAK_AIM_KIB);
	for (i = 0; i < COUNT; i++) {
		series_free(&measured[i].wall);
		series_free(&measured[i].cpu);
	}
	return 0;
}
