// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdio.h>

#include "commands.h"
#include "say/say.h"
#include "turns.h"

struct upgrade_values {
	bool all;
	bool force;
};

static const struct option_def options[] = {
	OPTION_FLAG('a', "all", struct upgrade_values, all, "every interface that has an instance"),
	OPTION_FLAG('f', "force", struct upgrade_values, force,
		    "even where the program of this version runs already"),
	OPTION_JSON,
	OPTIONS_END,
};

static void check_upgrade(const struct cli *cli, const void *data, struct words *wrong)
{
	const struct upgrade_values *values = data;

	check_all(cli, values->all, wrong);
}

static int upgrade_one(const struct cli *cli, const char *ifname, bool given, bool force)
{
	char safe[4 * XDPACTION_IFNAME_SIZE];
	bool changed = false;
	int err = xdpaction_upgrade(cli->ctx, ifname, force, &changed);

	/* Nobody asked for one that was unloaded since it was listed. */
	if (err && !given && (err == -ENOENT || err == -ENODEV))
		return EXIT_DONE;
	if (err)
		return report_library(cli, ifname, err);
	if (cli->quiet || cli->json)
		return EXIT_DONE;
	progress_hide();
	printf("%s: %s\n", escape_text(safe, sizeof(safe), ifname),
	       changed ? "upgraded, with its setting and its counters" :
			 "runs the program of this version already");
	return EXIT_DONE;
}

static int run_upgrade(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct upgrade_values *values = data;
	int status = EXIT_DONE, one;
	struct turns turns;
	size_t i;

	if (!interfaces->count && !cli->quiet && !cli->json)
		printf("No interface has an instance.\n");
	turns_begin(&turns, cli, "upgraded", interfaces->count);
	for (i = 0; i < interfaces->count && turns_next(&turns, interfaces->list[i]); i++) {
		one = upgrade_one(cli, interfaces->list[i], interfaces->given, values->force);
		status = one > status ? one : status;
		turns.done += one == EXIT_DONE;
	}
	turns_end();
	return status;
}

const struct command upgrade_command = {
	.name = "upgrade",
	.synopsis = "[-f] [-j] [-a | IFNAME...]",
	.summary = "Puts the program of this version in the place of the one that runs",
	.examples = "upgrade\n"
		    "upgrade -N web eth0\n",
	.notes = "Without IFNAME every instance is upgraded. The setting stays, with what is left of "
		 "its time and its packets, and so do the counters and the place in the chain. Each "
		 "packet meets one of the two programs and is counted once.\n",
	.options = options,
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INSTANCES,
	.values_size = sizeof(struct upgrade_values),
	.check = check_upgrade,
	.changes = true,
	.told = true,
	.run = run_upgrade,
};
