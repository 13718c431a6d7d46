// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Whether a program is attached to an interface of any network namespace that
 * can be reached: the named ones and those of all processes.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "private.h"

struct search {
	uint32_t prog_id;
	bool found;
	ino_t *seen;
	size_t count, room;
};

static int compare_link(struct xdpaction *ctx, const struct link *link, void *data)
{
	struct search *search = data;

	(void)ctx;
	if (link->attached && link->prog_id == search->prog_id)
		search->found = true;
	return 0;
}

/* *first: it is looked at for the first time. */
static int remember(struct xdpaction *ctx, struct search *search, ino_t inode, bool *first)
{
	ino_t *grown;
	size_t i;

	*first = false;
	for (i = 0; i < search->count; i++)
		if (search->seen[i] == inode)
			return 0;
	if (search->count == search->room) {
		search->room = search->room ? 2 * search->room : 16;
		grown = realloc(search->seen, search->room * sizeof(*grown));
		if (!grown)
			return fail(ctx, -ENOMEM, NULL, "out of memory");
		search->seen = grown;
	}
	search->seen[search->count++] = inode;
	*first = true;
	return 0;
}

/* A namespace that went away meanwhile, or is closed to us, is passed over. */
static int search_netns(struct xdpaction *ctx, struct search *search, const char *path)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	bool first;
	int err;

	if (fd < 0 || fstat(fd, &stat))
		return 0;
	err = remember(ctx, search, stat.st_ino, &first);
	if (err || !first || setns(fd, CLONE_NEWNET))
		return err;
	return link_for_each(ctx, compare_link, search);
}

static int search_dir(struct xdpaction *ctx, struct search *search, const char *dir,
		      const char *suffix)
{
	char path[2 * NAME_MAX];
	struct dirent *entry;
	DIR *entries;
	int err = 0;

	entries = opendir(dir);
	if (!entries)
		return 0;
	while (!err && !search->found && (entry = readdir(entries))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s%s", dir, entry->d_name, suffix);
		err = search_netns(ctx, search, path);
	}
	closedir(entries);
	return err;
}

int program_is_attached(struct xdpaction *ctx, uint32_t id, bool *attached)
{
	struct search search = { .prog_id = id };
	CLEANUP(close_fd) int own = -1;
	int err;

	own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own < 0) {
		err = -errno;
		return fail(ctx, err, "mount /proc", "cannot open the network namespace: %s",
			    strerror(-err));
	}

	err = search_netns(ctx, &search, "/proc/thread-self/ns/net");
	if (!err && !search.found)
		err = search_dir(ctx, &search, "/run/netns", "");
	if (!err && !search.found)
		err = search_dir(ctx, &search, "/proc", "/ns/net");
	free(search.seen);

	if (setns(own, CLONE_NEWNET)) {
		err = -errno;
		return fail(ctx, err, NULL, "cannot go back to the network namespace: %s",
			    strerror(-err));
	}
	*attached = search.found;
	return err;
}
