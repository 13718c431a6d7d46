// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Runs the program on packets without any interface (BPF_PROG_TEST_RUN) and
 * holds it to what xdp_action_maps.h says. Wants root, and skips without; prints TAP.
 *
 *	prog_run [FOLDER OF xdp_action.o]
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "prog_run.h"

#define FOLDER "../../../../bpf"

/* What the build made, seen from where it puts this program. */
static const char *default_folder(const char *self, char *path, size_t size)
{
	const char *slash = strrchr(self, '/');
	int length = slash ? (int)(slash - self) : 1;

	snprintf(path, size, "%.*s/%s", length, slash ? self : ".", FOLDER);
	return path;
}

int main(int argc, char **argv)
{
	char path[4096];
	const char *folder = argc > 1 ? argv[1] : default_folder(argv[0], path, sizeof(path));
	struct instance *instance;

	/* Targets of REDIRECT are looked up in a namespace that has only lo. */
	if (unshare(CLONE_NEWNET)) {
		if (errno != EPERM)
			bail("a network namespace: %s", strerror(errno));
		skip("this wants root", "the program, run on packets");
		return finish();
	}

	instance = instance_load(folder, "xdp_action.o", false);
	check_verdicts(instance);
	check_frames(instance);
	check_chance(instance);
	check_deadline(instance);
	check_budget(instance);
	check_more(instance, 1000000);
	check_races(instance);
	check_match(instance);
	instance_unload(instance);

	printf("# without frags\n");
	instance = instance_load(folder, "xdp_action_linear.o", false);
	check_verdicts(instance);
	check_frames(instance);
	check_match(instance);
	check_budget(instance);
	check_more(instance, 50000);
	instance_unload(instance);

	printf("# without frags and without a budget\n");
	instance = instance_load(folder, "xdp_action_basic.o", false);
	check_verdicts(instance);
	check_frames(instance);
	check_budget(instance);
	check_more(instance, 50000);
	instance_unload(instance);

	instance = instance_try(folder, "xdp_action.o", true);
	check_frags(instance);
	check_match_frags(instance);
	if (instance)
		instance_unload(instance);
	return finish();
}
