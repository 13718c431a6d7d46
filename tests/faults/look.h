/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * What is in force on an interface, seen without the library under test: the
 * attached program by netlink, the programs of a dispatcher by the kernel's
 * links, what they do to a packet by running them on one, and what stands in
 * the bpffs.
 */
#ifndef LOOK_H
#define LOOK_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define CHAIN_MAX 10
#define LISTING_MAX 8192
#define BPFFS "/sys/fs/bpf"

/* Packets that the programs are run on: the neighbour drops one of the two. */
enum packet { PACKET_NEIGHBOURS, PACKET_OTHER, PACKETS };

struct look {
	unsigned int ifindex;
	__u32 root_id;		/* 0: nothing is attached */
	bool dispatcher;
	/* In no order; the bare program without dispatcher. */
	size_t count;
	struct {
		__u32 id;
		char name[16];
	} programs[CHAIN_MAX];
	/* The XDP verdict for each packet; -1: not asked */
	int verdicts[PACKETS];
	/* All that is below the bpffs, one path a line, sorted. */
	char listing[LISTING_MAX];
};

/* What the kernel holds all in all. */
struct objects {
	unsigned int programs, maps, links;
};

/* Does not run the programs unless `run`, since that counts packets. */
void look_at(const char *ifname, bool run, struct look *look);
/* How often a program of that name is in force; its id. */
size_t look_find(const struct look *look, const char *name, __u32 *id);
/* What should be below the bpffs beside `rest`, when our program is there or not. */
void look_expect_listing(const struct look *look, bool ours, const char *rest,
			 char listing[LISTING_MAX]);
void objects_count(struct objects *objects);

#endif /* LOOK_H */
