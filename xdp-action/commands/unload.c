// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>

#include "commands.h"
#include "say/say.h"
#include "turns.h"

struct unload_values {
	bool all;
};

static const struct option_def options[] = {
	OPTION_FLAG('a', "all", struct unload_values, all,
		    "from every interface that has an instance"),
	OPTION_IF_UNCHANGED,
	OPTION_NOTE_AS("why: written to the log"),
	OPTION_JSON,
	OPTIONS_END,
};

/* A killed command may have left pins even where nothing is loaded. */
static int clean_leftovers(const struct cli *cli)
{
	int err = xdpaction_clean(cli->ctx, NULL, false);

	/* Without a bpffs there are no pins. */
	return err && err != -ENOTDIR ? report_library(cli, NULL, err) : EXIT_DONE;
}

static void check_unload(const struct cli *cli, const void *data, struct words *wrong)
{
	const struct unload_values *values = data;

	if (!values->all && !cli->operands.count)
		words_add(wrong, "name an interface, or give --all");
	else if (!check_all(cli, values->all, wrong))
		check_unchanged(cli, wrong);
}

/* What is left to unload: a name that is done is empty. */
struct unloading {
	const struct cli *cli;
	struct interfaces *interfaces;
	struct turns turns;
	int status;
};

/* As report_library(), without the advice to load what was to be unloaded. */
static int report_failed(const struct cli *cli, const char *ifname, int err)
{
	struct report error = {
		.message = xdpaction_error(cli->ctx),
		.interface = ifname,
		.err = err,
	};

	if (xdpaction_error_advice(cli->ctx) != XDPACTION_ADVICE_LOAD)
		return report_library(cli, ifname, err);
	report_print(cli, &error);
	return EXIT_NOT_DONE;
}

/* Unloads one. Where it is busy and `later`, nothing is reported yet. */
static bool unload_one(struct unloading *unloading, char *name, bool later)
{
	const struct cli *cli = unloading->cli;
	char safe[4 * XDPACTION_IFNAME_SIZE];
	int err = xdpaction_unload(cli->ctx, name);

	if (err == -EBUSY && later)
		return false;
	/* Nobody asked for one that was unloaded since it was listed. */
	if (err && (unloading->interfaces->given || (err != -ENOENT && err != -ENODEV)))
		unloading->status = report_failed(cli, name, err);
	if (!err && !cli->quiet && !cli->json) {
		progress_hide();
		printf("%s: unloaded\n", escape_text(safe, sizeof(safe), name));
	}
	unloading->turns.done += !err;
	*name = '\0';
	return !err;
}

static bool unload_round(struct unloading *unloading, bool later)
{
	const struct interfaces *interfaces = unloading->interfaces;
	bool progress = false;
	size_t i;

	for (i = 0; i < interfaces->count; i++) {
		if (!*interfaces->list[i])
			continue;
		if (!turns_next(&unloading->turns, interfaces->list[i]))
			return false;
		progress |= unload_one(unloading, interfaces->list[i], later);
	}
	return progress;
}

static int run_unload(struct cli *cli, void *values, struct interfaces *interfaces)
{
	struct unloading unloading = { .cli = cli, .interfaces = interfaces, .status = EXIT_DONE };

	if (!interfaces->count && !cli->quiet && !cli->json)
		printf("No interface has an instance.\n");
	/* One may be in the way of another, as a VLAN is of what it sits on. */
	turns_begin(&unloading.turns, cli, "unloaded", interfaces->count);
	while (interfaces->count > 1 && unload_round(&unloading, true))
		;
	unload_round(&unloading, false);
	turns_end();
	if (cli->interrupted)
		return EXIT_NOT_DONE;
	if (!interfaces->given && clean_leftovers(cli) != EXIT_DONE)
		unloading.status = EXIT_NOT_DONE;
	return unloading.status;
}

const struct command unload_command = {
	.name = "unload",
	.synopsis = "[--if-unchanged N] [--note TEXT] [-j] {-a | IFNAME...}",
	.summary = "Takes the program off an interface",
	.examples = "unload eth0\n"
		    "unload --all\n",
	.notes = "The other programs of the chain keep running. With --if-unchanged nothing is unloaded "
		 "when somebody changed the setting since 'status --json' showed N.\n",
	.options = options,
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INSTANCES,
	.values_size = sizeof(struct unload_values),
	.check = check_unload,
	.changes = true,
	.told = true,
	.run = run_unload,
};
