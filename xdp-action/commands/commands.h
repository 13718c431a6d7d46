/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands. A command is data: what may stand on its line, what it does
 * then, and what help says of it. command_read() and main() do the rest.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdio.h>

#include "args/args.h"
#include "cli.h"

enum operand_kind {
	OPERANDS_NONE,
	OPERANDS_INTERFACES,
	OPERANDS_OTHER,		/* the command reads cli->operands itself */
};

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
	/* An operand that must be there, before the others, and where it goes; NULL: none. */
	const struct value_type *first;
	size_t first_offset;
	enum operand_kind operands;
	/* The struct that its options and its first operand fill in. */
	size_t values_size;
	/* Fills in the defaults where these are not all zeros. */
	void (*init)(void *values);
	/* Checks what no option can know about the others; `wrong` says what is wrong. */
	void (*check)(const struct cli *cli, const void *values, struct words *wrong);

	/* What a shell offers for its operands behind the first. */
	enum candidates candidates;
	/* Help does not list it, and its name cannot be shortened. */
	bool hidden;

	/* Its exit status says whether a change was made. */
	bool changes;
	/* Without operands it looks at each instance itself, and needs no list of them. */
	bool looks;
	/* It runs without a context, and so in no network namespace but the caller's. */
	bool offline;
	/* Does what is asked for. Returns the exit status. */
	int (*run)(struct cli *cli, void *values, struct interfaces *interfaces);
};

extern const struct command load_command;
extern const struct command unload_command;
extern const struct command set_command;
extern const struct command status_command;
extern const struct command poll_command;
extern const struct command metrics_command;
extern const struct command clean_command;
extern const struct command help_command;
extern const struct command complete_command;

/* All of them, in the order in which help lists them, ended by NULL. */
extern const struct command *const commands[];

/*
 * Finds a command by its name or a prefix that only one has. NULL after it
 * has said in `wrong` why not.
 */
const struct command *command_find(const char *name, struct words *wrong);

/*
 * Reads the line of a command, argv[0] is its name, into cli, `values` and
 * `interfaces`. Returns 0, -ENOMEM, or -EINVAL after it has said in `wrong` what
 * is wrong. With cli->help or cli->version set nothing else was looked at.
 */
int command_read(struct cli *cli, const struct command *command, int argc, char **argv,
		 void *values, struct interfaces *interfaces, struct words *wrong);

/* Prints the help of a command, or with NULL of the program. */
void help_print(FILE *out, const struct command *command);

/* Prints the versions of the tool, of the libraries that run and of the kernel. */
void help_print_version(FILE *out);

/* ------------------------------------------------------------------------
 * What several commands do.
 */

struct views;

/*
 * Reads the status of the interfaces that were named, or of all that have an
 * instance; reports each that cannot be read. Returns
 * an exit status, and the views that there are in any case. Free them with
 * views_free().
 */
int views_collect(const struct cli *cli, const struct interfaces *interfaces,
		  struct views *views);

/*
 * Says what is known to go wrong where a setting that was made sends frames: a
 * driver that cannot transmit.
 */
void warn_of_sending(const struct cli *cli, const char *ifname,
		     const struct xdpaction_setting *setting);

/* status --all-netns: what is attached on the whole machine. Returns an exit status. */
int show_machine(const struct cli *cli);

#endif /* COMMANDS_H */
