/* SPDX-License-Identifier: GPL-2.0-only */
/* Output for people: fits LINE_WIDTH, in colour on a terminal that wants it. */
#ifndef TEXT_H
#define TEXT_H

#include "view.h"

/* What starts and ends a colour; empty strings where none is wanted. */
struct palette {
	const char *heading;
	const char *good;
	const char *bad;
	const char *end;
};

/* The palette for a stream: a terminal, and neither NO_COLOR nor a dumb one. */
const struct palette *text_palette(FILE *out);

/* The colour of a verdict, as a status shows it. */
const char *text_verdict_colour(const struct palette *palette, enum xdpaction_verdict verdict);

void text_print_views(FILE *out, const struct views *views);

#endif /* TEXT_H */
