// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The network namespace of this thread, by its inode number. */
#include <string.h>
#include <sys/stat.h>

#include "kernel/kernel.h"

int netns_inode(struct xdpaction *ctx, uint64_t *inode)
{
	struct stat namespace;
	int err;

	if (stat("/proc/thread-self/ns/net", &namespace)) {
		err = -errno;
		fail(ctx, err, "mount /proc", "cannot tell the network namespace: %s",
		     strerror(-err));
		return not_gone(err);
	}
	*inode = namespace.st_ino;
	return 0;
}
