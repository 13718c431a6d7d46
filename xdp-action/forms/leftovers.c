// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What is left over, as text and as JSON. */
#include "clock.h"
#include "forms.h"
#include "json/json.h"

/* Where the lines below a path start. */
#define TEXT_COLUMN 2

static const char *kind_key(enum xdpaction_leftover_kind kind)
{
	switch (kind) {
	case XDPACTION_LEFTOVER_DISPATCHER:
		return "dispatcher";
	case XDPACTION_LEFTOVER_TRIAL:
		return "trial";
	case XDPACTION_LEFTOVER_PINS:
		return "pins";
	}
	return "other";
}

static const char *fate_text(enum fate fate)
{
	switch (fate) {
	case FATE_REMOVED:
		return "removed";
	case FATE_UNUSED:
		return "unused";
	case FATE_KEPT:
	case FATE_REFUSED:
		break;
	}
	return "kept";
}

static void describe_kind(struct words *words, const struct xdpaction_leftover *leftover)
{
	switch (leftover->kind) {
	case XDPACTION_LEFTOVER_DISPATCHER:
		words_add(words, "pins of the dispatcher %u of ifindex %u", leftover->program_id,
			  leftover->ifindex);
		break;
	case XDPACTION_LEFTOVER_TRIAL:
		words_add(words, "libxdp's trial of what the kernel can do");
		break;
	case XDPACTION_LEFTOVER_PINS:
		words_add(words, "pins of an instance on ifindex %u of network namespace %llu",
			  leftover->ifindex, (unsigned long long)leftover->netns_inode);
		break;
	}
}

static void describe_programs(struct words *words, const struct xdpaction_leftover *leftover)
{
	size_t i;

	for (i = 0; i < leftover->program_count; i++)
		words_add(words, "%s%s", i ? ", " : ", with ", leftover->programs[i]);
}

static void describe_age(struct words *words, const struct xdpaction_leftover *leftover)
{
	char age[UNITS_SIZE], memory[UNITS_SIZE];
	uint64_t now_ns = clock_ns(CLOCK_REALTIME);

	if (leftover->created_ns && leftover->created_ns <= now_ns)
		words_add(words, "; %s old", units_time_left(age, now_ns - leftover->created_ns));
	words_add(words, "; holds %s", units_bytes(memory, leftover->memory_bytes));
}

static void print_line(FILE *out, const char *line, size_t width)
{
	fprintf(out, "%*s", TEXT_COLUMN, "");
	words_wrap(out, line, TEXT_COLUMN, TEXT_COLUMN, width);
}

void text_print_leftover(FILE *out, const struct xdpaction_leftover *leftover, enum fate fate,
			 size_t width)
{
	char line[DESCRIBE_SIZE], safe[4 * XDPACTION_PATH_SIZE];
	struct words words = words_in(line, sizeof(line));

	fprintf(out, "%s: %s\n", escape_text(safe, sizeof(safe), leftover->path), fate_text(fate));
	describe_kind(&words, leftover);
	describe_programs(&words, leftover);
	describe_age(&words, leftover);
	print_line(out, line, width);
	print_line(out, leftover->ground, width);
}

static json_t *programs_json(const struct xdpaction_leftover *leftover)
{
	json_t *programs = json_array();
	size_t i;

	for (i = 0; i < leftover->program_count; i++)
		programs = json_append(programs, json_text(leftover->programs[i]));
	return programs;
}

static json_t *leftover_json(const struct xdpaction_leftover *leftover, enum fate fate)
{
	json_t *what = json_pack("{s:o, s:s, s:b, s:o, s:b}", "path", json_text(leftover->path),
				 "kind", kind_key(leftover->kind), "unused", leftover->unused,
				 "ground", json_words(leftover->ground),
				 "removed", fate == FATE_REMOVED);
	json_t *where = json_pack("{s:o, s:o, s:o}",
				  "netns_inode", json_number_or_null(leftover->netns_inode),
				  "ifindex", json_number(leftover->ifindex),
				  "program_id", json_number_or_null(leftover->program_id));

	return json_joined(json_joined(what, where),
			   json_pack("{s:o, s:o, s:o, s:o}", "created",
				     json_time_or_null(leftover->created_ns),
				     "created_ns", json_number_or_null(leftover->created_ns),
				     "memory_bytes", json_number(leftover->memory_bytes),
				     "programs", programs_json(leftover)));
}

bool json_print_leftovers(FILE *out, const struct found_leftover *list, size_t count)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		array = json_append(array, leftover_json(&list[i].leftover, list[i].fate));
	return json_print(out, json_pack("{s:i, s:o}", "version", JSON_VERSION, "leftovers", array),
			  false);
}
