// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "util.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "support/netns.h"

void be_quiet(void)
{
	libbpf_set_print(NULL);
}

void pin_to_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("cannot run on CPU %d: %s", cpu, strerror(errno));
}

void enter_private_namespaces(void)
{
	namespaces_enter_private();
	if (mount("bpf", "/sys/fs/bpf", "bpf", 0, "mode=0700"))
		die("cannot mount a bpffs: %s", strerror(errno));
}
