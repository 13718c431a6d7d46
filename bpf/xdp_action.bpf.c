// SPDX-License-Identifier: GPL-2.0-only
/*
 * Returns a verdict read from a map, counts what it did, and is one component
 * of libxdp's dispatcher. xdp_action.h says what the words mean.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <xdp/xdp_helpers.h>

#include "xdp_action.h"

#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile typeof(x) *)&(x) = (val))

#define NSEC_PER_MSEC		1000000ULL
/*
 * No kernel ticks slower than this, so a deadline that is n of these away
 * cannot pass within n jiffies.
 */
#define LONGEST_JIFFY_NS	(10 * NSEC_PER_MSEC)
/*
 * Jiffies stand still in suspend while the deadline comes nearer: look at the
 * clock again after this many of them at most (1 s or less).
 */
#define MOST_JIFFIES_UNREAD	100

/* The two parts of clock_gate. */
#define GATE_SEQUENCE_SHIFT	48
#define GATE_JIFFIES		((1ULL << GATE_SEQUENCE_SHIFT) - 1)
#define GATE_EXPIRED		GATE_JIFFIES

/* How often a packet starts again when 62 settings overtook it. */
#define OVERTAKEN_RETRIES	3

struct {
	__uint(priority, XDP_ACTION_DEFAULT_PRIO);
	__uint(XDP_PASS, 1);
} XDP_RUN_CONFIG(xdp_action);

struct xdp_action_data action_data SEC(".data.action") = {
	.action = XDP_PASS,
	.magic = XDP_ACTION_MAGIC,
	.version = XDP_ACTION_VERSION,
	.size = sizeof(struct xdp_action_data),
#ifndef XDP_ACTION_WITHOUT_BUDGET
	.features = XDP_ACTION_FEATURE_BUDGET,
#endif
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, XDP_ACTION_VERDICTS);
	__type(key, __u32);
	__type(value, struct xdp_action_counter);
} action_counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, XDP_ACTION_TARGETS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} action_targets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} action_random SEC(".maps");

/*
 * Set by a loader that asked for frags, on a kernel that has the helper. Where
 * frags were not asked for, every packet is linear and needs no helper.
 */
const volatile bool count_frags = false;

static __always_inline __u32 word_verdict(__u64 word)
{
	return (word >> XDP_ACTION_VERDICT_SHIFT) & 0xf;
}

static __always_inline __u32 word_otherwise(__u64 word)
{
	return (word >> XDP_ACTION_OTHERWISE_SHIFT) & 0xf;
}

static __always_inline __u32 word_flags(__u64 word)
{
	return (word >> XDP_ACTION_FLAGS_SHIFT) & 0xff;
}

static __always_inline __u32 word_sequence(__u64 word)
{
	return (word >> XDP_ACTION_SEQUENCE_SHIFT) & 0xffff;
}

static __always_inline bool word_valid(__u64 word)
{
	return word_verdict(word) < XDP_ACTION_VERDICTS &&
	       word_otherwise(word) < XDP_ACTION_VERDICTS &&
	       !(word_flags(word) & ~XDP_ACTION_F_ALL);
}

/*
 * One SplitMix64 step for each CPU (Steele, Lea, Flood 2014): any seed is a
 * good one, and neighbouring numbers are independent. Zero means not seeded.
 */
static __always_inline __u32 random_u32(void)
{
	__u32 zero = 0;
	__u64 *state = bpf_map_lookup_elem(&action_random, &zero);
	__u64 z;

	if (!state)
		return bpf_get_prandom_u32();

	z = *state;
	if (!z)
		z = (__u64)bpf_get_prandom_u32() << 32 | bpf_get_prandom_u32();
	z += 0x9e3779b97f4a7c15ULL;
	*state = z;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z >> 32;
}

static __always_inline bool word_chance(__u64 word)
{
	return !(word_flags(word) & XDP_ACTION_F_PROBABILITY) ||
	       random_u32() < word >> XDP_ACTION_THRESHOLD_SHIFT;
}

static __always_inline bool deadline_passed(struct xdp_action_slot *slot, __u64 sequence)
{
	__u64 gate = READ_ONCE(action_data.clock_gate);
	__u64 now_jiffies = bpf_jiffies64();
	__u64 now_ns, deadline_ns, jiffies;

	if (gate >> GATE_SEQUENCE_SHIFT == sequence && now_jiffies < (gate & GATE_JIFFIES))
		return (gate & GATE_JIFFIES) == GATE_EXPIRED;

	now_ns = bpf_ktime_get_boot_ns();
	deadline_ns = READ_ONCE(slot->deadline_ns);
	if (now_ns >= deadline_ns) {
		jiffies = GATE_EXPIRED;
	} else {
		jiffies = (deadline_ns - now_ns) / LONGEST_JIFFY_NS;
		if (jiffies > MOST_JIFFIES_UNREAD)
			jiffies = MOST_JIFFIES_UNREAD;
		jiffies += now_jiffies;
	}
	WRITE_ONCE(action_data.clock_gate, sequence << GATE_SEQUENCE_SHIFT | jiffies);
	return jiffies == GATE_EXPIRED;
}

