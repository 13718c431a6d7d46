// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>

#include "commands.h"
#include "forms/forms.h"
#include "say/say.h"

struct status_values {
	bool all_netns;
};

static const struct option_def options[] = {
	OPTION_FLAG(0, "all-netns", struct status_values, all_netns,
		    "every XDP program of the machine, ours or not"),
	OPTION_JSON,
	OPTIONS_END,
};

static int print_views(const struct cli *cli, const struct views *views)
{
	if (!cli->json)
		text_print_views(stdout, views, terminal_width(stdout));
	else if (!json_print_views(stdout, views))
		return report_failure(cli, -ENOMEM, "out of memory");
	return EXIT_DONE;
}

static int count_unused(void *data, const struct xdpaction_leftover *leftover)
{
	long *count = data;

	*count += leftover->unused;
	return 0;
}

/* What cannot be told about leftovers is no failure of a status. */
static long count_leftovers(const struct cli *cli)
{
	long count = 0;

	return xdpaction_leftovers(cli->ctx, false, count_unused, &count) ? -1 : count;
}

static void check_status(const struct cli *cli, const void *data, struct words *wrong)
{
	const struct status_values *values = data;

	if (values->all_netns && cli->operands.count)
		words_add(wrong, "give --all-netns or interface names, not both");
}

static int run_status(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct status_values *values = data;
	struct views views = { 0 };
	int status, printed;

	if (values->all_netns)
		return show_machine(cli);
	status = views_collect(cli, interfaces, &views);
	views.partial = status != EXIT_DONE;
	/* In text an error stands alone. */
	if (cli->json || status == EXIT_DONE)
		views.leftovers = count_leftovers(cli);
	printed = print_views(cli, &views);
	views_free(&views);
	return printed == EXIT_DONE ? status : printed;
}

const struct command status_command = {
	.name = "status",
	.synopsis = "[-j] [--all-netns | IFNAME...]",
	.summary = "Shows the setting, the chain and the counters",
	.examples = "status\n"
		    "status --json eth0\n",
	.notes = "Without IFNAME: every interface that has an instance. Changes nothing.\n",
	.options = options,
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INSTANCES,
	.looks = true,
	.values_size = sizeof(struct status_values),
	.check = check_status,
	.run = run_status,
};
