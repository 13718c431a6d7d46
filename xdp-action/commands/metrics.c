// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "forms/forms.h"
#include "say/say.h"

struct metrics_values {
	const char *output;
};

static const struct option_def options[] = {
	OPTION_VALUE('o', "output", "FILE", value_path, struct metrics_values, output,
		     "write to FILE, which is replaced as a whole or left as it was; - prints"),
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

static int write_file(const struct cli *cli, const char *path, const struct metrics *metrics,
		      const struct views *views)
{
	struct replacement replacement = { 0 };
	int err;

	err = replacement_begin(&replacement, path);
	if (!err) {
		metrics_print(replacement.out, metrics, views);
		err = replacement_commit(&replacement);
	}
	return err ? report_file(cli, path, err) : EXIT_DONE;
}

/*
 * The label by which the series of several network namespaces of a host differ:
 * the name of a namespace, or its number; "" for the one of the first process.
 */
static int find_label(const struct cli *cli, char *label, size_t size)
{
	struct stat first, here;
	int err;

	if (stat("/proc/thread-self/ns/net", &here)) {
		err = -errno;
		return report_failure(cli, err, "cannot tell the network namespace: %s",
				      strerror(-err));
	}
	/* Who may not look at the first process is in no other namespace than it, as a rule. */
	if (!stat("/proc/1/ns/net", &first) ?
		    first.st_ino == here.st_ino && first.st_dev == here.st_dev : !cli->netns)
		*label = '\0';
	else if (cli->netns && !strchr(cli->netns, '/'))
		snprintf(label, size, "%s", cli->netns);
	else
		snprintf(label, size, "%ju", (uintmax_t)here.st_ino);
	return EXIT_DONE;
}

static bool add_view(void *data, const struct view *view)
{
	return metrics_add_view(data, view);
}

/* Print all or nothing: an interface that is left out would look unloaded. */
static int write_metrics(const struct cli *cli, const char *output, struct metrics *metrics,
			 const struct interfaces *interfaces)
{
	struct views views;
	int status = views_each(cli, interfaces, &views, add_view, metrics);

	if (status != EXIT_DONE)
		return status;
	if (output && strcmp(output, "-"))
		return write_file(cli, output, metrics, &views);
	metrics_print(stdout, metrics, &views);
	return EXIT_DONE;
}

static int run_metrics(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct metrics_values *values = data;
	struct metrics *metrics;
	char netns[NAME_MAX + 1];
	int status = find_label(cli, netns, sizeof(netns));

	if (status != EXIT_DONE)
		return status;
	metrics = metrics_begin(netns);
	if (!metrics)
		return report_failure(cli, -ENOMEM, "out of memory");
	status = write_metrics(cli, values->output, metrics, interfaces);
	metrics_free(metrics);
	return status;
}

const struct command metrics_command = {
	.name = "metrics",
	.synopsis = "[-o FILE] [IFNAME...]",
	.summary = "Prints the counters and the setting for Prometheus",
	.examples = "metrics\n"
		    "metrics -o /var/lib/node_exporter/xdp-action.prom\n",
	.notes = "Without IFNAME: every interface that has an instance, and the versions. Changes nothing.\n"
		 "For the textfile collector of node_exporter, FILE should be in its directory "
		 "and end in .prom. The series of another network namespace carry its name in the "
		 "label netns, so that each namespace can have a file of its own.\n",
	.options = options,
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INSTANCES,
	.values_size = sizeof(struct metrics_values),
	.looks = true,
	.instead_of_json = "'status --json' has what it prints",
	.run = run_metrics,
};
