// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * What a packet costs that runs through all that is attached to an interface.
 * In a machine whose clock counts instructions (tests/bench/chain) a nanosecond
 * is one of them.
 *
 *	chain_bench IFNAME
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "program.h"
#include "util.h"

#define RUNS 10000
#define ROUNDS 5

static double run(int fd)
{
	uint8_t frame[64];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame),
		    .repeat = RUNS);

	udp_frame(frame, sizeof(frame));
	if (bpf_prog_test_run_opts(fd, &opts))
		die("cannot run the program: %s", strerror(errno));
	return opts.duration;
}

int main(int argc, char **argv)
{
	double least = 0, ns;
	__u32 id = 0;
	int fd, i;

	if (argc != 2) {
		fputs("usage: chain_bench IFNAME\n", stderr);
		return 2;
	}
	if (bpf_xdp_query_id((int)if_nametoindex(argv[1]), 0, &id) || !id)
		die("%s has no XDP program", argv[1]);
	fd = bpf_prog_get_fd_by_id(id);
	if (fd < 0)
		die("cannot open program %u: %s", id, strerror(errno));
	/* An interrupt only adds. */
	for (i = 0; i < ROUNDS; i++) {
		ns = run(fd);
		if (!i || ns < least)
			least = ns;
	}
	printf("%.0f\n", least);
	return 0;
}
