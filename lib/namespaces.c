// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Which programs are attached to the interfaces of all network namespaces that
 * can be reached: those of all processes, and the named ones, which may have no
 * process and whose names may stand in the mount namespace of a process only.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "private.h"

struct tour {
	struct ids *attached;
	bool *hidden;
	struct ids seen;	/* inodes of namespaces of either kind */
};

typedef int (*visit_fn)(struct xdpaction *ctx, struct tour *tour, const char *path);

static int add_attached(struct xdpaction *ctx, const struct link *link, void *data)
{
	return link->attached ? ids_add(ctx, data, link->prog_id) : 0;
}

static void note_hidden(struct tour *tour)
{
	*tour->hidden |= errno == EACCES || errno == EPERM;
}

/* A namespace that went away meanwhile is passed over. */
static int visit_netns(struct xdpaction *ctx, struct tour *tour, const char *path)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	int err;

	if (fd < 0 || fstat(fd, &stat)) {
		note_hidden(tour);
		return 0;
	}
	if (ids_have(&tour->seen, stat.st_ino))
		return 0;
	err = ids_add(ctx, &tour->seen, stat.st_ino);
	if (err)
		return err;
	if (setns(fd, CLONE_NEWNET)) {
		note_hidden(tour);
		return 0;
	}
	return link_for_each(ctx, add_attached, tour->attached);
}

static int visit_all(struct xdpaction *ctx, struct tour *tour, const char *dir, visit_fn fn)
{
	char path[2 * PATH_MAX];
	struct dirent *entry;
	DIR *entries;
	int err = 0;

	entries = opendir(dir);
	if (!entries) {
		note_hidden(tour);
		return 0;
	}
	while (!err && (entry = readdir(entries))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		err = fn(ctx, tour, path);
	}
	closedir(entries);
	return err;
}

/* `path` is an entry of /proc. */
static int visit_process(struct xdpaction *ctx, struct tour *tour, const char *path)
{
	char part[PATH_MAX];
	struct stat stat_mnt;
	int err;

	if (!isdigit((unsigned char)path[strlen("/proc/")]))
		return 0;
	snprintf(part, sizeof(part), "%s/ns/net", path);
	err = visit_netns(ctx, tour, part);
	if (err)
		return err;

	snprintf(part, sizeof(part), "%s/ns/mnt", path);
	if (stat(part, &stat_mnt)) {
		note_hidden(tour);
		return 0;
	}
	if (ids_have(&tour->seen, stat_mnt.st_ino))
		return 0;
	err = ids_add(ctx, &tour->seen, stat_mnt.st_ino);
	if (err)
		return err;
	snprintf(part, sizeof(part), "%s/root/run/netns", path);
	return visit_all(ctx, tour, part, visit_netns);
}

int programs_attached(struct xdpaction *ctx, struct ids *ids, bool *hidden)
{
	struct tour tour = { .attached = ids, .hidden = hidden };
	CLEANUP(close_fd) int own = -1;
	int err;

	own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own < 0) {
		err = -errno;
		return fail(ctx, err, "mount /proc", "cannot open the network namespace: %s",
			    strerror(-err));
	}

	err = visit_netns(ctx, &tour, "/proc/thread-self/ns/net");
	if (!err)
		err = visit_all(ctx, &tour, "/proc", visit_process);
	ids_free(&tour.seen);

	if (setns(own, CLONE_NEWNET)) {
		err = -errno;
		return fail(ctx, err, NULL, "cannot go back to the network namespace: %s",
			    strerror(-err));
	}
	return err;
}
