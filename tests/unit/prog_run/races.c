// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Packets on two CPUs at once, and settings that change under them. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "prog_run.h"

#define BUDGET	2000000
/* No divisor of a million. */
#define EVERY	7
#define SKIP	1000000
/* A busy machine gives the packets little time. */
#define FLIP_NS	(500 * MSEC)
#define FLIP_MAX_NS	(20 * SEC)

struct sender {
	pthread_t thread;
	struct instance *instance;
	unsigned int cpu;
	/* Either so many packets, or until `stop`. */
	uint32_t packets;
	atomic_bool *stop;
};

static void *send_packets(void *data)
{
	struct sender *sender = data;

	run_on_cpu(sender->cpu);
	run_many(sender->instance, sender->packets);
	while (!*sender->stop)
		run_many(sender->instance, 20000);
	return NULL;
}

static void start(struct sender senders[2], struct instance *instance, uint32_t packets,
		  atomic_bool *stop)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		senders[i] = (struct sender){
			.instance = instance, .cpu = i, .packets = packets, .stop = stop
		};
		if (pthread_create(&senders[i].thread, NULL, send_packets, &senders[i]))
			bail("no thread");
	}
}

static void join(struct sender senders[2])
{
	pthread_join(senders[0].thread, NULL);
	pthread_join(senders[1].thread, NULL);
}

static void check_shared_budget(struct instance *instance)
{
	atomic_bool stop = true;
	struct sender senders[2];
	struct tally now;
	uint32_t slot;

	reset(instance);
	slot = put(instance, &(struct setting){ .verdict = XDP_DROP,
						.flags = XDP_ACTION_F_BUDGET,
						.base = XDP_PASS,
						.budget = BUDGET });
	start(senders, instance, BUDGET, &stop);
	join(senders);
	now = tally(instance);
	ok(now.packets[XDP_DROP] == BUDGET && now.packets[XDP_PASS] == BUDGET,
	   "two CPUs share a budget of %d exactly", BUDGET);
	/* Each CPU may have found the last one taken by the other. */
	ok(instance->data->slots[slot].budget <= 0 && instance->data->slots[slot].budget >= -1,
	   "a used up budget stays where it is");
}

/* Of as many packets as two budgets. */
static void check_shared_every(struct instance *instance, int64_t skip, const char *what)
{
	struct setting setting = {
		.verdict = XDP_DROP,
		.otherwise = XDP_PASS,
		.flags = XDP_ACTION_F_MORE,
		.more = { { .asks = XDP_ACTION_MORE_EVERY, .every = EVERY } },
	};
	const uint64_t wanted = (2 * BUDGET - skip) / EVERY;
	atomic_bool stop = true;
	struct sender senders[2];
	struct tally now;

	if (skip) {
		setting.more[0].asks |= XDP_ACTION_MORE_SKIP;
		setting.more[0].skip = skip;
	}
	reset(instance);
	put(instance, &setting);
	start(senders, instance, BUDGET, &stop);
	join(senders);
	now = tally(instance);
	ok(now.packets[XDP_DROP] == wanted && now.packets[XDP_PASS] == 2 * BUDGET - wanted,
	   "two CPUs count at once, and each %dth of %s gets the verdict exactly", EVERY, what);
	note("DROP %llu, PASS %llu", (unsigned long long)now.packets[XDP_DROP],
	     (unsigned long long)now.packets[XDP_PASS]);
}

/*
 * Each of the two can give one verdict only: DROP, for its deadline is over,
 * and PASS, for its budget is used up. The word of one with the slot of the
 * other gives TX.
 */
static void flip(struct instance *instance, bool first)
{
	const struct setting drop = { .verdict = XDP_TX,
				      .flags = XDP_ACTION_F_DEADLINE,
				      .base = XDP_DROP,
				      .deadline_ns = 1,
				      .budget = INT64_MAX };
	const struct setting pass = { .verdict = XDP_TX,
				      .flags = XDP_ACTION_F_BUDGET,
				      .base = XDP_PASS,
				      .deadline_ns = UINT64_MAX,
				      .budget = 0 };

	put(instance, first ? &drop : &pass);
}

static bool saw_both(struct instance *instance)
{
	struct tally now = tally(instance);

	return now.packets[XDP_DROP] && now.packets[XDP_PASS];
}

/*
 * As a writer does it that follows the contract: a test of no byte, which all
 * packets pass, or none.
 */
