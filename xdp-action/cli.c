// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "cli.h"
#include "quote.h"
#include "report.h"

const struct command *const commands[] = {
	&load_command, &unload_command,	 &set_command,	&status_command,
	&poll_command, &metrics_command, &help_command, NULL,
};

/* All commands that name is a prefix of, in words; returns the last of them. */
static const struct command *candidates(const char *name, struct words *words, size_t *count)
{
	const struct command *const *command;
	const struct command *found = NULL;

	*count = 0;
	for (command = commands; *command; command++) {
		if (strncmp(name, (*command)->name, strlen(name)))
			continue;
		words_add(words, "%s%s", *count ? " and for " : "", (*command)->name);
		found = *command;
		++*count;
		if (!strcmp(name, found->name)) {
			*count = 1;
			break;
		}
	}
	return found;
}

const struct command *command_find(const struct cli *cli, const char *name)
{
	char quoted[QUOTE_SIZE], names[128];
	struct words words = words_in(names, sizeof(names));
	const struct command *found;
	size_t count = 0;

	found = *name ? candidates(name, &words, &count) : NULL;
	if (!found)
		report_usage(cli, "unknown command '%s'", quote(quoted, name));
	else if (count > 1)
		report_usage(cli, "'%s' is short for %s", quote(quoted, name), names);
	else
		return found;
	return NULL;
}

static enum xdpaction_log_level log_level(unsigned int verbose)
{
	if (verbose > 1)
		return XDPACTION_LOG_DEBUG;
	return verbose ? XDPACTION_LOG_INFO : XDPACTION_LOG_WARN;
}

static int enter_netns(struct cli *cli)
{
	int err;

	if (!cli->netns)
		return EXIT_DONE;
	cli->home_netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (cli->home_netns < 0) {
		err = -errno;
		return report_failure(cli, err, "cannot open /proc/thread-self/ns/net: %s",
				      strerror(-err));
	}
	err = xdpaction_set_netns(cli->ctx, cli->netns);
	return err ? report_library(cli, NULL, err) : EXIT_DONE;
}

int cli_open(struct cli *cli)
{
	int err = xdpaction_new(&cli->ctx);

	if (err)
		return report_failure(cli, err, "out of memory");
	if (!cli->quiet || cli->verbose)
		xdpaction_set_log(cli->ctx, report_log, cli, log_level(cli->verbose));
	return enter_netns(cli);
}
