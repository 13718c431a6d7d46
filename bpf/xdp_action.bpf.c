// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Returns a verdict read from a map, counts what it did, and is one component
 * of libxdp's dispatcher. xdp_action_maps.h says what the words mean.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <xdp/xdp_helpers.h>

#include "xdp_action_frags.h"
#include "xdp_action_maps.h"

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

/* In place of a verdict: the setting is another by now, and the packet starts again ... */
#define OVERTAKEN		XDP_ACTION_VERDICTS
/* ... so often. */
#define OVERTAKEN_RETRIES	3
/* In place of a verdict: it takes more than was looked at to tell. */
#define UNDECIDED		(XDP_ACTION_VERDICTS + 1)

/* A verdict, and above it what the match said of the packet: ANSWER_*. */
#define DECIDED_VERDICT		0xf
#define DECIDED_ANSWER_SHIFT	4

/*
 * A function that the verifier looks at once, and not anew for each call. Linux
 * refuses one in a program of the dispatcher before 5.19.
 */
#ifdef XDP_ACTION_WITHOUT_FRAGS
#define VERIFIED_ONCE		static __noinline
/* Each time that a packet starts again is another walk for the verifier to follow. */
#define MATCH_RETRIES		1
#else
#define VERIFIED_ONCE		__noinline
#define MATCH_RETRIES		OVERTAKEN_RETRIES
#endif

static __always_inline __u64 linear_length(struct xdp_md *ctx)
{
	__u64 data = ctx->data, data_end = ctx->data_end, length = data_end - data;

	/* Here, where it takes one register over the look-up, and not after it. */
	barrier_var(length);
	return length;
}

/*
 * Frames with fragments come only where the loader asked for them, on a kernel
 * that has the helper.
 */
static __always_inline __u64 packet_length(struct xdp_md *ctx)
{
#ifdef XDP_ACTION_WITHOUT_FRAGS
	return linear_length(ctx);
#else
	register __u64 frags asm("r0");

	/* The loader looks for the last three. */
	asm volatile("r1 = %[ctx]\n"
		     "r0 = %[unknown]\n"
		     "goto +0\n"
		     "r0 &= %[unknown]"
		     : "=r"(frags)
		     : [ctx] "r"(ctx), [unknown] "i"(XDP_ACTION_FRAGS_UNKNOWN)
		     : "r1", "r2", "r3", "r4", "r5");
	return frags ? bpf_xdp_get_buff_len(ctx) : linear_length(ctx);
#endif
}

struct {
	__uint(priority, XDP_ACTION_DEFAULT_PRIO);
	__uint(XDP_PASS, 1);
} XDP_RUN_CONFIG(xdp_action);

struct xdp_action_data action_data SEC(".data.action") = {
	.action = XDP_PASS,
	.magic = XDP_ACTION_MAGIC,
	.version = XDP_ACTION_VERSION,
	.size = sizeof(struct xdp_action_data),
#if !defined(XDP_ACTION_WITHOUT_FRAGS)
	.features = XDP_ACTION_FEATURE_BUDGET | XDP_ACTION_FEATURE_LONG_MATCH,
#elif !defined(XDP_ACTION_WITHOUT_BUDGET)
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
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, XDP_ACTION_ASKED);
	__type(key, __u32);
	__type(value, struct xdp_action_counter);
} action_asked SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, XDP_ACTION_TARGETS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} action_targets SEC(".maps");

/*
 * The form of what is in action_matches from the first match on. Without types:
 * kernels up to 6.1 take only a map that has them as well, where this has them.
 */
struct match_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, XDP_ACTION_MATCHES);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct xdp_action_match));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct match_map);
} action_matches SEC(".maps");

/* The registers of classic BPF, in a map, where the verifier knows no limits of them. */
struct walker {
	__u32 at;
	__u32 part;
	__u32 a;
	__u32 x;
	__u32 memory[XDP_ACTION_MATCH_MEMORY];
};

/* What is known of the flow of a packet. In a map for the same reason as the walker. */
struct flow {
	/* Grow into a hash of each end, which is an address and a port. */
	__u64 ends[2];
	/* Half an address of IPv6. */
	__u64 half;
	/* Where the next header begins, and what it is. */
	__u32 at;
	__u32 protocol;
	__u32 fragment;
	/* The field that was loaded last. */
	__u32 loaded;
};

