// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The namespaces of this thread, by their inode numbers. */
#include <string.h>
#include <sys/stat.h>

#include "kernel/kernel.h"

static int namespace_inode(struct xdpaction *ctx, const char *path, const char *kind,
			   uint64_t *inode)
{
	struct stat namespace;
	int err;

	if (stat(path, &namespace)) {
		err = -errno;
		fail(ctx, err, "mount /proc", "cannot tell the %s namespace: %s", kind,
		     strerror(-err));
		return not_gone(err);
	}
	*inode = namespace.st_ino;
	return 0;
}

int netns_inode(struct xdpaction *ctx, uint64_t *inode)
{
	return namespace_inode(ctx, "/proc/thread-self/ns/net", "network", inode);
}

int pidns_inode(struct xdpaction *ctx, uint64_t *inode)
{
	return namespace_inode(ctx, "/proc/self/ns/pid", "PID", inode);
}
