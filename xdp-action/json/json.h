/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* JSON values for the documents that schema/ describes. */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

#include "xdpaction.h"

/* The version of all schemas. It grows when a member changes its meaning. */
#define JSON_VERSION 1

/*
 * A name that is not UTF-8 is escaped; a number past
 * 2^63 becomes a real. The caller owns what they return, NULL without memory.
 */
json_t *json_text(const char *text);
json_t *json_text_or_null(const char *text);
/*
 * Words for a person, which may quote what others wrote. They are escaped as in text, so
 * that they are a line that forges nothing where `jq -r` prints them. None are null.
 */
json_t *json_words(const char *text);
json_t *json_number(uint64_t number);
/* 0 is null. */
json_t *json_number_or_null(uint64_t number);
json_t *json_time_or_null(uint64_t realtime_ns);
json_t *json_counters(const struct xdpaction_counter counters[XDPACTION_VERDICTS]);
/* "matched" and "missed"; null where these are NULL. */
json_t *json_asked(const struct xdpaction_counter *matched, const struct xdpaction_counter *missed);

/* Who changed a setting, when and why; null where that is not known. */
json_t *json_origin(const struct xdpaction_origin *origin);

/*
 * Add the members of `more` to an object, or a value to a list. Both arguments
 * are consumed. Return the object or the list, or NULL when out of memory or when
 * an argument is NULL, so that a chain of calls needs one check at its end.
 */
json_t *json_joined(json_t *object, json_t *more);
json_t *json_append(json_t *list, json_t *value);

/*
 * Prints an object, on one line if compact, and a newline, and consumes the
 * object. Returns false when out of memory.
 */
bool json_print(FILE *out, json_t *object, bool compact);

#endif /* JSON_H */