/* What the program keeps for itself on each CPU. */
struct local {
	/* The generator. Zero means not seeded. */
	__u64 random;
	/* Whether packets get the verdict, in bit 0, and above it by which setting. */
	__u64 burst;
	/* Grows with each use of what follows: whoever finds it changed was interrupted. */
	__u64 turn;
	/* The rule in force, of the base when `over`, and the number of its match. */
	__u64 rule;
	__u32 over;
	__u32 match;
	struct walker walker;
	struct flow flow;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct local);
} action_local SEC(".maps");

static __always_inline struct local *cpu_local(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&action_local, &zero);
}

static __always_inline volatile struct walker *cpu_walker(void)
{
	struct local *local = cpu_local();

	return local ? &local->walker : NULL;
}

#include "xdp_action_match.bpf.h"

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

static __always_inline __u64 word_sequence(__u64 word)
{
	return (word >> XDP_ACTION_SEQUENCE_SHIFT) & 0xffff;
}

static __always_inline __u32 word_threshold(__u64 word)
{
	return word >> XDP_ACTION_THRESHOLD_SHIFT;
}

static __always_inline bool word_valid(__u64 word)
{
	return word_verdict(word) < XDP_ACTION_VERDICTS &&
	       word_otherwise(word) < XDP_ACTION_VERDICTS &&
	       !(word_flags(word) & ~XDP_ACTION_F_ALL);
}

/* Flags where they stand in a word. */
#define ASKS_CHANCE		(XDP_ACTION_F_PROBABILITY << XDP_ACTION_FLAGS_SHIFT)
#define ASKS_MORE		(XDP_ACTION_F_MORE << XDP_ACTION_FLAGS_SHIFT)
#define ASKS_DEADLINE		(XDP_ACTION_F_DEADLINE << XDP_ACTION_FLAGS_SHIFT)
#define ASKS_MATCH		(XDP_ACTION_F_MATCH << XDP_ACTION_FLAGS_SHIFT)

/*
 * The flags of a word, where they stand in it, with more bits below them when
 * its verdict or its otherwise is above XDP_PASS and needs more than to be
 * returned. Adding 1 carries a 3 into the third bit.
 */
static __always_inline __u32 word_asks(__u64 word)
{
	return (word | ((word & 0x33) + 0x11)) & 0xffcc;
}

static __always_inline struct xdp_action_slot *word_slot(__u64 word)
{
	return &action_data.slots[word_sequence(word) % XDP_ACTION_SLOTS];
}

/* Where the word's REDIRECT goes; its base's goes to the next. */
static __always_inline __u32 word_target(__u64 word)
{
	return word_sequence(word) % XDP_ACTION_SLOTS * 2;
}

/* True when the slot got another setting since the word was read. */
static __always_inline bool overtaken(__u64 word)
{
	__u32 behind = READ_ONCE(action_data.sequence) - word_sequence(word);

	return (behind & 0xffff) >= XDP_ACTION_SLOTS;
}

static __always_inline __u64 *random_state(void)
{
	struct local *local = cpu_local();

	return local ? &local->random : NULL;
}

/*
 * One step of PCG XSH-RS 64/32 (O'Neill 2014): any seed is a good one, and
 * neighbouring numbers are independent. Cheaper than SplitMix64, and half of
 * it is done when the packet already has its verdict.
 */
static __always_inline __u32 random_step(__u64 *state)
{
	__u64 old = *state;

	*state = old * 6364136223846793005ULL + 1;
	return (old ^ (old >> 22)) >> (22 + (old >> 61));
}

/* The next number of the generator in `local`, which is seeded first where it is not. */
static __always_inline __u32 random_of(volatile struct local *local)
{
	__u64 state = local->random;
	__u32 number;

	if (!state)
		state = (__u64)bpf_get_prandom_u32() << 32 | bpf_get_prandom_u32();
	number = random_step(&state);
	local->random = state;
	return number;
}

static __always_inline __u32 random_u32(void)
{
	struct local *local = cpu_local();

	return local ? random_of(local) : bpf_get_prandom_u32();
}

