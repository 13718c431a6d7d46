// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Instances of version 1, from before 0.1.0. Their data is what ours begins with, up
 * to `more`; what stood there in `pad1` and in `match` of a slot means nothing now.
 * Their counters and targets have our form.
 */
#include <string.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

#include "instance/instance.h"

#define VERSION1 1
#define VERSION1_SIZE offsetof(struct xdp_action_data, more)
#define VERSION1_FLAGS (XDP_ACTION_F_PROBABILITY | XDP_ACTION_F_TEMPORARY)
_Static_assert(VERSION1_SIZE == 128 + 64 * 32, "the size of the data in version 1");

static bool has_size(int fd)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &length) &&
	       info.type == BPF_MAP_TYPE_ARRAY && info.value_size == VERSION1_SIZE &&
	       info.max_entries == 1 && info.map_flags & BPF_F_MMAPABLE;
}

/* A word with what only later versions know gave ABORTED. */
static uint64_t known_word(uint64_t word)
{
	uint32_t flags = word >> XDP_ACTION_FLAGS_SHIFT & 0xff;

	return flags & ~VERSION1_FLAGS ? XDP_ABORTED : word;
}

/* Copies what a program of version 1 and its writers may change meanwhile. */
static void copy_data(struct xdp_action_data *to, const struct xdp_action_data *from)
{
	uint64_t word;
	size_t i;

	do {
		word = __atomic_load_n(&from->action, __ATOMIC_ACQUIRE);
		memcpy(to, from, VERSION1_SIZE);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (word != __atomic_load_n(&from->action, __ATOMIC_RELAXED));

	to->action = known_word(word);
	to->quiet = 0;
	memset(to->pad1, 0, sizeof(to->pad1));
	for (i = 0; i < XDP_ACTION_SLOTS; i++) {
		to->slots[i].base = known_word(to->slots[i].base);
		memset(to->slots[i].match, 0, sizeof(to->slots[i].match));
	}
}

static int map_data(const struct instance_maps *maps, struct xdp_action_data **data)
{
	struct xdp_action_data *mapped;

	mapped = mmap(NULL, VERSION1_SIZE, PROT_READ, MAP_SHARED, maps->data.fd, 0);
	if (mapped == MAP_FAILED)
		return -errno;
	*data = mapped;
	return 0;
}

static void unmap_data(struct xdp_action_data **data)
{
	if (*data)
		munmap(*data, VERSION1_SIZE);
}

bool version1_has(const struct instance_maps *maps)
{
	CLEANUP(unmap_data) struct xdp_action_data *data = NULL;

	return maps->data.id && maps->counters.readable && maps->targets.readable &&
	       has_size(maps->data.fd) && !map_data(maps, &data) &&
	       data->magic == XDP_ACTION_MAGIC && data->version == VERSION1 &&
	       data->size == VERSION1_SIZE;
}

int version1_read(struct xdpaction *ctx, const struct instance *instance,
		  struct xdp_action_data *data)
{
	CLEANUP(unmap_data) struct xdp_action_data *mapped = NULL;
	int err = map_data(&instance->maps, &mapped);

	if (err)
		return fail_on(ctx, instance->chain.link.name, err, NULL,
			       "cannot map the setting: %s", strerror(-err));
	copy_data(data, mapped);
	return 0;
}
