// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The floor of a command that sets something: opens one pin and writes eight bytes
 * into its map, with no library, nothing looked at and nothing said. Linked
 * statically.
 *
 *	one_update PIN
 */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(__NR_bpf, command, attr, sizeof(*attr));
}

int main(int argc, char **argv)
{
	uint64_t verdict = 2;
	uint32_t key = 0;
	union bpf_attr open = { .pathname = (uintptr_t)argv[1] };
	union bpf_attr update = { .key = (uintptr_t)&key, .value = (uintptr_t)&verdict };
	long fd;

	if (argc != 2) {
		fputs("usage: one_update PIN\n", stderr);
		return 2;
	}
	fd = bpf(BPF_OBJ_GET, &open);
	if (fd < 0)
		return 1;
	update.map_fd = (uint32_t)fd;
	return bpf(BPF_MAP_UPDATE_ELEM, &update) != 0;
}
