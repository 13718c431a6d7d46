// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Finds our program in a chain by its name and its data map, and holds its maps. */
#include <string.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

#include "bpffs/bpffs.h"
#include "instance/instance.h"

static void map_close(struct held_map *map)
{
	if (map->id)
		close(map->fd);
	*map = (struct held_map){ 0 };
}

static void maps_close(struct instance_maps *maps)
{
	map_close(&maps->data);
	map_close(&maps->counters);
	map_close(&maps->targets);
	map_close(&maps->matches);
	map_close(&maps->asked);
}

uint32_t instance_id(const struct instance *instance)
{
	return instance->found ? instance->chain.members[instance->self].program.id : 0;
}

void instance_close(struct instance *instance)
{
	maps_close(&instance->maps);
}

/* Our maps: what makes them ours, and the form that this version reads. */
static const struct map_form {
	const char *name, *pin;
	enum bpf_map_type type;
	uint32_t value_size, entries, flags;
	size_t place;			/* in struct instance_maps */
} forms[] = {
	{ XDP_ACTION_DATA_MAP, XDP_ACTION_PIN_DATA, BPF_MAP_TYPE_ARRAY,
	  sizeof(struct xdp_action_data), 1, BPF_F_MMAPABLE,
	  offsetof(struct instance_maps, data) },
	{ XDP_ACTION_COUNTERS_MAP, XDP_ACTION_PIN_COUNTERS, BPF_MAP_TYPE_PERCPU_ARRAY,
	  sizeof(struct xdp_action_counter), XDP_ACTION_VERDICTS, 0,
	  offsetof(struct instance_maps, counters) },
	{ XDP_ACTION_TARGETS_MAP, XDP_ACTION_PIN_TARGETS, BPF_MAP_TYPE_DEVMAP, sizeof(__u32),
	  XDP_ACTION_TARGETS, 0, offsetof(struct instance_maps, targets) },
	{ XDP_ACTION_MATCHES_MAP, NULL, BPF_MAP_TYPE_ARRAY_OF_MAPS, sizeof(__u32), 1, 0,
	  offsetof(struct instance_maps, matches) },
	{ XDP_ACTION_ASKED_MAP, NULL, BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct xdp_action_counter),
	  XDP_ACTION_ASKED, 0, offsetof(struct instance_maps, asked) },
};

/* NULL for a map that is not ours. */
static const struct map_form *form_of(const struct bpf_map_info *info)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		if (info->type == forms[i].type && !strcmp(info->name, forms[i].name))
			return &forms[i];
	return NULL;
}

static bool has_form(const struct bpf_map_info *info, const struct map_form *form)
{
	return info->key_size == sizeof(__u32) && info->value_size == form->value_size &&
	       info->max_entries == form->entries &&
	       (info->map_flags & form->flags) == form->flags;
}

static bool all_held(const struct instance_maps *maps)
{
	return maps->data.id && maps->counters.id && maps->targets.id && maps->matches.id &&
	       maps->asked.id;
}

/* A missing map does not make it another version's: what needs the map says so. */
static bool all_readable(const struct instance_maps *maps)
{
	return maps->data.readable && (!maps->counters.id || maps->counters.readable) &&
	       (!maps->targets.id || maps->targets.readable) &&
	       (!maps->matches.id || maps->matches.readable) &&
	       (!maps->asked.id || maps->asked.readable);
}

static struct held_map *place_of(struct instance_maps *maps, const struct map_form *form)
{
	return (struct held_map *)((char *)maps + form->place);
}

static bool has_map(const struct program_info *program, uint32_t id)
{
	size_t i;

	for (i = 0; i < program->map_count; i++)
		if (program->map_ids[i] == id)
			return true;
	return false;
}

/* Holds a map of the program by its pin. False where the pin is not seen to be that map's. */
static bool hold_pinned(const struct program_info *program, const char *dir,
			const struct map_form *form, struct instance_maps *maps)
{
	CLEANUP(close_fd) int fd = -1;
	struct bpf_map_info info;

	if (pin_open(dir, form->pin, &fd, &info) || form_of(&info) != form ||
	    !has_map(program, info.id))
		return false;
	*place_of(maps, form) = (struct held_map){
		.id = info.id,
		.fd = fd,
		.readable = has_form(&info, form),
		.pinned = true,
	};
	fd = -1;
	return true;
}

/*
 * Holds the maps of a program that are pinned for an interface, so that nobody need
 * look at these pins again. What fails here is no error: the ids lead to the maps as
 * well, and pins_check() tells what is wrong with a pin.
 */
