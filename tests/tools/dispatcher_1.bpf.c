// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* A dispatcher with one place, whose configuration is as libxdp 1.2 had it: format 1. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "dispatcher_1.h"

/* More than any verdict: nothing has taken the place. */
#define EMPTY 31

const volatile struct dispatcher_1 configuration = { 0 };

__attribute__((noinline)) int prog0(struct xdp_md *ctx)
{
	volatile int verdict = EMPTY;

	return ctx ? verdict : XDP_ABORTED;
}

SEC("xdp")
int xdp_dispatcher(struct xdp_md *ctx)
{
	__u32 verdict;

	if (!configuration.count)
		return XDP_PASS;
	verdict = prog0(ctx);
	return verdict < EMPTY && !(configuration.chain_actions[0] & 1U << verdict) ?
		       (int)verdict : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
