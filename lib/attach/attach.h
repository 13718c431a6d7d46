/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Attaching and detaching: one attempt each, all or nothing. The only door to libxdp. */
#ifndef XDPACTION_ATTACH_H
#define XDPACTION_ATTACH_H

#include "instance/instance.h"

struct bpf_object;

/* What a load goes by; its caller owns all of it. */
struct plan {
	const struct chain *before;	/* what the interface has until then */
	const struct xdpaction_load_options *options;
	const struct features *features;
	const struct compiled *compiled;	/* of the first setting */
	const char *pins;		/* directory for the pins */
	/* Gets what it has then; its count is 0 where that is not known. */
	struct xdpaction_chain *after;
};

/* ---- program.c: the program, ready to be loaded ---- */

/* Opens the program that suits what the kernel has; free it with object_close(). */
int object_open_variant(struct xdpaction *ctx, const struct features *features,
			struct bpf_object **object);
/* The data of an object that is not loaded yet: as it is, and as it is to be loaded. */
int object_data(struct xdpaction *ctx, const struct bpf_object *object,
		struct xdp_action_data *data);
int object_set_data(struct xdpaction *ctx, struct bpf_object *object,
		    const struct xdp_action_data *data);
/*
 * Opens the program with its first setting, its pins and what the kernel has.
 * Free it with bpf_object__close().
 */
int object_open(struct xdpaction *ctx, const struct plan *plan, struct bpf_object **object);
void object_close(struct bpf_object **object);
struct bpf_program *object_program(const struct bpf_object *object);
/* The id of its program; 0 where that is not loaded, or does not say. */
uint32_t object_program_id(const struct bpf_object *object);

/* ---- bare.c: without a dispatcher ---- */

/*
 * Loads the program with its maps pinned and attaches it. The pins are there
 * even after an error; and *id, 0 where it is not known, of the program that
 * was loaded.
 */
int attach_single(struct xdpaction *ctx, const struct plan *plan, uint32_t *id);
/* Detaches the very program that the link shows, be it a dispatcher. */
int detach_root(struct xdpaction *ctx, const struct link *link);
/* Detaches the BPF link by which the program is attached that the link shows. */
int detach_held(struct xdpaction *ctx, const struct link *link);
/* XDP_FLAGS_* for a mode. */
uint32_t xdp_flags(enum xdpaction_mode mode);

/* ---- apart.c: how libxdp is called ---- */

typedef int (*apart_fn)(struct xdpaction *ctx, void *data);
/*
 * Calls fn in a thread of its own, in which what libxdp leaves open is closed.
 * Descriptors that fn opens end with it. Returns what fn does, or -ETIMEDOUT,
 * with the name of who holds libxdp's lock, when libxdp waits for that in vain.
 */
int call_libxdp(struct xdpaction *ctx, const char *ifname, apart_fn fn, void *data);

/* ---- dispatcher.c: through libxdp ---- */

/* As attach_single(). */
int attach_dispatcher(struct xdpaction *ctx, const struct plan *plan, uint32_t *id);
/* Detaches the program, however it was attached. */
int instance_detach(struct xdpaction *ctx, const struct instance *instance);

/* ---- restore.c ---- */

/* Opens the dispatcher of a chain, so that it stays; *fd is -1 where there is none. */
int dispatcher_hold(struct xdpaction *ctx, const struct chain *before, int *fd);
/*
 * After a change by libxdp that failed: puts the chain of before back where
 * libxdp left a dispatcher without its programs. `fd` is from dispatcher_hold().
 */
void dispatcher_restore(struct xdpaction *ctx, const struct chain *before, int fd);

/* ---- verify.c ---- */

/*
 * What came of an attach that returned err, with plan->after: 0 when the program runs as it
 * should; else it does not run. Takes it off again when it runs otherwise.
 */
int verify_attach(struct xdpaction *ctx, const struct plan *plan, uint32_t id, bool dispatcher,
		  int err);

/* ---- explain.c: why a load or an unload cannot be ---- */

/* What stands in the way of a load, found before it is tried; 0: nothing. */
int check_before_load(struct xdpaction *ctx, const struct chain *chain,
		      const struct xdpaction_load_options *options);
/* The same for an unload. */
int check_before_unload(struct xdpaction *ctx, const struct instance *instance);
/*
 * Whether the kernel refused the last attempt for good: an interface above has
 * a program, or, which the first says alone, a BPF link holds what is attached.
 */
bool refused_for_link(void);
bool refusal_lasts(void);
/* Whether the dispatcher has another format than the libxdp we were built with. */
bool format_is_foreign(const struct chain *chain);
/* Words for an error of an attach or a detach, by what the chain shows. */
int explain_attach(struct xdpaction *ctx, int err, const struct chain *chain,
		   const struct xdpaction_load_options *options);
int explain_detach(struct xdpaction *ctx, int err, const struct chain *chain);

#endif /* XDPACTION_ATTACH_H */
