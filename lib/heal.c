// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * libxdp pins a new dispatcher before it attaches it, and removes the pins of
 * the old one after that. Killed in between, it leaves a directory
 * dispatch-<ifindex>-<id>/ that keeps programs alive and that nothing uses.
 * libxdp's own cleaning goes by the ifindex alone, which repeats in other
 * network namespaces; here a directory goes only when it belongs to the interface
 * for certain and no process holds its dispatcher any more.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "private.h"

#define PINS_MAX (2 * XDPACTION_CHAIN_MAX)

/* Whether a program of the chain now. */
static bool runs_in(const struct chain *chain, uint32_t prog_id)
{
	size_t i;

	for (i = 0; i < chain->count; i++)
		if (chain->members[i].program.id == prog_id)
			return true;
	return false;
}

/* Whether a program is an xdp_action that was loaded for this interface. */
static int loaded_here(struct xdpaction *ctx, const struct chain *chain, int prog_fd, bool *here)
{
	struct xdp_action_data *data = NULL;
	struct instance instance;
	struct chain alone = { .link = chain->link, .count = 1 };
	uint64_t inode;
	int err;

	*here = false;
	err = program_info_get(ctx, prog_fd, &alone.members[0].program);
	if (!err)
		err = netns_inode(ctx, &inode);
	if (!err)
		err = instance_find(ctx, &alone, &instance);
	if (!err)
		err = data_map(ctx, &instance, false, &data);
	if (err == -ENOENT || err == -EPROTO || err == -EAGAIN)
		return 0;
	if (err)
		return err;

	*here = data->netns == inode && data->ifindex == chain->link.ifindex;
	data_unmap(&data);
	return 0;
}

/* Whether the program at a pin proves that the directory is this interface's. */
static int pin_is_here(struct xdpaction *ctx, const struct chain *chain, const char *path,
		       bool *here)
{
	CLEANUP(close_fd) int fd = bpf_obj_get(path);
	struct program_info info;
	int err;

	*here = false;
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fail(ctx, fd, NULL, "cannot open the pin %s: %s", path, strerror(-fd));
	err = program_info_get(ctx, fd, &info);
	if (err)
		return err;
	if (runs_in(chain, info.id)) {
		*here = true;
		return 0;
	}
	return loaded_here(ctx, chain, fd, here);
}

/*
 * A directory belongs to this interface when each program in it runs here now
 * or was loaded for here. An empty one proves nothing, unless its dispatcher
 * is gone altogether.
 */
static int dir_is_here(struct xdpaction *ctx, const struct chain *chain, const char *path,
		       uint32_t dispatcher_id, bool *here)
{
	struct program_info info;
	char pin[XDPACTION_PATH_SIZE + 64];
	size_t i, count = 0;
	bool pin_here;
	int err;

	for (i = 0; i < XDPACTION_CHAIN_MAX; i++) {
		snprintf(pin, sizeof(pin), "%s/prog%zu-prog", path, i);
		if (access(pin, F_OK))
			continue;
		err = pin_is_here(ctx, chain, pin, &pin_here);
		if (err)
			return err;
		if (!pin_here) {
			*here = false;
			return 0;
		}
		count++;
	}
	if (count) {
		*here = true;
		return 0;
	}
	err = program_info_by_id(ctx, dispatcher_id, &info);
	*here = err == -ENOENT;
	return err == -ENOENT ? 0 : err;
}

static int remove_dir(struct xdpaction *ctx, const char *path)
{
	static const char *const kinds[] = { "prog", "link" };
	char pin[XDPACTION_PATH_SIZE + 64];
	size_t i;
	int err;

	for (i = 0; i < PINS_MAX; i++) {
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

static int heal_one(struct xdpaction *ctx, const struct chain *chain, const char *root,
		    const char *name)
{
	unsigned int ifindex, id;
	char path[XDPACTION_PATH_SIZE + 32], end;
	struct link now;
	bool here, held;
	int err;

	if (sscanf(name, "dispatch-%u-%u%c", &ifindex, &id, &end) != 2 ||
	    ifindex != chain->link.ifindex || (chain->dispatcher && id == chain->dispatcher_id))
		return 0;

	snprintf(path, sizeof(path), "%s/dispatch-%u-%u", root, ifindex, id);
	err = dir_is_here(ctx, chain, path, id, &here);
	if (err || !here)
		return err;

	/* Or is somebody about to attach it, or has just done so? */
	err = program_is_held(ctx, id, &held);
	if (!err && !held)
		err = link_by_index(ctx, ifindex, &now);
	if (err || held || now.prog_id == id)
		return err;
	return remove_dir(ctx, path);
}

int heal_dispatch_dirs(struct xdpaction *ctx, const struct chain *chain)
{
	char root[XDPACTION_PATH_SIZE];
	struct dirent *entry;
	DIR *dir;
	int err;

	err = state_dir(ctx, root);
	if (err)
		return err;
	dir = opendir(root);
	if (!dir) {
		err = -errno;
		return err == -ENOENT ? 0 : fail(ctx, err, NULL, "cannot look into %s: %s", root,
						 strerror(-err));
	}
	while (!err && (entry = readdir(dir)))
		err = heal_one(ctx, chain, root, entry->d_name);
	closedir(dir);
	return err;
}
