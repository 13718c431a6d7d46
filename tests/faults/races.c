// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Many commands at once on one interface and over ten, and, where the kernel
 * has the dispatcher, xdp-filter and xdp-loader among them. A load succeeds
 * only where nothing is loaded and an unload only where something is, so the
 * numbers of both that said they succeeded must fit what is loaded in the end.
 * Speaks TAP.
 */
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "look.h"
#include "race.h"
#include "support/devices.h"

#define CROWD 20
#define INTERFACES 10
#define NEIGHBOUR_OBJECT "build/tests/tools/pass.bpf.o"
#define NEIGHBOUR_NAME "neighbour"
/* As long as the library waits for the lock. */
#define LOCK_LIMIT_S 30
#define HOLDER_NAME "lock-holder"
#define LOCK BPFFS "/xdp/xdp-action"
#define PAUSE_NS 1000000

/* ---- our own commands among themselves ---- */

static void test_loads(void)
{
	unsigned int i;

	race_begin();
	for (i = 0; i < CROWD; i++)
		race_add(LOAD, 0, i);
	race_run();
	race_expect(LOAD, 0, 1);
	race_expect_reason(LOAD, "loaded already");
	race_check_interface(0, false);
	race_end("20 loads at once: one of them loads, and the others say that it is loaded");
}

static void test_sets(void)
{
	unsigned int i;

	race_begin();
	for (i = 0; i < CROWD; i++)
		race_add(SET, 0, i);
	race_run();
	race_expect(SET, 0, CROWD);
	race_check_setting(0);
	race_end("20 sets at once: all succeed, and the last of them is in force, whole");
}

static void test_unloads(void)
{
	unsigned int i;

	race_begin();
	for (i = 0; i < CROWD; i++)
		race_add(UNLOAD, 0, i);
	race_run();
	race_expect(UNLOAD, 0, 1);
	race_expect_reason(UNLOAD, "not loaded");
	race_check_interface(0, true);
	race_clear();
	race_end("20 unloads at once: one of them unloads, and nothing is left");
}

static void test_mixture(void)
{
	unsigned int i;

	race_begin();
	for (i = 0; i < CROWD; i++)
		race_add(i % KINDS, 0, i);
	race_run();
	race_check_interface(0, false);
	race_clear();
	race_end("loads, sets and unloads at once on one interface: what each said is so");
}

static void test_ten_interfaces(void)
{
	unsigned int i;

	race_begin();
	for (i = 1; i <= INTERFACES; i++)
		veth_make(&(struct veth){ .name = race_interface(i) });
	for (i = 0; i < 3 * INTERFACES; i++)
		race_add(i % KINDS, 1 + i / KINDS, i);
	for (i = 1; i <= INTERFACES; i++)
		race_add(LOAD, i, i);
	race_run();
	for (i = 1; i <= INTERFACES; i++)
		race_check_interface(i, false);
	race_clear();
	for (i = 1; i <= INTERFACES; i++)
		device_delete(if_nametoindex(race_interface(i)));
	race_end("loads, sets and unloads at once over ten interfaces: what each said is so");
}

/* ---- the lock ---- */

/* Holds the lock until it is killed. */
static pid_t hold_lock(void)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	prctl(PR_SET_NAME, HOLDER_NAME);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = open(LOCK, O_RDONLY | O_DIRECTORY);
	if (fd < 0 || flock(fd, LOCK_EX))
		_exit(1);
	for (;;)
		pause();
}

static bool is_locked(void)
{
	int fd = open(LOCK, O_RDONLY | O_DIRECTORY);
	bool locked;

	if (fd < 0)
		bail("cannot open " LOCK ": %s", strerror(errno));
	locked = flock(fd, LOCK_EX | LOCK_NB);
	close(fd);
	return locked;
}

static void wait_until_locked(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	while (!is_locked())
		nanosleep(&pause, NULL);
}

static void expect_held(pid_t holder)
{
	const struct job *job = &race.crowd.jobs[0];
	char name[64];

	snprintf(name, sizeof(name), "process %d (" HOLDER_NAME ")", holder);
	if (job->status != 1 || !strstr(job->message, name))
		race_complain("exit status %d, '%s' is not named: %s", job->status, name,
			      job->message);
}

