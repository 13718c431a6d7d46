// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* A neighbour that does nothing: another tool's program. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int neighbour(struct xdp_md *ctx)
{
	return XDP_PASS;
}

/* By its name it would come between our program and the substitute of an upgrade. */
SEC("?xdp")
int xdp_action_next(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
