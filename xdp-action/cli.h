/* SPDX-License-Identifier: GPL-2.0-only */
/* What every command gets, and what a command is. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>

#include "xdpaction.h"

#define PROGRAM "xdp-action"

/* Exit status. */
enum {
	EXIT_DONE = 0,
	EXIT_NOT_DONE = 1,
	EXIT_USAGE = 2,
};

/* A run of the program: what the options that all commands have in common say. */
struct cli {
	struct xdpaction *ctx;
	/* The command that runs; NULL before it is known. */
	const struct command *command;
	const char *netns;
	/* The network namespace it was called in, a descriptor; 0: it is there still. */
	int home_netns;
	unsigned int verbose;
	bool quiet;
	bool json;
	bool help;
	bool version;
};

struct option_def;

struct command {
	const char *name;
	/* What follows the name in the synopsis, without the common options. */
	const char *synopsis;
	/* One line for the list of commands. */
	const char *summary;
	/* Paragraphs, each ended by \n, that `help COMMAND` shows after the options. */
	const char *notes;
	/* Its own options, ended by one without a name. */
	const struct option_def *options;
	/* Its exit status says whether a change was made. */
	bool changes;
	/*
	 * Runs it; argv[0] is the name of the command.
	 * Returns the exit status.
	 */
	int (*run)(struct cli *cli, int argc, char **argv);
};

extern const struct command load_command;
extern const struct command unload_command;
extern const struct command set_command;
extern const struct command status_command;
extern const struct command poll_command;
extern const struct command metrics_command;
extern const struct command help_command;

/* All of them, in the order in which help lists them, ended by NULL. */
extern const struct command *const commands[];

/*
 * Finds a command by its name or a prefix that only one has. NULL after it
 * has reported why not.
 */
const struct command *command_find(const struct cli *cli, const char *name);

/*
 * Makes the context, with its log, in the network namespace that was asked
 * for. Returns an exit status.
 */
int cli_open(struct cli *cli);

#endif /* CLI_H */