static __always_inline bool word_chance(__u64 word)
{
	return !(word_flags(word) & XDP_ACTION_F_PROBABILITY) ||
	       random_u32() < word_threshold(word);
}

/*
 * True when the deadline has not passed, without a look at the clock. False
 * for GATE_EXPIRED, which lies further ahead than any other gate.
 */
static __always_inline bool deadline_ahead(const volatile __u64 *word)
{
	__u64 now_jiffies = bpf_jiffies64();
	__u64 gate = READ_ONCE(action_data.clock_gate);

	return gate >> GATE_SEQUENCE_SHIFT == word_sequence(*word) &&
	       (gate & GATE_JIFFIES) - now_jiffies - 1 < MOST_JIFFIES_UNREAD;
}

/* Looks at the clock, and says when that has to be done again. */
VERIFIED_ONCE __u32 deadline_passed_by_clock(__u64 word)
{
	__u64 deadline_ns = READ_ONCE(word_slot(word)->deadline_ns);
	/* Read before the clock, so that the gate is never too late. */
	__u64 gate = bpf_jiffies64();
	__u64 now_ns = bpf_ktime_get_boot_ns();
	__u64 jiffies;

	if (now_ns >= deadline_ns) {
		gate = GATE_EXPIRED;
	} else {
		jiffies = (deadline_ns - now_ns) / LONGEST_JIFFY_NS;
		if (jiffies > MOST_JIFFIES_UNREAD)
			jiffies = MOST_JIFFIES_UNREAD;
		gate += jiffies;
	}
	/* decide() sees that as well, and asks anew. */
	if (!overtaken(word))
		WRITE_ONCE(action_data.clock_gate,
			   word_sequence(word) << GATE_SEQUENCE_SHIFT | gate);
	return gate == GATE_EXPIRED;
}

static __always_inline bool deadline_passed(__u64 word)
{
	__u64 expired = word_sequence(word) << GATE_SEQUENCE_SHIFT | GATE_EXPIRED;

	return !deadline_ahead(&word) &&
	       (READ_ONCE(action_data.clock_gate) == expired || deadline_passed_by_clock(word));
}

