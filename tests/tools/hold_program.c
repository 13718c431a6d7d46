// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* hold_program ID: has the program with this id open until it is killed; says when it has. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "support/die.h"

int main(int argc, char **argv)
{
	if (argc != 2 || bpf_prog_get_fd_by_id(strtoul(argv[1], NULL, 10)) < 0)
		die("cannot open the program: %m");
	puts("open");
	fflush(stdout);
	pause();
	return 0;
}
