// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Who has a program open, by /proc. */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define PROG_LINK "anon_inode:bpf-prog"

static bool fd_holds(const char *pid, const char *fd, uint32_t id)
{
	char path[NAME_MAX * 2], target[64], line[128];
	bool holds = false;
	uint32_t prog_id;
	ssize_t length;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid, fd);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	if (strcmp(target, PROG_LINK))
		return false;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, fd);
	info = fopen(path, "re");
	if (!info)
		return false;
	while (!holds && fgets(line, sizeof(line), info))
		holds = sscanf(line, "prog_id: %u", &prog_id) == 1 && prog_id == id;
	fclose(info);
	return holds;
}

static bool process_holds(const char *pid, uint32_t id)
{
	char path[NAME_MAX + 16];
	struct dirent *entry;
	bool holds = false;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	fds = opendir(path);
	if (!fds)
		return false;
	while (!holds && (entry = readdir(fds)))
		if (isdigit((unsigned char)entry->d_name[0]))
			holds = fd_holds(pid, entry->d_name, id);
	closedir(fds);
	return holds;
}

int program_is_held(struct xdpaction *ctx, uint32_t id, bool *held)
{
	struct dirent *entry;
	DIR *processes;
	int err;

	processes = opendir("/proc");
	if (!processes) {
		err = -errno;
		return fail(ctx, err, "mount /proc", "cannot read /proc: %s", strerror(-err));
	}
	*held = false;
	while (!*held && (entry = readdir(processes)))
		if (isdigit((unsigned char)entry->d_name[0]))
			*held = process_holds(entry->d_name, id);
	closedir(processes);
	return 0;
}
