/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What the census, a program that runs once, reports to the library. */
#ifndef XDP_ACTION_CENSUS_H
#define XDP_ACTION_CENSUS_H

#include <linux/types.h>

/* A power of two. */
#define XDP_ACTION_CENSUS_MAX 16384

/* One program on one interface. */
struct xdp_action_attachment {
	__u32 netns;		/* inode number */
	__u32 ifindex;
	__u32 program_id;
	__u8 mode;		/* as the kernel numbers them: 0 skb, 1 native, 2 hardware */
	__u8 by_link;		/* attached by a bpf_link */
	__u16 padding;
	char name[16];		/* of the interface */
};

#endif /* XDP_ACTION_CENSUS_H */
