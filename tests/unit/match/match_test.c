// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Whether the program in the kernel matches the packets that libpcap matches:
 * random expressions over random packets, in each object of the program. Wants
 * root; prints TAP.
 *
 *	match_test [PAIRS [SEED]]
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "oracle.h"
#include "phrase.h"
#include "wire.h"
#include "unit/prog_run/instance.h"
#include "support/netns.h"
#include "support/tap.h"

#define FOLDER "../../../../bpf"
#define PAIRS 100000
/* Packets for each expression. */
#define PACKETS 100
/* The longest packet that has no fragments. */
#define LINEAR_MOST 3000
#define NUMBER 5
/* So many pairs must have packets of both kinds, or the test would not test. */
#define ENOUGH 5000

/* What is counted, so that it shows that the test tests. */
struct outcome {
	uint64_t pairs, matched, refused, differences, longest;
};

/* DROP for what matches, by the match of the number. */
static void put_match(struct instance *instance, uint32_t number)
{
	__atomic_store_n(&match_place(instance, number)->number, number, __ATOMIC_RELEASE);
	put(instance, &(struct setting){ .verdict = XDP_DROP,
					 .otherwise = XDP_PASS,
					 .flags = XDP_ACTION_F_MATCH,
					 .match = { number } });
}

static bool kernel_matches(struct instance *instance, const uint8_t *bytes, uint32_t length)
{
	static struct packet packet;

	memcpy(&packet, bytes, length);
	return run(instance, &packet, length) == XDP_DROP;
}

static void show(const struct oracle *oracle, const char *expression, uint64_t seed, bool want,
		 const uint8_t *bytes, uint32_t length)
{
	uint32_t i;

	note("seed %llu: '%s': libpcap %s", (unsigned long long)seed, expression,
	     want ? "matches, the kernel does not" : "does not match, the kernel does");
	oracle_show(oracle);
	printf("# %u bytes:", length);
	for (i = 0; i < length && i < 128; i++)
		printf(" %02x", bytes[i]);
	printf("\n");
}

/* One expression over many packets. */
static void compare(struct instance *instance, const struct oracle *oracle, const char *expression,
		    struct dice *dice, uint64_t seed, uint32_t most, struct outcome *outcome)
{
	static uint8_t bytes[WIRE_SIZE + 256];
	uint32_t i, length;
	bool want;

	for (i = 0; i < PACKETS; i++) {
		length = wire_make(dice, bytes, most);
		want = oracle_matches(oracle, bytes, length);
		outcome->pairs++;
		outcome->matched += want;
		if (kernel_matches(instance, bytes, length) == want)
			continue;
		if (!outcome->differences++)
			show(oracle, expression, seed, want, bytes, length);
	}
}

static void check_pairs(struct instance *instance, const char *object, uint32_t room,
			uint32_t most, uint64_t pairs, uint64_t seed)
{
	struct outcome outcome = { 0 };
	char expression[1024], why[256];
	bool few;

	reset(instance);
	for (; outcome.pairs < pairs; seed++) {
		struct dice dice = { .state = seed };
		struct xdp_action_match *match = match_place(instance, NUMBER);
		struct oracle *oracle;

		phrase_make(&dice, expression, sizeof(expression));
		oracle = oracle_new(expression, MATCH_LINK_ETHERNET, why);
		if (!oracle) {
			outcome.refused++;
			continue;
		}
		memset(match, 0, sizeof(*match));
		match->wanted = 1;
		if (oracle_translate(oracle, room, match, why, sizeof(why)))
			bail("%s: %s", expression, why);
		if (match->count > outcome.longest)
			outcome.longest = match->count;
		put_match(instance, NUMBER);
		compare(instance, oracle, expression, &dice, seed, most, &outcome);
		oracle_free(oracle);
	}
	note("%s: %llu pairs, %llu matched; %llu expressions refused by libpcap; up to %llu steps",
	     object, (unsigned long long)outcome.pairs, (unsigned long long)outcome.matched,
	     (unsigned long long)outcome.refused, (unsigned long long)outcome.longest);
	few = outcome.matched < pairs / 20 || outcome.matched > pairs - pairs / 20;
	ok(!outcome.differences && !(few && pairs >= ENOUGH),
	   "%s: %llu pairs of an expression and a packet, as libpcap has them", object,
	   (unsigned long long)outcome.pairs);
}

static void check_object(const char *folder, const char *object, bool frags, uint64_t pairs,
			 uint64_t seed)
{
	struct instance *instance = instance_try(folder, object, frags);

	if (!instance) {
		skip("this kernel does not take it", "%s: pairs of an expression and a packet",
		     object);
		return;
	}
	check_pairs(instance, object, frags ? XDP_ACTION_MATCH_STEPS : XDP_ACTION_MATCH_STEPS_SHORT,
		    frags ? WIRE_SIZE : LINEAR_MOST, pairs, seed);
	instance_unload(instance);
}

/* What the build made, seen from where it puts this program. */
static void find_objects(const char *self, char *path, size_t size)
{
	const char *slash = strrchr(self, '/');
	int length = slash ? (int)(slash - self) : 1;

	snprintf(path, size, "%.*s/%s", length, slash ? self : ".", FOLDER);
}

int main(int argc, char **argv)
{
	uint64_t pairs = argc > 1 ? strtoull(argv[1], NULL, 10) : PAIRS;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL) << 20;
	char path[4096];

	netns_enter_new();
	find_objects(argv[0], path, sizeof(path));
	note("seed %llu", (unsigned long long)seed);

	check_object(path, "xdp_action.o", true, pairs - pairs / 5, seed);
	check_object(path, "xdp_action_linear.o", false, pairs / 10, seed);
	check_object(path, "xdp_action_basic.o", false, pairs / 10, seed);
	return finish();
}
