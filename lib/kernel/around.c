// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Interfaces around one whose programs stand in the way of a change. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/kernel.h"

#define SYSFS_LINK "/sys/class/net/"
#define UPPER "upper_"

struct way_search {
	const struct link *link;
	bool ports;
	struct link *found;
};

static bool is_above(const struct link *other, const struct link *link)
{
	return link->master_ifindex == other->ifindex ||
	       (strcmp(other->kind, "veth") && other->peer_netns == PEER_HERE &&
		other->peer_ifindex == link->ifindex && other->ifindex != link->ifindex);
}

static int note_in_way(struct xdpaction *ctx, const struct link *other, void *data)
{
	struct way_search *search = data;

	(void)ctx;
	if (other->attached &&
	    (is_above(other, search->link) ||
	     (search->ports && other->master_ifindex == search->link->ifindex)))
		*search->found = *other;
	return 0;
}

int link_find_in_way(struct xdpaction *ctx, const struct link *link, bool ports,
		     struct link *found)
{
	struct way_search search = { .link = link, .ports = ports, .found = found };

	memset(found, 0, sizeof(*found));
	return not_gone(link_for_each(ctx, note_in_way, &search));
}

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Whether it is the directory of this interface; a sysfs may show another namespace. */
static bool is_of(DIR *dir, const struct link *link)
{
	CLEANUP(close_fd) int fd = openat(dirfd(dir), "ifindex", O_RDONLY | O_CLOEXEC);
	char text[16] = "";

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 &&
	       strtoul(text, NULL, 10) == link->ifindex;
}

/* An interface that has gone meanwhile is in nobody's way. */
static int look_above(struct xdpaction *ctx, const char *name, struct way_search *search)
{
	struct link other;
	int err = link_by_name(ctx, name, &other);

	if (err == -ENODEV) {
		forget_error(ctx);
		return 0;
	}
	return err ? err : note_in_way(ctx, &other, search);
}

/* *whole: sysfs names all interfaces above it. */
static int find_above(struct xdpaction *ctx, struct way_search *search, bool *whole)
{
	char path[sizeof(SYSFS_LINK) + IFNAMSIZ];
	CLEANUP(close_dir) DIR *dir = NULL;
	const struct dirent *entry;
	int err;

	*whole = false;
	snprintf(path, sizeof(path), SYSFS_LINK "%s", search->link->name);
	dir = opendir(path);
	if (!dir || !is_of(dir, search->link))
		return 0;
	while (errno = 0, (entry = readdir(dir))) {
		if (strncmp(entry->d_name, UPPER, strlen(UPPER)))
			continue;
		err = look_above(ctx, entry->d_name + strlen(UPPER), search);
		if (err)
			return not_gone(err);
	}
	*whole = !errno;
	return 0;
}

int link_find_above(struct xdpaction *ctx, const struct link *link, struct link *found)
{
	struct way_search search = { .link = link, .found = found };
	bool whole;
	int err;

	memset(found, 0, sizeof(*found));
	err = find_above(ctx, &search, &whole);
	return err || whole ? err : link_find_in_way(ctx, link, false, found);
}
