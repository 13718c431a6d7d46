// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches a program to an interface by a BPF link and holds that until it is
 * ended: hold IFNAME OBJECT PROGRAM.
 */
#include <bpf/libbpf.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct bpf_program *program;
	struct bpf_object *object;

	if (argc != 4)
		return EXIT_FAILURE;
	object = bpf_object__open(argv[2]);
	if (!object || bpf_object__load(object))
		return EXIT_FAILURE;
	program = bpf_object__find_program_by_name(object, argv[3]);
	if (!program || !bpf_program__attach_xdp(program, if_nametoindex(argv[1])))
		return EXIT_FAILURE;
	puts("held");
	fflush(stdout);
	pause();
	return EXIT_SUCCESS;
}
