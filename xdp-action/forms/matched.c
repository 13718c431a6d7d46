// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What of captures matches, as text and as JSON. */
#include <inttypes.h>
#include <stdlib.h>

#include "forms.h"
#include "list.h"
#include "json/json.h"

/* Where the numbers of packets start. */
#define NUMBERS_COLUMN 2
/* So many ranges of numbers does a sentence have. */
#define RANGES_TOLD 8

bool number_set_add(struct number_set *set, uint64_t number)
{
	struct number_range *grown;

	set->count++;
	if (set->used && set->ranges[set->used - 1].last + 1 == number) {
		set->ranges[set->used - 1].last = number;
		return true;
	}
	grown = list_grow(set->ranges, set->used, sizeof(*grown));
	if (!grown)
		return false;
	set->ranges = grown;
	grown[set->used++] = (struct number_range){ number, number };
	return true;
}

void number_set_free(struct number_set *set)
{
	free(set->ranges);
	*set = (struct number_set){ 0 };
}

static void describe_range(struct words *words, const struct number_range *range)
{
	words_add(words, "%" PRIu64, range->first);
	if (range->last > range->first)
		words_add(words, "-%" PRIu64, range->last);
}

void number_set_describe(struct words *words, const struct number_set *set)
{
	uint64_t told = 0;
	size_t i;

	for (i = 0; i < set->used && i < RANGES_TOLD; i++) {
		words_add(words, i ? ", " : "");
		describe_range(words, &set->ranges[i]);
		told += set->ranges[i].last - set->ranges[i].first + 1;
	}
	if (told < set->count)
		words_add(words, " and %" PRIu64 " more", set->count - told);
}

/* Line by line: there may be millions. */
static void print_numbers(FILE *out, const struct number_set *set)
{
	char text[UNITS_SIZE];
	size_t i, column = 0;

	for (i = 0; i < set->used; i++) {
		struct words words = words_in(text, sizeof(text));

		describe_range(&words, &set->ranges[i]);
		words_add(&words, i + 1 < set->used ? "," : "");
		if (column && column + 1 + words.length > LINE_WIDTH) {
			fputc('\n', out);
			column = 0;
		}
		column += fprintf(out, "%*s%s", column ? 1 : NUMBERS_COLUMN, "", text);
	}
	if (column)
		fputc('\n', out);
}

void text_print_matched(FILE *out, const struct matched_capture *capture, bool numbers)
{
	char safe[4 * FILENAME_MAX], matched[UNITS_SIZE], packets[UNITS_SIZE], unable[UNITS_SIZE];

	fprintf(out, "%s: %s of %s packets match", escape_text(safe, sizeof(safe), capture->path),
		units_count(matched, capture->matched.count),
		units_count(packets, capture->packets));
	if (capture->unable)
		fprintf(out, ", %s could not be asked about", units_count(unable, capture->unable));
	fputc('\n', out);
	if (numbers)
		print_numbers(out, &capture->matched);
}

static json_t *numbers_json(const struct number_set *set)
{
	json_t *list = json_array();
	uint64_t number;
	size_t i;

	for (i = 0; i < set->used; i++)
		for (number = set->ranges[i].first; number <= set->ranges[i].last; number++)
			list = json_append(list, json_number(number));
	return list;
}

static json_t *capture_json(const struct matched_capture *capture, bool numbers)
{
	json_t *object = json_pack("{s:o, s:o, s:o, s:o}", "file", json_text(capture->path),
				   "packets", json_number(capture->packets),
				   "matched", json_number(capture->matched.count),
				   "unable", json_number(capture->unable));

	if (!numbers)
		return object;
	return json_joined(object, json_pack("{s:o}", "numbers", numbers_json(&capture->matched)));
}

bool json_print_matched(FILE *out, const struct matched_capture *captures, size_t count,
			bool numbers)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		if (captures[i].valid)
			array = json_append(array, capture_json(&captures[i], numbers));
	return json_print(out, json_pack("{s:i, s:o}", "version", JSON_VERSION, "files", array),
			  false);
}
