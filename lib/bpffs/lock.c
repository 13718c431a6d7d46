// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The lock of all writers: flock(2) on the directory above the pins, so that it
 * ends with its process. The last holder removes the directory, so whoever gets
 * the lock checks that the directory still has that name.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "bpffs/bpffs.h"
#include "kernel/kernel.h"

#define LOCK_TIMEOUT_NS (30 * NSEC_PER_SEC)

static int fail_look(struct xdpaction *ctx, const char *path)
{
	int err = -errno;

	return fail(ctx, err, NULL, "cannot look at %s: %s", path, strerror(-err));
}

/* Only root and our own user may own it or write to it. */
static int check_owner(struct xdpaction *ctx, const char *path, const struct stat *stat)
{
	if ((stat->st_uid != 0 && stat->st_uid != geteuid()) || stat->st_mode & (S_IWGRP | S_IWOTH))
		return fail(ctx, -EPERM, "remove it, or give it to root with mode 0700",
			    "%s belongs to user %u with mode %04o: others could change it", path,
			    stat->st_uid, stat->st_mode & 07777);
	return 0;
}

/*
 * libxdp's directory, which iproute2 may have made a symlink. Whoever can write
 * to it, or redirect the symlink, can replace our directory.
 */
static int check_state_dir(struct xdpaction *ctx, const char *path)
{
	struct stat link, target;
	int err;

	if (lstat(path, &link))
		return fail_look(ctx, path);
	/* The mode of a link means nothing. */
	if (S_ISLNK(link.st_mode))
		link.st_mode &= ~(S_IWGRP | S_IWOTH);
	err = check_owner(ctx, path, &link);
	if (err)
		return err;
	/* The kernel may follow no link of another user. */
	if (stat(path, &target))
		return fail_look(ctx, path);
	return check_owner(ctx, path, &target);
}

static int open_root(struct xdpaction *ctx, const char *path, int *fd, struct stat *stat)
{
	int err, new = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (new < 0) {
		err = -errno;
		if (err == -ENOENT)
			return -EAGAIN;
		if (err == -ENOTDIR || err == -ELOOP)
			return fail(ctx, -ENOTDIR, "remove it",
				    "%s is not a directory: somebody put it in the way", path);
		return fail(ctx, err, NULL, "cannot open %s: %s", path, strerror(-err));
	}
	if (fstat(new, stat)) {
		err = fail_look(ctx, path);
		close(new);
		return err;
	}
	err = check_owner(ctx, path, stat);
	if (err) {
		close(new);
		return err;
	}
	*fd = new;
	return 0;
}

/* A process that holds a lock. */
struct holder {
	pid_t pid;
	char command[64];
};

static void read_command(struct holder *holder)
{
	char path[64];
	FILE *comm;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)holder->pid);
	strcpy(holder->command, "?");
	comm = fopen(path, "re");
	if (!comm)
		return;
	if (fgets(holder->command, sizeof(holder->command), comm))
		holder->command[strcspn(holder->command, "\n")] = '\0';
	fclose(comm);
}

/* Finds who holds a lock on this inode; false if /proc/locks does not say. */
static bool find_holder(const struct stat *stat, struct holder *holder)
{
	char wanted[64], where[64], line[256];
	bool found = false;
	FILE *locks;
	int pid;

	snprintf(wanted, sizeof(wanted), "%02x:%02x:%ju", major(stat->st_dev),
		 minor(stat->st_dev), (uintmax_t)stat->st_ino);
	locks = fopen("/proc/locks", "re");
	if (!locks)
		return false;
	/* A lock for reading keeps writers out as well. */
	while (!found && fgets(line, sizeof(line), locks))
		found = sscanf(line, "%*s FLOCK %*s %*s %d %63s", &pid, where) == 2 &&
			!strcmp(where, wanted) && pid > 0;
	fclose(locks);
	if (!found)
		return false;
	holder->pid = pid;
	read_command(holder);
	return true;
}

/* Finds who holds libxdp's lock, which is on its directory. */
static bool find_libxdp_holder(char path[XDPACTION_PATH_SIZE], struct holder *holder)
{
	struct stat dir;

	return !state_dir(NULL, path) && !stat(path, &dir) && find_holder(&dir, holder);
}

int fail_libxdp_locked(struct xdpaction *ctx, const char *ifname, long long seconds)
{
	char path[XDPACTION_PATH_SIZE];
	struct holder holder;

	if (!find_libxdp_holder(path, &holder))
		return fail_on(ctx, ifname, -ETIMEDOUT, "try again",
			       "libxdp has not answered for %lld s", seconds);
	return fail_on(ctx, ifname, -ETIMEDOUT, "wait for it, or end it, and try again",
		       "process %d (%s) has held libxdp's lock %s for %lld s",
		       (int)holder.pid, holder.command, path, seconds);
}

