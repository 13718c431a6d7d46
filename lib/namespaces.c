// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Which programs are attached to the interfaces of all network namespaces that
 * can be reached: the named ones and those of all processes.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "private.h"

struct tour {
	struct ids *attached;
	struct ids seen;	/* inodes of namespaces */
};

static int add_attached(struct xdpaction *ctx, const struct link *link, void *data)
{
	return link->attached ? ids_add(ctx, data, link->prog_id) : 0;
}

/* A namespace that went away meanwhile, or is closed to us, is passed over. */
static int visit(struct xdpaction *ctx, struct tour *tour, const char *path)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	int err;

	if (fd < 0 || fstat(fd, &stat) || ids_have(&tour->seen, stat.st_ino))
		return 0;
	err = ids_add(ctx, &tour->seen, stat.st_ino);
	if (err || setns(fd, CLONE_NEWNET))
		return err;
	return link_for_each(ctx, add_attached, tour->attached);
}

static int visit_all(struct xdpaction *ctx, struct tour *tour, const char *dir,
		     const char *suffix)
{
	char path[2 * NAME_MAX];
	struct dirent *entry;
	DIR *entries;
	int err = 0;

	entries = opendir(dir);
	if (!entries)
		return 0;
	while (!err && (entry = readdir(entries))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s%s", dir, entry->d_name, suffix);
		err = visit(ctx, tour, path);
	}
	closedir(entries);
	return err;
}

int programs_attached(struct xdpaction *ctx, struct ids *ids)
{
	struct tour tour = { .attached = ids };
	CLEANUP(close_fd) int own = -1;
	int err;

	own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own < 0) {
		err = -errno;
		return fail(ctx, err, "mount /proc", "cannot open the network namespace: %s",
			    strerror(-err));
	}

	err = visit(ctx, &tour, "/proc/thread-self/ns/net");
	if (!err)
		err = visit_all(ctx, &tour, "/run/netns", "");
	if (!err)
		err = visit_all(ctx, &tour, "/proc", "/ns/net");
	ids_free(&tour.seen);

	if (setns(own, CLONE_NEWNET)) {
		err = -errno;
		return fail(ctx, err, NULL, "cannot go back to the network namespace: %s",
			    strerror(-err));
	}
	return err;
}
