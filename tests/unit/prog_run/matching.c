// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What a match does among the other conditions, and matches that change. */
#include <arpa/inet.h>
#include <string.h>

#include "prog_run.h"

#define NUMBER	9

/* Packets whose byte `offset` is `value`. */
static void put_byte_test(struct xdp_action_match *match, uint32_t number, uint32_t offset,
			  uint32_t value)
{
	memset(match, 0, sizeof(*match));
	match->parts = 1;
	match->wanted = 1;
	match->count = 1;
	match->steps[0] = (struct xdp_action_step){
		.op = sizeof(uint8_t) | XDP_ACTION_OP_EQUAL,
		.offset = offset,
		.mask = 0xff,
		.value = value,
		.yes = XDP_ACTION_MATCH_YES,
		.no = XDP_ACTION_MATCH_NO,
	};
	match->number = number;
}

static void put_match(struct instance *instance, uint32_t number, uint32_t offset, uint32_t value)
{
	put_byte_test(match_place(instance, number), number, offset, value);
}

/* The verdict for a packet whose payload begins with `byte`. */
static uint32_t run_byte(struct instance *instance, uint8_t byte)
{
	struct packet packet;

	packet_init(&packet);
	packet.payload[0] = byte;
	return run(instance, &packet, 64);
}

static const struct setting matching = {
	.verdict = XDP_DROP,
	.otherwise = XDP_PASS,
	.flags = XDP_ACTION_F_MATCH,
	.match = { NUMBER },
};

static void check_verdict(struct instance *instance)
{
	struct setting setting = matching;
	struct tally now;

	reset(instance);
	put(instance, &setting);
	ok(run_byte(instance, 1) == XDP_ABORTED, "a match that was never written is ABORTED");

	put_match(instance, NUMBER, ETH_HLEN, 1);
	reset(instance);
	put(instance, &setting);
	ok(run_byte(instance, 1) == XDP_DROP && run_byte(instance, 2) == XDP_PASS &&
		   run_byte(instance, 3) == XDP_PASS,
	   "what matches gets the verdict, the rest the otherwise");
	now = tally(instance);
	ok(now.packets[MATCHED] == 1 && now.bytes[MATCHED] == 64 && now.packets[MISSED] == 2 &&
		   now.bytes[MISSED] == 128 && now.packets[XDP_DROP] == 1 &&
		   now.packets[XDP_PASS] == 2,
	   "what matches and what does not is counted beside the verdicts");

	setting.match[0] = NUMBER + XDP_ACTION_MATCHES;
	put(instance, &setting);
	ok(run_byte(instance, 1) == XDP_ABORTED, "a match of another number is never used");

	setting.match[0] = 0;
	put(instance, &setting);
	ok(run_byte(instance, 2) == XDP_DROP, "without a match all packets get the verdict");
}

static void check_transmit(struct instance *instance)
{
	struct setting setting = matching;

	setting.verdict = XDP_TX;
	setting.otherwise = XDP_DROP;
	reset(instance);
	put(instance, &setting);
	ok(run_byte(instance, 1) == XDP_TX && run_byte(instance, 2) == XDP_DROP,
	   "TX sends back only what matches");
}

static void check_chances(struct instance *instance)
{
	struct setting setting = matching;

	setting.flags |= XDP_ACTION_F_PROBABILITY;
	setting.threshold = 0;
	reset(instance);
	put(instance, &setting);
	ok(run_byte(instance, 1) == XDP_PASS && tally(instance).packets[MATCHED] == 1,
	   "the probability comes after the match, and does not change its count");
}

static void check_budgets(struct instance *instance)
{
	struct setting setting = matching;
	uint32_t i, dropped = 0;

	if (!(instance->data->features & XDP_ACTION_FEATURE_BUDGET)) {
		skip("without a budget", "a budget counts what matches only");
		return;
	}
	setting.flags |= XDP_ACTION_F_BUDGET;
	setting.budget = 3;
	setting.base = XDP_PASS;
	reset(instance);
	put(instance, &setting);
	for (i = 0; i < 20; i++)
		dropped += run_byte(instance, i % 2) == XDP_DROP;
	ok(dropped == 3 && tally(instance).packets[MATCHED] == 3 &&
		   tally(instance).packets[MISSED] == 3,
	   "a budget counts what matches only, and after it nothing is asked whether it matches");
}

static void check_bases(struct instance *instance)
{
	struct setting setting = matching;

	put_match(instance, NUMBER + 1, ETH_HLEN, 7);
	setting.flags |= XDP_ACTION_F_DEADLINE;
	setting.base = word(XDP_DROP, XDP_TX, 0, 0);
	setting.match[1] = NUMBER + 1;
	setting.deadline_ns = FOREVER;
	reset(instance);
	put(instance, &setting);
	ok(run_byte(instance, 1) == XDP_DROP && run_byte(instance, 7) == XDP_PASS,
	   "before the deadline the match is the setting's");
	setting.deadline_ns = 1;
	put(instance, &setting);
	ok(run_byte(instance, 7) == XDP_DROP && run_byte(instance, 1) == XDP_TX,
	   "past the deadline the match is that of the base");
	setting.match[1] = 0;
	put(instance, &setting);
	ok(run_byte(instance, 1) == XDP_DROP, "a base may be without a match");
}

