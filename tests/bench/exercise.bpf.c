// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The design that xdp_action is measured against, as a workshop teaches it: one
 * 8-byte action in an array, counters by action in a per-CPU array, a look-up
 * for each. It exists twice, with two ways to find the length of a packet.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counter {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} action SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, XDP_REDIRECT + 1);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

static __always_inline int act(struct xdp_md *ctx, bool frags)
{
	struct counter *counter;
	__u32 key = 0, verdict;
	__u64 *value;

	value = bpf_map_lookup_elem(&action, &key);
	if (!value)
		return XDP_ABORTED;
	verdict = *value;

	counter = bpf_map_lookup_elem(&counters, &verdict);
	if (!counter)
		return XDP_ABORTED;
	counter->packets++;
	counter->bytes += frags ? bpf_xdp_get_buff_len(ctx) : ctx->data_end - ctx->data;
	return verdict;
}

SEC("xdp")
int exercise_linear(struct xdp_md *ctx)
{
	return act(ctx, false);
}

SEC("xdp")
int exercise_frags(struct xdp_md *ctx)
{
	return act(ctx, true);
}

char _license[] SEC("license") = "GPL";
