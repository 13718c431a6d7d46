/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What killed commands and deleted interfaces leave behind. */
#ifndef XDPACTION_HEAL_H
#define XDPACTION_HEAL_H

#include "attach/attach.h"

/* ---- heal.c: what killed commands and deleted interfaces leave behind ---- */

/* Under the lock. `chain` is what the interface at hand runs; may be NULL. */
int heal(struct xdpaction *ctx, const struct chain *chain);
/*
 * Detaches a dispatcher whose links were removed by hand: it passes every
 * packet, and libxdp refuses to change it. Reads the chain again after that.
 */
int heal_empty_dispatcher(struct xdpaction *ctx, struct chain *chain);

/* ---- dispatch.c: libxdp's directories of pins ---- */

struct dispatch_dir {
	/*
	 * Not a directory, but the pin prog-test-link-<ifindex>-<program id> by
	 * which libxdp tries what the kernel can do, and removes it at once.
	 */
	bool trial;
	unsigned int ifindex;
	uint32_t dispatcher_id;		/* of a trial: the program's id */
	/* Of who loaded the xdp_action that it is about; 0: not known. */
	uint64_t pidns;
};

/*
 * Whether a directory holds an xdp_action or only what the chain runs, or is
 * the empty rest of a dispatcher that is gone. `chain` may be NULL. Fills in
 * dir->pidns.
 */
int dispatch_dir_concerns_us(struct xdpaction *ctx, struct dispatch_dir *dir,
			     const struct chain *chain, bool *concerns_us);
int dispatch_dir_remove(struct xdpaction *ctx, const struct dispatch_dir *dir);

/* ---- entries.c: directories ---- */

/* Gets the name of an entry; an error ends the tour. */
typedef int (*entry_fn)(struct xdpaction *ctx, const char *name, void *data);
/*
 * Calls fn for each entry that does not begin with a dot, and returns its error.
 * *unread gets 0, or why the directory could not be read to its end, which is
 * not recorded.
 */
int entries_read(struct xdpaction *ctx, const char *path, entry_fn fn, void *data, int *unread);
/* Whether an error means that there is nothing, not that it cannot be seen. */
bool error_is_absence(int err);

/* ---- ids.c ---- */

/* A set of ids; begins as { 0 }. */
struct ids {
	uint64_t *list;
	size_t count, room;
};

int ids_add(struct xdpaction *ctx, struct ids *ids, uint64_t id);
bool ids_have(const struct ids *ids, uint64_t id);
void ids_free(struct ids *ids);

/* ---- namespaces.c and holders.c ---- */

/*
 * Adds the programs attached to the interfaces of all namespaces within reach.
 * *hidden is set, and never cleared, when there was something we may not see.
 */
int programs_attached(struct xdpaction *ctx, struct ids *ids, bool *hidden);
/* Adds the programs that the processes of our PID namespace have open. */
int programs_held(struct xdpaction *ctx, struct ids *ids, bool *hidden);

/* ---- tidy.c: on the way of another call ---- */

/*
 * Removes what nothing uses. A rest that cannot be removed now is in nobody's
 * way, and a later call finds it: so an error is logged only.
 */
void tidy_up(struct xdpaction *ctx, const struct chain *chain);
/* The same after a change. The interface may be gone. */
void tidy_up_after(struct xdpaction *ctx, const char *ifname);

#endif /* XDPACTION_HEAL_H */
