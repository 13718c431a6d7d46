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
#include "xdp_action.skel.h"

static void close_object(struct xdp_action_bpf **object)
{
	xdp_action_bpf__destroy(*object);
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

static __u32 netlink_mode(enum xdpaction_mode mode)
{
	return mode == XDPACTION_MODE_SKB ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
}

static int set_pins(struct xdp_action_bpf *object, const char *dir)
{
	const struct {
		struct bpf_map *map;
		const char *name;
	} pins[] = {
		{ object->maps.data_action, XDP_ACTION_PIN_DATA },
		{ object->maps.action_counters, XDP_ACTION_PIN_COUNTERS },
		{ object->maps.action_targets, XDP_ACTION_PIN_TARGETS },
	};
	char path[PATH_MAX];
	size_t i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(pins); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, pins[i].name);
		err = bpf_map__set_pin_path(pins[i].map, path);
	}
	return err;
}

/* Opens the program with its first setting in it. */
static int open_object(struct xdpaction *ctx, const struct chain *before,
		       const struct xdpaction_load_options *options, const char *pins,
		       bool frags, struct xdp_action_bpf **opened)
{
	struct xdp_action_bpf *object = xdp_action_bpf__open();
	struct xdp_action_data *data;
	uint64_t inode;
	int err;

	if (!object) {
		err = -errno;
		return fail(ctx, err, NULL, "cannot open the program: %s", strerror(-err));
	}

	*opened = object;
	object->rodata->count_frags = frags;
	data = &object->data_action->action_data;
	data->ifindex = before->link.ifindex;
	data->frags = frags;
	data->loaded_ns = realtime_ns();
	err = netns_inode(ctx, &inode);
	if (err)
		return err;
	data->netns = inode;
	err = setting_store(ctx, data, -1, &options->setting);
	if (err)
		return err;
	err = set_pins(object, pins);
	if (err)
		return fail(ctx, err, NULL, "cannot name the pins below %s: %s", pins,
			    strerror(-err));
	return 0;
}

int attach_dispatcher(struct xdpaction *ctx, const struct chain *before,
		      const struct xdpaction_load_options *options, const char *pins)
{
	CLEANUP(close_object) struct xdp_action_bpf *object = NULL;
	CLEANUP(close_program) struct xdp_program *program = NULL;
	bool frags;
	int err;

	err = feature_frags(ctx, &frags);
	if (!err)
		err = open_object(ctx, before, options, pins, frags, &object);
	if (err)
		return err;

	program = xdp_program__from_bpf_obj(object->obj, "xdp");
	err = libxdp_get_error(program);
	if (!err)
		err = xdp_program__set_run_prio(program, options->priority);
	if (!err && frags)
		err = xdp_program__set_xdp_frags_support(program, true);
	/*
	 * libxdp attaches the bare program when anything about the dispatcher
	 * fails, be it for want of memory. The kernel refuses to attach a
	 * program of this type to an interface, and libxdp resets the type
	 * for the dispatcher: so there is no falling back unasked.
	 */
	if (!err)
		err = bpf_program__set_expected_attach_type(object->progs.xdp_action,
							    BPF_XDP_DEVMAP);
	if (!err)
		err = xdp_program__attach(program, before->link.ifindex,
					  libxdp_mode(options->mode), 0);
	if (err)
		return fail(ctx, err, NULL, "%s: libxdp cannot attach the program: %s",
			    before->link.name, strerror(-err));
	return 0;
}

int attach_single(struct xdpaction *ctx, const struct chain *before,
		  const struct xdpaction_load_options *options, const char *pins)
{
	__u32 flags = XDP_FLAGS_UPDATE_IF_NOEXIST | netlink_mode(options->mode);
	CLEANUP(close_object) struct xdp_action_bpf *object = NULL;
	bool frags;
	int err;

	err = feature_frags(ctx, &frags);
	if (!err)
		err = open_object(ctx, before, options, pins, frags, &object);
	if (err)
		return err;

	if (frags)
		err = bpf_program__set_flags(object->progs.xdp_action, BPF_F_XDP_HAS_FRAGS);
	if (!err)
		err = xdp_action_bpf__load(object);
	if (err)
		return fail_kernel(ctx, err, "load the program");

	err = bpf_xdp_attach(before->link.ifindex, bpf_program__fd(object->progs.xdp_action),
			     flags, NULL);
	if (err)
		return fail(ctx, err, NULL, "%s: cannot attach the program: %s",
			    before->link.name, strerror(-err));
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
	err = bpf_xdp_detach(link->ifindex, XDP_FLAGS_REPLACE | netlink_mode(link->mode), &opts);
	if (err)
		return fail(ctx, err, NULL, "%s: cannot detach the program: %s", link->name,
			    strerror(-err));
	return 0;
}

int detach(struct xdpaction *ctx, const struct instance *instance)
{
	CLEANUP(close_program) struct xdp_program *program = NULL;
	const struct chain *chain = &instance->chain;
	int err;

	if (!chain->dispatcher)
		return detach_root(ctx, &chain->link);

	program = xdp_program__from_id(chain->members[instance->self].program.id);
	err = libxdp_get_error(program);
	if (!err)
		err = xdp_program__detach(program, chain->link.ifindex,
					  libxdp_mode(chain->link.mode), 0);
	if (err)
		return fail(ctx, err, NULL, "%s: libxdp cannot detach the program: %s",
			    chain->link.name, strerror(-err));
	return 0;
}