static int timed_out(struct xdpaction *ctx, const char *path, const struct stat *stat,
		     uint64_t timeout_ns)
{
	long long seconds = timeout_ns / NSEC_PER_SEC;
	char libxdp_path[XDPACTION_PATH_SIZE];
	struct holder holder, other;

	if (!find_holder(stat, &holder))
		return fail(ctx, -ETIMEDOUT, "try again", "another process has held the lock %s for %lld s",
			    path, seconds);
	/* The holder of our lock may itself be waiting. */
	if (find_libxdp_holder(libxdp_path, &other) && other.pid != holder.pid)
		return fail(ctx, -ETIMEDOUT, "wait for it, or end it, and try again",
			    "process %d (%s) holds libxdp's lock %s; process %d (%s), which has held the lock %s for %lld s, waits for that",
			    (int)other.pid, other.command, libxdp_path, (int)holder.pid,
			    holder.command, path, seconds);
	return fail(ctx, -ETIMEDOUT, "wait for it, or end it, and try again",
		    "process %d (%s) has held the lock %s for %lld s", (int)holder.pid,
		    holder.command, path, seconds);
}

static int wait_for_lock(struct xdpaction *ctx, const char *path, int fd, const struct stat *stat,
			 struct retry *retry)
{
	int err;

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		err = -errno;
		if (err != -EWOULDBLOCK && err != -EINTR)
			return fail(ctx, err, NULL, "cannot lock %s: %s", path, strerror(-err));
		if (!retry_again(retry))
			return timed_out(ctx, path, stat, retry->timeout_ns);
	}
	return 0;
}

/* -EAGAIN when the directory was removed while we waited for it. */
static int lock_once(struct xdpaction *ctx, const char *path, struct retry *retry, int *fd)
{
	struct stat opened, named;
	int err, new = -1;

	err = dir_make(ctx, path);
	if (!err)
		err = open_root(ctx, path, &new, &opened);
	if (err)
		return err;

	err = wait_for_lock(ctx, path, new, &opened, retry);
	if (!err && (lstat(path, &named) || named.st_ino != opened.st_ino ||
		     named.st_dev != opened.st_dev))
		err = -EAGAIN;
	if (err) {
		close(new);
		return err;
	}
	*fd = new;
	return 0;
}

int lock_take(struct xdpaction *ctx, int *fd)
{
	return lock_take_within(ctx, LOCK_TIMEOUT_NS, fd);
}

int lock_take_within(struct xdpaction *ctx, uint64_t timeout_ns, int *fd)
{
	struct retry retry = { .timeout_ns = timeout_ns };
	char path[XDPACTION_PATH_SIZE];
	int err;

	err = state_dir(ctx, path);
	if (!err)
		err = dir_make(ctx, path);
	if (!err)
		err = check_state_dir(ctx, path);
	if (!err)
		err = root_path(ctx, path);
	if (err)
		return err;

	do {
		err = lock_once(ctx, path, &retry, fd);
		/* A passing failure must not leave an empty directory behind. */
		if (err && err != -EAGAIN && err != -ETIMEDOUT)
			err = lock_once(ctx, path, &retry, fd);
	} while (err == -EAGAIN && retry_again(&retry));
	if (err == -EAGAIN)
		return fail(ctx, -ETIMEDOUT, "try again", "the directory %s keeps vanishing", path);
	return err;
}

bool lock_is_taken(struct xdpaction *ctx)
{
	CLEANUP(close_fd) int fd = -1;
	char path[XDPACTION_PATH_SIZE];

	if (root_path(ctx, path))
		return false;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* Whoever takes the lock makes the directory. */
	if (fd < 0)
		return errno != ENOENT;
	return flock(fd, LOCK_SH | LOCK_NB);
}

/* Removes the directory if it is still the one of the lock; true when there is nothing to do. */
static bool remove_root(int fd)
{
	char path[XDPACTION_PATH_SIZE];
	struct stat opened, named;
	struct xdpaction quiet = { 0 };

	if (root_path(&quiet, path) || fstat(fd, &opened))
		return false;
	if (lstat(path, &named))
		return errno == ENOENT;
	if (opened.st_ino != named.st_ino || opened.st_dev != named.st_dev)
		return true;
	/* It is not empty, as it should be, while there are pins in it. */
	return !rmdir(path) || errno == ENOTEMPTY;
}

void lock_drop(int *fd)
{
	if (*fd < 0)
		return;
	if (!remove_root(*fd))
		remove_root(*fd);
	close(*fd);
	*fd = -1;
}
