// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The pin directory of an instance. It is a handle on the instance and never proof of it. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>

#include "bpffs/bpffs.h"
#include "instance/instance.h"

static const char *const pin_names[] = {
	XDP_ACTION_PIN_DATA,
	XDP_ACTION_PIN_COUNTERS,
	XDP_ACTION_PIN_TARGETS,
};
_Static_assert(ARRAY_SIZE(pin_names) == PINS_COUNT, "an id for each pin");

static void pin_path(char *buffer, size_t size, const char *dir, const char *name)
{
	snprintf(buffer, size, "%s/%s", dir, name);
}

int pins_remove(struct xdpaction *ctx, const char *path)
{
	char pin[PATH_MAX];
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(pin_names); i++) {
		pin_path(pin, sizeof(pin), path, pin_names[i]);
		if (unlink(pin) && errno != ENOENT && errno != ENOTDIR) {
			err = -errno;
			return fail(ctx, err, NULL, "cannot remove the pin %s: %s", pin,
				    strerror(-err));
		}
	}
	if (rmdir(path) && errno != ENOENT) {
		err = -errno;
		return fail(ctx, err, "look into it, and remove what is there",
			    "cannot remove the directory %s: %s", path, strerror(-err));
	}
	return 0;
}

int pin_open(const char *dir, const char *name, int *fd, struct bpf_map_info *info)
{
	__u32 length = sizeof(*info);
	char path[PATH_MAX];
	int err, new;

	pin_path(path, sizeof(path), dir, name);
	new = bpf_obj_get(path);
	if (new < 0)
		return new;

	memset(info, 0, sizeof(*info));
	err = bpf_obj_get_info_by_fd(new, info, &length);
	if (err) {
		close(new);
		return err;
	}
	*fd = new;
	return 0;
}

/* The id of the map at a pin; 0 where there is none. */
static int pinned_map_id(struct xdpaction *ctx, const char *dir, const char *name, uint32_t *id)
{
	/* Open it so that it can be read where the bpffs is mounted read-only. */
	LIBBPF_OPTS(bpf_obj_get_opts, read_only, .file_flags = BPF_F_RDONLY);
	CLEANUP(close_fd) int fd = -1;
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);
	char path[PATH_MAX];
	int err;

	pin_path(path, sizeof(path), dir, name);
	fd = bpf_obj_get_opts(path, &read_only);
	if (fd == -ENOENT || fd == -ENOTDIR) {
		*id = 0;
		return 0;
	}
	if (fd < 0)
		return fail(ctx, fd, NULL, "cannot open the pin %s: %s", path, strerror(-fd));

	err = bpf_obj_get_info_by_fd(fd, &info, &length);
	if (err)
		return fail(ctx, err, NULL, "cannot look at the pin %s: %s", path, strerror(-err));
	*id = info.id;
	return 0;
}

int pinned_data_id(struct xdpaction *ctx, const char *dir, uint32_t *id)
{
	return pinned_map_id(ctx, dir, XDP_ACTION_PIN_DATA, id);
}

int pinned_map_ids(struct xdpaction *ctx, const char *dir, uint32_t ids[PINS_COUNT])
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < PINS_COUNT; i++)
		err = pinned_map_id(ctx, dir, pin_names[i], &ids[i]);
	return err;
}

/* Which map belongs at which pin. */
static const struct held_map *wanted_map(const struct instance *instance, const char *name)
{
	if (!strcmp(name, XDP_ACTION_PIN_DATA))
		return &instance->maps.data;
	if (!strcmp(name, XDP_ACTION_PIN_COUNTERS))
		return &instance->maps.counters;
	return &instance->maps.targets;
}

int pins_check(struct xdpaction *ctx, const struct instance *instance, const char *pins,
	       enum pins_state *state)
{
	enum pins_state worst = PINS_GOOD;
	const struct held_map *wanted;
	uint32_t id;
	int err = 0;
	size_t i;

	for (i = 0; !err && i < ARRAY_SIZE(pin_names); i++) {
		wanted = wanted_map(instance, pin_names[i]);
		if (wanted->pinned)
			continue;
		err = pinned_map_id(ctx, pins, pin_names[i], &id);
		if (err || id == wanted->id)
			continue;
		if (id)
			worst = PINS_STALE;
		else if (worst == PINS_GOOD)
			worst = PINS_MISSING;
	}
	if (!err)
		*state = worst;
	return err;
}

static int pin_one(struct xdpaction *ctx, const char *dir, const char *name,
		   const struct held_map *map)
{
	char path[PATH_MAX];
	uint32_t id;
	int err;

	if (map->pinned)
		return 0;
	err = pinned_map_id(ctx, dir, name, &id);
	if (err || id == map->id || !map->id)
		return err;

	pin_path(path, sizeof(path), dir, name);
	if (id && unlink(path)) {
		err = -errno;
		return fail(ctx, err, NULL, "cannot remove the pin %s: %s", path, strerror(-err));
	}
	err = bpf_obj_pin(map->fd, path);
	if (err)
		return fail(ctx, err, NULL, "cannot pin %s: %s", path, strerror(-err));
	return 0;
}

int pins_adopt(struct xdpaction *ctx, const struct instance *instance)
{
	char path[XDPACTION_PATH_SIZE];
	size_t i;
	int err;

	err = pins_path(ctx, instance->chain.link.ifindex, path);
	if (!err)
		err = dir_make(ctx, path);
	for (i = 0; !err && i < ARRAY_SIZE(pin_names); i++)
		err = pin_one(ctx, path, pin_names[i], wanted_map(instance, pin_names[i]));
	return err;
}
