/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Paths in the bpffs, and the lock, which is there too. */
#ifndef XDPACTION_BPFFS_H
#define XDPACTION_BPFFS_H

#include "context.h"

/* ---- paths.c ---- */

/* libxdp's <bpffs>/xdp. -ENOTDIR, with advice, without a bpffs. */
int state_dir(struct xdpaction *ctx, char path[XDPACTION_PATH_SIZE]);
/* -EROFS where libxdp can keep no pins. */
int bpffs_check_writable(struct xdpaction *ctx, const char *ifname);
/* The directory above the pin directories, which is also the lock. */
int root_path(struct xdpaction *ctx, char path[XDPACTION_PATH_SIZE]);
/* The directory of the pins of an interface, in the current namespace. */
int pins_path(struct xdpaction *ctx, unsigned int ifindex, char path[XDPACTION_PATH_SIZE]);
int pins_path_of(struct xdpaction *ctx, uint64_t netns, unsigned int ifindex,
		 char path[XDPACTION_PATH_SIZE]);
/* Makes a directory with mode 0700 unless it exists. */
int dir_make(struct xdpaction *ctx, const char *path);

/* ---- lock.c: writers exclude each other ---- */

/*
 * Takes the lock of all writers, and makes its directory if it is missing. Give
 * *fd to lock_drop(), which removes an empty directory. -ETIMEDOUT: the message
 * names the process that holds the lock.
 */
int lock_take(struct xdpaction *ctx, int *fd);
/* The same, with a time limit; 0: does not wait. */
int lock_take_within(struct xdpaction *ctx, uint64_t timeout_ns, int *fd);
void lock_drop(int *fd);
/* Whether a writer is at work now, or this cannot be told. Does not wait, and makes nothing. */
bool lock_is_taken(struct xdpaction *ctx);
/* -ETIMEDOUT: libxdp has waited that long for its own lock, which is on its directory. */
int fail_libxdp_locked(struct xdpaction *ctx, const char *ifname, long long seconds);

#endif /* XDPACTION_BPFFS_H */
