// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"
#include "netns.h"

int netns_open_own(void)
{
	int fd = open(OWN_NETNS, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("%s: %m", OWN_NETNS);
	return fd;
}

uint64_t netns_own_inode(void)
{
	struct stat own;

	if (stat(OWN_NETNS, &own))
		die("%s: %m", OWN_NETNS);
	return own.st_ino;
}

void netns_enter(int netns)
{
	if (setns(netns, CLONE_NEWNET))
		die("cannot enter a network namespace: %m");
}

void netns_enter_new(void)
{
	if (unshare(CLONE_NEWNET))
		die("cannot make a network namespace: %m");
}

void mounts_enter_new(void)
{
	/* In a chroot / is no mount; tests/matrix/enter sees to its own there. */
	if (unshare(CLONE_NEWNS) ||
	    (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) && errno != EINVAL))
		die("cannot make a mount namespace: %m");
}

void namespaces_enter_private(void)
{
	netns_enter_new();
	mounts_enter_new();
	if (mount("sysfs", "/sys", "sysfs", 0, NULL))
		die("cannot mount /sys: %m");
}

void netns_silence(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY | O_CLOEXEC);

	/* A kernel without IPv6 has no such file, and is quiet as well. */
	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		die("cannot disable IPv6: %m");
	close(fd);
}
