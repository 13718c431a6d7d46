// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * One attempt to attach or to detach, through libxdp where there is a dispatcher.
 * The kernel attaches in one atomic step; libbpf has pinned the maps before, when
 * it loaded the program.
 */
#include <linux/if_link.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "attach/attach.h"

static void close_program(struct xdp_program **program)
{
	if (*program && !libxdp_get_error(*program))
		xdp_program__close(*program);
}

static enum xdp_attach_mode libxdp_mode(enum xdpaction_mode mode)
{
	switch (mode) {
	case XDPACTION_MODE_NATIVE:
		return XDP_MODE_NATIVE;
	case XDPACTION_MODE_SKB:
		return XDP_MODE_SKB;
	case XDPACTION_MODE_HW:
		return XDP_MODE_HW;
	}
	return XDP_MODE_UNSPEC;
}

struct attach_call {
	const struct plan *plan;
	uint32_t *id;
};

static int attach_apart(struct xdpaction *ctx, void *data)
{
	DECLARE_LIBXDP_OPTS(xdp_program_opts, opts);
	const struct attach_call *call = data;
	const struct plan *plan = call->plan;
	CLEANUP(object_close) struct bpf_object *object = NULL;
	CLEANUP(close_program) struct xdp_program *program = NULL;
	CLEANUP(close_fd) int before = -1;
	int err;

	err = dispatcher_hold(ctx, plan->before, &before);
	if (!err)
		err = object_open(ctx, plan, &object);
	if (err)
		return err;

	opts.obj = object;
	opts.prog_name = plan->name;
	program = xdp_program__create(&opts);
	err = libxdp_get_error(program);
	if (!err)
		err = xdp_program__set_run_prio(program, plan->options->priority);
	if (!err && plan->features->frags)
		err = xdp_program__set_xdp_frags_support(program, true);
	/*
	 * libxdp attaches the bare program when anything about the dispatcher
	 * fails, even for want of memory. The kernel refuses to attach a program
	 * of this type to an interface, and libxdp resets the type for the
	 * dispatcher, so it cannot fall back unasked.
	 */
	if (!err)
		err = bpf_program__set_expected_attach_type(object_program(object), BPF_XDP_DEVMAP);
	if (!err)
		err = xdp_program__attach(program, plan->before->link.ifindex,
					  libxdp_mode(plan->options->mode), 0);
	*call->id = object_program_id(object);
	if (!err)
		return 0;
	dispatcher_restore(ctx, plan->before, before);
	return fail_on(ctx, plan->before->link.name, err, NULL,
		       "libxdp cannot attach the program: %s", strerror(-err));
}

int attach_dispatcher(struct xdpaction *ctx, const struct plan *plan, uint32_t *id)
{
	struct attach_call call = { .plan = plan, .id = id };

	return call_libxdp(ctx, plan->before->link.name, attach_apart, &call);
}

/* A program that is alone in a dispatcher goes with it where libxdp cannot be used. */
static bool is_root(const struct chain *chain)
{
	return !chain->dispatcher || (chain->count == 1 && !chain->pinned);
}

static int detach_apart(struct xdpaction *ctx, void *data)
{
	const struct instance *instance = data;
	CLEANUP(close_program) struct xdp_program *program = NULL;
	const struct chain *chain = &instance->chain;
	CLEANUP(close_fd) int before = -1;
	int err;

	/* libxdp loads a new dispatcher for the others. */
	err = probe_names(ctx);
	if (!err)
		err = dispatcher_hold(ctx, chain, &before);
	if (err)
		return err;
	program = xdp_program__from_id(chain->members[instance->self].program.id);
	err = libxdp_get_error(program);
	if (!err)
		err = xdp_program__detach(program, chain->link.ifindex,
					  libxdp_mode(chain->link.mode), 0);
	if (!err)
		return 0;
	dispatcher_restore(ctx, chain, before);
	return fail_on(ctx, chain->link.name, err, NULL, "libxdp cannot detach the program: %s",
		       strerror(-err));
}

int instance_detach(struct xdpaction *ctx, const struct instance *instance)
{
	const struct chain *chain = &instance->chain;
	int err;

	err = is_root(chain) ? detach_root(ctx, &chain->link) :
			       call_libxdp(ctx, chain->link.name, detach_apart, (void *)instance);
	if (err && refused_for_link() && chain->count == 1)
		err = detach_held(ctx, &chain->link);
	return err;
}
