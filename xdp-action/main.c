// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* xdp-action: decides live what an interface does with its packets. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "commands/commands.h"
#include "say/say.h"

/*
 * Help changes nothing, whatever the command does, nor does a command that found all as
 * it was to be.
 */
static bool may_have_changed(const struct cli *cli, const struct command *command)
{
	if (!command || !command->changes || cli->help || cli->version)
		return false;
	return !command->told || cli->changed;
}

/*
 * Output that could not be written is a failure, with two exceptions. A reader
 * may stop reading, as in `xdp-action status | head -1`. And when a change was
 * made, the exit status has to say so, whatever became of the output.
 */
static int finish_output(const struct cli *cli, const struct command *command, int status)
{
	int err = output_flush();

	if (!err || err == -EPIPE || output_unwanted())
		return status;
	if (status == EXIT_DONE && may_have_changed(cli, command)) {
		report_warning(cli, NULL, "the change was made, but the standard output failed: %s",
			       strerror(-err));
		return status;
	}
	return report_failure(cli, err, "cannot write to the standard output: %s", strerror(-err));
}

/*
 * A file that is opened later must not get the number of a standard stream that
 * the caller closed, since messages would be written into it. These descriptors
 * take the numbers, and cannot be written to. A command that is run gets what the
 * caller had.
 */
static void occupy_standard_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/*
 * Soft limits are for other programs: that of descriptors for those that use
 * select(), that of locked memory, which programs and maps are charged to before
 * Linux 5.11, for those that lock it.
 */
static void raise_soft_limit(int resource, struct rlimit *before)
{
	struct rlimit raised;

	if (getrlimit(resource, before))
		return;
	raised = *before;
	raised.rlim_cur = raised.rlim_max;
	setrlimit(resource, &raised);
}

static bool ignore_signal(int signal_number)
{
	return signal(signal_number, SIG_IGN) == SIG_IGN;
}

/* Changes what the tool does not want to inherit, and keeps what it was. */
static void disinherit(struct inheritance *inheritance)
{
	raise_soft_limit(RLIMIT_NOFILE, &inheritance->nofile);
	raise_soft_limit(RLIMIT_MEMLOCK, &inheritance->memlock);
	/* Options may follow operands, whatever the environment says. */
	inheritance->posixly_correct = getenv("POSIXLY_CORRECT");
	unsetenv("POSIXLY_CORRECT");
	/* A command must not be killed half-way because nobody reads its output. */
	inheritance->ignores_sigpipe = ignore_signal(SIGPIPE);
	/* Nor by a limit on the size of files, which the write then says. */
	inheritance->ignores_sigxfsz = ignore_signal(SIGXFSZ);
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

/* Creates the context with its log and enters the network namespace of --netns. */
static int open_context(struct cli *cli)
{
	int err = xdpaction_new(&cli->ctx);

	if (err)
		return report_failure(cli, err, "out of memory");
	if (!cli->quiet || cli->verbose)
		xdpaction_set_log(cli->ctx, report_log, cli, log_level(cli->verbose));
	return enter_netns(cli);
}

static int complete_interfaces(const struct cli *cli, struct interfaces *interfaces)
{
	int err = interfaces_complete(interfaces, cli->ctx);

	if (!err)
		return EXIT_DONE;
	return interfaces->given ? report_failure(cli, err, "out of memory") :
				   report_library(cli, NULL, err);
}

/* Runs a command that has its context. */
static int run_open(struct cli *cli, const struct command *command, void *values,
		    struct interfaces *interfaces)
{
	int status = EXIT_DONE;

	if (command->operands == OPERANDS_INTERFACES && (interfaces->given || !command->looks))
		status = complete_interfaces(cli, interfaces);
	return status == EXIT_DONE ? command->run(cli, values, interfaces) : status;
}

/* Runs a command whose line has been read. */
static int run_read(struct cli *cli, const struct command *command, void *values,
		    struct interfaces *interfaces)
{
	int status = EXIT_DONE;

	if (cli->help || cli->version) {
		if (cli->help)
			help_print(stdout, command);
		else
			help_print_version(stdout);
		return EXIT_DONE;
	}
	if (!command->offline)
		status = open_context(cli);
	if (status != EXIT_DONE)
		return status;
	return command->told ? run_told(cli, command, values, interfaces, run_open) :
			       run_open(cli, command, values, interfaces);
}

static int run_line(struct cli *cli, const struct command *command, int argc, char **argv)
{
	void *values = calloc(1, command->values_size + 1);
	struct interfaces interfaces = { 0 };
	char message[REPORT_SIZE];
	struct words wrong = words_in(message, sizeof(message));
	int status, err = -ENOMEM;

	if (values)
		err = command_read(cli, command, argc, argv, values, &interfaces, &wrong);
	if (err == -EINVAL)
		status = report_usage(cli, "%s", message);
	else if (err)
		status = report_failure(cli, err, "out of memory");
	else
		status = run_read(cli, command, values, &interfaces);
	if (status != EXIT_DONE && command->program && !cli->final_status)
		status = EXIT_NOT_STARTED;
	interfaces_free(&interfaces);
	free(values);
	return status;
}

/* An option that is wrong before the command may be right behind it. */
static int report_early(const struct cli *cli, int argc, char **argv, const char *message)
{
	char placed[REPORT_SIZE];
	struct words words = words_in(placed, sizeof(placed));
	struct cli unused = { 0 };
	int i;

	for (i = 1; i < argc - cli->operands.count; i++) {
		char *line[] = { argv[0], argv[i], NULL };
		char said[REPORT_SIZE];
		struct words wrong = words_in(said, sizeof(said));

		if (*argv[i] == '-' && !options_read_common(&unused, 2, line, &wrong) &&
		    command_place_option(argv[i], &words))
			return report_usage(cli, "%s", placed);
	}
	return report_usage(cli, "%s", message);
}

/* Finds the command; *command stays NULL for `xdp-action --help` and `--version`. */
static int find_command(struct cli *cli, int argc, char **argv, const struct command **command)
{
	char message[REPORT_SIZE];
	struct words wrong = words_in(message, sizeof(message));

	if (!options_read_common(cli, argc, argv, &wrong))
		return report_early(cli, argc, argv, message);
	if (cli->help || cli->version)
		return run_read(cli, NULL, NULL, NULL);
	if (!cli->operands.count)
		return report_usage(cli, "no command given");
	*command = command_find(cli->operands.words[0], &wrong);
	return *command ? EXIT_DONE : report_usage(cli, "%s", message);
}

int main(int argc, char **argv)
{
	const struct command *command = NULL;
	struct cli cli = { 0 };
	int status;

	occupy_standard_streams();
	disinherit(&cli.inheritance);

	status = find_command(&cli, argc, argv, &command);
	if (command)
		status = run_line(&cli, command, cli.operands.count, cli.operands.words);
	status = finish_output(&cli, command, status);
	xdpaction_free(cli.ctx);
	if (cli.home_netns > 0)
		close(cli.home_netns);
	if (cli.interrupted)
		die_of(cli.interrupted);
	return status;
}
