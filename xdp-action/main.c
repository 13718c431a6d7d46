// SPDX-License-Identifier: GPL-2.0-only
/* xdp-action: decides live what an interface does with its packets. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "help.h"
#include "options.h"
#include "output.h"
#include "report.h"

/*
 * Output that did not arrive is a failure, but for a reader that had enough,
 * as in `xdp-action status | head -1`, and where the output only says what was
 * changed: the exit status says that too, and must be true.
 */
static int finish_output(const struct cli *cli, int status)
{
	int err = output_flush();

	if (!err || err == -EPIPE || output_unwanted())
		return status;
	if (status == EXIT_DONE && cli->command && cli->command->changes) {
		report_warning(cli, NULL, "it was done, but cannot write to the standard output: %s",
			       strerror(-err));
		return status;
	}
	return report_failure(cli, err, "cannot write to the standard output: %s", strerror(-err));
}

/*
 * What is opened later must not get the number of a stream that the caller
 * closed: messages would go there. Nothing can be written to this.
 */
static void occupy_standard_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
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

	occupy_standard_streams();
	/* Options may follow operands, whatever the environment says. */
	unsetenv("POSIXLY_CORRECT");
	/* A reader that goes away must not stop a command half-way. */
	signal(SIGPIPE, SIG_IGN);

	status = finish_output(&cli, run(&cli, argc, argv));
	xdpaction_free(cli.ctx);
	if (cli.home_netns > 0)
		close(cli.home_netns);
	return status;
}