static void write_match(struct instance *instance, uint32_t number, bool all)
{
	struct xdp_action_match *match = match_place(instance, number);

	__atomic_store_n(&match->number, 0, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	match->parts = match->wanted = match->count = 1;
	match->steps[0] = (struct xdp_action_step){
		.op = sizeof(uint8_t) | XDP_ACTION_OP_EQUAL,
		.value = !all,
		.yes = XDP_ACTION_MATCH_YES,
		.no = XDP_ACTION_MATCH_NO,
	};
	__atomic_store_n(&match->number, number, __ATOMIC_RELEASE);
}

/* The same with matches: the word of one with the match of the other gives TX. */
static void flip_match(struct instance *instance, bool first)
{
	static uint32_t number;
	struct setting setting = {
		.verdict = first ? XDP_DROP : XDP_TX,
		.otherwise = first ? XDP_TX : XDP_PASS,
		.flags = XDP_ACTION_F_MATCH,
	};

	setting.match[0] = ++number;
	write_match(instance, number, first);
	put(instance, &setting);
}

/* A match may be overtaken again and again, for which ABORTED is the contract's answer. */
static void check_flips(struct instance *instance,
			void (*flip_to)(struct instance *instance, bool first), bool may_abort,
			const char *what)
{
	uint64_t i, flips = 0, start_ns = now_ns(), elapsed_ns;
	atomic_bool stop = false;
	struct sender senders[2];
	struct tally now;
	bool good;

	reset(instance);
	flip_to(instance, true);
	start(senders, instance, 0, &stop);
	do {
		for (i = 0; i < 1000; i++)
			flip_to(instance, flips++ % 2);
		elapsed_ns = now_ns() - start_ns;
	} while (elapsed_ns < FLIP_NS || (!saw_both(instance) && elapsed_ns < FLIP_MAX_NS));
	stop = true;
	join(senders);
	now = tally(instance);
	good = !now.packets[XDP_TX] && !now.packets[XDP_REDIRECT] &&
	       (may_abort || !now.packets[XDP_ABORTED]);
	ok(good, "%s: a packet never sees a verdict that neither of two settings can give", what);
	ok(saw_both(instance), "%s: packets saw both settings", what);
	note("%llu changes; DROP %llu, PASS %llu, ABORTED %llu, TX %llu", (unsigned long long)flips,
	     (unsigned long long)now.packets[XDP_DROP], (unsigned long long)now.packets[XDP_PASS],
	     (unsigned long long)now.packets[XDP_ABORTED], (unsigned long long)now.packets[XDP_TX]);
}

/* A setting whose slot belongs to a later one must not be read from there. */
static void check_overtaken(struct instance *instance)
{
	uint32_t sequence;

	reset(instance);
	put(instance, &(struct setting){ .verdict = XDP_DROP,
					 .flags = XDP_ACTION_F_DEADLINE,
					 .base = XDP_PASS,
					 .deadline_ns = UINT64_MAX });
	sequence = instance->data->sequence;
	instance->data->sequence = (sequence + XDP_ACTION_SLOTS - 1) & 0xffff;
	ok(run_one(instance) == XDP_DROP, "a slot is good until its turn comes again");
	instance->data->sequence = (sequence + XDP_ACTION_SLOTS) & 0xffff;
	instance->data->clock_gate = 0;
	ok(run_one(instance) == XDP_ABORTED && !instance->data->clock_gate, "a slot that another setting took is never used");
	instance->data->sequence = sequence;
}

/* The sequence number is as wide as 65,536 settings: then it starts again. */
static void check_wrap(struct instance *instance)
{
	const struct setting over = { .verdict = XDP_DROP,
				      .flags = XDP_ACTION_F_DEADLINE,
				      .base = XDP_PASS };
	struct setting fresh = over;
	uint32_t i, right = 0;

	reset(instance);
	put(instance, &over);
	run_one(instance);
	for (i = 1; i < 0x10000; i++)
		put_verdict(instance, XDP_PASS);
	fresh.deadline_ns = UINT64_MAX;
	put(instance, &fresh);
	ok(run_one(instance) == XDP_DROP,
	   "65,536 settings later a deadline is not taken for the one that had passed");

	for (i = 0; i < 0x10000 + XDP_ACTION_SLOTS; i++) {
		put(instance, &fresh);
		right += i % 64 ? 1 : run_one(instance) == XDP_DROP;
	}
	ok(right == i, "settings are right through all sequence numbers");
}

void check_races(struct instance *instance)
{
	check_overtaken(instance);
	check_wrap(instance);
	if (cpu_count() < 2) {
		skip("one CPU only", "two CPUs share a budget");
		skip("one CPU only", "two CPUs count at once");
		skip("one CPU only", "settings that change under packets");
		return;
	}
	check_shared_budget(instance);
	check_shared_every(instance, 0, "all packets");
	check_shared_every(instance, SKIP, "those after a million");
	check_flips(instance, flip, false, "ends");
	check_flips(instance, flip_match, true, "matches");
}
