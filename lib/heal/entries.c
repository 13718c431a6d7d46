// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Directories, whose end is not to be taken for an error, nor the other way round. */
#include <dirent.h>

#include "heal/heal.h"

int entries_read(struct xdpaction *ctx, const char *path, entry_fn fn, void *data, int *unread)
{
	const struct dirent *entry;
	int err = 0;
	DIR *dir;

	dir = opendir(path);
	*unread = dir ? 0 : -errno;
	while (dir && !err) {
		errno = 0;
		entry = readdir(dir);
		if (!entry) {
			*unread = -errno;
			break;
		}
		if (entry->d_name[0] != '.')
			err = fn(ctx, entry->d_name, data);
	}
	if (dir)
		closedir(dir);
	return err;
}
