// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "commands.h"
#include "forms/forms.h"
#include "say/say.h"

struct metrics_values {
	const char *output;
};

static const struct option_def options[] = {
	OPTION_VALUE('o', "output", "FILE", value_path, struct metrics_values, output,
		     "replace FILE, whole, in place of printing; a failure leaves it as it was"),
	OPTIONS_END,
};

static int report_file(const struct cli *cli, const char *path, int err)
{
	char quoted[QUOTE_SIZE];

	if (err == -EINVAL)
		return report_failure(cli, err, "cannot replace '%s': it is not a regular file",
				      quote_text(quoted, path));
	return report_failure(cli, err, "cannot write '%s': %s", quote_text(quoted, path),
			      strerror(-err));
}

static int write_file(const struct cli *cli, const char *path, const struct views *views)
{
	struct replacement replacement = { 0 };
	int err;

	err = replacement_begin(&replacement, path);
	if (!err) {
		metrics_print_views(replacement.out, views);
		err = replacement_commit(&replacement);
	}
	return err ? report_file(cli, path, err) : EXIT_DONE;
}

/* All or nothing: half of the interfaces would look like the others unloaded. */
static int run_metrics(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct metrics_values *values = data;
	struct views views = { 0 };
	int status;

	status = views_collect(cli, interfaces, &views);
	if (status == EXIT_DONE && values->output)
		status = write_file(cli, values->output, &views);
	else if (status == EXIT_DONE)
		metrics_print_views(stdout, &views);
	views_free(&views);
	return status;
}

const struct command metrics_command = {
	.name = "metrics",
	.synopsis = "[-o FILE] [IFNAME...]",
	.summary = "Prints the counters and the setting for Prometheus",
	.notes = "Without IFNAME: every interface that has an instance. Changes nothing.\n"
		 "With --output FILE, in the directory of node_exporter's textfile collector, FILE"
		 " should end in .prom.\n",
	.options = options,
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INSTANCES,
	.values_size = sizeof(struct metrics_values),
	.looks = true,
	.run = run_metrics,
};
