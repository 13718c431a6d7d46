// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"
#include "poll_form.h"
#include "units.h"

static json_t *line_json(const char *type, uint64_t realtime_ns)
{
	char time[UNITS_SIZE];

	return json_pack("{s:i, s:s, s:s, s:o}", "version", JSON_VERSION, "type", type,
			 "time", units_iso_time(time, realtime_ns),
			 "time_ns", json_number(realtime_ns));
}

/* Adds a member that the line takes over; drops the line when it cannot. */
static json_t *with(json_t *line, const char *key, json_t *value)
{
	if (!json_object_set_new(line, key, value))
		return line;
	json_decref(line);
	return NULL;
}

static const char *event_name(enum event_kind kind)
{
	static const char *const names[] = {
		[EVENT_LOADED] = "loaded",
		[EVENT_UNLOADED] = "unloaded",
		[EVENT_DELETED] = "deleted",
		[EVENT_RENAMED] = "renamed",
	};

	return names[kind];
}

static bool print_event(FILE *out, const struct event *event, uint64_t realtime_ns)
{
	json_t *line = line_json("event", realtime_ns);

	line = with(line, "event", json_string(event_name(event->kind)));
	line = with(line, "interface", json_text(event->ifname));
	line = with(line, "ifindex", json_number(event->ifindex));
	line = with(line, "program_id", json_number(event->program_id));
	line = with(line, "old_name", json_text_or_null(event->old_name));
	return json_print(out, line, true);
}

static json_t *rates_json(const struct track *track,
			  struct rate (*rate_of)(const struct track *, enum xdpaction_verdict))
{
	json_t *object = json_object();
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++) {
		struct rate rate = rate_of(track, verdict);

		object = with(object, view_verdict(verdict),
			      json_pack("{s:f, s:f}", "packets_per_second", rate.packets,
					"bits_per_second", rate.bits));
	}
	return object;
}

static json_t *track_json(const struct track *track)
{
	json_t *object = json_object();

	object = with(object, "interface", json_text(track->now.ifname));
	object = with(object, "ifindex", json_number(track->now.ifindex));
	return with(object, "program_id", json_number(track->now.program_id));
}

static json_t *rated_json(const struct track *track)
{
	json_t *object = track_json(track);

	object = with(object, "elapsed_ns", json_number(track_elapsed_ns(track)));
	object = with(object, "rates", rates_json(track, track_rate));
	return with(object, "counters", json_counters(track->now.counters));
}

static json_t *summed_json(const struct track *track)
{
	struct xdpaction_counter sums[XDPACTION_VERDICTS];
	enum xdpaction_verdict verdict;
	json_t *object = track_json(track);

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		sums[verdict] = track_sum(track, verdict);
	object = with(object, "elapsed_ns", json_number(track_lifetime_ns(track)));
	object = with(object, "rates", rates_json(track, track_average));
	return with(object, "counters", json_counters(sums));
}

static json_t *append(json_t *list, json_t *value)
{
	if (!json_array_append_new(list, value))
		return list;
	json_decref(list);
	return NULL;
}

static bool print_report(FILE *out, const struct tracker *tracker, uint64_t realtime_ns)
{
	json_t *list = json_array();
	bool printed = true;
	size_t i;

	for (i = 0; i < tracker->event_count; i++)
		printed &= print_event(out, &tracker->events[i], realtime_ns);
	for (i = 0; i < tracker->track_count; i++)
		if (tracker->tracks[i].rated)
			list = append(list, rated_json(&tracker->tracks[i]));

	if (tracker->rounds == 1) {
		json_decref(list);
		return printed;
	}
	return printed & json_print(out, with(line_json("report", realtime_ns), "instances", list),
				    true);
}

static bool print_summary(FILE *out, const struct tracker *tracker, uint64_t realtime_ns,
			  uint64_t elapsed_ns)
{
	json_t *line = line_json("summary", realtime_ns);
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < tracker->track_count; i++)
		list = append(list, summed_json(&tracker->tracks[i]));
	line = with(line, "elapsed_ns", json_number(elapsed_ns));
	return json_print(out, with(line, "instances", list), true);
}

const struct poll_form poll_json = { .report = print_report, .summary = print_summary };
