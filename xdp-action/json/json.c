// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "words/words.h"

/* Room for the longest text, a message, with every byte escaped. */
#define TEXT_SIZE 4096
/* The digits that a double always preserves, so that 0.05 is printed as 0.05. */
#define REAL_DIGITS 15

json_t *json_text(const char *text)
{
	char safe[TEXT_SIZE];
	json_t *string = json_string(text);

	return string ? string : json_string(escape_text(safe, sizeof(safe), text));
}

json_t *json_text_or_null(const char *text)
{
	return text && *text ? json_text(text) : json_null();
}

json_t *json_words(const char *text)
{
	size_t size = text ? 4 * strlen(text) + 1 : 0;
	char *safe = size > 1 ? malloc(size) : NULL;
	json_t *string;

	if (size <= 1)
		return json_null();
	string = safe ? json_string(escape_text(safe, size, text)) : NULL;
	free(safe);
	return string;
}

json_t *json_number(uint64_t number)
{
	return number <= INT64_MAX ? json_integer(number) : json_real(number);
}

json_t *json_number_or_null(uint64_t number)
{
	return number ? json_number(number) : json_null();
}

json_t *json_time_or_null(uint64_t realtime_ns)
{
	char text[UNITS_SIZE];

	return realtime_ns ? json_string(units_iso_time(text, realtime_ns)) : json_null();
}

json_t *json_joined(json_t *object, json_t *more)
{
	bool failed = json_object_update(object, more);

	json_decref(more);
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

json_t *json_append(json_t *list, json_t *value)
{
	if (!json_array_append_new(list, value))
		return list;
	json_decref(list);
	return NULL;
}

static json_t *json_counter(const struct xdpaction_counter *counter)
{
	return json_pack("{s:o, s:o}", "packets", json_number(counter->packets),
			 "bytes", json_number(counter->bytes));
}

json_t *json_counters(const struct xdpaction_counter counters[XDPACTION_VERDICTS])
{
	json_t *object = json_object();
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		object = json_joined(object,
				     json_pack("{s:o}", verdict_key(verdict),
					       json_counter(&counters[verdict])));
	return object;
}

json_t *json_asked(const struct xdpaction_counter *matched, const struct xdpaction_counter *missed)
{
	return json_pack("{s:o, s:o}", "matched", matched ? json_counter(matched) : json_null(),
			 "missed", missed ? json_counter(missed) : json_null());
}

/*
 * The object as malloced text, or NULL when out of memory. Measure first and then
 * write: jansson does not notice when it fails to grow a buffer for a key.
 */
static char *to_text(const json_t *object, size_t flags)
{
	size_t size = json_dumpb(object, NULL, 0, flags);
	char *text = size ? malloc(size + 1) : NULL;

	if (!text)
		return NULL;
	if (json_dumpb(object, text, size, flags) != size) {
		free(text);
		return NULL;
	}
	text[size] = '\0';
	return text;
}

bool json_print(FILE *out, json_t *object, bool compact)
{
	size_t flags = JSON_REAL_PRECISION(REAL_DIGITS) | (compact ? 0 : JSON_INDENT(2));
	char *text;

	if (!object)
		return false;
	text = to_text(object, flags);
	json_decref(object);
	if (!text)
		return false;
	/* The stream remembers a failed write. */
	fputs(text, out);
	fputc('\n', out);
	free(text);
	return true;
}
