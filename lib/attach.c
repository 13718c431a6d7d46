// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * One attempt to attach or to detach, through libxdp where there is a
 * dispatcher. The attach itself is one atomic step in the kernel; maps are
 * pinned before it, by libbpf, when the program is loaded.
 */
#include <linux/if_link.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "private.h"

static void close_object(struct bpf_object **object)
{
	bpf_object__close(*object);
}

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

uint32_t xdp_flags(enum xdpaction_mode mode)
{
	return mode == XDPACTION_MODE_SKB ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
}

static struct bpf_program *the_program(const struct bpf_object *object)
{
	return bpf_object__find_program_by_name(object, XDP_ACTION_PROG_NAME);
}

/* 0 where it is not loaded, or does not say. */
static uint32_t id_of(const struct bpf_program *program)
{
	struct xdpaction own = { 0 };
	struct program_info info;
	int fd = bpf_program__fd(program);

	return fd < 0 || program_info_get(&own, fd, &info) ? 0 : info.id;
}

int attach_dispatcher(struct xdpaction *ctx, const struct plan *plan, uint32_t *id)
{
	CLEANUP(close_object) struct bpf_object *object = NULL;
	CLEANUP(close_program) struct xdp_program *program = NULL;
	CLEANUP(close_fd) int before = -1;
	int err;

	err = dispatcher_hold(ctx, plan->before, &before);
	if (!err)
		err = prepare(ctx, plan, &object);
	if (err)
		return err;

	program = xdp_program__from_bpf_obj(object, "xdp");
	err = libxdp_get_error(program);
	if (!err)
		err = xdp_program__set_run_prio(program, plan->options->priority);
	if (!err && plan->features->frags)
		err = xdp_program__set_xdp_frags_support(program, true);
	/*
	 * libxdp attaches the bare program when anything about the dispatcher
	 * fails, be it for want of memory. The kernel refuses to attach a
	 * program of this type to an interface, and libxdp resets the type
	 * for the dispatcher: so there is no falling back unasked.
	 */
	if (!err)
		err = bpf_program__set_expected_attach_type(the_program(object), BPF_XDP_DEVMAP);
	if (!err)
		err = xdp_program__attach(program, plan->before->link.ifindex,
					  libxdp_mode(plan->options->mode), 0);
	*id = id_of(the_program(object));
	if (!err)
		return 0;
	dispatcher_restore(ctx, plan->before, before);
	return fail(ctx, err, NULL, "%s: libxdp cannot attach the program: %s",
		    plan->before->link.name, strerror(-err));
}

int attach_single(struct xdpaction *ctx, const struct plan *plan, uint32_t *id)
{
	__u32 flags = XDP_FLAGS_UPDATE_IF_NOEXIST | xdp_flags(plan->options->mode);
	CLEANUP(close_object) struct bpf_object *object = NULL;
	int err;

	err = prepare(ctx, plan, &object);
	if (err)
		return err;

	if (plan->features->frags)
		err = bpf_program__set_flags(the_program(object), BPF_F_XDP_HAS_FRAGS);
	if (!err)
		err = bpf_object__load(object);
	if (err)
		return fail_kernel(ctx, err, "load the program");

	*id = id_of(the_program(object));
	err = bpf_xdp_attach(plan->before->link.ifindex, bpf_program__fd(the_program(object)),
			     flags, NULL);
	if (err)
		return fail(ctx, err, NULL, "%s: cannot attach the program: %s",
			    plan->before->link.name, strerror(-err));
	return 0;
}

int detach_root(struct xdpaction *ctx, const struct link *link)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts);
	CLEANUP(close_fd) int fd = -1;
	int err;

	err = program_open(ctx, link->prog_id, &fd);
	if (err)
		return err;
	/* Only this very program. */
	opts.old_prog_fd = fd;
	err = bpf_xdp_detach(link->ifindex, XDP_FLAGS_REPLACE | xdp_flags(link->mode), &opts);
	if (err)
		return fail(ctx, err, NULL, "%s: cannot detach the program: %s", link->name,
			    strerror(-err));
	return 0;
}

int detach(struct xdpaction *ctx, const struct instance *instance)
{
	CLEANUP(close_program) struct xdp_program *program = NULL;
	const struct chain *chain = &instance->chain;
	CLEANUP(close_fd) int before = -1;
	int err;

	if (!chain->dispatcher)
		return detach_root(ctx, &chain->link);

	/* libxdp loads a new dispatcher for the others. */
	err = feature_names(ctx);
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
	return fail(ctx, err, NULL, "%s: libxdp cannot detach the program: %s", chain->link.name,
		    strerror(-err));
}
