/* SPDX-License-Identifier: GPL-2.0-only */
/* The standard output, of which nothing may get lost unseen. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>

/*
 * Writes out what was printed. Returns 0, or the negative errno value of the
 * first time that it failed: once that has happened it stays.
 */
int output_flush(void);

/* True when stdout is a pipe or a socket that nobody reads any more. */
bool output_unwanted(void);

#endif /* OUTPUT_H */