static void test_lock(void)
{
	time_t start;
	pid_t holder;

	race_begin();
	shell("%s load " SCENE_IFNAME " >/dev/null 2>&1", race.tool);
	holder = hold_lock();
	wait_until_locked();
	race_add(SET, 0, 1);
	start = time(NULL);
	race_run();
	if (time(NULL) - start < LOCK_LIMIT_S - 1 || time(NULL) - start > LOCK_LIMIT_S + 15)
		race_complain("it waited for %ld s", (long)(time(NULL) - start));
	expect_held(holder);
	race_end("a lock that is held: an error after 30 s, which names who holds it");

	race_begin();
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
	race_add(SET, 0, 2);
	start = time(NULL);
	race_run();
	/* It would have waited to the end. */
	if (time(NULL) - start > LOCK_LIMIT_S / 2)
		race_complain("it waited for %ld s", (long)(time(NULL) - start));
	race_expect(SET, 0, 1);
	race_clear();
	race_end("the lock of a killed process is free");
}

/* ---- among others ---- */

/* Beside a program that is there already and that one of them unloads. */
static void add_others(unsigned int count, __u32 there_id)
{
	static const char *const commands[] = {
		"xdp-filter load -m native -p allow " SCENE_IFNAME,
		"xdp-filter unload " SCENE_IFNAME,
		"xdp-loader load -m native " SCENE_IFNAME " " NEIGHBOUR_OBJECT,
	};
	unsigned int i;

	for (i = 0; i < count; i++)
		crowd_add(&race.crowd, "%s", commands[i % ARRAY_SIZE(commands)])->kind = KINDS;
	crowd_add(&race.crowd, "xdp-loader unload " SCENE_IFNAME " --id %u", there_id)->kind =
		KINDS;
}

static unsigned int others_succeeded(const char *command)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < race.crowd.count; i++)
		count += !strncmp(race.crowd.jobs[i].command, command, strlen(command)) &&
			 !race.crowd.jobs[i].status;
	return count;
}

static size_t count_neighbours(__u32 *id)
{
	struct look look;

	look_at(SCENE_IFNAME, false, &look);
	return look_find(&look, NEIGHBOUR_NAME, id);
}

static void test_others(void)
{
	unsigned int i, loads, unloads;
	size_t found;
	__u32 id;

	race_begin();
	shell("xdp-loader load -m native " SCENE_IFNAME " " NEIGHBOUR_OBJECT);
	if (count_neighbours(&id) != 1)
		bail("xdp-loader did not load what it said");
	add_others(8, id);
	for (i = 0; i < 12; i++)
		race_add(i % KINDS, 0, i);
	race_run();
	race_check_interface(0, false);
	found = count_neighbours(&id);
	loads = others_succeeded("xdp-loader load");
	unloads = others_succeeded("xdp-loader unload");
	if (found != 1 + loads - unloads) {
		race_complain("%zu programs of xdp-loader run, after one, %u more and %u less",
			      found, loads, unloads);
		race_complain_of_all(KINDS);
	}
	/* Nothing of it is wedged. */
	shell("%s unload --all >/dev/null", race.tool);
	shell("xdp-loader unload " SCENE_IFNAME " --all >/dev/null 2>&1 || true");
	race_clear();
	shell("%s load " SCENE_IFNAME " >/dev/null", race.tool);
	race_clear();
	race_end("among xdp-filter and xdp-loader at once: nobody's program is lost or doubled");
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "dispatcher", no_argument, NULL, 'd' },
		{ "tool", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	bool dispatcher = false;
	int key;

	while ((key = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (key == 'd')
			dispatcher = true;
		else if (key == 't')
			race.tool = optarg;
		else
			bail("usage: races [--dispatcher] [--tool PATH]");
	}
	scene_reset(&race.scene);
	test_loads();
	test_sets();
	test_unloads();
	test_mixture();
	test_ten_interfaces();
	if (dispatcher) {
		test_others();
		test_others();
	} else {
		test_lock();
	}
	return finish();
}
