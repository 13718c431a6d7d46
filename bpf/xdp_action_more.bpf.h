/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * The further conditions of a rule, whose meaning xdp_action_maps.h describes.
 * Included by the program.
 */
#ifndef XDP_ACTION_MORE_BPF_H
#define XDP_ACTION_MORE_BPF_H

#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

/* The parts of the gate of a pulse. */
#define PULSE_ON		(1ULL << 47)
#define PULSE_JIFFIES		(PULSE_ON - 1)

#define VLAN_TAGS		2
#define IPV6_EXTENSIONS		6
/* No header that is looked at lies further behind. For the verifier, which needs a limit. */
#define FLOW_AT			0x3fff
/* In place of a protocol of IP. */
#define FLOW_ETHERNET		0x100

static __always_inline struct xdp_action_more *word_more(__u64 word, __u32 over)
{
	return &action_data.more[word_sequence(word) % XDP_ACTION_SLOTS][over & 1];
}

static __always_inline bool more_valid(__u64 word, __u32 over)
{
	return !(READ_ONCE(word_more(word, over)->asks) & ~XDP_ACTION_MORE_ALL);
}

/* True for one of the next `skip` packets. */
static __always_inline bool skip_take(struct xdp_action_more *more)
{
#ifdef XDP_ACTION_WITHOUT_BUDGET
	return true;
#else
	return READ_ONCE(more->skip) > 0 && __sync_fetch_and_add(&more->skip, -1) > 0;
#endif
}

/* True for each Nth packet. */
static __always_inline bool every_take(struct xdp_action_more *more)
{
#ifdef XDP_ACTION_WITHOUT_BUDGET
	return false;
#else
	__u64 every = READ_ONCE(more->every);
	__u64 number = __sync_fetch_and_add(&more->count, 1) + 1;

	return every && number % every == 0;
#endif
}

/* Looks at the clock, and says until when that need not be done again. */
static __noinline bool pulse_on_by_clock(__u64 word, __u32 over)
{
	struct xdp_action_more *more = word_more(word, over);
	__u64 period_ns = READ_ONCE(more->period_ns), on_ns = READ_ONCE(more->on_ns);
	/* Read before the clock, so that the gate is never too late. */
	__u64 gate = bpf_jiffies64();
	__u64 phase_ns = bpf_ktime_get_boot_ns() - READ_ONCE(more->start_ns);
	__u64 jiffies;
	bool on;

	if (!period_ns)
		return false;
	phase_ns %= period_ns;
	on = phase_ns < on_ns;
	jiffies = ((on ? on_ns : period_ns) - phase_ns) / LONGEST_JIFFY_NS;
	if (jiffies > MOST_JIFFIES_UNREAD)
		jiffies = MOST_JIFFIES_UNREAD;
	gate = (gate + jiffies) & PULSE_JIFFIES;
	if (on)
		gate |= PULSE_ON;
	/* The caller sees that as well, and starts again. */
	if (!overtaken(word))
		WRITE_ONCE(more->gate, word_sequence(word) << GATE_SEQUENCE_SHIFT | gate);
	return on;
}

/* False where only the clock can tell. The word is on the stack, as no register keeps it. */
static __always_inline bool pulse_known(const volatile __u64 *kept, __u32 over, bool *on)
{
	__u64 now_jiffies = bpf_jiffies64();
	__u64 word = *kept, gate = READ_ONCE(word_more(word, over)->gate);

	*on = gate & PULSE_ON;
	return gate >> GATE_SEQUENCE_SHIFT == word_sequence(word) &&
	       (gate & PULSE_JIFFIES) - now_jiffies - 1 < MOST_JIFFIES_UNREAD;
}

static __always_inline bool pulse_on(__u64 word, __u32 over)
{
	const volatile __u64 kept = word;
	bool on;

	return pulse_known(&kept, over, &on) ? on : pulse_on_by_clock(word, over);
}

/* Never 0. What the setting left that had this number before is long out of date. */
static __always_inline __u64 burst_setting(__u64 word, __u32 over)
{
	return (word_sequence(word) << 1 | over) + 1;
}

/* The chance of the bad state, from the one that this CPU is in. */
static __always_inline __u64 burst_chance(__u64 word, __u64 rule, __u32 over,
					  const volatile struct local *local)
{
	const struct xdp_action_more *more = word_more(word, over);
	__u64 state = local->burst;

	if (state >> 1 != burst_setting(word, over))
		return word_threshold(rule);
	return state & 1 ? READ_ONCE(more->stay) : READ_ONCE(more->enter);
}

/* One step of the chain of good and bad; true in the bad state. */
static __always_inline bool burst_step(__u64 word, __u64 rule, __u32 over,
				       volatile struct local *local)
{
	__u64 chance = burst_chance(word, rule, over, local);
	bool bad = random_of(local) < chance;

	local->burst = burst_setting(word, over) << 1 | bad;
	return bad;
}

/*
 * Mixes all bits of a number into all. The constants are odd, and have about as
 * many bits set as clear.
 */
