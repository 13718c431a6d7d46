/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options: one table for each command, from which both getopt_long() and the
 * help text are fed.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "cli.h"

/* What can stand on a command line, and how it is read. */
struct value_type {
	const char *noun;	/* "a duration" */
	const char *expected;	/* "500ms, 30s, 5m, 2h or 1d" */
	/* Stores to value, whose type is the business of the two; see parse.h. */
	bool (*parse)(const char *text, void *value);
};

/* How often an option of this type was given goes to an unsigned int. */
extern const struct value_type option_count;

struct option_def {
	const char *name;	/* the long one */
	char letter;		/* the short one, 0: none */
	const char *value;	/* what help calls the value, NULL: none */
	const char *help;
	const struct value_type *type;	/* NULL: a flag, goes to a bool */
	size_t offset;		/* where in the struct of the command's values */
	bool in_cli;		/* no: in struct cli */
};

/* An option with a value, and one without; `member` is where it goes in `owner`. */
#define OPTION_VALUE(letter_, name_, value_, type_, owner, member, help_) \
	{ \
		.letter = letter_, .name = name_, .value = value_, .type = &(type_), \
		.help = help_, .offset = offsetof(owner, member), \
	}
#define OPTION_FLAG(letter_, name_, owner, member, help_) \
	{ \
		.letter = letter_, .name = name_, .help = help_, \
		.offset = offsetof(owner, member), \
	}

/* The options that all commands have. */
extern const struct option_def common_options[];
/* The --json option of the commands that have it. */
#define OPTION_JSON \
	{ \
		.letter = 'j', .name = "json", .help = "JSON in place of text", \
		.offset = offsetof(struct cli, json), .in_cli = true, \
	}
/* Ends a table of options. */
#define OPTIONS_END \
	{ \
		.name = NULL, \
	}

/* What is left of a command line without its options. */
struct operands {
	int count;
	char **words;
};

/* options_parse() says that the command can start. */
#define OPTIONS_GO_ON -1

/*
 * Reads the options of cli->command, or before there is one only the common
 * options up to the first operand. Stores values at their offsets: those of
 * the command in `values`, which holds the defaults, the others in cli.
 * Answers --help and --version.
 *
 * Returns OPTIONS_GO_ON, or the exit status.
 */
int options_parse(struct cli *cli, int argc, char **argv, void *values, struct operands *operands);

/* Reads a value that is no option; reports a wrong one. Returns OPTIONS_GO_ON or a status. */
int options_read(const struct cli *cli, const struct value_type *type, const char *text,
		 void *value);

/* Prints the lines of a table, for help. */
void options_print(FILE *out, const struct option_def *options);

#endif /* OPTIONS_H */
