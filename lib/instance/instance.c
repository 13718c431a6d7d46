// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Our program in a chain, told by its name and its map, and that map. */
#include <string.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

#include "bpffs/bpffs.h"
#include "instance/instance.h"

struct found_maps {
	uint32_t data_id, data_size, data_flags;
	uint32_t counters_id, targets_id;
};

static int find_maps(struct xdpaction *ctx, const struct program_info *program,
		     struct found_maps *found)
{
	size_t i;
	int err;

	memset(found, 0, sizeof(*found));
	for (i = 0; i < program->map_count; i++) {
		CLEANUP(close_fd) int fd = -1;
		struct bpf_map_info info;

		err = map_open(ctx, program->map_ids[i], &fd, &info);
		if (err)
			return err == -ENOENT ? -EAGAIN : err;
		if (info.type == BPF_MAP_TYPE_ARRAY && !strcmp(info.name, XDP_ACTION_DATA_MAP)) {
			found->data_id = info.id;
			/* No version had more entries; 0 is the size of none. */
			found->data_size = info.max_entries == 1 ? info.value_size : 0;
			found->data_flags = info.map_flags;
		} else if (info.type == BPF_MAP_TYPE_PERCPU_ARRAY &&
			   !strcmp(info.name, XDP_ACTION_COUNTERS_MAP)) {
			found->counters_id = info.id;
		} else if (info.type == BPF_MAP_TYPE_DEVMAP &&
			   !strcmp(info.name, XDP_ACTION_TARGETS_MAP)) {
			found->targets_id = info.id;
		}
	}
	return 0;
}

int program_is_ours(struct xdpaction *ctx, const struct program_info *program, uint32_t *data_id)
{
	struct found_maps found;
	int err;

	if (strcmp(program->name, XDP_ACTION_PROG_NAME))
		return 0;
	err = find_maps(ctx, program, &found);
	if (err)
		return err == -EAGAIN ? 0 : err;
	*data_id = found.data_id;
	return found.data_id != 0;
}

int instance_find(struct xdpaction *ctx, const struct chain *chain, struct instance *instance)
{
	struct found_maps found;
	size_t i;
	int err;

	instance->copies = 0;
	for (i = 0; i < chain->count; i++) {
		if (strcmp(chain->members[i].program.name, XDP_ACTION_PROG_NAME))
			continue;
		err = find_maps(ctx, &chain->members[i].program, &found);
		if (err)
			return err;
		if (!found.data_id || instance->copies++)
			continue;

		instance->chain = *chain;
		instance->self = i;
		instance->data_map_id = found.data_id;
		instance->data_value_size = found.data_size;
		instance->data_map_flags = found.data_flags;
		instance->counters_map_id = found.counters_id;
		instance->targets_map_id = found.targets_id;
	}
	return instance->copies ? 0 : -ENOENT;
}

/* The id of the map that is pinned for the interface; 0 where none is, or it cannot be seen. */
static uint32_t pinned_for(const struct link *link)
{
	char pins[XDPACTION_PATH_SIZE];
	struct xdpaction own = { 0 };
	uint32_t id = 0;

	return pins_path(&own, link->ifindex, pins) || pinned_data_id(&own, pins, &id) ? 0 : id;
}

/* What is there in the place of an instance. */
static int fail_absent(struct xdpaction *ctx, const struct chain *chain)
{
	const char *name = chain->link.name;

	if (chain->link.attached && !chain->dispatcher)
		return fail_attached_bare(ctx, -ENOENT, "xdp-action is not loaded: ", chain);

	if (pinned_for(&chain->link)) {
		fail(ctx, -ENOENT, NULL, "%s: xdp-action is not loaded any more: only its pins are left",
		     name);
		advise(ctx, "'xdp-action load %s' replaces them, 'xdp-action unload %s' removes them",
		       name, name);
	} else {
		fail(ctx, -ENOENT, NULL, "%s: xdp-action is not loaded", name);
		advise(ctx, "load it with 'xdp-action load %s'", name);
	}
	return -ENOENT;
}

int instance_read(struct xdpaction *ctx, const char *name, struct instance *instance)
{
	struct chain chain;
	int i, err;

	for (i = 0; i < 2; i++) {
		err = chain_read(ctx, name, &chain);
		if (err)
			return err;
		err = instance_find(ctx, &chain, instance);
		if (err != -EAGAIN)
			break;
	}
	if (err == -EAGAIN)
		return fail(ctx, -EBUSY, "try again", "%s: others kept changing the chain", name);
	return err == -ENOENT ? fail_absent(ctx, &chain) : err;
}

static int other_version(struct xdpaction *ctx, const struct instance *instance)
{
	return fail(ctx, -EPROTO, "unload it and load it again",
		    "%s: the instance was loaded by another version of xdp-action",
		    instance->chain.link.name);
}

int data_map(struct xdpaction *ctx, const struct instance *instance, bool write,
	     struct xdp_action_data **data)
{
	CLEANUP(close_fd) int fd = -1;
	struct xdp_action_data *mapped;
	struct bpf_map_info info;
	int err;

	if (instance->data_value_size != sizeof(*mapped) ||
	    !(instance->data_map_flags & BPF_F_MMAPABLE))
		return other_version(ctx, instance);

	err = map_open(ctx, instance->data_map_id, &fd, &info);
	if (err == -ENOENT)
		return fail(ctx, err, NULL, "%s: xdp-action was unloaded meanwhile",
			    instance->chain.link.name);
	if (err)
		return err;

	mapped = mmap(NULL, sizeof(*mapped), write ? PROT_READ | PROT_WRITE : PROT_READ,
		      MAP_SHARED, fd, 0);
	if (mapped == MAP_FAILED) {
		err = -errno;
		return fail(ctx, err, NULL, "%s: cannot map the setting: %s",
			    instance->chain.link.name, strerror(-err));
	}
	if (mapped->magic != XDP_ACTION_MAGIC || mapped->version != XDP_ACTION_VERSION ||
	    mapped->size != sizeof(*mapped)) {
		data_unmap(&mapped);
		return other_version(ctx, instance);
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
