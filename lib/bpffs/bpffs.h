/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Where things stand in the bpffs, and the lock that stands there too. */
#ifndef XDPACTION_BPFFS_H
#define XDPACTION_BPFFS_H

#include "context.h"

/* ---- paths.c ---- */

/* <bpffs>/xdp, which is libxdp's. -ENOTDIR, with advice, without a bpffs. */
int state_dir(struct xdpaction *ctx, char path[XDPACTION_PATH_SIZE]);
/* -EROFS where libxdp can keep no pins. */
int bpffs_check_writable(struct xdpaction *ctx, const char *ifname);
/* The directory above the pin directories, which is the lock too. */
int root_path(struct xdpaction *ctx, char path[XDPACTION_PATH_SIZE]);
/* The directory of the pins of an interface, in the current namespace. */
int pins_path(struct xdpaction *ctx, unsigned int ifindex, char path[XDPACTION_PATH_SIZE]);
int pins_path_of(struct xdpaction *ctx, uint64_t netns, unsigned int ifindex,
		 char path[XDPACTION_PATH_SIZE]);
/* Makes a directory, 0700; there already is fine. */
int dir_make(struct xdpaction *ctx, const char *path);

/* ---- lock.c: writers exclude each other ---- */

/*
 * Takes the lock of all writers, making the directory where it is missing.
 * Give *fd to lock_drop(), which removes the directory when it is empty.
 * -ETIMEDOUT names who holds it.
 */
int lock_take(struct xdpaction *ctx, int *fd);
void lock_drop(int *fd);
/* Whether a writer is at work just now, or that cannot be told. Waits for nobody, makes nothing. */
bool lock_is_taken(struct xdpaction *ctx);
/* -ETIMEDOUT: libxdp has waited for its own lock, on its directory, for so long. */
int fail_libxdp_locked(struct xdpaction *ctx, const char *ifname, long long seconds);

#endif /* XDPACTION_BPFFS_H */
