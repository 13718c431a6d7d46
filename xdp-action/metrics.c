// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "prometheus.h"
#include "quote.h"
#include "replace.h"
#include "report.h"
#include "values.h"

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
				      quote(quoted, path));
	return report_failure(cli, err, "cannot write '%s': %s", quote(quoted, path),
			      strerror(-err));
}

static int write_file(const struct cli *cli, const char *path, const struct views *views)
{
	struct replacement replacement = { 0 };
	int err;

	err = replace_begin(&replacement, path);
	if (!err) {
		prometheus_print(replacement.out, views);
		err = replace_commit(&replacement);
	}
	return err ? report_file(cli, path, err) : EXIT_DONE;
}

/* All or nothing: half of the interfaces would look like the others unloaded. */
static int show(struct cli *cli, struct names *names, const char *output)
{
	struct views views = { 0 };
	int status;

	status = cli_open(cli);
	if (status == EXIT_DONE)
		status = names_complete(cli, names);
	if (status == EXIT_DONE)
		status = views_collect(cli, names, &views);
	if (status == EXIT_DONE && output)
		status = write_file(cli, output, &views);
	else if (status == EXIT_DONE)
		prometheus_print(stdout, &views);
	views_free(&views);
	return status;
}

static int metrics_run(struct cli *cli, int argc, char **argv)
{
	struct metrics_values values = { 0 };
	struct operands operands;
	struct names names = { 0 };
	int status;

	status = options_parse(cli, argc, argv, &values, &operands);
	if (status == OPTIONS_GO_ON)
		status = names_read(cli, &operands, 0, &names);
	if (status == OPTIONS_GO_ON)
		status = show(cli, &names, values.output);
	names_free(&names);
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
	.run = metrics_run,
};
