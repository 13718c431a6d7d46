// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * A program of this version in the place of one that runs. It goes on with the maps
 * of that one, so that no packet sees another setting and what is counted, down or
 * up, is counted once.
 */
#include <linux/if_link.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach/attach.h"

/* The data of a program that cannot share that of one of version 1. */
static int take_over_data(struct xdpaction *ctx, const struct instance *from,
			  struct bpf_object *object)
{
	struct xdp_action_data data, old;
	int err = object_data(ctx, object, &data);

	if (!err)
		err = version1_read(ctx, from, &old);
	if (err)
		return err;
	data.action = old.action;
	data.sequence = old.sequence;
	data.netns = old.netns;
	data.ifindex = old.ifindex;
	data.loaded_ns = old.loaded_ns;
	data.clock_gate = old.clock_gate;
	memcpy(data.slots, old.slots, sizeof(data.slots));
	return object_set_data(ctx, object, &data);
}

static int give_map(struct xdpaction *ctx, struct bpf_object *object, const char *name, int fd)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);
	int err = map ? bpf_map__reuse_fd(map, fd) : -EPROTO;

	return err ? fail(ctx, err, NULL, "cannot give the program the map %s: %s", name,
			  strerror(-err)) : 0;
}

/* What the other program does not have, the heir makes for itself. */
static int share_map(struct xdpaction *ctx, struct bpf_object *object, const char *name,
		     const struct held_map *held)
{
	return held->id ? give_map(ctx, object, name, held->fd) : 0;
}

/*
 * A map of targets is for programs of one kind, with the JIT and with frags or
 * without, so that the heir has its own. While the lock is held nobody changes them.
 */
static int copy_targets(struct xdpaction *ctx, int from, int to)
{
	__u32 key, ifindex;
	int err = 0;

	for (key = 0; !err && key < XDP_ACTION_TARGETS; key++) {
		err = bpf_map_lookup_elem(from, &key, &ifindex);
		if (!err)
			err = bpf_map_update_elem(to, &key, &ifindex, BPF_ANY);
		/* The entry is empty, or its interface went away just now. */
		if (err == -ENOENT || err == -EINVAL)
			err = 0;
	}
	return err ? fail_kernel(ctx, err, "copy the targets of REDIRECT") : 0;
}

static int give_targets(struct xdpaction *ctx, const struct held_map *from,
			struct bpf_object *object)
{
	CLEANUP(close_fd) int fd = -1;
	int err = 0;

	fd = bpf_map_create(BPF_MAP_TYPE_DEVMAP, XDP_ACTION_TARGETS_MAP, sizeof(__u32),
			    sizeof(__u32), XDP_ACTION_TARGETS, NULL);
	if (fd < 0)
		return fail_kernel(ctx, fd, "make a map of targets");
	if (from->id)
		err = copy_targets(ctx, from->fd, fd);
	return err ? err : give_map(ctx, object, XDP_ACTION_TARGETS_MAP, fd);
}

static int inherit(struct xdpaction *ctx, const struct instance *from, struct bpf_object *object)
{
	const struct instance_maps *maps = &from->maps;
	int err = from->version1 ? take_over_data(ctx, from, object) :
		  share_map(ctx, object, XDP_ACTION_DATA_MAP, &maps->data);

	if (!err)
		err = share_map(ctx, object, XDP_ACTION_COUNTERS_MAP, &maps->counters);
	if (!err)
		err = give_targets(ctx, &maps->targets, object);
	if (!err)
		err = share_map(ctx, object, XDP_ACTION_MATCHES_MAP, &maps->matches);
	if (!err)
		err = share_map(ctx, object, XDP_ACTION_ASKED_MAP, &maps->asked);
	return err;
}

int heir_open(struct xdpaction *ctx, const struct instance *from, const struct features *features,
	      const char *name, struct bpf_object **object)
{
	CLEANUP(object_close) struct bpf_object *opened = NULL;
	int err = object_open_variant(ctx, features, name, &opened);

	if (!err)
		err = inherit(ctx, from, opened);
	if (err)
		return err;
	*object = opened;
	opened = NULL;
	return 0;
}

int heir_load(struct xdpaction *ctx, const struct features *features, struct bpf_object *object,
	      struct program_info *info)
{
	int err = 0;

	if (features->frags)
		err = bpf_program__set_flags(object_program(object), BPF_F_XDP_HAS_FRAGS);
	if (!err)
		err = bpf_object__load(object);
	if (err)
		return fail_kernel(ctx, err, "load the program");
	return program_info_get(ctx, bpf_program__fd(object_program(object)), info);
}

int replace_single(struct xdpaction *ctx, const struct link *link, struct bpf_object *object)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts);
	CLEANUP(close_fd) int before = -1;
	int err = program_open(ctx, link->prog_id, &before);

	if (err == -ENOENT)
		return fail_on(ctx, link->name, -EBUSY, "try again",
			       "others kept changing what is attached");
	if (err)
		return err;
	/* Only in the place of this program, and of no other. */
	opts.old_prog_fd = before;
	err = bpf_xdp_attach(link->ifindex, bpf_program__fd(object_program(object)),
			     XDP_FLAGS_REPLACE | xdp_flags(link->mode), &opts);
	if (err)
		return fail_on(ctx, link->name, err, NULL, "cannot attach the program: %s",
			       strerror(-err));
	return 0;
}
