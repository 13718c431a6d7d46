/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * The interface v0 that the tests work on: a veth in a network namespace of
 * its own, with or without xdp-filter as a neighbour in the chain; and the
 * second one w0 to redirect to.
 */
#ifndef SCENE_H
#define SCENE_H

#include <linux/types.h>
#include <stdbool.h>

#include "look.h"
#include "xdpaction.h"

#define SCENE_IFNAME "v0"
#define SCENE_TARGET "w0"

/* The names of the programs. */
#define OURS "xdp_action"
#define NEIGHBOUR "xdpfilt_alw_all"

/* Packets from 10.9.9.9 get DROP from the neighbour. */
#define NEIGHBOUR_DROPS 9

struct scene {
	struct xdpaction *ctx;
	bool neighbour;
	/* Nobody else works with BPF on this kernel, so its objects are counted. */
	bool alone;

	__u32 neighbour_id;
	char rest[LISTING_MAX];		/* in the bpffs, of others */
	struct objects objects[2];	/* without and with our program */
	struct xdpaction_setting setting;
};

/* A state that the interface may be in: whether our program runs, and what it does. */
struct state {
	bool loaded;
	bool fresh;		/* loaded anew, so that it has no map of matches yet */
	/* What `set` or `load` set it to. */
	struct xdpaction_setting setting;
};

/* Makes everything anew, whatever was there. */
void scene_reset(struct scene *scene);

/* Brings about a state with the library itself; "" or what went wrong. */
const char *scene_go_to(struct scene *scene, const struct state *state);

/*
 * "" when the interface is in this state and nothing is left over that belongs
 * to nothing; else what is wrong. With `leftovers` there may be some: what
 * counts then is only what the interface runs.
 */
const char *scene_compare(struct scene *scene, const struct state *state, bool leftovers,
			  bool run);

#endif /* SCENE_H */
