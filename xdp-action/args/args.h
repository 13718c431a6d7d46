/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is on a command line, and how it is read. Nothing here prints: what is
 * wrong comes back in words.
 */
#ifndef ARGS_H
#define ARGS_H

#include <stddef.h>

#include "cli.h"
#include "words/words.h"

/* ------------------------------------------------------------------------
 * Texts. Each reader takes the whole text or nothing: no white space, no sign,
 * no locale, no rest. Each returns true and stores the value, or returns false
 * and leaves it alone.
 */

/* A decimal number from min to max. */
bool parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/*
 * A number with a unit, "500ms", "1.5s", into nanoseconds; ns, us, ms, s, m,
 * h, d. From XDPACTION_DURATION_MIN_NS to XDPACTION_DURATION_MAX_NS, and a
 * whole number of nanoseconds.
 */
bool parse_duration(const char *text, uint64_t *ns);

/* A name that the kernel allows an interface to have. */
bool parse_ifname(const char *text, char name[XDPACTION_IFNAME_SIZE]);

/* ------------------------------------------------------------------------
 * Values of options and operands, by what they mean.
 */

/* What a shell offers to complete a word with. */
enum candidates {
	CANDIDATES_NONE,
	CANDIDATES_VERDICTS,
	CANDIDATES_MODES,
	CANDIDATES_INTERFACES,
	CANDIDATES_INSTANCES,	/* interfaces that have one */
	CANDIDATES_NAMESPACES,
	CANDIDATES_LEFTOVERS,
	CANDIDATES_FILES,
	CANDIDATES_COMMANDS,
};

/* What can stand on a command line, and how it is read. */
struct value_type {
	const char *noun;	/* "a duration" */
	const char *expected;	/* "500ms, 30s, 5m, 2h or 1d" */
	enum candidates candidates;
	/* Stores to value, whose type is the business of the two. */
	bool (*parse)(const char *text, void *value);
};

extern const struct value_type value_netns;		/* const char * */
extern const struct value_type value_path;		/* const char * */
extern const struct value_type value_ifname;		/* char[XDPACTION_IFNAME_SIZE] */
extern const struct value_type value_verdict;		/* enum xdpaction_verdict */
extern const struct value_type value_mode;		/* enum xdpaction_mode */
extern const struct value_type value_probability;	/* uint64_t, as struct xdpaction_rule */
extern const struct value_type value_duration;		/* uint64_t, nanoseconds */
extern const struct value_type value_packets;		/* uint64_t */
extern const struct value_type value_priority;		/* unsigned int */
extern const struct value_type value_interval;		/* uint64_t, milliseconds */
extern const struct value_type value_count;		/* uint64_t */

/* True when the value was read; else `wrong` says why not. */
bool value_read(const struct value_type *type, const char *text, void *value, struct words *wrong);

/* ------------------------------------------------------------------------
 * Options: one table for each command, from which both getopt_long() and the
 * help text are fed.
 */

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
		.letter = 'j', .name = "json", .help = "print JSON instead of text", \
		.offset = offsetof(struct cli, json), .in_cli = true, \
	}
/* Ends a table of options. */
#define OPTIONS_END \
	{ \
		.name = NULL, \
	}

/*
 * Reads the common options up to the first operand. Stores values at their
 * offsets in cli, and what follows in cli->operands. Returns false when
 * something is not right, which `wrong` says then.
 *
 * --help and --version come before what is wrong behind them: they end it.
 */
bool options_read_common(struct cli *cli, int argc, char **argv, struct words *wrong);

/*
 * The same for the options of a command as well, wherever they stand. Its own
 * go to `values`, which holds the defaults.
 */
bool options_read(struct cli *cli, const struct option_def *own, int argc, char **argv,
		  void *values, struct words *wrong);

/*
 * Finds the option that a word of an unfinished line stands for, "-N", "-vN" or
 * "--netns=foo": the last of several letters, or the first that has a value. NULL
 * where there is none. *value is the value in the same word, NULL without one.
 */
const struct option_def *option_find(const struct option_def *own, const char *word,
				     const char **value);

/* ------------------------------------------------------------------------
 * The interfaces that a command works on.
 */

struct interfaces {
	char (*list)[XDPACTION_IFNAME_SIZE];
	size_t count;
	/* They stood on the command line, as against: all that have an instance. */
	bool given;
};

/*
 * Takes the operands as names of interfaces, each once. Returns 0, -ENOMEM, or
 * -EINVAL after it has said in `wrong` what is wrong. Free the interfaces with
 * interfaces_free(), whatever this returns.
 */
int interfaces_read(struct interfaces *interfaces, const struct operands *operands,
		    struct words *wrong);

/*
 * Fills in the interfaces that have an instance, when no name was given; else
 * drops alternative names of an interface that was named before. Returns 0, or
 * -ENOMEM with names that were given, or else what the library says.
 */
int interfaces_complete(struct interfaces *interfaces, struct xdpaction *ctx);

/* True when a name is among them. */
bool interfaces_have(const struct interfaces *interfaces, const char *name);

void interfaces_free(struct interfaces *interfaces);

#endif /* ARGS_H */
