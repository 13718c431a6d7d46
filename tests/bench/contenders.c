// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "contenders.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <time.h>

#include "matching.h"
#include "util.h"
#include "xdp_action_maps.h"

/* As xdp-filter keeps a port: what it is compared with, and for what. */
#define FILTER_DESTINATION 0x2
#define FILTER_TCP_PORT 0x4
#define FILTER_UDP 0x8

static void set_conditions(const struct program *program, uint64_t word,
			   const struct xdp_action_slot *slot, const struct xdp_action_more *more)
{
	struct xdp_action_data data = {
		.action = word,
		.magic = XDP_ACTION_MAGIC,
		.version = XDP_ACTION_VERSION,
		.size = sizeof(data),
		.sequence = 1,
	};
	uint32_t key = 0;

	if (slot)
		data.slots[1] = *slot;
	if (more)
		data.more[1][0] = *more;
	program_map_set(program, XDP_ACTION_DATA_MAP, &key, &data, sizeof(data));
}

static void set_word(const struct program *program, uint64_t word,
		     const struct xdp_action_slot *slot)
{
	set_conditions(program, word, slot, NULL);
}

static uint64_t word(uint32_t verdict, uint32_t flags, double probability)
{
	return (uint64_t)verdict << XDP_ACTION_VERDICT_SHIFT |
	       (uint64_t)XDP_PASS << XDP_ACTION_OTHERWISE_SHIFT |
	       (uint64_t)flags << XDP_ACTION_FLAGS_SHIFT | 1ULL << XDP_ACTION_SEQUENCE_SHIFT |
	       (uint64_t)(probability * 4294967296.0) << XDP_ACTION_THRESHOLD_SHIFT;
}

static void arm_exercise(const struct program *program)
{
	uint64_t action = XDP_DROP;
	uint32_t key = 0;

	program_map_set(program, "action", &key, &action, sizeof(action));
}

static void arm_plain(const struct program *program)
{
	set_word(program, XDP_DROP, NULL);
}

static void arm_probability(const struct program *program)
{
	set_word(program, word(XDP_DROP, XDP_ACTION_F_PROBABILITY, 0.05), NULL);
}

static void arm_coin(const struct program *program)
{
	set_word(program, word(XDP_DROP, XDP_ACTION_F_PROBABILITY, 0.5), NULL);
}

static void arm_deadline(const struct program *program)
{
	struct xdp_action_slot slot = {
		.base = XDP_PASS,
		.deadline_ns = clock_ns(CLOCK_BOOTTIME) + 3600ULL * 1000000000,
	};

	set_word(program, word(XDP_DROP, XDP_ACTION_F_DEADLINE, 0), &slot);
}

static void arm_budget(const struct program *program)
{
	struct xdp_action_slot slot = { .base = XDP_PASS, .budget = INT64_MAX };

	set_word(program, word(XDP_DROP, XDP_ACTION_F_BUDGET, 0), &slot);
}

static void arm_all(const struct program *program)
{
	struct xdp_action_slot slot = {
		.base = XDP_PASS,
		.deadline_ns = clock_ns(CLOCK_BOOTTIME) + 3600ULL * 1000000000,
		.budget = INT64_MAX,
	};

	set_word(program,
		 word(XDP_DROP, XDP_ACTION_F_PROBABILITY | XDP_ACTION_F_TEMPORARY, 0.05), &slot);
}

static void arm_match_udp(const struct program *program)
{
	match_arm(program, "udp");
}

static void arm_match_port(const struct program *program)
{
	match_arm(program, "tcp port 5432");
}

/* 5% in runs of 4. */
static void arm_burst(const struct program *program)
{
	const struct xdp_action_more more = {
		.asks = XDP_ACTION_MORE_BURST, .stay = 0xc0000000, .enter = 0x035e50d7
	};

	set_conditions(program, word(XDP_DROP, XDP_ACTION_F_MORE | XDP_ACTION_F_PROBABILITY, 0.05),
		       NULL, &more);
}

static void arm_every(const struct program *program)
{
	const struct xdp_action_more more = { .asks = XDP_ACTION_MORE_EVERY, .every = 20 };

	set_conditions(program, word(XDP_DROP, XDP_ACTION_F_MORE, 0), NULL, &more);
}

static void arm_flow(const struct program *program)
{
	const struct xdp_action_more more = { .asks = XDP_ACTION_MORE_FLOW, .seed = 1 };

	set_conditions(program, word(XDP_DROP, XDP_ACTION_F_MORE | XDP_ACTION_F_PROBABILITY, 0.05),
		       NULL, &more);
}

static void arm_pulse(const struct program *program)
{
	const struct xdp_action_more more = {
		.asks = XDP_ACTION_MORE_PULSE,
		.on_ns = 200000000,
		.period_ns = 1000000000,
		.start_ns = clock_ns(CLOCK_BOOTTIME),
	};

	set_conditions(program, word(XDP_DROP, XDP_ACTION_F_MORE, 0), NULL, &more);
}

static void arm_tx(const struct program *program)
{
	set_word(program, word(XDP_TX, 0, 0), NULL);
}

static void arm_redirect(const struct program *program)
{
	uint32_t key = 2 * 1, loopback = 1;

	program_map_set(program, XDP_ACTION_TARGETS_MAP, &key, &loopback, sizeof(loopback));
	set_word(program, word(XDP_REDIRECT, 0, 0), NULL);
}

static void arm_filter(const struct program *program)
{
	uint32_t key = htons(UDP_FRAME_PORT);
	uint64_t flags = FILTER_DESTINATION | FILTER_UDP;

	program_map_set(program, "filter_ports", &key, &flags, sizeof(flags));
}

