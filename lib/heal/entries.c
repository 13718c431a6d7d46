// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Reads directories, and tells their end from an error. */
#include <dirent.h>
#include <string.h>

#include "heal/heal.h"

int entries_each(struct xdpaction *ctx, const char *path, entry_fn fn, void *data)
{
	const struct dirent *entry = NULL;
	DIR *dir = opendir(path);
	int err = 0;

	while (dir && !err) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		err = fn(ctx, entry->d_name, data);
	}
	if (!err && !entry && errno && (dir || errno != ENOENT)) {
		err = -errno;
		fail(ctx, err, err == -EACCES ? "run it as root" : NULL, "cannot look into %s: %s",
		     path, strerror(-err));
	}
	if (dir)
		closedir(dir);
	return err;
}
