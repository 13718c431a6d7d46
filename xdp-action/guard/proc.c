// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "session.h"

int proc_open(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int proc_read(pid_t pid, const char *name, char *text, size_t size)
{
	int err, fd = proc_open(pid, name);
	ssize_t length;

	if (fd < 0)
		return fd;
	length = read(fd, text, size - 1);
	err = length < 0 ? -errno : 0;
	close(fd);
	if (!err)
		text[length] = '\0';
	return err;
}

bool proc_is_gone(int err)
{
	return err == -ENOENT || err == -ESRCH;
}
