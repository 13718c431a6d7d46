/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HELP_H
#define HELP_H

#include <stdio.h>

#include "cli.h"

/* Prints the help of a command, or with NULL of the program. Returns EXIT_DONE. */
int help_print(FILE *out, const struct command *command);

/* Prints the versions of the tool, of the libraries that run and of the kernel. */
int help_version(FILE *out);

#endif /* HELP_H */
