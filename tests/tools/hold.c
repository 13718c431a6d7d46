// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Attaches a program to an interface by a BPF link and holds that until it is
 * ended: hold IFNAME OBJECT PROGRAM, or hold IFNAME ID for one that is loaded.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A descriptor of a program of an object, or negative. */
static int load_program(const char *path, const char *name)
{
	struct bpf_object *object = bpf_object__open(path);
	struct bpf_program *program;

	if (!object || bpf_object__load(object))
		return -1;
	program = bpf_object__find_program_by_name(object, name);
	return program ? bpf_program__fd(program) : -1;
}

int main(int argc, char **argv)
{
	int fd = -1;

	if (argc == 4)
		fd = load_program(argv[2], argv[3]);
	else if (argc == 3)
		fd = bpf_prog_get_fd_by_id(strtoul(argv[2], NULL, 10));
	if (fd < 0 || bpf_link_create(fd, if_nametoindex(argv[1]), BPF_XDP, NULL) < 0) {
		perror("hold");
		return EXIT_FAILURE;
	}
	puts("held");
	fflush(stdout);
	pause();
	return EXIT_SUCCESS;
}
