/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* How the tool was called. Every part of the tool may ask. */
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

struct cli {
	struct xdpaction *ctx;
	/* The name of the command that runs; NULL before it is known. */
	const char *command;
	/* The operands that follow the name of the command and its first operand. */
	struct operands operands;
	/* A descriptor of the network namespace it was called in; 0: it has not left it. */
	int home_netns;

	/* Told of each error that is reported; may be NULL. */
	void (*on_error)(void *data, const struct report *report);
	void *on_error_data;
	/* The library left the last instance as it was. */
	bool kept;

	/* The options that all commands have, and --json. */
	const char *netns;
	unsigned int verbose;
	bool quiet;
	bool json;
	/* --note of the commands that have it, NULL: none, and --if-unchanged. */
	const char *note;
	struct expected expected;
	bool help;
	bool version;
};

#endif /* CLI_H */
