/* SPDX-License-Identifier: GPL-2.0-only */
/* Sentences put together, and broken into lines. */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>
#include <stdio.h>

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* No line that is meant for a person is longer. */
#define LINE_WIDTH 80

/* A sentence that grows; what does not fit in the caller's buffer is cut. */
struct words {
	char *text;
	size_t size;
	size_t length;
};

/* Starts an empty sentence in a buffer. */
struct words words_in(char *text, size_t size);
void words_add(struct words *words, const char *fmt, ...) PRINTF(2, 3);

/*
 * Prints text and ends the line, with line breaks between words where it would
 * go past LINE_WIDTH, but not between a number and its unit.
 *
 * @column	where in its line the text starts
 * @indent	where further lines start
 */
void words_wrap(FILE *out, const char *text, size_t column, size_t indent);

#endif /* WORDS_H */
