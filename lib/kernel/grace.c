// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Waits for programs that run on other CPUs. */
#include <bpf/bpf.h>

#include "kernel/kernel.h"

static int make_map(struct xdpaction *ctx, enum bpf_map_type type, int inner, int *fd)
{
	LIBBPF_OPTS(bpf_map_create_opts, options);
	int made;

	if (inner >= 0)
		options.inner_map_fd = inner;
	made = bpf_map_create(type, "xdp_act_grace", sizeof(__u32), sizeof(__u32), 1, &options);
	if (made < 0)
		return fail_kernel(ctx, made, "make a map to wait for programs with");
	*fd = made;
	return 0;
}

/* A change of a map in a map returns when no program can have the map that was there before. */
int programs_wait(struct xdpaction *ctx)
{
	CLEANUP(close_fd) int inner = -1, outer = -1;
	__u32 zero = 0;
	int err = make_map(ctx, BPF_MAP_TYPE_ARRAY, -1, &inner);

	if (!err)
		err = make_map(ctx, BPF_MAP_TYPE_ARRAY_OF_MAPS, inner, &outer);
	if (err)
		return err;
	err = bpf_map_update_elem(outer, &zero, &inner, BPF_ANY);
	return err ? fail_kernel(ctx, err, "wait for the programs that run") : 0;
}
