/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What killed commands and deleted interfaces leave behind. */
#ifndef XDPACTION_HEAL_H
#define XDPACTION_HEAL_H

#include "attach/attach.h"

enum leftover_kind {
	LEFTOVER_DISPATCHER,	/* libxdp's directory of the pins of a dispatcher */
	LEFTOVER_TRIAL,		/* the pin by which libxdp tries what the kernel can do */
	LEFTOVER_PINS,		/* the pin directory of an instance */
};

enum use {
	USE_NONE,	/* proven */
	USE_SOME,
	USE_HELD,	/* attached nowhere, by a census, but not free either */
	USE_UNKNOWN,	/* the kernel or the bpffs cannot be asked */
};

/* Something in the bpffs that may be a leftover. */
struct leftover {
	enum leftover_kind kind;
	char path[XDPACTION_PATH_SIZE];
	unsigned int ifindex;	/* of a trial: the loopback's */
	uint32_t program_id;	/* of the dispatcher or of the trial; 0 of pins */
	uint64_t netns;		/* of pins; else 0 */
	enum use use;
	char ground[XDPACTION_TEXT_SIZE];	/* on which it is judged so */
};

/* ---- heal.c ---- */

/* Gets what is, or may be, unused; an error ends the search. */
typedef int (*leftover_fn)(struct xdpaction *ctx, const struct leftover *leftover, void *data);

/* What a search covers. */
struct search_options {
	/*
	 * Also report what is in doubt: what, by a census, only a process holds,
	 * and what the kernel cannot be asked about.
	 */
	bool doubtful;
	/*
	 * What the interfaces of this namespace run is skipped after one look, so
	 * that a thousand of them cost little. The pins of this interface are
	 * examined, since they may be older than what it runs.
	 */
	unsigned int at_hand;
	/* The same for all of them. */
	bool thorough;
	/*
	 * Of more directories than this, other than those of the interface at
	 * hand, pick about so many, others at each call, and seldom those of other
	 * namespaces; 0: examine all.
	 */
	size_t sample;
};

/* Searches for leftovers. fn may remove what it gets. */
int leftovers_each(struct xdpaction *ctx, const struct search_options *options, leftover_fn fn,
		   void *data);
int leftover_remove(struct xdpaction *ctx, const struct leftover *leftover);

/*
 * Removes what is proven to be unused; needs the lock. What cannot be removed
 * does not protect the others, and gives the error.
 */
int heal(struct xdpaction *ctx, unsigned int at_hand);
/*
 * Detaches a dispatcher whose links were removed by hand, since it passes every
 * packet and libxdp refuses to change it, and reads the chain again.
 */
int heal_empty_dispatcher(struct xdpaction *ctx, struct chain *chain);
/*
 * Heals along the way of another call. It costs as much among a thousand
 * instances as among some, so of many directories it examines a sample. A leftover
 * that cannot be removed now disturbs nobody, and a later call finds it, so an
 * error is only logged.
 */
void tidy_up(struct xdpaction *ctx, unsigned int at_hand);

/* ---- contents.c: what a leftover holds ---- */

/* Fills in what a leftover holds, and since when; what cannot be told is left as it is. */
void leftover_describe(const struct leftover *leftover, struct xdpaction_leftover *described);

/* ---- ids.c ---- */

/* A set of ids; begins as { 0 }. */
struct ids {
	uint64_t *list;
	size_t count;
};

int ids_add(struct xdpaction *ctx, struct ids *ids, uint64_t id);
bool ids_have(const struct ids *ids, uint64_t id);
void ids_free(struct ids *ids);

/* ---- dispatch_dirs.c: libxdp's directories of pins ---- */

/*
 * Whether the name is one that libxdp gives to a directory or a trial; fills in
 * what it says.
 */
bool dispatch_dir_named(const char *name, struct leftover *leftover);
/*
 * Fills in the use. Adds to `orphans` those of our programs that only the pins of
 * an unused directory keep alive.
 */
void dispatch_dir_judge(struct xdpaction *ctx, struct references *references,
			struct leftover *leftover, struct ids *orphans);
int dispatch_dir_remove(struct xdpaction *ctx, const struct leftover *leftover);

/* ---- entries.c: directories ---- */

/* Gets the name of an entry; an error ends the tour. */
typedef int (*entry_fn)(struct xdpaction *ctx, const char *name, void *data);
/* Calls fn for each entry and returns its error; a missing directory has no entries. */
int entries_each(struct xdpaction *ctx, const char *path, entry_fn fn, void *data);

#endif /* XDPACTION_HEAL_H */
