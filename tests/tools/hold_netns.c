// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * hold_netns thread|descriptor|chroot: makes a network namespace that is used by
 * one thread only, held by a descriptor only, or bound in a mount namespace whose
 * first process is chrooted. Prints a path to it and keeps it until it is killed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/die.h"
#include "support/netns.h"

static void must(int result, const char *what)
{
	if (result < 0)
		die("%s: %m", what);
}

static void announce(const char *way, int number)
{
	printf("/proc/%d/%s/%d%s\n", getpid(), way, number, *way == 't' ? "/ns/net" : "");
	fflush(stdout);
	pause();
}

static void *in_thread(void *unused)
{
	netns_enter_new();
	announce("task", gettid());
	return unused;
}

static void by_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, in_thread, NULL))
		must(-1, "pthread_create");
	pthread_join(thread, NULL);
}

/* Leaves the process where it was. */
static int make_netns(void)
{
	int here = netns_open_own(), there;

	netns_enter_new();
	there = netns_open_own();
	netns_enter(here);
	return there;
}

static void by_descriptor(void)
{
	announce("fd", make_netns());
}

/* Where `ip netns` has its names, but who looks at /proc/PID/root/run finds another /run. */
static void by_mount(void)
{
	char bound[64];
	int there, handle;

	must(unshare(CLONE_NEWNS), "unshare");
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount");
	must(mount("tmpfs", "/run", "tmpfs", 0, NULL), "mount");
	must(mkdir("/run/netns", 0755), "mkdir");
	must(mkdir("/run/jail", 0755), "mkdir");
	must(mknod("/run/netns/bound", S_IFREG | 0644, 0), "mknod");
	there = make_netns();
	snprintf(bound, sizeof(bound), "/proc/self/fd/%d", there);
	must(mount(bound, "/run/netns/bound", NULL, MS_BIND, NULL), "mount");
	close(there);
	/* It opens the namespace for the test, and holds the mount and not the namespace. */
	handle = open("/run/netns/bound", O_PATH);
	must(handle, "/run/netns/bound");
	must(chroot("/run/jail"), "chroot");
	announce("fd", handle);
}

int main(int argc, char **argv)
{
	const char *way = argc == 2 ? argv[1] : "";

	if (!strcmp(way, "thread"))
		by_thread();
	else if (!strcmp(way, "descriptor"))
		by_descriptor();
	else if (!strcmp(way, "chroot"))
		by_mount();
	fputs("usage: hold_netns thread|descriptor|chroot\n", stderr);
	return 2;
}