static void arm_filter_tcp(const struct program *program)
{
	uint32_t key = htons(TCP_FRAME_PORT);
	uint64_t flags = FILTER_DESTINATION | FILTER_TCP_PORT;

	program_map_set(program, "filter_ports", &key, &flags, sizeof(flags));
}

#define OURS .origin = ORIGIN_OURS, .object = "xdp_action.o", .program = XDP_ACTION_PROG_NAME
#define OURS_LINEAR                                                                                \
	.origin = ORIGIN_OURS, .object = "xdp_action_linear.o", .program = XDP_ACTION_PROG_NAME
#define BENCH(file) .origin = ORIGIN_BENCH, .object = file
#define FILTER(name) .origin = ORIGIN_FILTER, .object = name ".o", .program = name
#define TO(reference, aim) { true, reference, aim }

const struct contender contenders[] = {
	[FLOOR] = { "empty program", BENCH("floor.bpf.o"), .program = "floor_drop",
		    .verdict = XDP_DROP },
	[EXERCISE] = { "exercise, linear", BENCH("exercise.bpf.o"), .program = "exercise_linear",
		       .arm = arm_exercise, .verdict = XDP_DROP,
		       .ratios = { TO(FLOOR, NO_AIM) } },
	[EXERCISE_FRAGS] = { "exercise, frags", BENCH("exercise.bpf.o"),
			     .program = "exercise_frags", .arm = arm_exercise, .verdict = XDP_DROP,
			     .ratios = { TO(FLOOR, NO_AIM) } },
	[PLAIN] = { "DROP", OURS, .arm = arm_plain, .verdict = XDP_DROP,
		    .ratios = { TO(EXERCISE_FRAGS, AT_MOST(0.90)), TO(FLOOR, AT_MOST(1.45)) } },
	[PLAIN_LINEAR] = { "DROP, linear", OURS_LINEAR, .arm = arm_plain, .verdict = XDP_DROP,
			   .ratios = { TO(EXERCISE, AT_MOST(0.90)), TO(FLOOR, AT_MOST(1.45)) } },
	[FILTER_TCP] = { "xdp-filter, all features, TCP", FILTER("xdpfilt_alw_all"),
			 .arm = arm_filter_tcp, .verdict = XDP_DROP, .tcp = true,
			 .ratios = { TO(PLAIN, NO_AIM) } },
	{ "DROP --match 'udp'", OURS, .arm = arm_match_udp, .verdict = XDP_DROP,
	  .ratios = { TO(PLAIN, AT_MOST(1.6)) } },
	{ "DROP --match 'tcp port 5432'", OURS, .arm = arm_match_port, .verdict = XDP_DROP,
	  .tcp = true, .ratios = { TO(FILTER_TCP, AT_MOST(0.95)), TO(PLAIN, NO_AIM) } },
	{ "DROP --for 1h", OURS, .arm = arm_deadline, .verdict = XDP_DROP,
	  .ratios = { TO(PLAIN, AT_MOST(1.25)) } },
	{ "DROP -p 5%", OURS, .arm = arm_probability, .verdict = XDP_DROP,
	  .other_verdict = XDP_PASS, .ratios = { TO(PLAIN, AT_MOST(1.35)) } },
	{ "DROP -p 50%", OURS, .arm = arm_coin, .verdict = XDP_DROP, .other_verdict = XDP_PASS,
	  .ratios = { TO(PLAIN, NO_AIM) } },
	{ "DROP -c N", OURS, .arm = arm_budget, .verdict = XDP_DROP,
	  .ratios = { TO(PLAIN, AT_MOST(2.0)) } },
	{ "DROP -p 5% -c N --for 1h", OURS, .arm = arm_all, .verdict = XDP_DROP,
	  .other_verdict = XDP_PASS, .ratios = { TO(PLAIN, NO_AIM) } },
	{ "DROP -p 5% --burst 4", OURS, .arm = arm_burst, .verdict = XDP_DROP,
	  .other_verdict = XDP_PASS, .ratios = { TO(PLAIN, AT_MOST(1.5)) } },
	{ "DROP --pulse 200ms/800ms", OURS, .arm = arm_pulse, .verdict = XDP_DROP,
	  .other_verdict = XDP_PASS, .ratios = { TO(PLAIN, AT_MOST(1.5)) } },
	{ "DROP --every 20", OURS, .arm = arm_every, .verdict = XDP_DROP,
	  .other_verdict = XDP_PASS, .ratios = { TO(PLAIN, AT_MOST(2.0)) } },
	{ "DROP -p 5% --per-flow", OURS, .arm = arm_flow, .verdict = XDP_DROP,
	  .other_verdict = XDP_PASS, .ratios = { TO(PLAIN, AT_MOST(2.5)) } },
	{ "TX", OURS, .arm = arm_tx, .verdict = XDP_TX, .ratios = { TO(PLAIN, NO_AIM) } },
	{ "REDIRECT", OURS, .arm = arm_redirect, .verdict = XDP_REDIRECT,
	  .ratios = { TO(PLAIN, NO_AIM) } },
	{ "xdp-filter, all features", FILTER("xdpfilt_alw_all"), .arm = arm_filter,
	  .verdict = XDP_DROP, .ratios = { TO(PLAIN, AT_LEAST(4.5)) } },
	{ "xdp-filter, one UDP port", FILTER("xdpfilt_alw_udp"), .arm = arm_filter,
	  .verdict = XDP_DROP, .ratios = { TO(PLAIN, AT_LEAST(1.3)) } },
};

const size_t contender_count = sizeof(contenders) / sizeof(contenders[0]);
