// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Loads, unloads, settings, new names, neighbours: one random thing after the
 * other, with frames from two CPUs. After each, what is in force and what became
 * of the frames is compared with a model, and nothing may grow meanwhile. Then
 * all of it happens at once, see pressure.h. Speaks TAP.
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
#include "pressure.h"
#include "soak.h"
#include "traffic.h"

#define PEER "v1"
#define BEHIND_TARGET "w1"
#define HISTORY 12

struct soak soak = { .tool = "xdp-action/xdp-action", .ifname = SCENE_IFNAME };

static struct {
	unsigned int seconds, pressure_seconds, seed;
	unsigned int steps, done[DEEDS];
	char history[HISTORY][sizeof(soak.deed)];
} run = { .seconds = 60, .seed = 1 };

unsigned int soak_random(unsigned int below)
{
	soak.random = soak.random * 6364136223846793005 + 1442695040888963407;
	return (soak.random >> 33) % below;
}

void soak_result(const char *wrong, const char *name)
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

static bool step(enum deed deed)
{
	const char *wrong;

	wrong = soak_do(&deed);
	strcpy(run.history[run.steps++ % HISTORY], soak.deed);
	run.done[deed]++;
	if (!*wrong)
		wrong = soak_judge();
	if (*wrong)
		print_history(wrong);
	return !*wrong;
}

/* DEEDS when each has happened. */
static enum deed find_missing(void)
{
	int i;

	for (i = 0; i < DEEDS; i++)
		if (!run.done[i] && (i != DEED_NEIGHBOUR || soak.dispatcher))
			return i;
	return DEEDS;
}

/* With `all` a slow machine takes longer, but for no more than what has not happened yet. */
static bool steps_until(time_t end, bool all)
{
	enum deed missing = DEEDS;

	while (time(NULL) < end || (all && (missing = find_missing()) != DEEDS))
		if (!step(missing))
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

static void put_away(void)
{
	if (soak.model.neighbour)
		shell("xdp-filter unload %s", soak.ifname);
	soak.model.neighbour = false;
	if (soak.model.loaded)
		shell("%s unload %s >/dev/null", soak.tool, soak.ifname);
	soak.model.loaded = false;
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
	soak_warm_up();
	/* What is made once is there when everything has happened once. */
	good = steps_until(time(NULL) + run.seconds / 4, true);
	put_away();
	usage_read(0, &before);
	usage_read_least(poll, &poll_before);
	good = good && steps_until(time(NULL) + run.seconds * 3 / 4, false);
	soak_result(good ? "" : "see above",
		    "after each step, what is in force and what happens to frames is as the model says");
	put_away();
	usage_read(0, &after);
	usage_read_least(poll, &poll_after);
	soak_result(usage_compare(&before, &after),
		    "the library: memory and descriptors do not grow");
	soak_result(usage_compare(&poll_before, &poll_after),
		    "poll: memory and descriptors do not grow");
	soak_result(end_poll(poll), "poll ends in order after all this");
	soak_result(soak_judge(),
		    "in the end no program, map, link or pin is left of any instance");
	if (soak.scene.alone)
		soak_result(objects_compare(&soak.scene.objects[false]),
			    "the kernel has as many programs, maps and links as before");
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
		{ "pressure", required_argument, NULL, 'p' },
		{ "seed", required_argument, NULL, 'r' },
		{ "dispatcher", no_argument, NULL, 'd' },
		{ "alone", no_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	int key;

	while ((key = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (key) {
		case 's': run.seconds = atoi(optarg); break;
		case 'p': run.pressure_seconds = atoi(optarg); break;
		case 'r': run.seed = atoi(optarg); break;
		case 'd': soak.dispatcher = true; break;
		case 'a': soak.scene.alone = true; break;
		default:
			puts("usage: soak [--seconds N] [--pressure N] [--seed N] [--dispatcher] [--alone]\n"
			     "  --pressure N   for so many seconds as well: all at once, at full speed\n"
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
	if (run.pressure_seconds)
		pressure_run(PEER, run.pressure_seconds);
	return finish();
}