static __always_inline __u64 mix(__u64 x)
{
	x ^= x >> 32;
	x *= 0x9fb21c651e98df25ULL;
	x ^= x >> 29;
	x *= 0xd6e8feb86659fd93ULL;
	return x ^ x >> 32;
}

/* A field of the packet to `loaded` of the flow; false where the packet has none there. */
static __always_inline bool load_field(struct xdp_md *ctx, volatile struct local *local,
				       __u64 offset, __u32 size)
{
	__s64 loaded = load(ctx, offset, size);

	local->flow.loaded = loaded;
	return loaded != LOAD_BEYOND;
}

/* The ports, where the protocol has them, into the ends of the flow. */
static __noinline void flow_ports(struct xdp_md *ctx, volatile struct local *local)
{
	if (local->flow.fragment)
		return;
	switch (local->flow.protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
	case IPPROTO_SCTP:
		if (!load_field(ctx, local, local->flow.at & FLOW_AT, sizeof(__u32)))
			return;
		local->flow.ends[0] ^= local->flow.loaded >> 16;
		local->flow.ends[1] ^= local->flow.loaded & 0xffff;
	}
}

static __noinline bool flow_ipv4(struct xdp_md *ctx, volatile struct local *local)
{
	__u32 at = local->flow.at & FLOW_AT;
	int i;

	if (!load_field(ctx, local, at + offsetof(struct iphdr, frag_off), sizeof(__u16)))
		return false;
	/* More fragments follow, or it is not the first. */
	local->flow.fragment = (local->flow.loaded & 0x3fff) != 0;
	if (!load_field(ctx, local, at + offsetof(struct iphdr, protocol), sizeof(__u8)))
		return false;
	local->flow.protocol = local->flow.loaded;
#pragma unroll
	for (i = 0; i < 2; i++) {
		if (!load_field(ctx, local, at + offsetof(struct iphdr, saddr) + 4 * i,
				sizeof(__u32)))
			return false;
		local->flow.ends[i] ^= (__u64)local->flow.loaded << 16;
	}
	if (!load_field(ctx, local, at, sizeof(__u8)))
		return false;
	local->flow.at = at + (local->flow.loaded & 0xf) * 4;
	return true;
}

/* The next 8 bytes of an address, to `word` of the flow. */
static __always_inline bool load_half(struct xdp_md *ctx, volatile struct local *local, __u32 at)
{
	if (!load_field(ctx, local, at, sizeof(__u32)))
		return false;
	local->flow.half = (__u64)local->flow.loaded << 32;
	if (!load_field(ctx, local, at + sizeof(__u32), sizeof(__u32)))
		return false;
	local->flow.half |= local->flow.loaded;
	return true;
}

/* Goes behind one extension header. False at what is none, and behind that of a fragment. */
static __noinline bool flow_extension(struct xdp_md *ctx, volatile struct local *local)
{
	__u32 at = local->flow.at & FLOW_AT, protocol = local->flow.protocol, next;

	if (protocol != IPPROTO_HOPOPTS && protocol != IPPROTO_ROUTING &&
	    protocol != IPPROTO_DSTOPTS && protocol != IPPROTO_AH && protocol != IPPROTO_FRAGMENT)
		return false;
	if (!load_field(ctx, local, at, sizeof(__u32)))
		return false;
	next = local->flow.loaded;
	local->flow.protocol = next >> 24;
	if (protocol == IPPROTO_FRAGMENT) {
		local->flow.fragment = (next & 0xfff9) != 0;
		local->flow.at = at + 8;
		return !local->flow.fragment;
	}
	next = next >> 16 & 0xff;
	local->flow.at = at + (protocol == IPPROTO_AH ? (next + 2) * 4 : (next + 1) * 8);
	return true;
}

static __noinline bool flow_ipv6(struct xdp_md *ctx, volatile struct local *local)
{
	__u32 at = local->flow.at & FLOW_AT;
	int i;

	if (!load_field(ctx, local, at + offsetof(struct ipv6hdr, nexthdr), sizeof(__u8)))
		return false;
	local->flow.protocol = local->flow.loaded;
	local->flow.fragment = false;
#pragma unroll
	for (i = 0; i < 2; i++) {
		__u32 address = at + offsetof(struct ipv6hdr, saddr) + 16 * i;

		if (!load_half(ctx, local, address))
			return false;
		local->flow.ends[i] = mix(local->flow.ends[i] ^ local->flow.half);
		if (!load_half(ctx, local, address + 8))
			return false;
		local->flow.ends[i] = mix(local->flow.ends[i] ^ local->flow.half);
	}
	local->flow.at = at + sizeof(struct ipv6hdr);
	return true;
}

/* Two MAC addresses, which every frame has. */
static __noinline void flow_ethernet(struct xdp_md *ctx, volatile struct local *local)
{
	int i;

#pragma unroll
	for (i = 0; i < 2; i++) {
		if (!load_field(ctx, local, ETH_ALEN * i, sizeof(__u32)))
			return;
		local->flow.ends[i] ^= (__u64)local->flow.loaded << 16;
		if (!load_field(ctx, local, ETH_ALEN * i + sizeof(__u32), sizeof(__u16)))
			return;
		local->flow.ends[i] ^= local->flow.loaded;
	}
}

