// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Never attached: it runs once, by BPF_PROG_TEST_RUN, and reads how many
 * references there are to a program or a link that the calling process has open.
 * The kernel counts every user, in any namespace: an interface to which it is
 * attached, a process that has it open, a pin.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* The parts of the kernel's own structures that are read, found by its BTF. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct count {
	__s64 counter;
};

struct bpf_prog_aux {
	struct count refcnt;
	__u32 id;
};

struct bpf_prog {
	struct bpf_prog_aux *aux;
};

struct bpf_link {
	struct count refcnt;
	__u32 id;
};

/* Begins with its bpf_link. */
struct bpf_tracing_link {
	struct bpf_prog *tgt_prog;
};

struct file {
	void *private_data;
};

struct fdtable {
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct task_struct {
	struct files_struct *files;
};

#pragma clang attribute pop

/* The answer of the last run. The id shows that it is about the right object. */
__u64 references;
__u32 object_id;
/* Of a link that attaches a program to a function of another: that other. */
__u32 target_id;

static void *object_of(const struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct file **files = BPF_CORE_READ(task, files, fdt, fd);
	struct file *file = NULL;

	bpf_probe_read_kernel(&file, sizeof(file), files + (__u32)ctx->args[0]);
	return BPF_CORE_READ(file, private_data);
}

/* The argument is the descriptor of a program. */
SEC("raw_tp")
int program_references(struct bpf_raw_tracepoint_args *ctx)
{
	struct bpf_prog *prog = object_of(ctx);

	references = BPF_CORE_READ(prog, aux, refcnt.counter);
	object_id = BPF_CORE_READ(prog, aux, id);
	target_id = 0;
	return 0;
}

/* The argument is the descriptor of a link of type BPF_LINK_TYPE_TRACING. */
SEC("raw_tp")
int link_references(struct bpf_raw_tracepoint_args *ctx)
{
	struct bpf_link *link = object_of(ctx);
	struct bpf_tracing_link *tracing = (void *)link;

	references = BPF_CORE_READ(link, refcnt.counter);
	object_id = BPF_CORE_READ(link, id);
	target_id = BPF_CORE_READ(tracing, tgt_prog, aux, id);
	return 0;
}

char _license[] SEC("license") = "GPL";
