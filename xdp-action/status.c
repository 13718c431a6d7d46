// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "json.h"
#include "report.h"
#include "text.h"

static const struct option_def options[] = {
	OPTION_JSON,
	OPTIONS_END,
};

static int print(const struct cli *cli, const struct views *views)
{
	if (!cli->json)
		text_print_views(stdout, views);
	else if (!json_print_views(stdout, views))
		return report_failure(cli, -ENOMEM, "out of memory");
	return EXIT_DONE;
}

static int show(struct cli *cli, struct names *names)
{
	struct views views = { 0 };
	int status, printed;

	status = cli_open(cli);
	if (status == EXIT_DONE)
		status = names_complete(cli, names);
	if (status != EXIT_DONE)
		return status;

	status = views_collect(cli, names, &views);
	printed = views.list ? print(cli, &views) : EXIT_NOT_DONE;
	views_free(&views);
	return printed == EXIT_DONE ? status : printed;
}

static int status_run(struct cli *cli, int argc, char **argv)
{
	struct operands operands;
	struct names names = { 0 };
	int status;

	status = options_parse(cli, argc, argv, NULL, &operands);
	if (status == OPTIONS_GO_ON)
		status = names_read(cli, &operands, 0, &names);
	if (status == OPTIONS_GO_ON)
		status = show(cli, &names);
	names_free(&names);
	return status;
}

const struct command status_command = {
	.name = "status",
	.synopsis = "[-j] [IFNAME...]",
	.summary = "Shows the setting, the chain and the counters",
	.notes = "Without IFNAME: every interface that has an instance. Changes nothing.\n",
	.options = options,
	.run = status_run,
};