/* Without the instruction that counts it down, a budget is used up from the start. */
static __always_inline bool budget_left(struct xdp_action_slot *slot)
{
#ifdef XDP_ACTION_WITHOUT_BUDGET
	return false;
#else
	return READ_ONCE(slot->budget) > 0;
#endif
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

/* True when the setting of a word has ended, and its base is in force. */
static __always_inline bool word_over(__u64 word)
{
	return (word_flags(word) & XDP_ACTION_F_DEADLINE && deadline_passed(word)) ||
	       (word_flags(word) & XDP_ACTION_F_BUDGET && !budget_left(word_slot(word)));
}

#include "xdp_action_more.bpf.h"

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

static __always_inline void add_packet(struct xdp_action_counter *counter, __u64 length)
{
	if (counter) {
		counter->packets++;
		counter->bytes += length;
	}
}

static __always_inline __u32 count(struct xdp_md *ctx, __u32 verdict)
{
	__u64 length = packet_length(ctx);

	add_packet(bpf_map_lookup_elem(&action_counters, &verdict), length);
	/* From the stack, where the key is, so that no register keeps it meanwhile. */
	return verdict;
}

/* True when the packet gets the verdict of the word, false: the otherwise. */
static __always_inline bool word_chosen(struct xdp_md *ctx, __u64 word)
{
	return word_chance(word) && (word_verdict(word) != XDP_TX || reflectable(ctx));
}

static __always_inline struct xdp_action_match *match_of(__u32 number)
{
	__u32 zero = 0, place = number % XDP_ACTION_MATCHES;
	void *matches = bpf_map_lookup_elem(&action_matches, &zero);

	return matches ? bpf_map_lookup_elem(matches, &place) : NULL;
}

/* One more than XDP_ACTION_ASKED_*; or there is no match. */
#define ANSWER_NONE		0
#define ANSWER_MATCHED		(XDP_ACTION_ASKED_MATCHED + 1)
#define ANSWER_MISSED		(XDP_ACTION_ASKED_MISSED + 1)

static __always_inline __u32 decided_with(__u32 answer, __u32 verdict)
{
	return answer << DECIDED_ANSWER_SHIFT | verdict;
}

/*
 * The length is looked up once, which costs as much as all else here. Both are kept on
 * the stack, or a plain verdict would have more registers to save.
 */
static __always_inline __u32 count_decided(struct xdp_md *ctx, __u32 decided)
{
	const volatile __u32 kept = decided;
	const volatile __u64 length = packet_length(ctx);
	__u32 verdict = kept & DECIDED_VERDICT, asked;
	struct xdp_action_counter *counter;

	counter = bpf_map_lookup_elem(&action_counters, &verdict);
	add_packet(counter, length);
	if (kept >> DECIDED_ANSWER_SHIFT != ANSWER_NONE) {
		asked = (kept >> DECIDED_ANSWER_SHIFT) - 1;
		counter = bpf_map_lookup_elem(&action_asked, &asked);
		add_packet(counter, length);
	}
	return kept & DECIDED_VERDICT;
}

/* ANSWER_*; OVERTAKEN when it is another match by now. */
static __always_inline __u32 packet_match(struct xdp_md *ctx, __u32 number,
					  volatile struct walker *walker)
{
	const volatile struct xdp_action_match *match = match_of(number);
	bool matched;

	if (!match || match->number != number)
		return OVERTAKEN;
	matched = walk(ctx, match, walker);
	if (match->number != number)
		return OVERTAKEN;
	return matched ? ANSWER_MATCHED : ANSWER_MISSED;
}

static __always_inline bool rule_valid(__u64 word, __u64 rule, __u32 over)
{
	return word_valid(rule) &&
	       (!(word_flags(word) & XDP_ACTION_F_MORE) || more_valid(word, over));
}

/* True when a packet that matches gets the verdict of the rule in `local`. */
static __noinline bool rule_chosen(struct xdp_md *ctx, __u64 word, volatile struct local *local)
{
	__u64 rule = local->rule;

	if (!(word_flags(word) & XDP_ACTION_F_MORE))
		return word_chosen(ctx, rule);
	return more_chosen(ctx, word, rule, local->over & 1, local) &&
	       (word_verdict(rule) != XDP_TX || reflectable(ctx));
}

/*
 * The verdict of a word with a match, or OVERTAKEN. What the walk must not
 * change stands in `local`, so that the verifier sees one state after it, and
 * not one for each way it came about.
 */
VERIFIED_ONCE __u32 decide_matching(struct xdp_md *ctx, __u64 word)
{
	volatile struct local *local = cpu_local();
	struct xdp_action_slot *slot = word_slot(word);
	__u32 answer = ANSWER_NONE, over, number, verdict;
	__u64 rule, turn;
	bool chosen;

	if (!local || !word_valid(word))
		return XDP_ABORTED;
	turn = local->turn + 1;
	local->turn = turn;
	over = word_over(word);
	local->over = over;
	local->rule = over ? READ_ONCE(slot->base) : word;
	local->match = READ_ONCE(slot->match[over]);
	number = local->match;
	if (number)
		answer = packet_match(ctx, number, &local->walker);
	over = local->over & 1;
	rule = local->rule;
	if (answer == OVERTAKEN || local->turn != turn || overtaken(word))
		return OVERTAKEN;
	if (!rule_valid(word, rule, over))
		return XDP_ABORTED;

	chosen = answer != ANSWER_MISSED && rule_chosen(ctx, word, local);
	/* Others took the last of the budget: for this packet, too, it is the base's turn. */
	if (chosen && !over && word_flags(word) & XDP_ACTION_F_BUDGET &&
	    !budget_take(word_slot(word)))
		return OVERTAKEN;
	verdict = carry_out(ctx, chosen ? word_verdict(rule) : word_otherwise(rule),
			    word_target(word) + over);
	return decided_with(answer, verdict);
}

/* The verdict of a word with further conditions and without a match, or OVERTAKEN. */
VERIFIED_ONCE __u32 decide_more(struct xdp_md *ctx, __u64 word)
{
	volatile struct local *local = cpu_local();
	struct xdp_action_slot *slot = word_slot(word);
	__u64 rule;
	__u32 over;
	bool chosen;

	if (!local || !word_valid(word))
		return XDP_ABORTED;
	over = word_over(word);
	rule = over ? READ_ONCE(slot->base) : word;
	if (overtaken(word))
		return OVERTAKEN;
	if (!rule_valid(word, rule, over))
		return XDP_ABORTED;

	local->over = over;
	local->rule = rule;
	chosen = rule_chosen(ctx, word, local);
	if (chosen && !over && word_flags(word) & XDP_ACTION_F_BUDGET && !budget_take(slot))
		return OVERTAKEN;
	return carry_out(ctx, chosen ? word_verdict(rule) : word_otherwise(rule),
			 word_target(word) + over);
}

/* What a temporary word leaves behind when it is over. */
VERIFIED_ONCE __u32 decide_base(struct xdp_md *ctx, __u64 word)
{
	__u64 base = READ_ONCE(word_slot(word)->base);

	if (overtaken(word))
		return OVERTAKEN;
	if (!word_valid(base))
		return XDP_ABORTED;
	return carry_out(ctx, word_chosen(ctx, base) ? word_verdict(base) : word_otherwise(base),
			 word_target(word) + 1);
}

/* The verdict of a word without a match, or OVERTAKEN. */
VERIFIED_ONCE __u32 decide(struct xdp_md *ctx, __u64 word)
{
	bool chosen;

	if (!word_valid(word))
		return XDP_ABORTED;
	if (word_flags(word) & XDP_ACTION_F_MORE)
		return decide_more(ctx, word);
	if (word_over(word))
		return decide_base(ctx, word);
	if (word_flags(word) & XDP_ACTION_F_TEMPORARY && overtaken(word))
		return OVERTAKEN;

	chosen = word_chosen(ctx, word);
	if (chosen && word_flags(word) & XDP_ACTION_F_BUDGET && !budget_take(word_slot(word)))
		return decide_base(ctx, word);
	return carry_out(ctx, chosen ? word_verdict(word) : word_otherwise(word),
			 word_target(word));
}

/* The verdict for a packet that was overtaken: that of the setting in force now. */
static __noinline __u32 decide_anew(struct xdp_md *ctx)
{
	__u32 verdict, i;
	__u64 word;

	for (i = 0; i < OVERTAKEN_RETRIES; i++) {
		word = READ_ONCE(action_data.action);
		if (word & ASKS_MATCH && i >= MATCH_RETRIES)
			break;
		verdict = word & ASKS_MATCH ? decide_matching(ctx, word) : decide(ctx, word);
		if (verdict != OVERTAKEN)
			return verdict;
	}
	return XDP_ABORTED;
}

/*
 * What follows says false where it takes more than that to decide, and otherwise
 * gives the verdict of a word that asks for no more than what it is about.
 */
static __always_inline bool decide_chance(const volatile __u64 *kept, __u32 *decided)
{
	__u64 *state = random_state(), word;
	bool chosen;

	if (!state || !*state)
		return false;
	word = *kept;
	chosen = random_step(state) < word_threshold(word);
	*decided = chosen ? word_verdict(word) : word_otherwise(word);
	return true;
}

static __always_inline bool decide_chosen(const volatile __u64 *kept, __u32 *decided)
{
	__u64 word = *kept;

	if (word & ASKS_CHANCE)
		return decide_chance(kept, decided);
	*decided = word_verdict(word);
	return true;
}

#ifdef XDP_ACTION_WITHOUT_FRAGS
static __always_inline bool decide_short_match(struct xdp_md *ctx, const volatile __u64 *kept,
					       __u32 *decided)
{
	(void)ctx;
	(void)kept;
	(void)decided;
	return false;
}
#else
static __always_inline bool decide_short_match(struct xdp_md *ctx, const volatile __u64 *kept,
					       __u32 *decided)
{
	const volatile __u32 number = READ_ONCE(word_slot(*kept)->match[0]);
	const volatile struct xdp_action_match *match = match_of(number);
	__u32 end;

	if (!number || !match || match->number != number)
		return false;
	end = walk_short(ctx, match);
	if (end == WALK_LONG || match->number != number || overtaken(*kept))
		return false;
	if (end == WALK_MISSED) {
		*decided = decided_with(ANSWER_MISSED, word_otherwise(*kept));
		return true;
	}
	if (!decide_chosen(kept, decided))
		return false;
	*decided = decided_with(ANSWER_MATCHED, *decided);
	return true;
}
#endif

static __always_inline __u32 decided_by(__u64 word, bool chosen)
{
	return chosen ? word_verdict(word) : word_otherwise(word);
}

static __always_inline bool decide_pulse(const volatile __u64 *kept, __u32 *decided)
{
	__u64 word;
	bool on;

	if (!pulse_known(kept, 0, &on))
		return false;
	word = *kept;
	*decided = decided_by(word, on);
	return !overtaken(word);
}

static __always_inline bool decide_burst(const volatile __u64 *kept, __u32 *decided)
{
	struct local *local = cpu_local();
	__u64 word, chance;
	bool bad;

	if (!local || !local->random)
		return false;
	word = *kept;
	chance = burst_chance(word, word, 0, local);
	if (overtaken(*kept))
		return false;
	bad = random_step(&local->random) < chance;
	local->burst = burst_setting(*kept, 0) << 1 | bad;
	*decided = decided_by(*kept, bad);
	return true;
}

/*
 * What other further conditions decide, or UNDECIDED. A function of its own, and no part
 * of the main one: the registers that it needs would have to be saved by every plain
 * verdict.
 */
VERIFIED_ONCE __u32 decide_more_only(struct xdp_md *ctx, __u64 word)
{
	struct local *local = cpu_local();

	if (!local || overtaken(word) || !more_valid(word, 0))
		return UNDECIDED;
	return decided_by(word, more_chosen(ctx, word, word, 0, local));
}

static __always_inline bool decide_further(struct xdp_md *ctx, const volatile __u64 *kept,
					   __u32 *decided)
{
	__u32 asks = READ_ONCE(word_more(*kept, 0)->asks);

	if (asks == XDP_ACTION_MORE_PULSE && !(*kept & ASKS_CHANCE))
		return decide_pulse(kept, decided);
	if (asks == XDP_ACTION_MORE_BURST)
		return decide_burst(kept, decided);
	*decided = decide_more_only(ctx, *kept);
	return *decided != UNDECIDED;
}

/*
 * The verdict of any word, or OVERTAKEN. What is asked for most, between verdicts that need
 * no more than to be returned, is decided here, since a call of another function would cost
 * more than all of this. The word is kept on the stack, so that the function has no second
 * register to save, which a plain verdict would pay for as well.
 */
static __always_inline __u32 decide_conditions(struct xdp_md *ctx, __u64 word)
{
	const volatile __u64 kept = word;
	__u32 asks = word_asks(word), decided;

	if (asks == ASKS_CHANCE) {
		if (decide_chance(&kept, &decided))
			return decided;
	} else if ((asks | ASKS_CHANCE) == (ASKS_CHANCE | ASKS_DEADLINE)) {
		if (deadline_ahead(&kept) && decide_chosen(&kept, &decided))
			return decided;
	} else if ((asks | ASKS_CHANCE) == (ASKS_CHANCE | ASKS_MATCH)) {
		if (decide_short_match(ctx, &kept, &decided))
			return decided;
	} else if ((asks | ASKS_CHANCE) == (ASKS_CHANCE | ASKS_MORE)) {
		if (decide_further(ctx, &kept, &decided))
			return decided;
	}
	word = kept;
	return word_asks(word) & ASKS_MATCH ? decide_matching(ctx, word) : decide(ctx, word);
}

static __always_inline __u32 treat(struct xdp_md *ctx)
{
	__u64 word = READ_ONCE(action_data.action);
	__u32 decided;

	if (__builtin_expect(word <= XDP_PASS, 1))
		return count(ctx, word);

	decided = decide_conditions(ctx, word);
	if (decided == OVERTAKEN)
		decided = decide_anew(ctx);
	decided = count_decided(ctx, decided);
	/* Keeps the compiler from letting both ways end in one, with jumps to it and back. */
	asm volatile("# conditions");
	return decided;
}

SEC("xdp")
int xdp_action(struct xdp_md *ctx)
{
	return treat(ctx);
}

#include "xdp_action_sub.bpf.h"

char _license[] SEC("license") = "GPL";
