// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Runs the program on packets without any interface (BPF_PROG_TEST_RUN) and
 * holds it to what xdp_action_maps.h says. Wants root, and skips without; prints TAP.
 *
 *	prog_run [PACKETS [FOLDER OF xdp_action.o]]
 *
 * PACKETS are for what only chance tells, of the object that takes most.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prog_run.h"

#define FOLDER "../../../../bpf"
#define PACKETS 1000000
#define PACKETS_FEW 50000

/* What the build made, seen from where it puts this program. */
static const char *default_folder(const char *self, char *path, size_t size)
{
	const char *slash = strrchr(self, '/');
	int length = slash ? (int)(slash - self) : 1;

	snprintf(path, size, "%.*s/%s", length, slash ? self : ".", FOLDER);
	return path;
}

static void check_main(struct instance *instance, uint32_t packets)
{
	check_verdicts(instance);
	check_frames(instance);
	check_chance(instance);
	check_deadline(instance);
	check_budget(instance);
	check_more(instance, packets);
	check_races(instance);
	check_match(instance);
}

static void check_linear(struct instance *instance, uint32_t packets)
{
	check_verdicts(instance);
	check_frames(instance);
	check_match(instance);
	check_budget(instance);
	check_more(instance, packets);
}

static void check_basic(struct instance *instance, uint32_t packets)
{
	check_verdicts(instance);
	check_frames(instance);
	check_budget(instance);
	check_more(instance, packets);
}

/* Where the kernel does not take the object there is nothing to check. */
static void check_object(const char *folder, const char *object,
			 void (*check)(struct instance *instance, uint32_t packets),
			 uint32_t packets)
{
	struct instance *instance = instance_try(folder, object, false);

	printf("# %s\n", object);
	if (!instance) {
		skip("this kernel does not take it", "%s, run on packets", object);
		return;
	}
	check(instance, packets);
	instance_unload(instance);
}

int main(int argc, char **argv)
{
	char path[4096];
	const char *folder = argc > 2 ? argv[2] : default_folder(argv[0], path, sizeof(path));
	uint32_t packets = argc > 1 ? strtoul(argv[1], NULL, 10) : PACKETS;
	uint32_t few = packets < PACKETS_FEW ? packets : PACKETS_FEW;
	struct instance *instance;

	/* Targets of REDIRECT are looked up in a namespace that has only lo. */
	if (unshare(CLONE_NEWNET)) {
		if (errno != EPERM)
			bail("a network namespace: %s", strerror(errno));
		skip("this wants root", "the program, run on packets");
		return finish();
	}

	check_object(folder, "xdp_action.o", check_main, packets);
	check_object(folder, "xdp_action_linear.o", check_linear, few);
	/* Every kernel does. */
	instance = instance_load(folder, "xdp_action_basic.o", false);
	printf("# xdp_action_basic.o\n");
	check_basic(instance, few);
	instance_unload(instance);

	instance = instance_try(folder, "xdp_action.o", true);
	printf("# xdp_action.o, with frags\n");
	if (instance)
		check_basic(instance, few);
	check_frags(instance);
	check_match_frags(instance);
	if (instance)
		instance_unload(instance);
	return finish();
}
