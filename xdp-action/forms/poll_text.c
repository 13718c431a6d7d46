// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdlib.h>
#include <string.h>

#include "forms.h"

#define NAME_SIZE (4 * XDPACTION_IFNAME_SIZE)
/* Room for a row with every rate there is. */
#define ROW_SIZE 512

static void describe_event(struct words *words, const struct event *event)
{
	char name[NAME_SIZE], old[NAME_SIZE], why[4 * XDPACTION_TEXT_SIZE];

	escape_text(name, sizeof(name), event->ifname);
	switch (event->kind) {
	case EVENT_LOADED:
		words_add(words, "%s: loaded, program id %u", name, event->program_id);
		break;
	case EVENT_UNLOADED:
		words_add(words, "%s: unloaded, program id %u", name, event->program_id);
		break;
	case EVENT_DELETED:
		words_add(words, "%s: the interface is gone", name);
		break;
	case EVENT_RENAMED:
		words_add(words, "%s: renamed, was %s", name,
			  escape_text(old, sizeof(old), event->old_name));
		break;
	case EVENT_UPGRADED:
		words_add(words, "%s: upgraded, program id %u", name, event->program_id);
		break;
	case EVENT_UNREAD:
		words_add(words, "%s: cannot be read: %s", name,
			  escape_text(why, sizeof(why), event->why));
		break;
	}
}

static const char *count_name(unsigned int count)
{
	if (count < XDPACTION_VERDICTS)
		return xdpaction_verdict_name(count);
	return count == COUNT_MATCHED ? "matched" : "missed";
}

/* ---- rows, one for each interface ---- */

struct table {
	bool all;		/* also the verdicts that nothing got */
	bool brief;		/* packets alone */
	int name_columns;
};

static void add_rate(struct words *words, const struct table *table, const char *name,
		     struct rate rate)
{
	char packets[UNITS_SIZE], bits[UNITS_SIZE];

	units_per_second(packets, rate.packets);
	if (table->brief)
		words_add(words, "  %s %s/s", name, packets);
	else
		words_add(words, "  %-7s %9s pkts/s %11s", name, packets,
			  units_bit_rate(bits, rate.bits));
}

/* What is asked of a match is shown as long as there is one. */
static bool is_shown(const struct track *track, const struct table *table, unsigned int count)
{
	if (count >= XDPACTION_VERDICTS)
		return track->now.has_match;
	return table->all || track_rate(track, count).packets > 0;
}

static void describe_row(struct words *words, const struct track *track,
			 const struct table *table)
{
	char name[NAME_SIZE];
	unsigned int count;
	size_t start;

	escape_text(name, sizeof(name), track->now.ifname);
	words_add(words, "%-*s", table->name_columns, name);
	start = words->length;
	for (count = 0; count < COUNTS; count++)
		if (is_shown(track, table, count))
			add_rate(words, table, count_name(count), track_rate(track, count));
	if (words->length == start)
		words_add(words, "  no packets");
}

/* Those that have rates, malloced; NULL without memory. */
static const struct track **rated_tracks(const struct tracker *tracker, size_t *count)
{
	const struct track **rated = calloc(tracker->track_count + 1, sizeof(void *));
	size_t i;

	*count = 0;
	for (i = 0; rated && i < tracker->track_count; i++)
		if (tracker->tracks[i].rated)
			rated[(*count)++] = &tracker->tracks[i];
	return rated;
}

static int longest_name(const struct track *const *rated, size_t count)
{
	char name[NAME_SIZE];
	size_t i, longest = 0;

	for (i = 0; i < count; i++) {
		escape_text(name, sizeof(name), rated[i]->now.ifname);
		if (strlen(name) > longest)
			longest = strlen(name);
	}
	return longest;
}

/* ---- line by line ---- */

static void print_rows(FILE *out, const struct track *const *rated, size_t count, bool all)
{
	const struct table table = {
		.all = all,
		.name_columns = longest_name(rated, count),
	};
	char row[ROW_SIZE];
	size_t i;

	for (i = 0; i < count; i++) {
		struct words words = words_in(row, sizeof(row));

		describe_row(&words, rated[i], &table);
		fprintf(out, "%s\n", row);
	}
	if (!count)
		fprintf(out, "no rates: no instance was loaded for the whole interval\n");
}

static bool print_report(FILE *out, const struct tracker *tracker, uint64_t realtime_ns, bool all)
{
	char time[UNITS_SIZE], line[DESCRIBE_SIZE];
	const struct track **rated;
	size_t count, i;

	for (i = 0; i < tracker->event_count; i++) {
		struct words words = words_in(line, sizeof(line));

		describe_event(&words, &tracker->events[i]);
		fprintf(out, "%s\n", line);
	}
	if (tracker->rounds < 2)
		return true;
	rated = rated_tracks(tracker, &count);
	if (!rated)
		return false;
	fprintf(out, "%s\n", units_iso_time(time, realtime_ns));
	print_rows(out, rated, count, all);
	free(rated);
	return true;
}

/* ---- on the whole of a terminal ---- */

/* With fewer rows than this the rates are more important than what happened. */
#define ROWS_FOR_EVENTS 8

static double activity(const struct track *track)
{
	enum xdpaction_verdict verdict;
	double packets = 0;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		packets += track_rate(track, verdict).packets;
	return packets;
}

/* The busiest first; of two that are as busy the one that was there before. */
static int compare_activity(const void *a, const void *b)
{
	const struct track *one = *(const struct track *const *)a;
	const struct track *other = *(const struct track *const *)b;
	double first = activity(one), second = activity(other);

	if (first != second)
		return first < second ? 1 : -1;
	return one < other ? -1 : one > other;
}

