/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What runs on an interface, and in which order, read from the kernel. */
#ifndef XDPACTION_CHAIN_H
#define XDPACTION_CHAIN_H

#include "kernel/kernel.h"

struct member {
	struct program_info program;
	size_t slot;			/* of the dispatcher */
	uint32_t priority;
	uint32_t chain_actions;
};

struct chain {
	struct link link;
	bool dispatcher;
	uint32_t dispatcher_id;
	unsigned int format;
	bool frags;
	/* false: the dispatcher's pins cannot be seen, so libxdp cannot change it */
	bool pinned;
	size_t count;
	struct member members[XDPACTION_CHAIN_MAX];
};

/* ---- chain.c ---- */

/*
 * Reads the chain of an interface, which is found by its index, until two looks
 * agree. Writes nothing and needs no lock. -EBUSY when it never settles.
 */
int chain_read(struct xdpaction *ctx, const struct link *link, struct chain *chain);
/* One look: what the link showed; -EAGAIN when it has changed since. */
int chain_walk(struct xdpaction *ctx, const struct link *link, struct chain *chain);
/* Finds a program by its id; false where it is not in the chain. */
bool chain_find(const struct chain *chain, uint32_t id, size_t *index);
/*
 * Writes the command, in quotes, that detaches what is attached to an interface,
 * even if a BPF link holds it; for an advice.
 */
#define TAKE_OFF_SIZE 128
const char *take_off_command(const struct link *link, char text[TAKE_OFF_SIZE]);
/*
 * Records `err`, and after the words `before` that a program is attached without
 * a dispatcher and what to do about it. Returns err.
 */
int fail_attached_bare(struct xdpaction *ctx, int err, const char *before,
		       const struct chain *chain);

/* ---- export.c ---- */

/* A chain as the callers of the library see it; self_id is 0 without an instance. */
void chain_export(const struct chain *from, uint32_t self_id, struct xdpaction_chain *to);

/* ---- members.c: the programs of a dispatcher ---- */

/*
 * Fills in the programs of the dispatcher by its pins, or, where they cannot
 * be seen, by the kernel's links. -EAGAIN when the dispatcher went away.
 */
int members_read(struct xdpaction *ctx, struct chain *chain, const struct program_info *root,
		 size_t enabled);

#endif /* XDPACTION_CHAIN_H */
