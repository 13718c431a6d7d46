// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Settings that end: by time, by number, by both. */
#include <time.h>

#include "prog_run.h"

/* How late the end may be. The program itself reads the clock, so it is not. */
#define LATE	(10 * MSEC)
/* In clock_gate, below the sequence number. */
#define ENDED	0xffffffffffffULL

static void put_deadline(struct instance *instance, uint64_t deadline_ns)
{
	put(instance, &(struct setting){ .verdict = XDP_DROP,
					 .flags = XDP_ACTION_F_DEADLINE,
					 .base = XDP_PASS,
					 .deadline_ns = deadline_ns });
}

static void sleep_until(uint64_t then_ns)
{
	const struct timespec then = { .tv_sec = then_ns / SEC, .tv_nsec = then_ns % SEC };

	clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &then, NULL);
}

/*
 * One packet at the present time. False when it got what it should not have:
 * the base though it was done before the deadline, or the verdict though it
 * started LATE behind it.
 */
static bool timely(struct instance *instance, uint64_t deadline_ns, uint32_t *verdict)
{
	uint64_t before = now_ns(), after;

	*verdict = run_one(instance);
	after = now_ns();
	if (*verdict == XDP_DROP && before >= deadline_ns + LATE) {
		note("still DROP %.3f ms behind the deadline", (before - deadline_ns) / 1e6);
		return false;
	}
	if (*verdict == XDP_PASS && after < deadline_ns) {
		note("PASS %.3f ms before the deadline", (deadline_ns - after) / 1e6);
		return false;
	}
	return *verdict == XDP_DROP || *verdict == XDP_PASS;
}

/* Packets all the time, or with `gap_ns` in between. */
static void check_busy(struct instance *instance, uint64_t duration_ns, uint64_t gap_ns)
{
	uint64_t deadline_ns, end_ns, seen = 0;
	uint32_t verdict;
	bool good = true;

	reset(instance);
	deadline_ns = now_ns() + duration_ns;
	end_ns = deadline_ns + 2 * LATE;
	put_deadline(instance, deadline_ns);
	while (good && now_ns() < end_ns) {
		good = timely(instance, deadline_ns, &verdict);
		seen += verdict == XDP_DROP;
		if (gap_ns)
			sleep_until(now_ns() + gap_ns);
	}
	/* On a busy machine the last one may have been long before the end. */
	good &= timely(instance, deadline_ns, &verdict);
	/* A busy machine may be away for the shortest of them altogether. */
	seen |= duration_ns < 100 * MSEC;
	ok(good && seen && verdict == XDP_PASS, "%g ms end in time with packets every %g ms",
	   duration_ns / 1e6, gap_ns / 1e6);
}

/* No packet but one soon after the start and one right behind the end. */
static void check_idle(struct instance *instance, uint64_t duration_ns)
{
	uint64_t deadline_ns;
	uint32_t first, last;
	bool good;

	reset(instance);
	deadline_ns = now_ns() + duration_ns;
	put_deadline(instance, deadline_ns);
	good = timely(instance, deadline_ns, &first);
	sleep_until(deadline_ns + LATE);
	good &= timely(instance, deadline_ns, &last);
	ok(good && last == XDP_PASS, "%g ms end in time without packets", duration_ns / 1e6);
}

void check_deadline(struct instance *instance)
{
	const uint64_t idle_ms[] = { 1, 5, 20, 200, 1200 };
	size_t i;

	reset(instance);
	put_deadline(instance, now_ns() - 1);
	ok(run_one(instance) == XDP_PASS,
	   "a deadline in the past: the base from the first packet on");
	put_deadline(instance, 0);
	ok(run_one(instance) == XDP_PASS, "deadline 0: the base");
	put_deadline(instance, UINT64_MAX);
	ok(run_one(instance) == XDP_DROP, "the last deadline there is: the verdict");
	/* As a packet leaves it that still had the setting before this one. */
	instance->data->clock_gate = (uint64_t)(instance->data->sequence - 1) << 48 | ENDED;
	ok(run_one(instance) == XDP_DROP,
	   "a setting does not inherit that the one before has ended");

	check_busy(instance, 1 * MSEC, 0);
	check_busy(instance, 5 * MSEC, 0);
	check_busy(instance, 20 * MSEC, 0);
	check_busy(instance, 200 * MSEC, 0);
	check_busy(instance, 200 * MSEC, 3 * MSEC);
	check_busy(instance, 2500 * MSEC, MSEC / 5);
	for (i = 0; i < sizeof(idle_ms) / sizeof(*idle_ms); i++)
		check_idle(instance, idle_ms[i] * MSEC);
}

