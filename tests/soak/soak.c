// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Loads, unloads, settings, new names, neighbours: one random thing after the
 * other, with frames from two CPUs. After each, what is in force and what became
 * of the frames is compared with a model, and nothing may grow meanwhile. Speaks
 * TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "faults/util.h"
#include "growth.h"
#include "soak.h"
#include "traffic.h"

#define PEER "v1"
#define BEHIND_TARGET "w1"
#define HISTORY 12
/* Growth that is none: what is made when first used, and what malloc and the kernel keep. */
#define HEAP_BYTES_MAX 1024
#define RESIDENT_KIB_MAX 512

struct soak soak = { .tool = "xdp-action/xdp-action", .ifname = SCENE_IFNAME };

static struct {
	unsigned int seconds, seed;
	unsigned int steps, done[DEEDS];
	char history[HISTORY][sizeof(soak.deed)];
} run = { .seconds = 60, .seed = 1 };

unsigned int soak_random(unsigned int below)
{
	soak.random = soak.random * 6364136223846793005 + 1442695040888963407;
	return (soak.random >> 33) % below;
}

static void result(const char *wrong, const char *name)
{
	if (!ok(!*wrong, "%s", name))
		note("%s", wrong);
}

/* ---- the steps ---- */

static void print_history(const char *wrong)
{
	unsigned int i;

	printf("# step %u of seed %u: %s\n", run.steps, run.seed, wrong);
	for (i = run.steps > HISTORY ? run.steps - HISTORY : 0; i < run.steps; i++)
		printf("#   step %u: %s\n", i + 1, run.history[i % HISTORY]);
}

static bool step(void)
{
	const char *wrong;
	enum deed deed;

	wrong = soak_do(&deed);
	strcpy(run.history[run.steps++ % HISTORY], soak.deed);
	run.done[deed]++;
	if (!*wrong)
		wrong = soak_judge();
	if (*wrong)
		print_history(wrong);
	return !*wrong;
}

static bool everything_happened(void)
{
	int i;

	for (i = 0; i < DEEDS; i++)
		if (!run.done[i] && (i != DEED_NEIGHBOUR || soak.dispatcher))
			return false;
	return true;
}

/* With `all` a slow machine takes longer. */
static bool steps_until(time_t end, bool all)
{
	while (time(NULL) < end || (all && !everything_happened()))
		if (!step())
			return false;
	return true;
}

/* ---- what must not grow ---- */

/* A poll that looks on all the time. */
static pid_t start_poll(void)
{
	pid_t pid = fork();
	int null;

	if (pid < 0)
		bail("cannot fork: %s", strerror(errno));
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	null = open("/dev/null", O_WRONLY);
	dup2(null, STDOUT_FILENO);
	execl(soak.tool, soak.tool, "poll", "-j", "-i", "100", NULL);
	_exit(127);
}

static const char *end_poll(pid_t pid)
{
	static char text[64];
	int status;

	kill(pid, SIGINT);
	if (waitpid(pid, &status, 0) != pid)
		bail("waitpid: %s", strerror(errno));
	snprintf(text, sizeof(text), "it ended with status %#x", status);
	return status ? text : "";
}

static const char *compare_usage(const struct usage *before, const struct usage *after)
{
	static char text[256];

	snprintf(text, sizeof(text),
		 "heap %zu and then %zu bytes, resident %zu and then %zu KiB, descriptors %u and then %u",
		 before->heap_bytes, after->heap_bytes, before->resident_kib, after->resident_kib,
		 before->descriptors, after->descriptors);
	printf("# %s\n", text);
	return after->heap_bytes > before->heap_bytes + HEAP_BYTES_MAX ||
			       after->resident_kib > before->resident_kib + RESIDENT_KIB_MAX ||
			       after->descriptors > before->descriptors ?
		       text :
		       "";
}

/* It opens what it looks at and closes it again: the least counts. */
static void read_poll(pid_t pid, struct usage *usage)
{
	const struct timespec pause = { .tv_nsec = 7000000 };
	struct usage now;
	int i;

	usage_read(pid, usage);
	for (i = 0; i < 50; i++) {
		nanosleep(&pause, NULL);
		usage_read(pid, &now);
		if (now.descriptors < usage->descriptors)
			*usage = now;
	}
}

