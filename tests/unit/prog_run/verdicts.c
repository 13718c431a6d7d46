// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Which word gives which verdict, and that each packet is counted once. */
#include <string.h>

#include "prog_run.h"

static const char *const names[] = { "ABORTED", "DROP", "PASS", "TX", "REDIRECT" };

/* Only `verdict` was counted, `packets` times with `bytes` bytes. */
static bool counted(struct instance *instance, uint32_t verdict, uint64_t packets, uint64_t bytes)
{
	struct tally now = tally(instance);
	bool good = true;
	uint32_t i;

	for (i = 0; i < XDP_ACTION_VERDICTS; i++) {
		bool here = i == verdict;

		if (now.packets[i] == (here ? packets : 0) && now.bytes[i] == (here ? bytes : 0))
			continue;
		note("%s counts %llu packets and %llu bytes", names[i],
		     (unsigned long long)now.packets[i], (unsigned long long)now.bytes[i]);
		good = false;
	}
	return good;
}

static bool gives(struct instance *instance, uint64_t word, uint32_t verdict)
{
	uint32_t got;

	reset(instance);
	put_word(instance, word);
	got = run_one(instance);
	if (got == verdict && counted(instance, verdict, 1, 64))
		return true;
	note("word %#018llx gave %u, not %u", (unsigned long long)word, got, verdict);
	return false;
}

static void check_plain(struct instance *instance)
{
	uint32_t i;

	ok(instance->data->action == XDP_PASS, "an instance starts with PASS");
	ok(instance->data->magic == XDP_ACTION_MAGIC &&
		   instance->data->version == XDP_ACTION_VERSION &&
		   instance->data->size == sizeof(struct xdp_action_data),
	   "an instance says what it is");
	for (i = XDP_ABORTED; i <= XDP_PASS; i++)
		ok(gives(instance, i, i), "plain word %u is %s and counted once", i, names[i]);
	ok(gives(instance, word(XDP_TX, XDP_DROP, 0, 0), XDP_TX),
	   "TX without conditions is TX and counted once");
	for (i = XDP_ABORTED; i <= XDP_PASS; i++)
		ok(gives(instance, word(i, XDP_TX, 0, 7), i),
		   "%s with an otherwise and a threshold but no flag is %s", names[i], names[i]);
}

static void check_unknown(struct instance *instance)
{
	bool verdicts = true, otherwises = true, flags = true, bases = true;
	uint32_t i;

	for (i = XDP_ACTION_VERDICTS; i < 16; i++) {
		verdicts &= gives(instance, word(i, XDP_PASS, 0, 0), XDP_ABORTED);
		otherwises &= gives(instance, word(XDP_PASS, i, 0, 0), XDP_ABORTED);
	}
	for (i = 1; i < 256; i++)
		if (i & ~XDP_ACTION_F_ALL)
			flags &= gives(instance, word(XDP_PASS, XDP_PASS, i, 0), XDP_ABORTED);
	ok(verdicts, "verdicts 5 to 15 are ABORTED and counted as that");
	ok(otherwises, "otherwises 5 to 15 are ABORTED and counted as that");
	ok(flags, "unknown flags are ABORTED and counted as that");

	for (i = XDP_ACTION_VERDICTS; i < 16; i++) {
		reset(instance);
		put(instance, &(struct setting){ .verdict = XDP_PASS,
						 .flags = XDP_ACTION_F_DEADLINE,
						 .base = word(i, XDP_PASS, 0, 0) });
		bases &= run_one(instance) == XDP_ABORTED;
	}
	ok(bases, "a base with verdict 5 to 15 is ABORTED");
}

static void check_bytes(struct instance *instance)
{
	const uint32_t lengths[] = { ETH_HLEN, 60, 64, 1500, 1514, 3000 };
	struct packet packet;
	uint32_t verdict;
	uint64_t bytes;
	bool good;
	size_t i;

	for (verdict = XDP_ABORTED; verdict <= XDP_TX; verdict++) {
		reset(instance);
		put_verdict(instance, verdict);
		good = true;
		for (bytes = i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
			packet_init(&packet);
			good &= run(instance, &packet, lengths[i]) == verdict;
			bytes += lengths[i];
		}
		ok(good && counted(instance, verdict, i, bytes),
		   "%s counts frames of 14 to 3000 bytes to the byte", names[verdict]);
	}

	reset(instance);
	put_verdict(instance, XDP_DROP);
	run_many(instance, 100000);
	ok(counted(instance, XDP_DROP, 100000, 6400000), "100,000 packets are 100,000 counts");
}

/* Packets on every CPU, each with its own counters. */
static void check_cpus(struct instance *instance)
{
	unsigned int cpu, cpus = cpu_count();

	reset(instance);
	put_verdict(instance, XDP_DROP);
	for (cpu = 0; cpu < cpus; cpu++) {
		run_on_cpu(cpu);
		run_many(instance, 1000);
	}
	run_on_cpu(0);
	ok(counted(instance, XDP_DROP, 1000 * cpus, 64000 * cpus), "the counts of %u CPUs add up",
	   cpus);
}

void check_verdicts(struct instance *instance)
{
	check_plain(instance);
	check_unknown(instance);
	check_bytes(instance);
	check_cpus(instance);
}
