// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The program, ready to be loaded: with its first setting and its pins. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "attach/attach.h"
#include "xdp_action.skel.h"
#include "xdp_action_basic.skel.h"
#include "xdp_action_linear.skel.h"

#define OBJECT_NAME "xdp_action"

/* Of the programs in an object loads the one of this name, and of the maps what it has. */
static void choose_program(struct bpf_object *object, const char *name)
{
	static const char *const of_substitute[] = { XDP_ACTION_SUB_MAP, XDP_ACTION_SEEN_MAP };
	bool substitute = !strcmp(name, XDP_ACTION_SUB_NAME);
	struct bpf_program *program;
	size_t i;

	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), name));
	for (i = 0; i < ARRAY_SIZE(of_substitute); i++)
		bpf_map__set_autocreate(bpf_object__find_map_by_name(object, of_substitute[i]),
					substitute);
}

int object_open_variant(struct xdpaction *ctx, const struct features *features, const char *name,
			struct bpf_object **object)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = OBJECT_NAME);
	struct bpf_object *opened;
	const void *bytes;
	size_t size;
	int err;

	if (features->frags)
		bytes = xdp_action_bpf__elf_bytes(&size);
	else if (features->budget)
		bytes = xdp_action_linear_bpf__elf_bytes(&size);
	else
		bytes = xdp_action_basic_bpf__elf_bytes(&size);
	opened = bpf_object__open_mem(bytes, size, &opts);
	if (!opened) {
		err = -errno;
		return fail(ctx, err, NULL, "cannot open the program: %s", strerror(-err));
	}
	choose_program(opened, name);
	err = program_set_frags_flag(object_program(opened), &features->frags_flag);
	if (err) {
		bpf_object__close(opened);
		return fail(ctx, err, NULL, "cannot prepare the program: %s", strerror(-err));
	}
	*object = opened;
	return 0;
}

int object_data(struct xdpaction *ctx, const struct bpf_object *object,
		struct xdp_action_data *data)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, XDP_ACTION_DATA_MAP);
	const void *initial;
	size_t size;

	initial = map ? bpf_map__initial_value(map, &size) : NULL;
	if (!initial || size != sizeof(*data))
		return fail(ctx, -EPROTO, NULL, "the program was not built as it should be");
	memcpy(data, initial, sizeof(*data));
	return 0;
}

int object_set_data(struct xdpaction *ctx, struct bpf_object *object,
		    const struct xdp_action_data *data)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, XDP_ACTION_DATA_MAP);
	int err = bpf_map__set_initial_value(map, data, sizeof(*data));

	if (err)
		return fail(ctx, err, NULL, "cannot store the first setting: %s", strerror(-err));
	return 0;
}

/* Makes the maps of matches, which have to be there before the program runs. */
static int give_matches(struct xdpaction *ctx, struct bpf_object *object, int *outer)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, XDP_ACTION_MATCHES_MAP);
	int err = matches_make(ctx, outer);

	if (err)
		return err;
	err = bpf_map__reuse_fd(map, *outer);
	if (err)
		return fail(ctx, err, NULL, "cannot give the program its map of matches: %s",
			    strerror(-err));
	return 0;
}

/* Stores the first setting in the data with which the object is to be loaded. */
static int store_first(struct xdpaction *ctx, struct bpf_object *object, const struct plan *plan,
		       struct xdp_action_data *data)
{
	struct xdpaction_setting setting = plan->options->setting;
	CLEANUP(matches_unmap) struct xdp_action_match *matches = NULL;
	CLEANUP(close_fd) int fd = -1;
	struct held_map outer = { 0 };
	struct setting_place place = { .data = data, .outer = &outer, .write = true };
	int err = 0;

	if (plan->compiled->rule || plan->compiled->base)
		err = give_matches(ctx, object, &fd);
	outer.fd = fd;
	if (!err)
		err = setting_store(ctx, &place, plan->compiled, &setting);
	matches = place.matches;
	if (!err)
		*plan->first = (struct first){ .setting = setting, .origin = place.stored };
	return err;
}

static int set_data(struct xdpaction *ctx, struct bpf_object *object, const struct plan *plan)
{
	struct xdp_action_data data;
	uint64_t netns = 0;
	int err = object_data(ctx, object, &data);

	if (err)
		return err;
	data.ifindex = plan->before->link.ifindex;
	data.loaded_ns = realtime_ns();
	if (plan->features->frags)
		data.features |= XDP_ACTION_FEATURE_FRAGS;
	err = netns_inode(ctx, &netns);
	data.netns = netns;
	if (!err)
		err = store_first(ctx, object, plan, &data);
	return err ? err : object_set_data(ctx, object, &data);
}

static int set_pins(struct xdpaction *ctx, struct bpf_object *object, const char *dir)
{
	static const struct {
		const char *map, *pin;
	} pins[] = {
		{ XDP_ACTION_DATA_MAP, XDP_ACTION_PIN_DATA },
		{ XDP_ACTION_COUNTERS_MAP, XDP_ACTION_PIN_COUNTERS },
		{ XDP_ACTION_TARGETS_MAP, XDP_ACTION_PIN_TARGETS },
	};
	char path[PATH_MAX];
	struct bpf_map *map;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(pins); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, pins[i].pin);
		map = bpf_object__find_map_by_name(object, pins[i].map);
		err = map ? bpf_map__set_pin_path(map, path) : -ENOENT;
		if (err)
			return fail(ctx, err, NULL, "cannot name the pin %s: %s", path,
				    strerror(-err));
	}
	return 0;
}

int object_open(struct xdpaction *ctx, const struct plan *plan, struct bpf_object **object)
{
	CLEANUP(object_close) struct bpf_object *opened = NULL;
	int err;

	if (plan->from)
		return heir_open(ctx, plan->from, plan->features, plan->name, object);
	err = object_open_variant(ctx, plan->features, plan->name, &opened);
	if (!err)
		err = set_data(ctx, opened, plan);
	if (!err)
		err = set_pins(ctx, opened, plan->pins);
	if (err)
		return err;
	*object = opened;
	opened = NULL;
	return 0;
}

void object_close(struct bpf_object **object)
{
	bpf_object__close(*object);
}

struct bpf_program *object_program(const struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		if (bpf_program__autoload(program))
			return program;
	return NULL;
}

uint32_t object_program_id(const struct bpf_object *object)
{
	struct program_info info;
	int fd = bpf_program__fd(object_program(object));

	return fd < 0 || program_info_get(NULL, fd, &info) ? 0 : info.id;
}
