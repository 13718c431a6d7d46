// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Paths in the bpffs. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "bpffs/bpffs.h"
#include "kernel/kernel.h"

#define BPFFS_ENV "LIBXDP_BPFFS"
#define BPFFS_DEFAULT "/sys/fs/bpf"

static const char *bpffs(void)
{
	return secure_getenv(BPFFS_ENV) ?: BPFFS_DEFAULT;
}

int bpffs_check_writable(struct xdpaction *ctx, const char *ifname)
{
	struct statvfs fs;

	if (statvfs(bpffs(), &fs) || !(fs.f_flag & ST_RDONLY))
		return 0;
	return fail_on(ctx, ifname, -EROFS, "mount it writable, with 'mount -o remount,rw'",
		       "nothing can be pinned: the bpffs at %s is mounted read-only", bpffs());
}

int state_dir(struct xdpaction *ctx, char path[XDPACTION_PATH_SIZE])
{
	struct statfs fs = { 0 };
	int length, err;

	if (statfs(bpffs(), &fs)) {
		err = -errno;
		if (err != -ENOENT && err != -ENOTDIR)
			return fail(ctx, err, NULL, "cannot look at %s: %s", bpffs(),
				    strerror(-err));
	}
	if (fs.f_type != BPF_FS_MAGIC && secure_getenv(BPFFS_ENV))
		return fail(ctx, -ENOTDIR, "correct it, or unset it",
			    "no bpffs is mounted at '%s', which " BPFFS_ENV " names", bpffs());
	if (fs.f_type != BPF_FS_MAGIC) {
		fail(ctx, -ENOTDIR, NULL, "no bpffs is mounted at %s", bpffs());
		advise(ctx, "mount it with 'mount -t bpf bpf %s'", bpffs());
		name_advice(ctx, XDPACTION_ADVICE_NO_BPFFS);
		return -ENOTDIR;
	}
	length = snprintf(path, XDPACTION_PATH_SIZE, "%s/xdp", bpffs());
	/* Room for a pin directory below it. */
	if (length < 0 || length > XDPACTION_PATH_SIZE - 64) {
		err = -ENAMETOOLONG;
		return fail(ctx, err, NULL, "the path of the bpffs, %s, is too long", bpffs());
	}
	return 0;
}

int root_path(struct xdpaction *ctx, char path[XDPACTION_PATH_SIZE])
{
	int err = state_dir(ctx, path);

	if (!err)
		strcat(path, "/xdp-action");
	return err;
}

int dir_make(struct xdpaction *ctx, const char *path)
{
	int err;

	if (!mkdir(path, S_IRWXU) || errno == EEXIST)
		return 0;
	err = -errno;
	return fail(ctx, err,
		    err == -EROFS  ? "mount the bpffs writable" :
		    err == -EACCES ? "run it as root" :
				     NULL,
		    "cannot make the directory %s: %s", path, strerror(-err));
}

int pins_path_of(struct xdpaction *ctx, uint64_t netns, unsigned int ifindex,
		 char path[XDPACTION_PATH_SIZE])
{
	size_t length;
	int err;

	err = root_path(ctx, path);
	if (err)
		return err;
	length = strlen(path);
	snprintf(path + length, XDPACTION_PATH_SIZE - length, "/%" PRIu64 "-%u", netns, ifindex);
	return 0;
}

int pins_path(struct xdpaction *ctx, unsigned int ifindex, char path[XDPACTION_PATH_SIZE])
{
	uint64_t netns;
	int err = netns_inode(ctx, &netns);

	return err ? err : pins_path_of(ctx, netns, ifindex, path);
}
