// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Which programs processes have open, by /proc. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "heal/heal.h"

#define PROG_LINK "anon_inode:bpf-prog"

struct search {
	struct ids *ids;
	bool *hidden;
	const char *pid;
};

/* A process that ends meanwhile has nothing open any more. */
static void note_hidden(struct search *search, int err)
{
	*search->hidden |= err && !error_is_absence(err);
}

static int add_fd(struct xdpaction *ctx, const char *fd, void *data)
{
	char path[NAME_MAX * 2], target[64], line[128];
	struct search *search = data;
	uint32_t prog_id;
	ssize_t length;
	int err = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/%s/fd/%s", search->pid, fd);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0) {
		note_hidden(search, -errno);
		return 0;
	}
	target[length] = '\0';
	if (strcmp(target, PROG_LINK))
		return 0;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", search->pid, fd);
	info = fopen(path, "re");
	if (!info) {
		note_hidden(search, -errno);
		return 0;
	}
	errno = 0;
	while (!err && fgets(line, sizeof(line), info))
		if (sscanf(line, "prog_id: %u", &prog_id) == 1)
			err = ids_add(ctx, search->ids, prog_id);
	if (ferror(info))
		note_hidden(search, errno ? -errno : -EIO);
	fclose(info);
	return err;
}

static int add_process(struct xdpaction *ctx, const char *pid, void *data)
{
	struct search *search = data;
	char path[NAME_MAX + 16];
	int unread, err;

	if (!isdigit((unsigned char)pid[0]))
		return 0;
	search->pid = pid;
	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	err = entries_read(ctx, path, add_fd, search, &unread);
	note_hidden(search, unread);
	return err;
}

int programs_held(struct xdpaction *ctx, struct ids *ids, bool *hidden)
{
	struct search search = { .ids = ids, .hidden = hidden };
	int unread, err;

	err = entries_read(ctx, "/proc", add_process, &search, &unread);
	if (!err && unread)
		return fail(ctx, unread, "mount /proc", "cannot read /proc: %s", strerror(-unread));
	return err;
}
