// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "forms.h"

#define NAME_SIZE (4 * XDPACTION_IFNAME_SIZE)

static void print_event(FILE *out, const struct event *event)
{
	char name[NAME_SIZE], old[NAME_SIZE];

	escape_text(name, sizeof(name), event->ifname);
	switch (event->kind) {
	case EVENT_LOADED:
		fprintf(out, "%s: loaded, program id %u\n", name, event->program_id);
		break;
	case EVENT_UNLOADED:
		fprintf(out, "%s: unloaded, program id %u\n", name, event->program_id);
		break;
	case EVENT_DELETED:
		fprintf(out, "%s: the interface is gone\n", name);
		break;
	case EVENT_RENAMED:
		fprintf(out, "%s: renamed, was %s\n", name,
			escape_text(old, sizeof(old), event->old_name));
		break;
	}
}

static const char *count_name(char out[16], unsigned int count)
{
	if (count < XDPACTION_VERDICTS)
		snprintf(out, 16, "XDP_%s", xdpaction_verdict_name(count));
	else
		strcpy(out, count == COUNT_MATCHED ? "matched" : "missed");
	return out;
}

static void print_rates(FILE *out, const struct track *track)
{
	unsigned int count, counts = track->now.has_match ? COUNTS : XDPACTION_VERDICTS;
	char name[NAME_SIZE], what[16];

	escape_text(name, sizeof(name), track->now.ifname);
	for (count = 0; count < counts; count++) {
		struct rate rate = track_rate(track, count);
		char packets[UNITS_SIZE], bits[UNITS_SIZE], total[UNITS_SIZE];

		fprintf(out, "%-15s %-12s %11s pkts/s %12s %14s pkts\n", name,
			count_name(what, count), units_per_second(packets, rate.packets),
			units_bit_rate(bits, rate.bits),
			units_count(total, track->now.counters[count].packets));
	}
}

static void print_block(FILE *out, const struct tracker *tracker, uint64_t realtime_ns)
{
	char time[UNITS_SIZE];
	bool any = false;
	size_t i;

	fprintf(out, "%s\n", units_iso_time(time, realtime_ns));
	for (i = 0; i < tracker->track_count; i++) {
		if (!tracker->tracks[i].rated)
			continue;
		print_rates(out, &tracker->tracks[i]);
		any = true;
	}
	if (!any)
		fprintf(out, "no rates: no instance was loaded for the whole interval\n");
}

/* True when a block of that many lines can be overwritten on this terminal. */
static bool can_rewrite(FILE *out, unsigned int lines)
{
	const char *term = getenv("TERM");
	struct winsize size;

	return isatty(fileno(out)) && term && strcmp(term, "dumb") &&
	       !ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col >= LINE_WIDTH &&
	       size.ws_row > lines;
}

static unsigned int count_lines(const char *text)
{
	unsigned int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

static bool print_report(FILE *out, const struct tracker *tracker, uint64_t realtime_ns)
{
	/* The lines of the last block, while nothing else follows it on the terminal. */
	static unsigned int own_lines;
	char *text = NULL;
	size_t size, i;
	FILE *block;

	block = open_memstream(&text, &size);
	if (!block)
		return false;
	if (tracker->rounds > 1)
		print_block(block, tracker, realtime_ns);
	if (fclose(block)) {
		free(text);
		return false;
	}

	for (; own_lines; own_lines--)
		fputs("\033[1A\033[2K", out);
	for (i = 0; i < tracker->event_count; i++)
		print_event(out, &tracker->events[i]);
	fputs(text, out);
	if (can_rewrite(out, count_lines(text)))
		own_lines = count_lines(text);
	free(text);
	return true;
}

static void print_sums(FILE *out, const struct track *track)
{
	unsigned int count, counts = track->asked ? COUNTS : XDPACTION_VERDICTS;
	char name[NAME_SIZE], what[16];
	bool any = false;

	escape_text(name, sizeof(name), track->now.ifname);
	for (count = 0; count < counts; count++) {
		struct xdpaction_counter sum = track_sum(track, count);
		struct rate rate = track_average(track, count);
		char packets[UNITS_SIZE], bytes[UNITS_SIZE], average[UNITS_SIZE];

		if (!sum.packets)
			continue;
		any = true;
		fprintf(out, "%-15s %-12s %14s pkts %12s %11s pkts/s\n", name,
			count_name(what, count), units_count(packets, sum.packets),
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