void page_keep_events(struct poll_page *page, const struct tracker *tracker)
{
	size_t i;

	for (i = 0; i < tracker->event_count; i++) {
		struct words words;

		if (page->event_count == PAGE_EVENTS)
			memmove(page->events[0], page->events[1],
				(PAGE_EVENTS - 1) * sizeof(page->events[0]));
		else
			page->event_count++;
		words = words_in(page->events[page->event_count - 1], sizeof(page->events[0]));
		describe_event(&words, &tracker->events[i]);
	}
}

/*
 * Draws a line as far as the terminal goes, in place of what stood there. That is erased
 * first: behind the last column an erasure would take the last character with it.
 */
static void draw_line(FILE *out, const struct poll_page *page, unsigned int *row, const char *line)
{
	if ((*row)++ >= page->rows)
		return;
	fprintf(out, "%s\033[K%.*s", *row > 1 ? "\n" : "", (int)words_fit(line, page->columns),
		line);
}

/* Rates in full where that fits in every row. */
static bool rows_fit(const struct track *const *rated, size_t count, const struct table *table,
		     unsigned int columns)
{
	char row[ROW_SIZE];
	size_t i;

	for (i = 0; i < count; i++) {
		struct words words = words_in(row, sizeof(row));

		describe_row(&words, rated[i], table);
		if (words_fit(row, columns) < words.length)
			return false;
	}
	return true;
}

static void draw_rows(FILE *out, const struct poll_page *page, unsigned int *row,
		      const struct track *const *rated, size_t count)
{
	struct table table = { .all = page->all, .name_columns = longest_name(rated, count) };
	char line[ROW_SIZE];
	size_t i;

	table.brief = !rows_fit(rated, count, &table, page->columns);
	for (i = 0; i < count; i++) {
		struct words words = words_in(line, sizeof(line));

		describe_row(&words, rated[i], &table);
		draw_line(out, page, row, line);
	}
}

static size_t count_alive(const struct tracker *tracker)
{
	size_t i, alive = 0;

	for (i = 0; i < tracker->track_count; i++)
		alive += tracker->tracks[i].alive;
	return alive;
}

static void draw_measuring(FILE *out, const struct poll_page *page, unsigned int *row)
{
	char interval[UNITS_SIZE], line[DESCRIBE_SIZE];
	struct words words = words_in(line, sizeof(line));

	words_add(&words, "measuring: first rates after %s",
		  units_duration(interval, page->interval_ns));
	draw_line(out, page, row, line);
}

bool text_draw_page(FILE *out, const struct tracker *tracker, const struct poll_page *page)
{
	size_t events = page->rows >= ROWS_FOR_EVENTS ? page->event_count : 0;
	size_t alive = count_alive(tracker);
	bool measuring = alive && tracker->rounds < 2;
	size_t count, shown, room = page->rows > events ? page->rows - events - 1 : 0, i;
	const struct track **rated = rated_tracks(tracker, &count);
	char time[UNITS_SIZE], line[DESCRIBE_SIZE];
	struct words words = words_in(line, sizeof(line));
	const char *clock;
	unsigned int row = 0;

	if (!rated)
		return false;
	qsort(rated, count, sizeof(void *), compare_activity);
	shown = count < room ? count : room;
	words_add(&words, "%zu interface%s", alive, alive == 1 ? "" : "s");
	if (shown < alive && !measuring)
		words_add(&words, ", %zu not shown", alive - shown);
	/* The day is left out, so that all of it fits into 40 columns. */
	clock = strchr(units_iso_time(time, page->realtime_ns), 'T');
	words_add(&words, "  %s", clock ? clock + 1 : time);

	fputs("\033[H", out);
	draw_line(out, page, &row, line);
	if (measuring)
		draw_measuring(out, page, &row);
	draw_rows(out, page, &row, rated, shown);
	for (i = 0; i < events; i++)
		draw_line(out, page, &row, page->events[i]);
	if (row < page->rows)
		fputs("\n\033[J", out);
	free(rated);
	return true;
}

/* ---- at the end ---- */

static void print_sums(FILE *out, const struct track *track)
{
	unsigned int count, counts = track->asked ? COUNTS : XDPACTION_VERDICTS;
	char name[NAME_SIZE];
	bool any = false;

	escape_text(name, sizeof(name), track->now.ifname);
	for (count = 0; count < counts; count++) {
		struct xdpaction_counter sum = track_sum(track, count);
		struct rate rate = track_average(track, count);
		char packets[UNITS_SIZE], bytes[UNITS_SIZE], average[UNITS_SIZE];

		if (!sum.packets)
			continue;
		any = true;
		fprintf(out, "%-15s %-8s %14s pkts %12s %11s pkts/s\n", name,
			count_name(count), units_count(packets, sum.packets),
			units_bytes(bytes, sum.bytes), units_per_second(average, rate.packets));
	}
	if (!any)
		fprintf(out, "%-15s no packets\n", name);
}

static bool print_summary(FILE *out, const struct tracker *tracker, uint64_t realtime_ns,
			  uint64_t elapsed_ns)
{
	char time[UNITS_SIZE];
	size_t i;

	fprintf(out, "\nIn %s:\n", units_time_left(time, elapsed_ns));
	for (i = 0; i < tracker->track_count; i++)
		print_sums(out, &tracker->tracks[i]);
	if (!tracker->track_count)
		fprintf(out, "no instance\n");
	return true;
}

const struct poll_form poll_text = { .report = print_report, .summary = print_summary };
