// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The limit of memory for programs and maps before Linux 5.11. */
#include <sys/resource.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "kernel/kernel.h"

static void free_types(struct btf **types)
{
	btf__free(*types);
}

/*
 * Since this helper is there, memory is charged to the cgroup. 0: it is there;
 * a negative errno value: it is not, or the kernel takes no program at all.
 */
static int try_coarse_clock(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ktime_get_coarse_ns },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	CLEANUP(close_fd) int fd = -1;

	fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "xdp_act_probe", "GPL", insns,
			   ARRAY_SIZE(insns), NULL);
	return fd < 0 ? fd : 0;
}

/* A charge to RLIMIT_MEMLOCK was a struct of its own. Without BTF nothing is known. */
static bool kernel_charges(void)
{
	CLEANUP(free_types) struct btf *types = NULL;

	/* Before all types of the kernel are read, which takes as long as the rest of a load. */
	if (!try_coarse_clock())
		return false;
	types = btf__load_vmlinux_btf();
	return types && btf__find_by_name_kind(types, "bpf_map_memory", BTF_KIND_STRUCT) > 0;
}

/* False where there is none: libbpf lifts it before it loads anything, if it may. */
static bool find_limit(struct rlimit *limit)
{
	return !getrlimit(RLIMIT_MEMLOCK, limit) && limit->rlim_cur != RLIM_INFINITY &&
	       kernel_charges();
}

bool memlock_limits(int err)
{
	struct rlimit limit;

	return err == -EPERM && find_limit(&limit);
}

void advise_refused(struct xdpaction *ctx, int err)
{
	struct rlimit limit;

	if (err == -EACCES)
		advise(ctx, "a security module such as SELinux may forbid it: see the kernel's log and the audit log");
	else if (err == -EMFILE)
		advise(ctx, "the limit of open files is too low: raise it with 'ulimit -n', for a service with LimitNOFILE=");
	else if (err == -EPERM && find_limit(&limit))
		advise(ctx, "this kernel charges programs and maps to RLIMIT_MEMLOCK, which is %llu KiB here: raise it with 'ulimit -l unlimited', for a container with '--ulimit memlock=-1', for a service with LimitMEMLOCK=infinity",
		       (unsigned long long)limit.rlim_cur / 1024);
	else if (err == -EPERM)
		advise(ctx, "the kernel's policy forbids it: a container needs the capabilities of the host's user namespace");
}
