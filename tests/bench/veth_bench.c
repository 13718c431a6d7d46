// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * How many packets a CPU second drops: a generator sends frames through a veth
 * pair, the receiving end drops them in one of several ways. The sender's
 * thread does all of the work, the receiver's softirq included. Then two
 * senders at once, where xdp_action's counters have to be the interface's.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "droppers.h"
#include "program.h"
#include "report.h"
#include "series.h"
#include "util.h"
#include "wire.h"

#define ROUNDS 40
#define FRAMES 200000
#define EXACT_FRAMES 1000000
#define FRAME_SIZE 64
#define MAX_DROPPERS 16
#define MAX_SENDERS 2

static const struct option options[] = {
	{ "ours-dir", required_argument, NULL, 'o' },
	{ "bench-dir", required_argument, NULL, 'b' },
	{ "filter-dir", required_argument, NULL, 'f' },
	{ "counters-only", no_argument, NULL, 'c' },
	{ 0 },
};

static const char usage[] =
	"usage: veth_bench --ours-dir DIR --bench-dir DIR [--filter-dir DIR]\n"
	"		   [--counters-only]\n";

static struct program generator;

static void load_generator(const char *bench_dir)
{
	uint32_t ifindex = wire_ifindex(WIRE_FROM);
	char path[4096];

	snprintf(path, sizeof(path), "%s/generator.bpf.o", bench_dir);
	generator.object = bpf_object__open_file(path, NULL);
	if (!generator.object)
		die("cannot open %s: %s", path, strerror(errno));
	if (bpf_map__set_initial_value(program_map(&generator, ".rodata"), &ifindex,
				       sizeof(ifindex)) ||
	    bpf_object__load(generator.object))
		die("cannot load %s: %s", path, strerror(errno));
	generator.fd = bpf_program__fd(bpf_object__find_program_by_name(generator.object, "generate"));
}

/* Sends frames that are real to the kernel; returns the CPU time it took. */
static uint64_t send_frames(unsigned int count)
{
	uint8_t frame[FRAME_SIZE];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = FRAME_SIZE,
		    .repeat = (int)count, .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
	uint64_t before = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	udp_frame(frame, FRAME_SIZE);
	if (bpf_prog_test_run_opts(generator.fd, &opts))
		die("cannot send live frames (Linux 5.18 has them): %s", strerror(errno));
	return clock_ns(CLOCK_THREAD_CPUTIME_ID) - before;
}

/* Million packets for each second of CPU time, dropped in one way. */
static double sample(const struct dropper *dropper)
{
	uint64_t delivered, received, cpu_ns;

	send_frames(FRAMES / 10);
	delivered = wire_delivered();
	received = wire_received(WIRE_TO);
	cpu_ns = send_frames(FRAMES);
	received = wire_received(WIRE_TO) - received;
	if (wire_delivered() != delivered)
		die("%s: packets got through", dropper->name);
	if (received < FRAMES / 2)
		die("%s: only %llu of %u frames arrived", dropper->name,
		    (unsigned long long)received, FRAMES);
	return (double)received * 1000 / (double)cpu_ns;
}

static void bench(const struct object_paths *paths)
{
	struct series series[MAX_DROPPERS] = { 0 };
	bool missing[MAX_DROPPERS] = { 0 };
	size_t order[MAX_DROPPERS], i, round;

	for (round = 0; round < ROUNDS; round++) {
		shuffle(order, dropper_count);
		for (i = 0; i < dropper_count; i++) {
			const struct dropper *dropper = &droppers[order[i]];

			if (missing[order[i]])
				continue;
			if (!dropper->start(paths)) {
				if (round > 0)
					die("%s: worked, and does not any more", dropper->name);
				fprintf(stderr, "%s: not on this machine\n", dropper->name);
				missing[order[i]] = true;
				continue;
			}
			series_add(&series[order[i]], sample(dropper));
			dropper->stop();
		}
	}

	report_begin("Packets dropped for each second of CPU time, sender included", "million");
	report_series(droppers[DROPPER_OURS].name, &series[DROPPER_OURS]);
	for (i = 0; i < dropper_count; i++) {
		if (i != DROPPER_OURS && !missing[i])
			report_ratio(droppers[i].name, &series[i], droppers[droppers[i].to].name,
				     &series[droppers[i].to], droppers[i].aim);
	}
	for (i = 0; i < dropper_count; i++)
		series_free(&series[i]);
}

static void *sender(void *cpu)
{
	pin_to_cpu(*(int *)cpu);
	send_frames(EXACT_FRAMES);
	return NULL;
}

/* Returns false where a packet was counted twice, or not at all. */
static bool counters_are_exact(const struct object_paths *paths, int senders)
{
	unsigned long long received, counted;
	pthread_t threads[MAX_SENDERS];
	int cpus[MAX_SENDERS] = { 0, 1 }, i;

	droppers[DROPPER_OURS].start(paths);
	received = wire_received(WIRE_TO);
	for (i = 0; i < senders; i++) {
		if (pthread_create(&threads[i], NULL, sender, &cpus[i]))
			die("cannot start a thread");
	}
	for (i = 0; i < senders; i++)
		pthread_join(threads[i], NULL);
	received = wire_received(WIRE_TO) - received;
	counted = dropped_by_ours();
	droppers[DROPPER_OURS].stop();

	printf("\n%d senders on %d CPUs: of %d frames sent the interface received %llu, "
	       "and xdp_action counted %llu.\n",
	       senders, senders, senders * EXACT_FRAMES, received, counted);
	return counted == received && received > 0;
}

int main(int argc, char **argv)
{
	struct object_paths paths = { 0 };
	int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	bool counters_only = false, exact;
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			paths.ours = optarg;
			break;
		case 'b':
			paths.bench = optarg;
			break;
		case 'f':
			paths.filter = optarg;
			break;
		case 'c':
			counters_only = true;
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (!paths.ours || !paths.bench || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	cpus = cpus < MAX_SENDERS ? cpus : MAX_SENDERS;
	be_quiet();
	srandom((unsigned int)clock_ns(CLOCK_MONOTONIC));
	enter_private_namespaces();
	wire_make((unsigned int)cpus);
	load_generator(paths.bench);
	exact = counters_are_exact(&paths, cpus);
	if (!counters_only) {
		pin_to_cpu(cpus - 1);
		bench(&paths);
	}
	if (!exact)
		fputs("xdp_action's counters are not those of the interface\n", stderr);
	return !exact;
}
