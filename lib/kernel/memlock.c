// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The limit of memory for programs and maps before Linux 5.11. */
#include <sys/resource.h>

#include <bpf/btf.h>

#include "kernel/kernel.h"

/* A charge to RLIMIT_MEMLOCK was a struct of its own. Without BTF nothing is known. */
static bool kernel_charges(void)
{
	struct btf *types = btf__load_vmlinux_btf();
	bool charges = false;

	if (types)
		charges = btf__find_by_name_kind(types, "bpf_map_memory", BTF_KIND_STRUCT) > 0;
	btf__free(types);
	return charges;
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
		advise(ctx, "a security module, as SELinux, may forbid it: the kernel's log and the audit log say so");
	else if (err == -EPERM && find_limit(&limit))
		advise(ctx, "this kernel charges programs and maps to RLIMIT_MEMLOCK, which is %llu KiB here: raise it with 'ulimit -l unlimited', for a container with '--ulimit memlock=-1', for a service with LimitMEMLOCK=infinity",
		       (unsigned long long)limit.rlim_cur / 1024);
	else if (err == -EPERM)
		advise(ctx, "the kernel's policy forbids it: a container needs the capabilities of the host's user namespace");
}
