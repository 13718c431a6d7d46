// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "forms/forms.h"
#include "list.h"
#include "say/say.h"

struct clean_values {
	bool force;
	bool dry_run;
};

static const struct option_def options[] = {
	OPTION_FLAG('f', "force", struct clean_values, force,
		    "remove what is named, though it may be in use"),
	OPTION_FLAG('n', "dry-run", struct clean_values, dry_run, "remove nothing"),
	OPTION_JSON,
	OPTIONS_END,
};

struct found {
	struct found_leftover *list;
	size_t count;
	bool no_memory;
};

static int add_leftover(void *data, const struct xdpaction_leftover *leftover)
{
	struct found *found = data;
	struct found_leftover *grown = list_grow(found->list, found->count, sizeof(*grown));

	if (!grown) {
		found->no_memory = true;
		return -ENOMEM;
	}
	found->list = grown;
	grown[found->count++] = (struct found_leftover){
		.leftover = *leftover,
		.fate = leftover->unused ? FATE_UNUSED : FATE_KEPT,
	};
	return 0;
}

/* By its path, or by the last part of it. */
static bool is_named(const char *name, const struct xdpaction_leftover *leftover)
{
	return !strcmp(name, leftover->path) ||
	       !strcmp(name, strrchr(leftover->path, '/') + 1);
}

static bool among_operands(const struct cli *cli, const struct xdpaction_leftover *leftover)
{
	int i;

	for (i = 0; i < cli->operands.count; i++)
		if (is_named(cli->operands.words[i], leftover))
			return true;
	return false;
}

/* Leaves those that are named; a name that is none of them is an error. */
static int choose(const struct cli *cli, struct found *found)
{
	char quoted[QUOTE_SIZE];
	int status = EXIT_DONE, name;
	size_t i, kept = 0;

	for (name = 0; name < cli->operands.count; name++) {
		for (i = 0; i < found->count; i++)
			if (is_named(cli->operands.words[name], &found->list[i].leftover))
				break;
		if (i == found->count)
			status = report_failure(cli, -ENOENT,
						"'%s' is not left over: it is in use, or not there",
						quote_text(quoted, cli->operands.words[name]));
	}
	for (i = 0; cli->operands.count && i < found->count; i++)
		if (among_operands(cli, &found->list[i].leftover))
			found->list[kept++] = found->list[i];
	if (cli->operands.count)
		found->count = kept;
	return status;
}

static int refuse(const struct cli *cli, const struct xdpaction_leftover *leftover)
{
	char message[REPORT_SIZE];
	struct words words = words_in(message, sizeof(message));
	struct report refusal = {
		.kind = REPORT_ERROR,
		.message = message,
		.advice = "--force removes it all the same",
		.err = -EBUSY,
	};

	words_add(&words, "%s is not proven to be unused: %s", leftover->path, leftover->ground);
	report_print(cli, &refusal);
	return EXIT_NOT_DONE;
}

static bool is_gone(const struct xdpaction_leftover *leftover)
{
	struct stat stat;

	return lstat(leftover->path, &stat) && errno == ENOENT;
}

static int remove_one(const struct cli *cli, const struct clean_values *values,
		      struct found_leftover *found)
{
	const struct xdpaction_leftover *leftover = &found->leftover;
	int err;

	if (!leftover->unused && !cli->operands.count)
		return EXIT_DONE;
	if (leftover->unused && is_gone(leftover)) {
		found->fate = FATE_REMOVED;
		return EXIT_DONE;
	}
	if (!leftover->unused && !values->force) {
		found->fate = FATE_REFUSED;
		return refuse(cli, leftover);
	}
	err = xdpaction_clean(cli->ctx, leftover->path, values->force);
	/* Another command found it first. */
	if (err && !(err == -ENOENT && !cli->operands.count))
		return report_library(cli, NULL, err);
	found->fate = FATE_REMOVED;
	return EXIT_DONE;
}

/* From the last on: what keeps a program is removed after the pins of its maps. */
static int remove_all(const struct cli *cli, const struct clean_values *values,
		      struct found *found)
{
	int status = EXIT_DONE;
	size_t i;

	if (values->dry_run)
		return EXIT_DONE;
	/* Hundreds would take long one by one. What stays is tried again, and says why. */
	if (found->count > 1 && !cli->operands.count)
		xdpaction_clean(cli->ctx, NULL, false);
	for (i = found->count; i > 0; i--)
		if (remove_one(cli, values, &found->list[i - 1]) != EXIT_DONE)
			status = EXIT_NOT_DONE;
	return status;
}

static int print_found(const struct cli *cli, const struct found *found)
{
	size_t i;

	if (cli->json && !json_print_leftovers(stdout, found->list, found->count))
		return report_failure(cli, -ENOMEM, "out of memory");
	if (cli->json || cli->quiet)
		return EXIT_DONE;
	if (!found->count && !cli->operands.count)
		printf("Nothing is left over.\n");
	for (i = 0; i < found->count; i++)
		if (found->list[i].fate != FATE_REFUSED)
			text_print_leftover(stdout, &found->list[i].leftover, found->list[i].fate,
					    terminal_width(stdout));
	return EXIT_DONE;
}

static void check_clean(const struct cli *cli, const void *data, struct words *wrong)
{
	const struct clean_values *values = data;

	if (values->force && !cli->operands.count)
		words_add(wrong, "name what to remove by force");
}

static int run_clean(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct clean_values *values = data;
	struct found found = { 0 };
	int status, removed, printed;
	int err = xdpaction_leftovers(cli->ctx, true, add_leftover, &found);

	if (found.no_memory)
		status = report_failure(cli, -ENOMEM, "out of memory");
	else if (err)
		status = report_library(cli, NULL, err);
	else
		status = choose(cli, &found);
	if (!err) {
		removed = remove_all(cli, values, &found);
		printed = print_found(cli, &found);
		status = removed != EXIT_DONE ? removed : printed != EXIT_DONE ? printed : status;
	}
	free(found.list);
	return status;
}

const struct command clean_command = {
	.name = "clean",
	.synopsis = "[-n] [-j] [-f] [LEFTOVER...]",
	.summary = "Removes what killed commands left behind",
	.examples = "clean\n"
		    "clean -n\n",
	.notes = "Shows what is left over, and removes what is proven to be unused. LEFTOVER is a path, or the last part of one; without one: all of it.\n",
	.options = options,
	.operands = OPERANDS_OTHER,
	.candidates = CANDIDATES_LEFTOVERS,
	.values_size = sizeof(struct clean_values),
	.check = check_clean,
	.changes = true,
	.run = run_clean,
};
