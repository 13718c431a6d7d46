/* SPDX-License-Identifier: GPL-2.0-only */
/* The interfaces that a command works on. */
#ifndef NAMES_H
#define NAMES_H

#include "options.h"

struct names {
	char (*list)[XDPACTION_IFNAME_SIZE];
	size_t count;
	/* They stood on the command line, as against: all that have an instance. */
	bool given;
};

/*
 * Takes the operands from `first` on as names, each once. Free names with
 * names_free(), whatever this returns: OPTIONS_GO_ON or an exit status.
 */
int names_read(const struct cli *cli, const struct operands *operands, int first,
	       struct names *names);

/*
 * Fills in the interfaces that have an instance, when no name was given; else
 * drops alternative names of an interface that was named before. The context
 * must be open. Returns an exit status.
 */
int names_complete(const struct cli *cli, struct names *names);

/* True when a name is among them. */
bool names_have(const struct names *names, const char *name);

void names_free(struct names *names);

#endif /* NAMES_H */
