/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of the tool: how it was called, for all of its parts. */
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

struct cli {
	struct xdpaction *ctx;
	/* The name of the command that runs; NULL before it is known. */
	const char *command;
	/* Behind the name of the command and what that reads itself. */
	struct operands operands;
	/* The network namespace it was called in, a descriptor; 0: it is there still. */
	int home_netns;

	/* What the options say that all commands have in common, and --json. */
	const char *netns;
	unsigned int verbose;
	bool quiet;
	bool json;
	bool help;
	bool version;
};

#endif /* CLI_H */
