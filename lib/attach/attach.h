/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Attaching and detaching: one attempt each, all or nothing. The only door to libxdp. */
#ifndef XDPACTION_ATTACH_H
#define XDPACTION_ATTACH_H

#include "instance/instance.h"

struct bpf_object;

/* The first setting as it was stored, and what was recorded of that. */
struct first {
	struct xdpaction_setting setting;
	struct xdpaction_origin origin;
};

/* What a load works with; its caller owns all of it. */
struct plan {
	const struct chain *before;	/* what the interface has until then */
	const struct xdpaction_load_options *options;
	const struct features *features;
	const struct compiled *compiled;	/* of the first setting */
	const char *pins;		/* directory for the pins */
	const char *name;		/* of the program */
	/* In whose place it comes, with its maps; then the two before mean nothing. */
	const struct instance *from;
	/* Gets what it runs after the load; count is 0 where that is not known. */
	struct xdpaction_chain *after;
	struct first *first;		/* filled in before the load */
};

/* ---- program.c: the program, ready to be loaded ---- */

/*
 * Opens the program of this name that suits what the kernel has; free it with
 * object_close().
 */
int object_open_variant(struct xdpaction *ctx, const struct features *features, const char *name,
			struct bpf_object **object);
/* Reads, or sets, the data with which an object will be loaded. */
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
/* The id of its program; 0 if it is not loaded or the id cannot be read. */
uint32_t object_program_id(const struct bpf_object *object);

/* ---- bare.c: without a dispatcher ---- */

/*
 * Loads the program, with its maps pinned, and attaches it. Even after an error
 * the pins are there and *id is the program that was loaded; it is 0 where that
 * is not known.
 */
int attach_single(struct xdpaction *ctx, const struct plan *plan, uint32_t *id);
/* Detaches the program that the link shows, and no other; it may be a dispatcher. */
int detach_root(struct xdpaction *ctx, const struct link *link);
/* Detaches the BPF link that attaches the program which the link shows. */
int detach_held(struct xdpaction *ctx, const struct link *link);
/* XDP_FLAGS_* for a mode. */
uint32_t xdp_flags(enum xdpaction_mode mode);

/* ---- exchange.c: a program in the place of one that runs ---- */

/*
 * Opens the program so that it goes on with the maps of an instance. Of the targets,
 * and of the data of version 1, it takes a copy.
 */
int heir_open(struct xdpaction *ctx, const struct instance *from, const struct features *features,
	      const char *name, struct bpf_object **object);
/* Loads it, as what is attached without a dispatcher. */
int heir_load(struct xdpaction *ctx, const struct features *features, struct bpf_object *object,
	      struct program_info *info);
/* Puts a loaded program in the place of the one that the link shows, in one atomic step. */
int replace_single(struct xdpaction *ctx, const struct link *link, struct bpf_object *object);

/* ---- substitute.c: what stands in while a program is exchanged in a chain ---- */

/* Lets it decide about what the program before it has not counted, from now on. */
int substitute_watch(struct xdpaction *ctx, const struct instance *substitute);
/*
 * Takes the program with this id off a chain, the others stay. Tries until it does
 * not run, or nothing but an error can be told.
 */
int member_detach(struct xdpaction *ctx, const struct link *link, uint32_t id);
/*
 * As instance_read(), for a writer: takes off a substitute that a killed upgrade
 * left next to a copy of the program.
 */
int instance_read_healed(struct xdpaction *ctx, const struct link *link,
			 struct instance *instance);

/* ---- apart.c: how libxdp is called ---- */

typedef int (*apart_fn)(struct xdpaction *ctx, void *data);
/*
 * Calls fn in a thread of its own and closes what libxdp leaves open there.
 * Descriptors that fn opens are closed with it. Returns what fn returns, or
 * -ETIMEDOUT, naming the process that holds libxdp's lock, when libxdp waits for
 * that in vain.
 */
int call_libxdp(struct xdpaction *ctx, const char *ifname, apart_fn fn, void *data);

/* ---- dispatcher.c: through libxdp ---- */

/* As attach_single(). */
int attach_dispatcher(struct xdpaction *ctx, const struct plan *plan, uint32_t *id);
/* Detaches the program, however it was attached. */
int instance_detach(struct xdpaction *ctx, const struct instance *instance);

/* ---- restore.c ---- */

/* Opens the dispatcher of a chain to keep it alive; *fd is -1 if there is none. */
int dispatcher_hold(struct xdpaction *ctx, const struct chain *before, int *fd);
/*
 * Puts the previous chain back after a change by libxdp that failed and left a
 * dispatcher without its programs. `fd` is from dispatcher_hold().
 */
void dispatcher_restore(struct xdpaction *ctx, const struct chain *before, int fd);

/* ---- verify.c ---- */

/*
 * Finds out what an attach that returned err has done, and fills in plan->after.
 * Returns 0 if the program runs as it should; otherwise it does not run, since it
 * is detached if it runs in any other way.
 */
int verify_attach(struct xdpaction *ctx, const struct plan *plan, uint32_t id, bool dispatcher,
		  int err);

/* ---- explain.c: why a load or an unload cannot be ---- */

/* Looks for what stands in the way of a load before it is tried; 0: nothing. */
int check_before_load(struct xdpaction *ctx, const struct chain *chain,
		      const struct xdpaction_load_options *options);
/* The same for an unload. */
int check_before_unload(struct xdpaction *ctx, const struct instance *instance);
/*
 * Whether the kernel refused the last attempt for good: a BPF link holds what is
 * attached, or, for refusal_lasts() only, an interface above has a program.
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
