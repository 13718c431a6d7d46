// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "commands.h"
#include "say/say.h"

struct unload_values {
	bool all;
};

static const struct option_def options[] = {
	OPTION_FLAG('a', "all", struct unload_values, all,
		    "from every interface that has an instance"),
	OPTIONS_END,
};

/* Where nothing is loaded any more, a killed command may still have left its pins. */
static int clean_leftovers(const struct cli *cli)
{
	int err = xdpaction_clean(cli->ctx);

	/* Without a bpffs there are none. */
	return err && err != -ENOTDIR ? report_library(cli, NULL, err) : EXIT_DONE;
}

static void check_unload(const struct cli *cli, const void *data, struct words *wrong)
{
	const struct unload_values *values = data;

	if (!values->all && !cli->operands.count)
		words_add(wrong, "name an interface, or give --all");
	else if (values->all && cli->operands.count)
		words_add(wrong, "give --all or interface names, not both");
}

static int run_unload(struct cli *cli, void *values, struct interfaces *interfaces)
{
	char safe[4 * XDPACTION_IFNAME_SIZE];
	int status = EXIT_DONE, err;
	size_t i;

	if (!interfaces->count && !cli->quiet)
		printf("No interface has an instance.\n");
	for (i = 0; i < interfaces->count; i++) {
		const char *ifname = interfaces->list[i];

		err = xdpaction_unload(cli->ctx, ifname);
		/* Nobody asked for one that was unloaded since it was listed. */
		if (!interfaces->given && (err == -ENOENT || err == -ENODEV))
			continue;
		if (err)
			status = report_library(cli, ifname, err);
		else if (!cli->quiet)
			printf("%s: unloaded\n", escape_text(safe, sizeof(safe), ifname));
	}
	if (!interfaces->given && clean_leftovers(cli) != EXIT_DONE)
		status = EXIT_NOT_DONE;
	return status;
}

const struct command unload_command = {
	.name = "unload",
	.synopsis = "{-a | IFNAME...}",
	.summary = "Takes the program off an interface",
	.notes = "The other programs of the chain run on.\n",
	.options = options,
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INSTANCES,
	.values_size = sizeof(struct unload_values),
	.check = check_unload,
	.changes = true,
	.run = run_unload,
};
