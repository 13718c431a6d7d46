/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of JSON, for what schema/ describes. */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

#include "xdpaction.h"

/* The version of all schemas; grows when a member changes its meaning. */
#define JSON_VERSION 1

/*
 * A name that is not UTF-8 is escaped; a number past
 * 2^63 becomes a real. The caller owns what they return, NULL without memory.
 */
json_t *json_text(const char *text);
json_t *json_text_or_null(const char *text);
json_t *json_number(uint64_t number);
json_t *json_counters(const struct xdpaction_counter counters[XDPACTION_VERDICTS]);

/*
 * Add the members of `more` to an object, or a value to a list; both are handed
 * over in any case. Return the same object or list, or NULL without memory, which
 * the next of these calls and json_pack() pass on.
 */
json_t *json_joined(json_t *object, json_t *more);
json_t *json_append(json_t *list, json_t *value);

/*
 * Prints an object and a line end, and drops it; compact: in one line. False
 * without memory.
 */
bool json_print(FILE *out, json_t *object, bool compact);

#endif /* JSON_H */