/* Goes behind the VLAN tags; leaves what is there in `protocol`. */
static __always_inline bool flow_type(struct xdp_md *ctx, volatile struct local *local)
{
	__u32 at = offsetof(struct ethhdr, h_proto), type;
	int i;

#pragma unroll
	for (i = 0; i <= VLAN_TAGS; i++) {
		if (!load_field(ctx, local, at, sizeof(__u16)))
			return false;
		at += sizeof(__u16);
		local->flow.at = at;
		type = local->flow.loaded;
		local->flow.protocol = type;
		if (type != ETH_P_8021Q && type != ETH_P_8021AD)
			return true;
		at += sizeof(__u16);
	}
	return false;
}

static __always_inline void flow_start(volatile struct local *local, __u64 key)
{
	local->flow.ends[0] = key;
	local->flow.ends[1] = key;
}

/* Finds out the ends and the protocol of a flow of IP; false where it is none. */
static __always_inline bool flow_ip(struct xdp_md *ctx, volatile struct local *local)
{
	__u32 type, i;

	if (!flow_type(ctx, local))
		return false;
	type = local->flow.protocol;
	if (type == ETH_P_IP)
		return flow_ipv4(ctx, local);
	if (type != ETH_P_IPV6 || !flow_ipv6(ctx, local))
		return false;
	for (i = 0; i < IPV6_EXTENSIONS; i++)
		if (!flow_extension(ctx, local))
			break;
	return true;
}

static __always_inline void flow_find(struct xdp_md *ctx, volatile struct local *local, __u64 key)
{
	flow_start(local, key);
	if (flow_ip(ctx, local)) {
		flow_ports(ctx, local);
		return;
	}
	flow_start(local, key);
	local->flow.protocol = FLOW_ETHERNET;
	flow_ethernet(ctx, local);
}

/* A number of 32 bits for a flow, the same for both directions. */
static __always_inline __u32 flow_number(__u64 key, __u64 from, __u64 to, __u32 protocol)
{
	return mix(mix(from) + mix(to) + (key << 16 ^ protocol)) >> 32;
}

/* What most packets are: IPv4 without tags, options and fragments. */
struct usual_packet {
	struct ethhdr eth;
	struct iphdr ip;
	__be16 source;
	__be16 dest;
} __attribute__((packed));

static __always_inline bool has_ports(__u32 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

static __always_inline bool is_usual(struct xdp_md *ctx)
{
	const struct usual_packet *packet = (void *)(long)ctx->data;

	return (void *)(packet + 1) <= (void *)(long)ctx->data_end &&
	       packet->eth.h_proto == bpf_htons(ETH_P_IP) &&
	       packet->ip.ihl == sizeof(packet->ip) / 4 &&
	       !(packet->ip.frag_off & bpf_htons(0x3fff)) && has_ports(packet->ip.protocol);
}

/* 0, which is below any share, where nothing is kept on this CPU. */
VERIFIED_ONCE __u32 flow_hash(struct xdp_md *ctx, __u64 key)
{
	volatile struct local *local = cpu_local();

	if (!local)
		return 0;
	flow_find(ctx, local, key);
	return flow_number(key, local->flow.ends[0], local->flow.ends[1], local->flow.protocol);
}

static __always_inline bool flow_chosen(struct xdp_md *ctx, __u64 seed, __u32 threshold)
{
	const struct usual_packet *packet = (void *)(long)ctx->data;
	__u64 key = mix(seed + 1), from, to;

	if (!is_usual(ctx) || (void *)(packet + 1) > (void *)(long)ctx->data_end)
		return flow_hash(ctx, key) < threshold;
	from = (__u64)bpf_ntohl(packet->ip.saddr) << 16 ^ bpf_ntohs(packet->source);
	to = (__u64)bpf_ntohl(packet->ip.daddr) << 16 ^ bpf_ntohs(packet->dest);
	return flow_number(key, key ^ from, key ^ to, packet->ip.protocol) < threshold;
}

/* True when a packet that matches gets the verdict of `rule`, which is the base's when `over`. */
static __always_inline bool more_chosen(struct xdp_md *ctx, __u64 word, __u64 rule, __u32 over,
					volatile struct local *local)
{
	struct xdp_action_more *more = word_more(word, over);
	__u32 asks = READ_ONCE(more->asks);

	if (asks & XDP_ACTION_MORE_SKIP && skip_take(more))
		return false;
	if (asks & XDP_ACTION_MORE_PULSE && !pulse_on(word, over))
		return false;
	if (asks & XDP_ACTION_MORE_EVERY)
		return every_take(more);
	if (asks & XDP_ACTION_MORE_BURST)
		return burst_step(word, rule, over, local);
	if (asks & XDP_ACTION_MORE_FLOW)
		return flow_chosen(ctx, READ_ONCE(more->seed), word_threshold(rule));
	return !(word_flags(rule) & XDP_ACTION_F_PROBABILITY) ||
	       random_of(local) < word_threshold(rule);
}

#endif /* XDP_ACTION_MORE_BPF_H */
