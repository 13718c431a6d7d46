// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * libxdp's directories dispatch-<ifindex>-<id>/. It pins a new dispatcher
 * before it attaches it, and removes the pins of the old one after that; killed
 * in between it leaves one that nothing uses. Its own cleaning goes by the
 * ifindex alone, which repeats in other network namespaces.
 */
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>

#include "bpffs/bpffs.h"
#include "heal/heal.h"

#define DISPATCH_PINS (2 * XDPACTION_CHAIN_MAX)
#define DIR_SIZE (XDPACTION_PATH_SIZE + 64)
#define PIN_SIZE (DIR_SIZE + 32)

static int dir_path(struct xdpaction *ctx, const struct dispatch_dir *dir, char *path, size_t size)
{
	char root[XDPACTION_PATH_SIZE];
	int err = state_dir(ctx, root);

	if (!err)
		snprintf(path, size, "%s/%s-%u-%u", root, dir->trial ? "prog-test-link" : "dispatch",
			 dir->ifindex, dir->dispatcher_id);
	return err;
}

static bool runs_in(const struct chain *chain, uint32_t prog_id)
{
	size_t i;

	for (i = 0; chain && i < chain->count; i++)
		if (chain->members[i].program.id == prog_id)
			return true;
	return false;
}

/* What the programs pinned in a directory are. */
struct contents {
	size_t count;
	size_t ours;		/* xdp_action, for whatever interface */
	size_t running;		/* in the chain of the interface at hand */
	uint32_t data_id;	/* of one of ours */
};

/* The data map of our program in a chain; 0 where it has none. */
static int chain_data_id(struct xdpaction *ctx, const struct chain *chain, uint32_t *data_id)
{
	size_t i;
	int err;

	*data_id = 0;
	for (i = 0; i < chain->count && !*data_id; i++) {
		err = program_is_ours(ctx, &chain->members[i].program, data_id);
		if (err < 0)
			return err;
	}
	return 0;
}

/* The program that a pinned link attaches, for a slot whose other pin is gone already. */
static int linked_program(struct xdpaction *ctx, const char *path, size_t slot,
			  struct program_info *program)
{
	CLEANUP(close_fd) int fd = -1;
	struct bpf_link_info info = { 0 };
	__u32 length = sizeof(info);
	char pin[PIN_SIZE];
	int err;

	snprintf(pin, sizeof(pin), "%s/prog%zu-link", path, slot);
	fd = bpf_obj_get(pin);
	if (fd == -ENOENT)
		return fd;
	err = fd < 0 ? fd : bpf_obj_get_info_by_fd(fd, &info, &length);
	if (err)
		return fail(ctx, err, NULL, "cannot look at the pin %s: %s", pin, strerror(-err));
	return program_info_by_id(ctx, info.prog_id, program);
}

/* -ENOENT, without a recorded error, where nothing is pinned for the slot. */
static int pinned_program(struct xdpaction *ctx, const char *path, size_t slot,
			  struct program_info *program)
{
	CLEANUP(close_fd) int fd = -1;
	char pin[PIN_SIZE];

	snprintf(pin, sizeof(pin), "%s/prog%zu-prog", path, slot);
	fd = bpf_obj_get(pin);
	if (fd == -ENOENT)
		return linked_program(ctx, path, slot, program);
	if (fd < 0)
		return fail(ctx, fd, NULL, "cannot open the pin %s: %s", pin, strerror(-fd));
	return program_info_get(ctx, fd, program);
}

static int look_into(struct xdpaction *ctx, const char *path, const struct chain *chain,
		     struct contents *contents)
{
	struct program_info program;
	size_t i;
	int err;

	memset(contents, 0, sizeof(*contents));
	for (i = 0; i < XDPACTION_CHAIN_MAX; i++) {
		err = pinned_program(ctx, path, i, &program);
		if (err == -ENOENT)
			continue;
		if (err)
			return err;
		contents->count++;
		contents->running += runs_in(chain, program.id);
		err = program_is_ours(ctx, &program, &contents->data_id);
		if (err < 0)
			return err;
		contents->ours += err;
	}
	return 0;
}

int dispatch_dir_concerns_us(struct xdpaction *ctx, struct dispatch_dir *dir,
			     const struct chain *chain, bool *concerns_us)
{
	struct program_info dispatcher;
	struct contents contents;
	char path[DIR_SIZE];
	int err;

	dir->pidns = 0;
	if (dir->trial) {
		*concerns_us = true;
		return 0;
	}

	err = dir_path(ctx, dir, path, sizeof(path));
	if (!err)
		err = look_into(ctx, path, chain, &contents);
	if (err)
		return err;
	if (contents.count) {
		*concerns_us = contents.ours ||
			       (chain && dir->ifindex == chain->link.ifindex &&
				contents.running == contents.count);
		if (*concerns_us && !contents.ours)
			err = chain_data_id(ctx, chain, &contents.data_id);
		if (!err && contents.data_id)
			err = data_pidns(ctx, contents.data_id, &dir->pidns);
		return err;
	}

	/* An empty one is nobody's when its dispatcher is gone, as everybody can see. */
	err = program_info_by_id(ctx, dir->dispatcher_id, &dispatcher);
	*concerns_us = err == -ENOENT;
	return err == -ENOENT ? pidns_inode(ctx, &dir->pidns) : err;
}

int dispatch_dir_remove(struct xdpaction *ctx, const struct dispatch_dir *dir)
{
	static const char *const kinds[] = { "prog", "link" };
	char path[DIR_SIZE], pin[PIN_SIZE];
	size_t i;
	int err;

	err = dir_path(ctx, dir, path, sizeof(path));
	if (err)
		return err;
	for (i = 0; !dir->trial && i < DISPATCH_PINS; i++) {
		snprintf(pin, sizeof(pin), "%s/prog%zu-%s", path, i / 2, kinds[i % 2]);
		if (unlink(pin) && errno != ENOENT) {
			err = -errno;
			return fail(ctx, err, NULL, "cannot remove the pin %s: %s", pin,
				    strerror(-err));
		}
	}
	if ((dir->trial ? unlink(path) : rmdir(path)) && errno != ENOENT) {
		err = -errno;
		return fail(ctx, err, NULL, "cannot remove %s: %s", path, strerror(-err));
	}
	log_line(ctx, XDPACTION_LOG_INFO, "removed %s, which nothing used", path);
	return 0;
}
