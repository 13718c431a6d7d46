/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * The commands. A command is data: what its line may contain, what it does, and
 * what help says about it. command_read() and main() do the rest.
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
	/* The synopsis without the name and the common options. */
	const char *synopsis;
	/* One line for the list of commands. */
	const char *summary;
	/* Lines of the command without the name of the program, each ended by \n. */
	const char *examples;
	/* Paragraphs, each ended by \n, that `help COMMAND` shows after the options. */
	const char *notes;

	/* Its own options, terminated by OPTIONS_END. */
	const struct option_def *options;
	/* A required first operand, and its place in the values; NULL: none. */
	const struct value_type *first;
	size_t first_offset;
	enum operand_kind operands;
	/* It runs the command that stands behind "--", whose exit status is its own. */
	bool program;
	/* The size of the struct that its options and its first operand fill in. */
	size_t values_size;
	/* Fills in defaults other than zero; may be NULL. */
	void (*init)(void *values);
	/* Checks what depends on more than one option and says in `wrong` what is wrong. */
	void (*check)(const struct cli *cli, const void *values, struct words *wrong);

	/* What a shell offers for the operands after the first. */
	enum candidates candidates;
	/* Why it has no --json and where there is one, for who gives it; may be NULL. */
	const char *instead_of_json;
	/* Help does not list it, and its name cannot be abbreviated. */
	bool hidden;

	/* Its exit status tells whether a change was made. */
	bool changes;
	/* It changes instances: the log is told, and with --json what came of each. */
	bool told;
	/* Without operands it finds the instances itself and needs no list of them. */
	bool looks;
	/* It needs no context, so it stays in the caller's network namespace. */
	bool offline;
	/* Runs the command. Returns the exit status. */
	int (*run)(struct cli *cli, void *values, struct interfaces *interfaces);
};

extern const struct command load_command;
extern const struct command unload_command;
extern const struct command set_command;
extern const struct command run_command;
extern const struct command upgrade_command;
extern const struct command status_command;
extern const struct command poll_command;
extern const struct command monitor_command;
extern const struct command metrics_command;
extern const struct command match_command;
extern const struct command clean_command;
extern const struct command help_command;
extern const struct command complete_command;

/* All commands in the order of the help, terminated by NULL. */
extern const struct command *const commands[];

/*
 * Finds a command by its name or by an unambiguous prefix. Returns NULL after
 * saying in `wrong` what is wrong.
 */
const struct command *command_find(const char *name, struct words *wrong);

/*
 * Says where an option belongs that stands before the command. Returns false where no
 * command has it.
 */
bool command_place_option(const char *word, struct words *wrong);

/*
 * Reads the line of a command, of which argv[0] is the name, into cli, `values`
 * and `interfaces`. Returns 0, -ENOMEM, or -EINVAL after saying in `wrong` what is
 * wrong. If cli->help or cli->version is set, the operands were not read.
 */
int command_read(struct cli *cli, const struct command *command, int argc, char **argv,
		 void *values, struct interfaces *interfaces, struct words *wrong);

/* Prints the help of a command, or of the program when it is NULL. */
void help_print(FILE *out, const struct command *command);

/* Prints the versions of the tool, of the libraries that run and of the kernel. */
void help_print_version(FILE *out);

typedef int (*run_fn)(struct cli *cli, const struct command *command, void *values,
		      struct interfaces *interfaces);

/*
 * Runs a command that changes instances by `run`, and tells of it: the library who it
 * is that calls, the log of the system what was done, and with --json the standard
 * output what came of each interface. Returns an exit status.
 */
int run_told(struct cli *cli, const struct command *command, void *values,
	     struct interfaces *interfaces, run_fn run);

/* ------------------------------------------------------------------------
 * Shared by several commands.
 */

struct view;
struct views;

/* What is done with a view, which lasts until it returns: false when out of memory. */
typedef bool (*view_fn)(void *data, const struct view *view);

/*
 * Calls fn for the view of each of the named interfaces, or of all that have an
 * instance, and reports each that cannot be read. Returns an exit status. `views`
 * is complete but for its `leftovers`; for fn its count is that of the views before.
 */
int views_each(const struct cli *cli, const struct interfaces *interfaces, struct views *views,
	       view_fn fn, void *data);

/*
 * Warns when frames that a new setting sends will not arrive, as with a driver
 * that cannot transmit.
 */
void warn_of_sending(const struct cli *cli, const char *ifname,
		     const struct xdpaction_setting *setting);

/* Says in `wrong` when both --all and interfaces are given. Returns true then. */
bool check_all(const struct cli *cli, bool all, struct words *wrong);
/* Says in `wrong` when --if-unchanged is given for anything but one interface. */
void check_unchanged(const struct cli *cli, struct words *wrong);

/*
 * Blocks INT, TERM and those of the `also` that the caller does not ignore, and gives a
 * descriptor from which they are read. Returns 0 or a negative errno value.
 */
int signals_take(const int *also, size_t count, int *fd);

/* Ends the process by a signal that was blocked, so that a shell sees which it was. */
void die_of(int signal_number);

/* status --all-netns: what is attached on the whole machine. Returns an exit status. */
int show_machine(const struct cli *cli);

#endif /* COMMANDS_H */
