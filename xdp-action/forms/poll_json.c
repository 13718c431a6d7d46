// SPDX-License-Identifier: GPL-2.0-only
#include "forms.h"
#include "json/json.h"

static json_t *line_json(const char *type, uint64_t realtime_ns)
{
	json_t *line = json_with(json_object(), "version", json_integer(JSON_VERSION));
	char time[UNITS_SIZE];

	line = json_with(line, "type", json_string(type));
	line = json_with(line, "time", json_string(units_iso_time(time, realtime_ns)));
	return json_with(line, "time_ns", json_number(realtime_ns));
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

	line = json_with(line, "event", json_string(event_name(event->kind)));
	line = json_with(line, "interface", json_text(event->ifname));
	line = json_with(line, "ifindex", json_number(event->ifindex));
	line = json_with(line, "program_id", json_number(event->program_id));
	line = json_with(line, "old_name", json_text_or_null(event->old_name));
	return json_print(out, line, true);
}

typedef struct rate (*rate_fn)(const struct track *track, enum xdpaction_verdict verdict);

static json_t *rates_json(const struct track *track, rate_fn rate_of)
{
	json_t *object = json_object(), *member;
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++) {
		struct rate rate = rate_of(track, verdict);

		member = json_with(json_object(), "packets_per_second", json_real(rate.packets));
		member = json_with(member, "bits_per_second", json_real(rate.bits));
		object = json_with(object, verdict_key(verdict), member);
	}
	return object;
}

static json_t *track_json(const struct track *track)
{
	json_t *object = json_object();

	object = json_with(object, "interface", json_text(track->now.ifname));
	object = json_with(object, "ifindex", json_number(track->now.ifindex));
	return json_with(object, "program_id", json_number(track->now.program_id));
}

static json_t *rated_json(const struct track *track)
{
	json_t *object = track_json(track);

	object = json_with(object, "elapsed_ns", json_number(track_elapsed_ns(track)));
	object = json_with(object, "rates", rates_json(track, track_rate));
	return json_with(object, "counters", json_counters(track->now.counters));
}

static json_t *summed_json(const struct track *track)
{
	struct xdpaction_counter sums[XDPACTION_VERDICTS];
	enum xdpaction_verdict verdict;
	json_t *object = track_json(track);

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		sums[verdict] = track_sum(track, verdict);
	object = json_with(object, "elapsed_ns", json_number(track_lifetime_ns(track)));
	object = json_with(object, "rates", rates_json(track, track_average));
	return json_with(object, "counters", json_counters(sums));
}

static bool print_report(FILE *out, const struct tracker *tracker, uint64_t realtime_ns)
{
	json_t *list = json_array(), *line;
	bool printed = true;
	size_t i;

	for (i = 0; i < tracker->event_count; i++)
		printed &= print_event(out, &tracker->events[i], realtime_ns);
	for (i = 0; i < tracker->track_count; i++)
		if (tracker->tracks[i].rated)
			list = json_append(list, rated_json(&tracker->tracks[i]));

	if (tracker->rounds == 1) {
		json_decref(list);
		return printed;
	}
	line = json_with(line_json("report", realtime_ns), "instances", list);
	return json_print(out, line, true) && printed;
}

static bool print_summary(FILE *out, const struct tracker *tracker, uint64_t realtime_ns,
			  uint64_t elapsed_ns)
{
	json_t *line = line_json("summary", realtime_ns);
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < tracker->track_count; i++)
		list = json_append(list, summed_json(&tracker->tracks[i]));
	line = json_with(line, "elapsed_ns", json_number(elapsed_ns));
	return json_print(out, json_with(line, "instances", list), true);
}

const struct poll_form poll_json = { .report = print_report, .summary = print_summary };
