/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * The substitute, which stands in for the program while that is exchanged in a
 * chain, as xdp_action_maps.h describes under Upgrades. Included by the program.
 */
#ifndef XDP_ACTION_SUB_BPF_H
#define XDP_ACTION_SUB_BPF_H

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xdp_action_sub);
} action_sub SEC(".maps");

/* What was counted as passed on a CPU when the substitute ran there last. */
struct seen {
	__u64 passed;
	__u64 valid;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct seen);
} action_seen SEC(".maps");

/* Whether the program before it has just counted this packet. */
static __always_inline bool counted_before(const volatile struct xdp_action_sub *sub,
					   const volatile struct seen *seen,
					   const volatile struct xdp_action_counter *passed)
{
	return !sub->watches || passed->packets != (seen->valid ? seen->passed : sub->passed);
}

SEC("?xdp")
int xdp_action_sub(struct xdp_md *ctx)
{
	__u32 zero = 0, pass = XDP_PASS, verdict = XDP_PASS;
	volatile struct xdp_action_counter *passed = bpf_map_lookup_elem(&action_counters, &pass);
	struct xdp_action_sub *sub = bpf_map_lookup_elem(&action_sub, &zero);
	volatile struct seen *seen = bpf_map_lookup_elem(&action_seen, &zero);

	if (!passed || !sub || !seen)
		return XDP_ABORTED;
	if (!counted_before(sub, seen, passed))
		verdict = treat(ctx);
	seen->passed = passed->packets;
	seen->valid = true;
	return verdict;
}

#endif /* XDP_ACTION_SUB_BPF_H */