/* `packets` packets; true when exactly `wanted` of them got the verdict. */
static bool spends(struct instance *instance, uint32_t packets, uint64_t wanted)
{
	struct tally now;

	run_many(instance, packets);
	now = tally(instance);
	if (now.packets[XDP_DROP] == wanted && now.packets[XDP_PASS] == packets - wanted)
		return true;
	note("%u packets: %llu got DROP, %llu PASS; wanted %llu", packets,
	     (unsigned long long)now.packets[XDP_DROP], (unsigned long long)now.packets[XDP_PASS],
	     (unsigned long long)wanted);
	return false;
}

static uint32_t put_budget(struct instance *instance, int64_t budget, double p)
{
	reset(instance);
	return put(instance,
		   &(struct setting){
			   .verdict = XDP_DROP,
			   .otherwise = XDP_ABORTED,
			   .flags = XDP_ACTION_F_BUDGET | (p < 1 ? XDP_ACTION_F_PROBABILITY : 0),
			   .threshold = p < 1 ? threshold(p) : 0,
			   .base = XDP_PASS,
			   .budget = budget,
		   });
}

static void check_budget_with_chance(struct instance *instance)
{
	uint64_t left_out, drops, passed;
	struct tally now;

	put_budget(instance, 1000, 0.1);
	seed(instance, 1);
	run_many(instance, 20000);
	now = tally(instance);
	drops = now.packets[XDP_DROP];
	left_out = now.packets[XDP_ABORTED];
	passed = now.packets[XDP_PASS];
	ok(drops == 1000 && left_out > 8000 && left_out < 10000 && passed == 19000 - left_out,
	   "10%% of packets, 1000 of them: counts only those that got the verdict");
	note("the 1000th was packet %llu", (unsigned long long)(drops + left_out));
}

static void check_budget_and_deadline(struct instance *instance)
{
	const struct setting both = {
		.verdict = XDP_DROP, .flags = XDP_ACTION_F_TEMPORARY, .base = XDP_PASS, .budget = 5
	};
	struct setting setting = both;

	reset(instance);
	setting.deadline_ns = now_ns() + FOREVER;
	put(instance, &setting);
	ok(spends(instance, 20, 5), "a budget ends before the deadline");

	reset(instance);
	setting.deadline_ns = now_ns() + 5 * MSEC;
	setting.budget = INT64_MAX;
	put(instance, &setting);
	sleep_until(setting.deadline_ns);
	ok(spends(instance, 20, 0), "a deadline ends before the budget");
}

static void check_budget_of_tx(struct instance *instance)
{
	struct packet packet;
	uint32_t verdicts[3];
	int i;

	reset(instance);
	put(instance, &(struct setting){ .verdict = XDP_TX,
					 .otherwise = XDP_DROP,
					 .flags = XDP_ACTION_F_BUDGET,
					 .base = XDP_PASS,
					 .budget = 1 });
	for (i = 0; i < 3; i++) {
		packet_init(&packet);
		packet.eth.h_dest[0] = i == 0 ? 0xff : 0x02;
		verdicts[i] = run(instance, &packet, 64);
	}
	ok(verdicts[0] == XDP_DROP && verdicts[1] == XDP_TX && verdicts[2] == XDP_PASS,
	   "a group frame under TX is not taken from the budget");
}

/* Without the instruction that counts down. */
static void check_budget_used_up(struct instance *instance)
{
	put_budget(instance, 5, 1);
	ok(spends(instance, 10, 0), "a budget that cannot be counted down is used up");
	put_budget(instance, 5, 0);
	ok(spends(instance, 10, 0), "and so it is for packets that chance leaves out");
}

void check_budget(struct instance *instance)
{
	const int64_t budgets[] = { 1, 7, 1000 };
	const int64_t most = INT64_C(1) << 32;
	uint32_t slot;
	size_t i;

	if (!(instance->data->features & XDP_ACTION_FEATURE_BUDGET)) {
		check_budget_used_up(instance);
		return;
	}
	for (i = 0; i < sizeof(budgets) / sizeof(*budgets); i++) {
		slot = put_budget(instance, budgets[i], 1);
		ok(spends(instance, budgets[i] + 50, budgets[i]), "exactly the next %lld packets",
		   (long long)budgets[i]);
		ok(instance->data->slots[slot].budget == 0, "nothing left of %lld, and not less",
		   (long long)budgets[i]);
	}
	slot = put_budget(instance, most, 1);
	ok(spends(instance, 1000, 1000) && instance->data->slots[slot].budget == most - 1000,
	   "1000 packets of 2^32 leave 2^32 - 1000");
	put_budget(instance, 0, 1);
	ok(spends(instance, 10, 0), "a budget of 0 is used up");
	put_budget(instance, -1, 1);
	ok(spends(instance, 10, 0), "a budget below 0 is used up");
	check_budget_with_chance(instance);
	check_budget_and_deadline(instance);
	check_budget_of_tx(instance);
}