/* All that start with 1, but not those that go on with 5, nor short ones. */
static void check_parts(struct instance *instance)
{
	struct xdp_action_match *match = match_place(instance, NUMBER);
	struct packet packet;

	put_match(instance, NUMBER, ETH_HLEN, 1);
	match->parts = 3;
	match->count = 3;
	match->start[1] = 1;
	match->start[2] = 2;
	match->steps[1] = match->steps[2] = match->steps[0];
	match->steps[1].offset = ETH_HLEN + 1;
	match->steps[1].value = 5;
	match->steps[2].offset = 1000;
	reset(instance);
	put(instance, &matching);
	packet_init(&packet);
	packet.payload[0] = 1;
	packet.payload[1] = 5;
	packet.payload[1000 - ETH_HLEN] = 0;
	ok(run(instance, &packet, 1100) == XDP_PASS, "the second part is an exception");
	packet.payload[1] = 6;
	ok(run(instance, &packet, 1100) == XDP_DROP, "what no exception matches gets the verdict");
	packet.payload[1000 - ETH_HLEN] = 1;
	ok(run(instance, &packet, 1100) == XDP_PASS, "the third part is an exception as well");
	ok(run(instance, &packet, 600) == XDP_DROP,
	   "a packet too short for an exception is not spared by it");
	match->wanted = 0;
	packet.payload[0] = 2;
	ok(run(instance, &packet, 600) == XDP_DROP, "all parts may be exceptions");
}

static void check_order(struct instance *instance)
{
	uint32_t number, right = 0;

	reset(instance);
	for (number = NUMBER; number < NUMBER + 100; number++) {
		struct setting setting = matching;

		put_match(instance, number, ETH_HLEN, number % 50);
		setting.match[0] = number;
		put(instance, &setting);
		right += run_byte(instance, number % 50) == XDP_DROP &&
			 run_byte(instance, number % 50 + 1) == XDP_PASS;
	}
	ok(right == 100, "matches that replace each other are right, each at once");
	match_place(instance, number - 1)->number = 0;
	ok(run_byte(instance, 1) == XDP_ABORTED, "a match that is being written is never used");
}

/* As many steps as there is room for: the last decides. */
static void check_length(struct instance *instance)
{
	bool far = instance->data->features & XDP_ACTION_FEATURE_LONG_MATCH;
	uint32_t steps = far ? XDP_ACTION_MATCH_STEPS : XDP_ACTION_MATCH_STEPS_SHORT, i;
	struct xdp_action_match *match = match_place(instance, NUMBER);

	put_match(instance, NUMBER, ETH_HLEN, 1);
	match->steps[steps - 1] = match->steps[0];
	for (i = 0; i < steps - 1; i++) {
		match->steps[i] = match->steps[steps - 1];
		match->steps[i].value = 255;
		match->steps[i].no = i + 1;
	}
	match->count = steps;
	reset(instance);
	put(instance, &matching);
	ok(run_byte(instance, 1) == XDP_DROP && run_byte(instance, 2) == XDP_PASS,
	   "%u steps are walked to the last", steps);
}

/* Every byte of a jumbo frame, and every four of them, wherever a fragment begins. */
void check_match_frags(struct instance *instance)
{
	static struct packet packet;
	const uint8_t *bytes = (const uint8_t *)&packet;
	struct xdp_action_match *match;
	uint32_t offset, value, wrong = 0;

	if (!instance) {
		skip("this kernel loads no program with frags", "a match sees all of a frame");
		return;
	}
	packet_init(&packet);
	put_match(instance, NUMBER, 0, 0);
	match = match_place(instance, NUMBER);
	put(instance, &matching);
	for (offset = 0; offset + sizeof(value) <= sizeof(packet.payload); offset++) {
		match->steps[0].op = sizeof(uint8_t) | XDP_ACTION_OP_EQUAL;
		match->steps[0].mask = 0xff;
		match->steps[0].offset = offset;
		match->steps[0].value = bytes[offset];
		wrong += run(instance, &packet, sizeof(packet.payload)) != XDP_DROP;
		match->steps[0].value = bytes[offset] ^ 1;
		wrong += run(instance, &packet, sizeof(packet.payload)) != XDP_PASS;
		memcpy(&value, bytes + offset, sizeof(value));
		match->steps[0].op = sizeof(uint32_t) | XDP_ACTION_OP_EQUAL;
		match->steps[0].mask = UINT32_MAX;
		match->steps[0].value = ntohl(value);
		wrong += run(instance, &packet, sizeof(packet.payload)) != XDP_DROP;
	}
	ok(!wrong, "a match sees every byte of a frame of %zu, fragments as well",
	   sizeof(packet.payload));
	match->steps[0].offset = sizeof(packet.payload) - sizeof(value) + 1;
	ok(run(instance, &packet, sizeof(packet.payload)) == XDP_PASS,
	   "a load across the end of the last fragment does not match");
}

void check_match(struct instance *instance)
{
	check_verdict(instance);
	check_transmit(instance);
	check_chances(instance);
	check_budgets(instance);
	check_bases(instance);
	check_parts(instance);
	check_order(instance);
	check_length(instance);
}
