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

/* What the views are shown in. */
struct showing {
	struct views views;
	struct json_t *list;
	bool no_memory;		/* for the list, which is gone then */
	size_t width;
};

static bool show_text(void *data, const struct view *view)
{
	struct showing *showing = data;

	text_print_view(stdout, view, !showing->views.count, showing->width);
	return true;
}

static bool show_json(void *data, const struct view *view)
{
	struct showing *showing = data;

	showing->no_memory = !json_add_view(&showing->list, view);
	return !showing->no_memory;
}

static int run_status(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct status_values *values = data;
	struct showing showing = { .width = terminal_width(stdout) };
	int status;

	if (values->all_netns)
		return show_machine(cli);
	status = views_each(cli, interfaces, &showing.views, cli->json ? show_json : show_text,
			    &showing);
	if (showing.no_memory)
		return status;
	/* In text an error stands alone. */
	if (cli->json || status == EXIT_DONE)
		showing.views.leftovers = count_leftovers(cli);
	if (!cli->json)
		text_print_end(stdout, &showing.views);
	else if (!json_print_views(stdout, showing.list, &showing.views))
		return report_failure(cli, -ENOMEM, "out of memory");
	return status;
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
