/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * Building blocks of output: sentences, untrusted text made safe to print, and
 * numbers with their units.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "xdpaction.h"

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* How long a line of text may be where no terminal says otherwise. */
#define LINE_WIDTH 80

/* A sentence that grows in the caller's buffer; what does not fit is cut off. */
struct words {
	char *text;
	size_t size;
	size_t length;
};

/* Starts an empty sentence in a buffer. */
struct words words_in(char *text, size_t size);
void words_add(struct words *words, const char *fmt, ...) PRINTF(2, 3);

/* Adds what to try, with the options of the program; `text` is what the library says. */
void words_add_advice(struct words *words, enum xdpaction_advice_kind kind, const char *text,
		      const char *ifname);

/*
 * Prints text, escaped as by escape_text(), and ends the line, with line breaks
 * between words where it would go past `width`, but not between a number and its
 * unit.
 *
 * @column	where in its line the text starts
 * @indent	where further lines start
 * @width	0: no line is broken
 */
void words_wrap(FILE *out, const char *text, size_t column, size_t indent, size_t width);

/* How many bytes of a text fit into `width` columns. */
size_t words_fit(const char *text, size_t width);

/* The columns of the terminal that a stream writes to; 0 where it is none. */
size_t terminal_width(FILE *out);

/* ------------------------------------------------------------------------
 * Untrusted text. The name of an interface may contain any byte except white
 * space, '/' and ':', so it may contain escape sequences for a terminal.
 */

/* Bytes of the text that quote_text() shows before it writes "...". */
#define QUOTE_LIMIT 48
/* Room for that many bytes as \xNN, the dots and the terminating NUL. */
#define QUOTE_SIZE (4 * QUOTE_LIMIT + 4)

/*
 * Copies text and escapes as \xNN whatever is neither printable ASCII nor
 * printable UTF-8. What does not fit in size is cut off between characters.
 * Returns out.
 */
const char *escape_text(char *out, size_t size, const char *text);

/* Prints the first bytes of text, escaped in the same way. */
void put_escaped(FILE *out, const char *text, size_t limit);
/* The columns that this occupies. */
size_t escaped_columns(const char *text, size_t limit);

/* Does the same for a part of the command line that a message quotes. Returns out. */
const char *quote_text(char out[QUOTE_SIZE], const char *text);

/*
 * Adds text in double quotes, with what escape_text() escapes, quotes and backslashes
 * as \xNN, so that its end cannot be forged. Text beyond `limit` bytes is cut off,
 * and "..." added.
 */
void words_add_quoted(struct words *words, const char *text, size_t limit);

/* Whether text is UTF-8, of whatever characters. */
bool text_is_utf8(const char *text);

/* ------------------------------------------------------------------------
 * What was meant by a word that is none of those that are known: the one of them
 * that differs least, if it is near enough to be a slip.
 */

struct nearest {
	const char *typed;
	size_t distance;	/* less than this is near */
	const char *name;	/* NULL: none is near */
};

struct nearest nearest_to(const char *typed);
/* Offers a name that is known, whatever the case of its letters. */
void nearest_offer(struct nearest *nearest, const char *name);

/* ------------------------------------------------------------------------
 * Numbers. Each function writes into the caller's buffer, for which UNITS_SIZE
 * is enough, and returns it.
 */

#define UNITS_SIZE 48

/* "1,204" */
const char *units_count(char out[UNITS_SIZE], uint64_t count);
/* "0 B", "1.6 MiB" */
const char *units_bytes(char out[UNITS_SIZE], uint64_t bytes);
/* "1,204" or, below ten, "0.5" */
const char *units_per_second(char out[UNITS_SIZE], double rate);
/* "0 bit/s", "9.87 Mbit/s", in powers of 1000 */
const char *units_bit_rate(char out[UNITS_SIZE], double rate);
/* "30 s", "1.5 s", "1 min 30 s": nothing is left out */
const char *units_duration(char out[UNITS_SIZE], uint64_t ns);
/* "350 ms", "23 s", "4 min 59 s", "2 d 3 h": as exact as a reader wants it */
const char *units_time_left(char out[UNITS_SIZE], uint64_t ns);
/*
 * Reads a percentage ("5%", ".1%") or a fraction ("0.05") and rounds it to the
 * nearest multiple of 2^-32. Only exactly 0 gives 0, and only exactly 1 gives
 * XDPACTION_ALWAYS.
 */
bool probability_parse(const char *text, uint64_t *probability);
/* "0.05": the shortest fraction that probability_parse() reads as this value */
const char *units_fraction(char out[UNITS_SIZE], uint64_t probability);
/* "5%": the same as a percentage */
const char *units_percent(char out[UNITS_SIZE], uint64_t probability);
/* "2024-05-01T12:00:00Z" */
const char *units_iso_time(char out[UNITS_SIZE], uint64_t realtime_ns);
/* "2024-05-01T12:00:00.250Z" */
const char *units_iso_time_ms(char out[UNITS_SIZE], uint64_t realtime_ns);

/* "2024-05-01 14:00:00", in the time zone of the process */
const char *units_local_time(char out[UNITS_SIZE], uint64_t realtime_ns);

/* ------------------------------------------------------------------------
 * Users.
 */

/* The name of a user on this machine, in `out`; NULL: it has none. */
const char *user_name(char out[XDPACTION_USER_SIZE], uint32_t uid);
/* Who made a change: who called sudo, or logged in, or the user of the process. */
const char *origin_user(char out[XDPACTION_USER_SIZE], const struct xdpaction_origin *origin);
/* "2024-05-01 14:00:00, by alice (uid 0 through sudo, ssh from 192.0.2.2): ticket 42" */
void words_add_origin(struct words *words, const struct xdpaction_origin *origin);

/* The name of a verdict in JSON and metrics: "drop". Static. */
const char *verdict_key(enum xdpaction_verdict verdict);

#endif /* WORDS_H */
