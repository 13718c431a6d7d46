/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* How the tool was called. Every part of the tool may ask. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <sys/resource.h>

#include "xdpaction.h"

#define PROGRAM "xdp-action"

/* Exit status. */
enum {
	EXIT_DONE = 0,
	EXIT_NOT_DONE = 1,
	EXIT_USAGE = 2,
	/* Of what runs another command: that was not started. */
	EXIT_NOT_STARTED = 125,
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNAL = 128,	/* plus the number of the signal that ended it */
};

/* What is left of a command line without its options. */
struct operands {
	int count;
	char **words;
};

struct report;

/* The generation that a setting is expected to have. */
struct expected {
	bool given;
	uint64_t generation;
};

/* What the tool changes for itself, as the caller had it: a command that it runs gets that. */
struct inheritance {
	const char *posixly_correct;	/* from the environment, may be NULL */
	struct rlimit nofile, memlock;
	bool ignores_sigpipe, ignores_sigxfsz;
};

struct cli {
	struct xdpaction *ctx;
	/* The name of the command that runs; NULL before it is known. */
	const char *command;
	/* The operands that follow the name of the command and its first operand. */
	struct operands operands;
	/* What stands behind "--" in the line of a command that runs another one; else NULL. */
	char **program;
	/* The exit status is that command's, or says why it could not be executed. */
	bool final_status;
	struct inheritance inheritance;
	/* A descriptor of the network namespace it was called in; 0: it has not left it. */
	int home_netns;

	/* Told of each error that is reported; may be NULL. */
	void (*on_error)(void *data, const struct report *report);
	void *on_error_data;
	/* The signal that it stopped for, half of its work done; 0: none. */
	int interrupted;
	/* The library left the last instance as it was. */
	bool kept;
	/* It changed one. */
	bool changed;

	/* The options that all commands have, and --json. */
	const char *netns;
	unsigned int verbose;
	bool quiet;
	bool json;
	/* --note of the commands that have it, NULL: none, and --if-unchanged. */
	const char *note;
	struct expected expected;
	/* --match or --except was given. */
	bool expression;
	bool help;
	bool version;
};

#endif /* CLI_H */
