// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Which programs are attached to the interfaces of all network namespaces that
 * can be reached: those of all processes, and the named ones, which may have no
 * process and whose names may stand in the mount namespace of a process only.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "heal/heal.h"

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

/* What went away meanwhile is passed over. */
static void note_hidden(struct tour *tour, int err)
{
	*tour->hidden |= err && !error_is_absence(err);
}

static int visit_netns(struct xdpaction *ctx, struct tour *tour, const char *path)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	int err;

	if (fd < 0 || fstat(fd, &stat)) {
		note_hidden(tour, -errno);
		return 0;
	}
	if (ids_have(&tour->seen, stat.st_ino))
		return 0;
	err = ids_add(ctx, &tour->seen, stat.st_ino);
	if (err)
		return err;
	if (setns(fd, CLONE_NEWNET)) {
		/* A name in /run/netns that lost its namespace is a plain file. */
		note_hidden(tour, errno == EINVAL ? 0 : -errno);
		return 0;
	}
	return link_for_each(ctx, add_attached, tour->attached);
}

struct visit {
	struct tour *tour;
	const char *dir;
	visit_fn fn;
};

static int visit_entry(struct xdpaction *ctx, const char *name, void *data)
{
	const struct visit *visit = data;
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", visit->dir, name);
	return visit->fn(ctx, visit->tour, path);
}

static int visit_all(struct xdpaction *ctx, struct tour *tour, const char *dir, visit_fn fn)
{
	struct visit visit = { .tour = tour, .dir = dir, .fn = fn };
	int unread, err;

	err = entries_read(ctx, dir, visit_entry, &visit, &unread);
	note_hidden(tour, unread);
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
		note_hidden(tour, -errno);
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