static void put_away(void)
{
	if (soak.model.neighbour)
		shell("xdp-filter unload %s", soak.ifname);
	soak.model.neighbour = false;
	if (soak.model.loaded)
		shell("%s unload %s >/dev/null", soak.tool, soak.ifname);
	soak.model.loaded = false;
}

/* Where nobody else uses BPF: the kernel holds what it held at first. */
static const char *compare_objects(void)
{
	const struct objects *before = &soak.scene.objects[false];
	const struct timespec pause = { .tv_nsec = 10000000 };
	static char text[128];
	struct objects now;
	int tries = 500;

	do {
		nanosleep(&pause, NULL);
		objects_count(&now);
	} while (memcmp(&now, before, sizeof(now)) && --tries);
	snprintf(text, sizeof(text), "%u programs, %u maps, %u links at first, %u, %u, %u now",
		 before->programs, before->maps, before->links, now.programs, now.maps, now.links);
	return tries ? "" : text;
}

/* ---- all of it ---- */

static void soak_all(void)
{
	time_t start = time(NULL);
	struct usage before, after, poll_before, poll_after;
	pid_t poll = start_poll();
	bool good;
	int i;

	printf("# seed %u\n", run.seed);
	/* What is made once is there when everything has happened once. */
	good = steps_until(time(NULL) + run.seconds / 4, true);
	put_away();
	usage_read(0, &before);
	read_poll(poll, &poll_before);
	good = good && steps_until(time(NULL) + run.seconds * 3 / 4, false);
	result(good ? "" : "see above",
	       "after each step, what is in force and what happens to frames is as the model says");
	put_away();
	usage_read(0, &after);
	read_poll(poll, &poll_after);
	result(compare_usage(&before, &after), "the library: memory and descriptors do not grow");
	result(compare_usage(&poll_before, &poll_after), "poll: memory and descriptors do not grow");
	result(end_poll(poll), "poll ends in order after all this");
	result(soak_judge(), "in the end no program, map, link or pin is left of any instance");
	if (soak.scene.alone)
		result(compare_objects(), "the kernel has as many programs, maps and links as before");
	printf("# %u steps in %u s, seed %u:", run.steps, (unsigned int)(time(NULL) - start),
	       run.seed);
	for (i = 0; i < DEEDS; i++)
		printf("%s %u %s", i ? "," : "", run.done[i], deed_names[i]);
	printf("\n");
}

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' },
		{ "dispatcher", no_argument, NULL, 'd' },
		{ "alone", no_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	int key;

	while ((key = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (key) {
		case 's': run.seconds = atoi(optarg); break;
		case 'r': run.seed = atoi(optarg); break;
		case 'd': soak.dispatcher = true; break;
		case 'a': soak.scene.alone = true; break;
		default:
			puts("usage: soak [--seconds N] [--seed N] [--dispatcher] [--alone]\n"
			     "  --dispatcher   the kernel has one: with xdp-filter in the chain\n"
			     "  --alone        nobody else uses BPF: count all objects of the kernel");
			exit(2);
		}
	}
}

/* What malloc() keeps at hand for a thread counts as in use, so it must not keep any. */
static void be_exact(char **argv)
{
	static const char tunables[] = "GLIBC_TUNABLES", wanted[] = "glibc.malloc.tcache_count=0";
	const char *now = getenv(tunables);

	if (now && !strcmp(now, wanted))
		return;
	setenv(tunables, wanted, true);
	execv("/proc/self/exe", argv);
	bail("cannot start anew: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	be_exact(argv);
	parse(argc, argv);
	soak.random = run.seed;
	scene_reset(&soak.scene);
	soak.ifindex = if_nametoindex(SCENE_IFNAME);
	soak.target_ifindex = if_nametoindex(SCENE_TARGET);
	soak.behind_ifindex = if_nametoindex(BEHIND_TARGET);
	traffic_start(PEER, SCENE_IFNAME);
	soak_all();
	traffic_stop();
	return finish();
}
