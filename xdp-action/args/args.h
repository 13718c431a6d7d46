/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * Reads the command line. Nothing here prints: the caller gets back in words what
 * is wrong.
 */
#ifndef ARGS_H
#define ARGS_H

#include <stddef.h>

#include "cli.h"
#include "words/words.h"

/* ------------------------------------------------------------------------
 * Parsers of single words. They are strict: the whole text must match, without
 * white space around it or a sign and whatever the locale. Each returns true and stores the
 * value, or returns false and leaves it alone.
 */

/* A decimal number from min to max. */
bool parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/*
 * Numbers with units, as systemd.time(7) describes them: "500ms", "1.5s",
 * "1h30m", "1min 30s". Each number has a unit. The sum must be a whole number of
 * nanoseconds from XDPACTION_DURATION_MIN_NS to XDPACTION_DURATION_MAX_NS.
 */
bool parse_duration(const char *text, uint64_t *ns);

/* True for a duration that parse_duration() refuses only as too short or too long. */
bool duration_out_of_range(const char *text);

/* A decimal number from 1 to 1,000,000, in thousandths. */
bool parse_thousandths(const char *text, uint32_t *thousandths);

/* A name that the kernel allows an interface to have. */
bool parse_ifname(const char *text, char name[XDPACTION_IFNAME_SIZE]);

/* ------------------------------------------------------------------------
 * The types of values that options and operands can have.
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
	CANDIDATES_PROGRAM,	/* another command, behind "--" */
};

/* A type of value: how it is described and how it is read. */
struct value_type {
	const char *noun;	/* "a duration" */
	const char *expected;	/* "500ms, 30s, 5m, 2h or 1d" */
	enum candidates candidates;
	/* Reads text into *value, which has the C type that belongs to this type. */
	bool (*parse)(const char *text, void *value);
	/*
	 * Says of a text that parse() refuses why it does, if there is more to
	 * say than what is expected; else NULL. May be NULL.
	 */
	const char *(*refusal)(const char *text);
	/* What was probably meant by such a text; NULL: nobody knows. May be NULL. */
	const char *(*meant)(const char *text);
	/* What a shell offers besides, ended by NULL. May be NULL. */
	const char *const *suggestions;
};

extern const struct value_type value_netns;		/* const char * */
extern const struct value_type value_path;		/* const char * */
extern const struct value_type value_expression;	/* const char * */
extern const struct value_type value_condition;	/* char[XDPACTION_EXPRESSION_SIZE] */
extern const struct value_type value_ifname;		/* char[XDPACTION_IFNAME_SIZE] */
extern const struct value_type value_verdict;		/* enum xdpaction_verdict */
extern const struct value_type value_mode;		/* enum xdpaction_mode */
extern const struct value_type value_probability;	/* uint64_t, as struct xdpaction_rule */
extern const struct value_type value_duration;		/* uint64_t, nanoseconds */
extern const struct value_type value_packets;		/* uint64_t */
extern const struct value_type value_priority;		/* unsigned int */
extern const struct value_type value_interval;		/* uint64_t, milliseconds */
extern const struct value_type value_count;		/* uint64_t */
extern const struct value_type value_note;		/* const char * */
extern const struct value_type value_generation;	/* struct expected */

/* Returns true when the value was read; otherwise `wrong` says why it was not. */
bool value_read(const struct value_type *type, const char *text, void *value, struct words *wrong);

/* ------------------------------------------------------------------------
 * Options. Each command has a table, which feeds getopt_long(), the help and
 * the completion.
 */

/* Options of this type count in an unsigned int how often they are given. */
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

/* An option with a value and one without. The value goes to `member` of `owner`. */
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
/* The options of the commands that change settings. */
#define OPTION_NOTE_AS(help_) \
	{ \
		.name = "note", .value = "TEXT", .type = &value_note, .help = help_, \
		.offset = offsetof(struct cli, note), .in_cli = true, \
	}
#define OPTION_NOTE OPTION_NOTE_AS("why: kept with the setting, and written to the log")
#define OPTION_IF_UNCHANGED \
	{ \
		.name = "if-unchanged", .value = "N", .type = &value_generation, \
		.help = "only while the setting is the one of this generation", \
		.offset = offsetof(struct cli, expected), .in_cli = true, \
	}
/* Ends a table of options. */
#define OPTIONS_END \
	{ \
		.name = NULL, \
	}

/*
 * Reads the common options up to the first operand into cli, and puts the rest of
 * the line into cli->operands. Returns false after saying in `wrong` what is
 * wrong.
 *
 * Reading ends at --help or --version, so that errors behind them do not matter.
 */
bool options_read_common(struct cli *cli, int argc, char **argv, struct words *wrong);

/*
 * Reads the common options and those of a command, which may stand anywhere. The
 * command's own go to `values`, which holds the defaults.
 */
bool options_read(struct cli *cli, const struct option_def *own, int argc, char **argv,
		  void *values, struct words *wrong);

/*
 * Finds the option in a word of an unfinished line: "-N", "-vN", "--netns=foo".
 * Of several letters it is the last one, or the first with a value. Returns NULL
 * when there is no such option. *value gets the value in the same word, or NULL.
 */
const struct option_def *option_find(const struct option_def *own, const char *word,
				     const char **value);

/* ------------------------------------------------------------------------
 * The interfaces that a command works on.
 */

struct interfaces {
	char (*list)[XDPACTION_IFNAME_SIZE];
	size_t count;
	/* True: named on the command line. False: all that have an instance. */
	bool given;
};

/*
 * Reads the operands as names of interfaces and drops duplicates. Returns 0,
 * -ENOMEM, or -EINVAL after saying in `wrong` what is wrong. Free the interfaces
 * with interfaces_free(), whatever this returns.
 */
int interfaces_read(struct interfaces *interfaces, const struct operands *operands,
		    struct words *wrong);

/*
 * If no name was given, lists the interfaces that have an instance; this returns
 * what the library returns. Otherwise drops names that are other names of an
 * interface already in the list; this returns 0 or -ENOMEM.
 */
int interfaces_complete(struct interfaces *interfaces, struct xdpaction *ctx);

/* True when a name is among them. */
bool interfaces_have(const struct interfaces *interfaces, const char *name);

void interfaces_free(struct interfaces *interfaces);

#endif /* ARGS_H */
