// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "names.h"
#include "quote.h"
#include "report.h"

struct unload_values {
	bool all;
};

static const struct option_def options[] = {
	OPTION_FLAG('a', "all", struct unload_values, all,
		    "from every interface that has an instance"),
	OPTIONS_END,
};

/* Where nothing is loaded any more, a killed command may still have left its pins. */
static int clean(const struct cli *cli)
{
	int err = xdpaction_clean(cli->ctx);

	/* Without a bpffs there are none. */
	return err && err != -ENOTDIR ? report_library(cli, NULL, err) : EXIT_DONE;
}

static int unload_each(struct cli *cli, struct names *names)
{
	char safe[4 * XDPACTION_IFNAME_SIZE];
	int status, err;
	size_t i;

	status = cli_open(cli);
	if (status == EXIT_DONE)
		status = names_complete(cli, names);
	if (status != EXIT_DONE)
		return status;

	if (!names->count && !cli->quiet)
		printf("No interface has an instance.\n");
	for (i = 0; i < names->count; i++) {
		err = xdpaction_unload(cli->ctx, names->list[i]);
		/* Nobody asked for one that was unloaded since it was listed. */
		if (!names->given && (err == -ENOENT || err == -ENODEV))
			continue;
		if (err)
			status = report_library(cli, names->list[i], err);
		else if (!cli->quiet)
			printf("%s: unloaded\n", escape(safe, sizeof(safe), names->list[i]));
	}
	if (!names->given && clean(cli) != EXIT_DONE)
		status = EXIT_NOT_DONE;
	return status;
}

static int unload_run(struct cli *cli, int argc, char **argv)
{
	struct unload_values values = { 0 };
	struct operands operands;
	struct names names = { 0 };
	int status;

	status = options_parse(cli, argc, argv, &values, &operands);
	if (status == OPTIONS_GO_ON && !values.all && !operands.count)
		status = report_usage(cli, "name an interface, or give --all");
	if (status == OPTIONS_GO_ON && values.all && operands.count)
		status = report_usage(cli, "--all and the name of an interface exclude each other");
	if (status == OPTIONS_GO_ON)
		status = names_read(cli, &operands, 0, &names);
	if (status == OPTIONS_GO_ON)
		status = unload_each(cli, &names);
	names_free(&names);
	return status;
}

const struct command unload_command = {
	.name = "unload",
	.synopsis = "{-a | IFNAME...}",
	.summary = "Takes the program off an interface",
	.notes = "The other programs of the chain run on.\n",
	.options = options,
	.changes = true,
	.run = unload_run,
};
