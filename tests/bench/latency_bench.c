// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * How soon a packet sees a new verdict: one thread runs the instance's program
 * over and over, the other sets verdicts in turn, by a call of the library and
 * by the command. Measured is from before the call to the end of the first run
 * that returned the new verdict.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <xdpaction.h>

#include "process.h"
#include "program.h"
#include "series.h"
#include "util.h"
#include "wire.h"

#define CALLS 2000
#define COMMANDS 200
/* Longer than any set takes; then the new verdict was never seen. */
#define LIMIT_NS 5000000000ULL

static const char tool[] = "xdp-action/xdp-action";

/* What the packets' thread saw last, and when its run ended. */
static int program_fd;
static atomic_uint seen_verdict;
static atomic_ullong seen_at_ns;
static atomic_bool ended;

/* A single run: with more of them the kernel takes a detour that waits for others. */
static uint32_t one_packet(void)
{
	uint8_t frame[64];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame),
		    .repeat = 1);

	udp_frame(frame, sizeof(frame));
	if (bpf_prog_test_run_opts(program_fd, &opts))
		die("cannot run the program: %s", strerror(errno));
	return opts.retval;
}

static void *packets(void *unused)
{
	uint32_t verdict;

	(void)unused;
	while (!ended) {
		verdict = one_packet();
		if (verdict != seen_verdict) {
			seen_at_ns = clock_ns(CLOCK_MONOTONIC);
			seen_verdict = verdict;
		}
	}
	return NULL;
}

static void set_by_call(struct xdpaction *ctx, enum xdpaction_verdict verdict)
{
	struct xdpaction_setting setting = {
		.size = sizeof(setting),
		.rule = { .verdict = verdict, .probability = XDPACTION_ALWAYS },
	};

	if (xdpaction_set(ctx, WIRE_TO, &setting, NULL))
		die("%s", xdpaction_error(ctx));
}

static void set_by_command(struct xdpaction *ctx, enum xdpaction_verdict verdict)
{
	(void)ctx;
	must_run(COMMAND(tool, "-q", "set", verdict == XDPACTION_DROP ? "DROP" : "PASS", WIRE_TO));
}

static void measure(const char *name, struct xdpaction *ctx, unsigned int count,
		    void (*set)(struct xdpaction *ctx, enum xdpaction_verdict verdict))
{
	enum xdpaction_verdict verdict = XDPACTION_DROP;
	struct series series = { 0 };
	uint64_t start;
	unsigned int i;

	for (i = 0; i < count; i++) {
		start = clock_ns(CLOCK_MONOTONIC);
		set(ctx, verdict);
		while (seen_verdict != (unsigned int)verdict) {
			if (clock_ns(CLOCK_MONOTONIC) - start > LIMIT_NS)
				die("%s: no packet got the new verdict", name);
		}
		series_add(&series, (double)(seen_at_ns - start) / 1e3);
		verdict = verdict == XDPACTION_DROP ? XDPACTION_PASS : XDPACTION_DROP;
		usleep(200);
	}
	printf("| %-34s | %9.0f | %9.0f | %9.0f |\n", name, series_quantile(&series, 0.5),
	       series_quantile(&series, 0.9), series_minimum(&series));
	series_free(&series);
}

int main(void)
{
	struct xdpaction_chain chain = { .size = sizeof(chain) };
	struct xdpaction *ctx;
	pthread_t thread;

	be_quiet();
	enter_private_namespaces();
	wire_make(1);
	if (xdpaction_new(&ctx))
		die("out of memory");
	if (xdpaction_load(ctx, WIRE_TO, NULL, &chain))
		die("%s", xdpaction_error(ctx));
	program_fd = bpf_prog_get_fd_by_id(chain.dispatcher ? chain.dispatcher_id :
							      chain.programs[0].id);
	if (program_fd < 0)
		die("cannot open the program: %s", strerror(errno));

	seen_verdict = XDPACTION_PASS;
	if (pthread_create(&thread, NULL, packets, NULL))
		die("cannot start a thread");
	printf("\n### From the start of a set to the first packet with the new verdict\n\n");
	printf("| what | median, us | 90th percentile | least |\n|---|--:|--:|--:|\n");
	measure("call of xdpaction_set()", ctx, CALLS, set_by_call);
	measure("xdp-action set", ctx, COMMANDS, set_by_command);
	ended = true;
	pthread_join(thread, NULL);
	if (xdpaction_unload(ctx, WIRE_TO))
		die("%s", xdpaction_error(ctx));
	xdpaction_free(ctx);
	return 0;
}
