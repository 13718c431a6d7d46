// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What killed commands and deleted interfaces leave behind: pins that keep
 * programs and maps alive which nothing uses. Removed is only what concerns an
 * xdp_action, or what this interface runs, and only when nothing in the kernel
 * and no process uses it.
 *
 * libxdp pins a new dispatcher before it attaches it, and removes the pins of
 * the old one after that. Its own cleaning goes by the ifindex alone, which
 * repeats in other network namespaces.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "private.h"

#define DISPATCH_PINS (2 * XDPACTION_CHAIN_MAX)
/* Room for the path of a directory below the state directory, and of a pin. */
#define DIR_SIZE (XDPACTION_PATH_SIZE + NAME_MAX + 2)
#define PIN_SIZE (DIR_SIZE + 32)

typedef int (*entry_fn)(struct xdpaction *ctx, const char *path, const char *name,
			const struct chain *chain);

/* Calls fn for each directory; one that is not there has none. */
static int for_each_entry(struct xdpaction *ctx, const char *root, entry_fn fn,
			  const struct chain *chain)
{
	struct dirent *entry;
	char path[DIR_SIZE];
	int err = 0;
	DIR *dir;

	dir = opendir(root);
	if (!dir) {
		err = -errno;
		return err == -ENOENT ? 0 : fail(ctx, err, NULL, "cannot look into %s: %s", root,
						 strerror(-err));
	}
	while (!err && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", root, entry->d_name);
		err = fn(ctx, path, entry->d_name, chain);
	}
	closedir(dir);
	return err;
}

/* ---- dispatch-<ifindex>-<id>/ ---- */

static bool runs_in(const struct chain *chain, uint32_t prog_id)
{
	size_t i;

	for (i = 0; i < chain->count; i++)
		if (chain->members[i].program.id == prog_id)
			return true;
	return false;
}

/* What the programs pinned in a dispatch directory are. */
struct contents {
	size_t count;
	size_t ours;		/* xdp_action, for whatever interface */
	size_t running;		/* in the chain of the interface at hand */
};

static int look_into(struct xdpaction *ctx, const char *path, const struct chain *chain,
		     struct contents *contents)
{
	char pin[PIN_SIZE];
	uint32_t data_id;
	size_t i;
	int err;

	memset(contents, 0, sizeof(*contents));
	for (i = 0; i < XDPACTION_CHAIN_MAX; i++) {
		CLEANUP(close_fd) int fd = -1;
		struct program_info program;

		snprintf(pin, sizeof(pin), "%s/prog%zu-prog", path, i);
		fd = bpf_obj_get(pin);
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return fail(ctx, fd, NULL, "cannot open the pin %s: %s", pin,
				    strerror(-fd));
		err = program_info_get(ctx, fd, &program);
		if (err)
			return err;
		contents->count++;
		contents->running += runs_in(chain, program.id);
		err = program_is_ours(ctx, &program, &data_id);
		if (err < 0)
			return err;
		contents->ours += err;
	}
	return 0;
}

static int remove_dispatch_dir(struct xdpaction *ctx, const char *path)
{
	static const char *const kinds[] = { "prog", "link" };
	char pin[PIN_SIZE];
	size_t i;
	int err;

	for (i = 0; i < DISPATCH_PINS; i++) {
		snprintf(pin, sizeof(pin), "%s/prog%zu-%s", path, i / 2, kinds[i % 2]);
		if (unlink(pin) && errno != ENOENT)
			goto failed;
	}
	snprintf(pin, sizeof(pin), "%s", path);
	if (!rmdir(path) || errno == ENOENT) {
		log_line(ctx, XDPACTION_LOG_INFO, "removed %s, which nothing used", path);
		return 0;
	}
failed:
	err = -errno;
	return fail(ctx, err, NULL, "cannot remove %s: %s", pin, strerror(-err));
}

static int heal_dispatch_dir(struct xdpaction *ctx, const char *path, const char *name,
			     const struct chain *chain)
{
	struct program_info dispatcher;
	struct contents contents;
	unsigned int ifindex, id;
	bool used;
	char end;
	int err;

	if (sscanf(name, "dispatch-%u-%u%c", &ifindex, &id, &end) != 2 ||
	    (chain->dispatcher && id == chain->dispatcher_id))
		return 0;

	err = look_into(ctx, path, chain, &contents);
	if (err)
		return err;
	if (!contents.count) {
		err = program_info_by_id(ctx, id, &dispatcher);
		return err == -ENOENT ? remove_dispatch_dir(ctx, path) : err;
	}
	if (!contents.ours &&
	    (ifindex != chain->link.ifindex || contents.running < contents.count))
		return 0;

	/* Who is about to attach it has it open, and attaches before closing. */
	err = program_is_held(ctx, id, &used);
	if (!err && !used)
		err = program_is_attached(ctx, id, &used);
	return err || used ? err : remove_dispatch_dir(ctx, path);
}

/* ---- xdp-action/<netns>-<ifindex>/ ---- */

/* Whether any program of the kernel uses a map as the data of an xdp_action. */
static int data_is_used(struct xdpaction *ctx, uint32_t map_id, bool *used)
{
	struct program_info program;
	uint32_t data_id;
	__u32 id = 0;
	int err;

	*used = false;
	while (!*used && !(err = bpf_prog_get_next_id(id, &id))) {
		err = program_info_by_id(ctx, id, &program);
		if (err == -ENOENT)
			continue;
		if (!err)
			err = program_is_ours(ctx, &program, &data_id);
		if (err < 0)
			return err;
		*used = err && data_id == map_id;
	}
	if (!*used && err != -ENOENT)
		return fail_kernel(ctx, err, "list the programs of the kernel");
	return 0;
}

static int heal_pins(struct xdpaction *ctx, const char *path, const char *name,
		     const struct chain *chain)
{
	unsigned long long inode;
	unsigned int ifindex;
	uint32_t map_id;
	bool used;
	char end;
	int err;

	(void)chain;
	if (sscanf(name, "%llu-%u%c", &inode, &ifindex, &end) != 2)
		return 0;
	err = pinned_data_id(ctx, path, &map_id);
	if (err)
		return err;
	if (map_id) {
		err = data_is_used(ctx, map_id, &used);
		if (err || used)
			return err;
	}
	err = pins_remove(ctx, path);
	if (!err)
		log_line(ctx, XDPACTION_LOG_INFO, "removed %s, which nothing used", path);
	return err;
}

/* ---- an empty dispatcher ---- */

/* One whose links were removed by hand passes every packet and blocks libxdp. */
static int heal_empty_dispatcher(struct xdpaction *ctx, struct chain *chain)
{
	int err;

	if (!chain->dispatcher || chain->count)
		return 0;
	err = detach_root(ctx, &chain->link);
	if (err)
		return err;
	log_line(ctx, XDPACTION_LOG_INFO, "%s: removed the dispatcher %u, which had lost its programs",
		 chain->link.name, chain->dispatcher_id);
	return chain_read(ctx, chain->link.name, chain);
}

int heal(struct xdpaction *ctx, struct chain *chain)
{
	static const struct chain nothing;
	char path[XDPACTION_PATH_SIZE];
	int err = 0;

	if (chain)
		err = heal_empty_dispatcher(ctx, chain);
	if (!err)
		err = state_dir(ctx, path);
	if (!err)
		err = for_each_entry(ctx, path, heal_dispatch_dir, chain ?: &nothing);
	if (!err)
		err = root_path(ctx, path);
	if (!err)
		err = for_each_entry(ctx, path, heal_pins, chain ?: &nothing);
	return err;
}
