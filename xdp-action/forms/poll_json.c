// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "forms.h"
#include "json/json.h"

static json_t *line_json(const char *type, uint64_t realtime_ns)
{
	char time[UNITS_SIZE];

	return json_pack("{s:i, s:s, s:s, s:o}", "version", JSON_VERSION, "type", type,
			 "time", units_iso_time(time, realtime_ns),
			 "time_ns", json_number(realtime_ns));
}

static const char *event_name(enum event_kind kind)
{
	static const char *const names[] = {
		[EVENT_LOADED] = "loaded",
		[EVENT_UNLOADED] = "unloaded",
		[EVENT_DELETED] = "deleted",
		[EVENT_RENAMED] = "renamed",
		[EVENT_UPGRADED] = "upgraded",
		[EVENT_UNREAD] = "unread",
	};

	return names[kind];
}

static bool print_event(FILE *out, const struct event *event, uint64_t realtime_ns)
{
	json_t *what = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "event", event_name(event->kind),
				 "interface", json_text(event->ifname),
				 "ifindex", json_number(event->ifindex),
				 "program_id", json_number(event->program_id),
				 "old_name", json_text_or_null(event->old_name),
				 "message", json_words(*event->why ? event->why : NULL));

	return json_print(out, json_joined(line_json("event", realtime_ns), what), true);
}

typedef struct rate (*rate_fn)(const struct track *track, unsigned int count);

static json_t *rate_json(struct rate rate)
{
	return json_pack("{s:f, s:f}", "packets_per_second", rate.packets,
			 "bits_per_second", rate.bits);
}

static json_t *asked_rate_json(const struct track *track, bool asked, rate_fn rate_of,
			       enum count count)
{
	return asked ? rate_json(rate_of(track, count)) : json_null();
}

static json_t *rates_json(const struct track *track, bool asked, rate_fn rate_of)
{
	json_t *object = json_object();
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		object = json_joined(object, json_pack("{s:o}", verdict_key(verdict),
						       rate_json(rate_of(track, verdict))));
	return json_joined(object,
			   json_pack("{s:o, s:o}", "matched",
				     asked_rate_json(track, asked, rate_of, COUNT_MATCHED),
				     "missed",
				     asked_rate_json(track, asked, rate_of, COUNT_MISSED)));
}

static json_t *counts_json(const struct xdpaction_counter counters[COUNTS], bool asked)
{
	return json_joined(json_counters(counters),
			   json_asked(asked ? &counters[COUNT_MATCHED] : NULL,
				      asked ? &counters[COUNT_MISSED] : NULL));
}

static json_t *track_json(const struct track *track, uint64_t elapsed_ns, bool asked,
			  rate_fn rate_of, const struct xdpaction_counter counters[COUNTS])
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}",
			 "interface", json_text(track->now.ifname),
			 "ifindex", json_number(track->now.ifindex),
			 "program_id", json_number(track->now.program_id),
			 "elapsed_ns", json_number(elapsed_ns),
			 "rates", rates_json(track, asked, rate_of),
			 "counters", counts_json(counters, asked));
}

static json_t *rated_json(const struct track *track)
{
	return track_json(track, track_elapsed_ns(track), track->now.has_match, track_rate,
			  track->now.counters);
}

static json_t *summed_json(const struct track *track)
{
	struct xdpaction_counter sums[COUNTS];
	unsigned int count;

	for (count = 0; count < COUNTS; count++)
		sums[count] = track_sum(track, count);
	return track_json(track, track_lifetime_ns(track), track->asked, track_average, sums);
}

static bool print_report(FILE *out, const struct tracker *tracker, uint64_t realtime_ns, bool all)
{
	json_t *list = json_array();
	bool printed = true;
	size_t i;

	/* A document has the same members each time. */
	(void)all;
	for (i = 0; i < tracker->event_count; i++)
		printed &= print_event(out, &tracker->events[i], realtime_ns);
	for (i = 0; i < tracker->track_count; i++)
		if (tracker->tracks[i].rated)
			list = json_append(list, rated_json(&tracker->tracks[i]));

	if (tracker->rounds == 1) {
		json_decref(list);
		return printed;
	}
	return json_print(out, json_joined(line_json("report", realtime_ns),
					   json_pack("{s:o}", "instances", list)), true) && printed;
}

static bool print_summary(FILE *out, const struct tracker *tracker, uint64_t realtime_ns,
			  uint64_t elapsed_ns)
{
	json_t *line = line_json("summary", realtime_ns);
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < tracker->track_count; i++)
		list = json_append(list, summed_json(&tracker->tracks[i]));
	line = json_joined(line, json_pack("{s:o, s:o}", "elapsed_ns", json_number(elapsed_ns),
					   "instances", list));
	return json_print(out, line, true);
}

const struct poll_form poll_json = { .report = print_report, .summary = print_summary };
