// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Which programs processes have open, by /proc. */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define PROG_LINK "anon_inode:bpf-prog"

/* A process that ends meanwhile has nothing open any more. */
static int add_fd(struct xdpaction *ctx, struct ids *ids, const char *pid, const char *fd)
{
	char path[NAME_MAX * 2], target[64], line[128];
	uint32_t prog_id;
	ssize_t length;
	int err = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid, fd);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return 0;
	target[length] = '\0';
	if (strcmp(target, PROG_LINK))
		return 0;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, fd);
	info = fopen(path, "re");
	if (!info)
		return 0;
	while (!err && fgets(line, sizeof(line), info))
		if (sscanf(line, "prog_id: %u", &prog_id) == 1)
			err = ids_add(ctx, ids, prog_id);
	fclose(info);
	return err;
}

static int add_process(struct xdpaction *ctx, struct ids *ids, const char *pid, bool *hidden)
{
	char path[NAME_MAX + 16];
	struct dirent *entry;
	int err = 0;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	fds = opendir(path);
	if (!fds) {
		*hidden |= errno == EACCES || errno == EPERM;
		return 0;
	}
	while (!err && (entry = readdir(fds)))
		if (isdigit((unsigned char)entry->d_name[0]))
			err = add_fd(ctx, ids, pid, entry->d_name);
	closedir(fds);
	return err;
}

int programs_held(struct xdpaction *ctx, struct ids *ids, bool *hidden)
{
	struct dirent *entry;
	DIR *processes;
	int err = 0;

	processes = opendir("/proc");
	if (!processes) {
		err = -errno;
		return fail(ctx, err, "mount /proc", "cannot read /proc: %s", strerror(-err));
	}
	while (!err && (entry = readdir(processes)))
		if (isdigit((unsigned char)entry->d_name[0]))
			err = add_process(ctx, ids, entry->d_name, hidden);
	closedir(processes);
	return err;
}
