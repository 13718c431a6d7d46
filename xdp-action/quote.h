/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text from outside, made safe to print: names of interfaces may hold any byte
 * but white space, '/' and ':', and so whole escape sequences for a terminal.
 */
#ifndef QUOTE_H
#define QUOTE_H

#include <stddef.h>

/* Bytes of the source that quote() shows before it cuts with "...". */
#define QUOTE_LIMIT 48
/* Room for them, each as \xNN, for the dots and the end. */
#define QUOTE_SIZE (4 * QUOTE_LIMIT + 4)

/*
 * Copies text with everything escaped as \xNN that is neither printable ASCII
 * nor printable UTF-8. Cuts what does not fit in size, between characters.
 * Returns out.
 */
const char *escape(char *out, size_t size, const char *text);

/* The same for a piece of a command line in a message. Returns out. */
const char *quote(char out[QUOTE_SIZE], const char *text);

#endif /* QUOTE_H */
