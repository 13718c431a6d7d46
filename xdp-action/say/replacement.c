// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"

#define FILE_MODE 0644

/* What stands there now; st_mode is 0 where nothing does. */
static int look_at_target(const char *path, struct stat *st)
{
	if (lstat(path, st)) {
		st->st_mode = 0;
		return errno == ENOENT ? 0 : -errno;
	}
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	return S_ISREG(st->st_mode) ? 0 : -EINVAL;
}

/* Who may read the old file may read the new one. */
static int take_over(int fd, const struct stat *old)
{
	if (!old->st_mode)
		return fchmod(fd, FILE_MODE) ? -errno : 0;
	/* In this order: a change of the owner takes bits of the mode away. */
	if (fchown(fd, old->st_uid, old->st_gid) || fchmod(fd, old->st_mode & ALLPERMS))
		return -errno;
	return 0;
}

int replacement_begin(struct replacement *replacement, const char *path)
{
	int length, fd, err;
	struct stat old;

	err = look_at_target(path, &old);
	if (err)
		return err;

	replacement->path = path;
	length = snprintf(replacement->temporary, PATH_MAX, "%s.XXXXXX", path);
	if (length < 0 || length >= PATH_MAX)
		return -ENAMETOOLONG;

	fd = mkostemp(replacement->temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	replacement->out = fdopen(fd, "w");
	err = replacement->out ? take_over(fd, &old) : -errno;
	if (!replacement->out)
		close(fd);
	if (err)
		replacement_abort(replacement);
	return err;
}

int replacement_commit(struct replacement *replacement)
{
	int err = 0;

	errno = 0;
	if (fflush(replacement->out) || ferror(replacement->out))
		err = errno ? -errno : -EIO;
	else if (fsync(fileno(replacement->out)))
		err = -errno;
	if (fclose(replacement->out) && !err)
		err = -errno;
	replacement->out = NULL;

	if (!err && rename(replacement->temporary, replacement->path))
		err = -errno;
	if (err)
		replacement_abort(replacement);
	return err;
}

void replacement_abort(struct replacement *replacement)
{
	if (replacement->out)
		fclose(replacement->out);
	replacement->out = NULL;
	unlink(replacement->temporary);
}