static __always_inline bool budget_left(struct xdp_action_slot *slot)
{
	return READ_ONCE(slot->budget) > 0;
}

/* The first look keeps the count from running away below zero. */
static __always_inline bool budget_take(struct xdp_action_slot *slot)
{
#ifdef XDP_ACTION_WITHOUT_BUDGET
	return false;
#else
	return budget_left(slot) && __sync_fetch_and_add(&slot->budget, -1) > 0;
#endif
}

/* A frame to one station, so that reflecting it cannot start a storm. */
static __always_inline bool reflectable(struct xdp_md *ctx)
{
	const struct ethhdr *eth = (void *)(long)ctx->data;

	return (void *)(eth + 1) <= (void *)(long)ctx->data_end &&
	       !(eth->h_dest[0] & 1);
}

static __always_inline void reflect(struct xdp_md *ctx)
{
	__u16 *mac = (void *)(long)ctx->data;
	__u16 swap;
	int i;

	if ((void *)(mac + ETH_ALEN) > (void *)(long)ctx->data_end)
		return;

#pragma unroll
	for (i = 0; i < ETH_ALEN / 2; i++) {
		swap = mac[i];
		mac[i] = mac[i + ETH_ALEN / 2];
		mac[i + ETH_ALEN / 2] = swap;
	}
}

/* Does what a verdict needs done to the packet before it is returned. */
static __always_inline __u32 carry_out(struct xdp_md *ctx, __u32 verdict, __u32 target)
{
	switch (verdict) {
	case XDP_ABORTED:
	case XDP_DROP:
	case XDP_PASS:
		return verdict;
	case XDP_TX:
		if (!reflectable(ctx))
			return XDP_PASS;
		reflect(ctx);
		return XDP_TX;
	case XDP_REDIRECT:
		return bpf_redirect_map(&action_targets, target, XDP_ABORTED);
	}
	return XDP_ABORTED;
}

/* True when the packet gets the verdict of the word, false: the otherwise. */
static __always_inline bool word_chosen(struct xdp_md *ctx, __u64 word)
{
	return word_chance(word) && (word_verdict(word) != XDP_TX || reflectable(ctx));
}

/* True when the slot got another setting since the word was read. */
static __always_inline bool overtaken(__u64 word)
{
	__u32 behind = READ_ONCE(action_data.sequence) - word_sequence(word);

	return (behind & 0xffff) >= XDP_ACTION_SLOTS;
}

/* Everything but a plain word. */
static __noinline __u32 decide(struct xdp_md *ctx)
{
	struct xdp_action_slot *slot;
	__u32 target, flags, i;
	__u64 word, base;
	bool over, chosen;

	for (i = 0; i < OVERTAKEN_RETRIES; i++) {
		word = READ_ONCE(action_data.action);
		if (!word_valid(word))
			return XDP_ABORTED;

		flags = word_flags(word);
		target = word_sequence(word) % XDP_ACTION_SLOTS;
		slot = &action_data.slots[target];
		base = READ_ONCE(slot->base);
		over = (flags & XDP_ACTION_F_DEADLINE &&
			deadline_passed(slot, word_sequence(word))) ||
		       (flags & XDP_ACTION_F_BUDGET && !budget_left(slot));

		if (!(flags & XDP_ACTION_F_TEMPORARY) || !overtaken(word))
			break;
	}
	if (i == OVERTAKEN_RETRIES)
		return XDP_ABORTED;

	target *= 2;
	if (!over) {
		chosen = word_chosen(ctx, word);
		if (chosen && flags & XDP_ACTION_F_BUDGET)
			over = !budget_take(slot);
	}
	if (over) {
		word = base;
		if (!word_valid(word))
			return XDP_ABORTED;
		chosen = word_chosen(ctx, word);
		target++;
	}
	return carry_out(ctx, chosen ? word_verdict(word) : word_otherwise(word), target);
}

static __always_inline __u32 packet_length(struct xdp_md *ctx)
{
	__u32 length;

	if (count_frags)
		return bpf_xdp_get_buff_len(ctx);

	length = ctx->data_end - ctx->data;
	/* Or clang 14 keeps the two 32-bit pointers over the call, not this. */
	barrier_var(length);
	return length;
}

SEC("xdp")
int xdp_action(struct xdp_md *ctx)
{
	__u32 length = packet_length(ctx);
	__u64 word = READ_ONCE(action_data.action);
	struct xdp_action_counter *counter;
	__u32 verdict = word;

	if (__builtin_expect(word > XDP_PASS, 0))
		verdict = decide(ctx);

	counter = bpf_map_lookup_elem(&action_counters, &verdict);
	if (counter) {
		counter->packets++;
		counter->bytes += length;
	}
	return verdict;
}

char _license[] SEC("license") = "GPL";
