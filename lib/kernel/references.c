// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Asks the kernel how many references there are to a program or a link. */
#include <bpf/bpf.h>

#include "kernel/kernel.h"
#include "xdp_action_references.skel.h"

static int load_asker(struct xdpaction *ctx, struct references *references)
{
	if (!references->asker && !references->err) {
		references->asker = xdp_action_references_bpf__open_and_load();
		references->err = references->asker ? 0 : -errno;
	}
	if (!references->err)
		return 0;
	return fail_question(ctx, references->err, "who uses a program");
}

static int run_question(struct xdpaction *ctx, const struct references *references,
			const struct bpf_program *question, int fd, uint32_t id,
			struct reference_count *count)
{
	uint64_t args[] = { fd };
	LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = args, .ctx_size_in = sizeof(args));
	const struct xdp_action_references_bpf__bss *answer = references->asker->bss;
	int err = bpf_prog_test_run_opts(bpf_program__fd(question), &run);

	if (err)
		return fail_kernel(ctx, err, "ask the kernel who uses a program");
	if (answer->object_id != id || !answer->references)
		return fail(ctx, -EIO, NULL, "the kernel's answer about the users of program %u makes no sense",
			    id);
	*count = (struct reference_count){ answer->references, answer->target_id };
	return 0;
}

int references_to_program(struct xdpaction *ctx, struct references *references, int fd, uint32_t id,
			  uint64_t *count)
{
	struct reference_count asked;
	int err = load_asker(ctx, references);

	if (!err)
		err = run_question(ctx, references, references->asker->progs.program_references, fd,
				   id, &asked);
	if (!err)
		*count = asked.count;
	return err;
}

int references_to_link(struct xdpaction *ctx, struct references *references, int fd, uint32_t id,
		       struct reference_count *count)
{
	int err = load_asker(ctx, references);

	return err ? err : run_question(ctx, references, references->asker->progs.link_references,
					fd, id, count);
}

void references_close(struct references *references)
{
	xdp_action_references_bpf__destroy(references->asker);
	references->asker = NULL;
}
