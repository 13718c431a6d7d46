// SPDX-License-Identifier: GPL-2.0-only
/* xdp-action: decides live what an interface does with its packets. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "help.h"
#include "options.h"
#include "output.h"
#include "report.h"

/*
 * Output that did not arrive is a failure, but for a reader that had enough,
 * as in `xdp-action status | head -1`.
 */
static int finish_output(const struct cli *cli, int status)
{
	int err = output_flush();

	if (!err || err == -EPIPE || output_unwanted())
		return status;
	return report_failure(cli, err, "cannot write to the standard output: %s", strerror(-err));
}

static int run(struct cli *cli, int argc, char **argv)
{
	struct operands operands;
	int status;

	status = options_parse(cli, argc, argv, NULL, &operands);
	if (status != OPTIONS_GO_ON)
		return status;
	if (!operands.count)
		return report_usage(cli, "no command given");

	cli->command = command_find(cli, operands.words[0]);
	if (!cli->command)
		return EXIT_USAGE;
	return cli->command->run(cli, operands.count, operands.words);
}

int main(int argc, char **argv)
{
	struct cli cli = { 0 };
	int status;

	/* Options may follow operands, whatever the environment says. */
	unsetenv("POSIXLY_CORRECT");
	/* A reader that goes away must not stop a command half-way. */
	signal(SIGPIPE, SIG_IGN);

	status = finish_output(&cli, run(&cli, argc, argv));
	xdpaction_free(cli.ctx);
	return status;
}