static void hold_pinned_maps(const struct link *link, const struct program_info *program,
			     struct instance_maps *maps)
{
	char dir[XDPACTION_PATH_SIZE];
	size_t i;

	if (link->elsewhere || pins_path(NULL, link->ifindex, dir))
		return;
	for (i = 0; i < ARRAY_SIZE(forms) && forms[i].pin; i++)
		if (!hold_pinned(program, dir, &forms[i], maps))
			return;
}

static bool is_held(const struct instance_maps *maps, uint32_t id)
{
	return id == maps->data.id || id == maps->counters.id || id == maps->targets.id ||
	       id == maps->matches.id || id == maps->asked.id;
}

/* Holds a map if it is one of ours. -EAGAIN when the map has gone. */
static int hold_map(struct xdpaction *ctx, uint32_t id, struct instance_maps *maps)
{
	CLEANUP(close_fd) int fd = -1;
	const struct map_form *form;
	struct bpf_map_info info;
	struct held_map *place;
	int err;

	err = map_open(ctx, id, &fd, &info);
	if (err)
		return err == -ENOENT ? -EAGAIN : err;
	form = form_of(&info);
	place = form ? place_of(maps, form) : NULL;
	if (!place || place->id)
		return 0;
	*place = (struct held_map){ .id = info.id, .fd = fd, .readable = has_form(&info, form) };
	fd = -1;
	return 0;
}

/* Holds what is not held yet of the maps of a program that has our name. Close all in any case. */
static int hold_maps(struct xdpaction *ctx, const struct program_info *program,
		     struct instance_maps *maps)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < program->map_count && !all_held(maps); i++)
		if (!is_held(maps, program->map_ids[i]))
			err = hold_map(ctx, program->map_ids[i], maps);
	return err;
}

static bool is_substitute(const struct program_info *program)
{
	return !strcmp(program->name, XDP_ACTION_SUB_NAME);
}

static bool has_our_name(const struct program_info *program)
{
	return !strcmp(program->name, XDP_ACTION_PROG_NAME) || is_substitute(program);
}

int program_is_ours(struct xdpaction *ctx, const struct program_info *program, uint32_t *data_id)
{
	CLEANUP(maps_close) struct instance_maps maps = { 0 };
	int err;

	if (!has_our_name(program))
		return 0;
	err = hold_maps(ctx, program, &maps);
	if (err)
		return err == -EAGAIN ? 0 : err;
	*data_id = maps.data.id;
	return maps.data.id != 0;
}

int instance_find(struct xdpaction *ctx, const struct chain *chain, struct instance *instance)
{
	size_t i;
	int err;

	*instance = (struct instance){ .chain = *chain };
	for (i = 0; i < chain->count; i++) {
		const struct program_info *program = &chain->members[i].program;
		CLEANUP(maps_close) struct instance_maps maps = { 0 };

		if (!has_our_name(program))
			continue;
		hold_pinned_maps(&chain->link, program, &maps);
		err = hold_maps(ctx, program, &maps);
		if (err)
			return err;
		if (!maps.data.id)
			continue;
		if (is_substitute(program))
			instance->substitute_id = program->id;
		else if (!instance->copies++)
			instance->found = false;
		if (instance->found)
			continue;
		maps_close(&instance->maps);
		instance->found = true;
		instance->self = i;
		instance->maps = maps;
		instance->version1 = version1_has(&maps);
		maps = (struct instance_maps){ 0 };
	}
	return instance->found ? 0 : -ENOENT;
}

int instance_find_program(struct xdpaction *ctx, const struct chain *chain, uint32_t id,
			  struct instance *instance)
{
	struct instance found = { .chain = *chain };
	int err;

	if (!chain_find(chain, id, &found.self))
		return -ENOENT;
	err = hold_maps(ctx, &chain->members[found.self].program, &found.maps);
	if (!err && !found.maps.data.id)
		err = -ENOENT;
	if (err) {
		instance_close(&found);
		return err;
	}
	found.found = true;
	found.version1 = version1_has(&found.maps);
	*instance = found;
	return 0;
}

/* The id of the map that is pinned for the interface; 0 where none is, or it cannot be seen. */
static uint32_t pinned_for(const struct link *link)
{
	char pins[XDPACTION_PATH_SIZE];
	uint32_t id = 0;

	return pins_path(NULL, link->ifindex, pins) || pinned_data_id(NULL, pins, &id) ? 0 : id;
}

