// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What is attached to the interfaces of all network namespaces, asked of the kernel. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "kernel/kernel.h"
#include "xdp_action_census.h"
#include "xdp_action_census.skel.h"

_Static_assert(sizeof(((struct attachment *)0)->name) ==
		       sizeof(((struct xdp_action_attachment *)0)->name),
	       "the kernel's size");

static void close_asker(struct xdp_action_census_bpf **asker)
{
	xdp_action_census_bpf__destroy(*asker);
}

/* *program gets the one of the two that this kernel can run. */
static int load_asker(struct xdpaction *ctx, struct xdp_action_census_bpf **asker,
		      const struct bpf_program **program)
{
	int err, loops = libbpf_probe_bpf_helper(BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_FUNC_loop, NULL);

	if (loops < 0)
		return fail_kernel(ctx, loops, "find out what the kernel can do");
	*asker = xdp_action_census_bpf__open();
	if (!*asker)
		return fail_question(ctx, -errno, "what is attached");
	*program = loops ? (*asker)->progs.census : (*asker)->progs.census_linear;
	err = bpf_program__set_autoload(loops ? (*asker)->progs.census_linear :
						(*asker)->progs.census,
					false);
	if (!err)
		err = xdp_action_census_bpf__load(*asker);
	return err ? fail_question(ctx, err, "what is attached") : 0;
}

/* Whether both walks saw the same, and every device that sysfs knows. */
static bool is_whole(const struct xdp_action_census_bpf__bss *answer)
{
	return !answer->torn && answer->digests[0] == answer->digests[1] &&
	       answer->interfaces == answer->devices;
}

/* An interface that moves is between two namespaces for some milliseconds. */
static int run_until_whole(struct xdpaction *ctx, const struct xdp_action_census_bpf *asker,
			   const struct bpf_program *program)
{
	struct retry retry = { .timeout_ns = LOOK_TIMEOUT_NS };
	int err;

	do {
		LIBBPF_OPTS(bpf_test_run_opts, run);

		err = bpf_prog_test_run_opts(bpf_program__fd(program), &run);
		if (err)
			return fail_kernel(ctx, err, "ask the kernel what is attached");
		if (!asker->bss->finished || asker->bss->attachment_count > XDP_ACTION_CENSUS_MAX)
			return fail(ctx, -E2BIG, NULL,
				    "there are too many interfaces to ask the kernel about all of them");
		if (is_whole(asker->bss))
			return 0;
	} while (retry_again(&retry));
	return fail(ctx, -EBUSY, "try again", "interfaces kept coming and going");
}

static int keep(struct xdpaction *ctx, const struct xdp_action_census_bpf__bss *answer,
		struct census *census)
{
	static const enum xdpaction_mode modes[] = {
		XDPACTION_MODE_SKB,
		XDPACTION_MODE_NATIVE,
		XDPACTION_MODE_HW,
	};
	size_t i;

	census->count = answer->attachment_count;
	census->list = calloc(census->count + 1, sizeof(*census->list));
	if (!census->list)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	for (i = 0; i < census->count; i++) {
		const struct xdp_action_attachment *from = &answer->attachments[i];

		census->list[i] = (struct attachment){
			.netns = from->netns,
			.ifindex = from->ifindex,
			.mode = modes[from->mode % ARRAY_SIZE(modes)],
			.by_link = from->by_link,
			.program_id = from->program_id,
		};
		memcpy(census->list[i].name, from->name, sizeof(from->name) - 1);
	}
	return 0;
}

int census_take(struct xdpaction *ctx, struct census *census)
{
	CLEANUP(close_asker) struct xdp_action_census_bpf *asker = NULL;
	const struct bpf_program *program = NULL;
	int err = load_asker(ctx, &asker, &program);

	if (!err)
		err = run_until_whole(ctx, asker, program);
	return err ? err : keep(ctx, asker->bss, census);
}

void census_free(struct census *census)
{
	free(census->list);
	*census = (struct census){ 0 };
}