/* Says what is there in place of an instance. */
static int fail_absent(struct xdpaction *ctx, const struct chain *chain)
{
	const char *name = chain->link.name;

	if (chain->link.attached && !chain->dispatcher)
		return fail_attached_bare(ctx, -ENOENT, "xdp-action is not loaded: ", chain);

	if (pinned_for(&chain->link))
		return fail_kind(ctx, name, -ENOENT, XDPACTION_ADVICE_LEFT_PINS,
				 "xdp-action is not loaded any more: only its pins are left");
	return fail_kind(ctx, name, -ENOENT, XDPACTION_ADVICE_LOAD, "xdp-action is not loaded");
}

int instance_read(struct xdpaction *ctx, const struct link *link, struct instance *instance)
{
	struct retry retry = { .timeout_ns = LOOK_TIMEOUT_NS };
	struct chain chain;
	int err;

	do {
		instance_close(instance);
		err = chain_read(ctx, link, &chain);
		if (err)
			return err;
		err = instance_find(ctx, &chain, instance);
	} while (err == -EAGAIN && retry_again(&retry));
	if (err == -EAGAIN)
		return fail_on(ctx, link->name, -EBUSY, "try again",
			       "others kept changing the chain");
	return err == -ENOENT ? fail_absent(ctx, &chain) : err;
}

int instance_check_single(struct xdpaction *ctx, const struct instance *instance)
{
	if (instance->copies <= 1)
		return 0;
	return fail_kind(ctx, instance->chain.link.name, -EPROTO, XDPACTION_ADVICE_UNLOAD,
			 "there are %zu copies of xdp-action in the chain", instance->copies);
}

int fail_version(struct xdpaction *ctx, const struct instance *instance)
{
	return fail_kind(ctx, instance->chain.link.name, -EPROTO,
			 instance->version1 ? XDPACTION_ADVICE_UPGRADE : XDPACTION_ADVICE_RELOAD,
			 "the instance was loaded by %s version of xdp-action",
			 instance->version1 ? "an older" : "another");
}

static int copy_version1(struct xdpaction *ctx, const struct instance *instance,
			 struct xdp_action_data **data)
{
	struct xdp_action_data *copy = mmap(NULL, sizeof(*copy), PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err;

	if (copy == MAP_FAILED)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	err = version1_read(ctx, instance, copy);
	if (err)
		data_unmap(&copy);
	else
		*data = copy;
	return err;
}

int data_map(struct xdpaction *ctx, const struct instance *instance, bool write,
	     struct xdp_action_data **data)
{
	const struct held_map *map = &instance->maps.data;
	struct xdp_action_data *mapped;
	int err;

	if (instance->version1 && !write)
		return copy_version1(ctx, instance, data);
	if (!all_readable(&instance->maps))
		return fail_version(ctx, instance);

	mapped = mmap(NULL, sizeof(*mapped), write ? PROT_READ | PROT_WRITE : PROT_READ,
		      MAP_SHARED, map->fd, 0);
	if (mapped == MAP_FAILED) {
		err = -errno;
		return fail_on(ctx, instance->chain.link.name, err, NULL,
			       "cannot map the setting: %s", strerror(-err));
	}
	if (mapped->magic != XDP_ACTION_MAGIC || mapped->version != XDP_ACTION_VERSION ||
	    mapped->size != sizeof(*mapped)) {
		data_unmap(&mapped);
		return fail_version(ctx, instance);
	}
	*data = mapped;
	return 0;
}

void data_unmap(struct xdp_action_data **data)
{
	if (*data)
		munmap(*data, sizeof(**data));
	*data = NULL;
}

int instance_claim(struct xdpaction *ctx, const struct instance *instance,
		   struct xdp_action_data *data)
{
	unsigned int ifindex = instance->chain.link.ifindex;
	char old[XDPACTION_PATH_SIZE];
	uint32_t pinned = 0;
	uint64_t netns;
	int err;

	err = netns_inode(ctx, &netns);
	if (err || (data->netns == netns && data->ifindex == ifindex))
		return err;

	err = pins_path_of(ctx, data->netns, data->ifindex, old);
	if (!err)
		err = pinned_data_id(ctx, old, &pinned);
	if (!err && pinned == instance->maps.data.id)
		err = pins_remove(ctx, old);
	if (err)
		return err;
	data->netns = netns;
	data->ifindex = ifindex;
	return 0;
}
