// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What happened to instances, in words, as text and as JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

static const char *event_key(enum xdpaction_event_kind kind)
{
	static const char *const keys[] = {
		[XDPACTION_EVENT_LOADED] = "loaded",
		[XDPACTION_EVENT_UNLOADED] = "unloaded",
		[XDPACTION_EVENT_UPGRADED] = "upgraded",
		[XDPACTION_EVENT_SET] = "set",
		[XDPACTION_EVENT_ENDED] = "ended",
		[XDPACTION_EVENT_JOINED] = "joined",
		[XDPACTION_EVENT_LEFT] = "left",
		[XDPACTION_EVENT_TARGET_GONE] = "target-gone",
		[XDPACTION_EVENT_RENAMED] = "renamed",
		[XDPACTION_EVENT_GONE] = "gone",
		[XDPACTION_EVENT_MOVED] = "moved",
		[XDPACTION_EVENT_RETURNED] = "returned",
		[XDPACTION_EVENT_MISSED] = "missed",
	};

	return keys[kind];
}

/* Who did it, before what was done. */
static void add_author(struct words *words, const struct xdpaction_event *event)
{
	char user[XDPACTION_USER_SIZE];
	const char *name = event->origin ? origin_user(user, event->origin) : NULL;

	if (name)
		words_add(words, " by %s", name);
	else if (event->origin)
		words_add(words, " by uid %u", event->origin->uid);
}

/* With the names that targets had then. */
static struct named_setting named_then(const struct xdpaction_setting *setting)
{
	struct named_setting named = describe_names(setting);

	memcpy(named.rule.target, setting->rule.target_ifname, sizeof(named.rule.target));
	memcpy(named.base.target, setting->base.target_ifname, sizeof(named.base.target));
	return named;
}

static void add_setting(struct words *words, const struct xdpaction_event *event)
{
	struct named_setting setting;

	if (!event->setting) {
		words_add(words, ": a setting of another version");
		return;
	}
	setting = named_then(event->setting);
	words_add(words, ": ");
	if (event->kind == XDPACTION_EVENT_SET)
		describe_asked(words, &setting);
	else
		describe_in_force(words, &setting);
}

/* The words of a person are last, so that nothing of ours seems to follow. */
static void add_note(struct words *words, const struct xdpaction_event *event)
{
	if (event->origin && *event->origin->note)
		words_add(words, "; note: %s", event->origin->note);
}

static void add_program(struct words *words, const struct xdpaction_event *event)
{
	const struct xdpaction_program *program = event->program;

	words_add(words, "%s (id %u) %s the chain", *program->name ? program->name : "a program",
		  program->id, event->kind == XDPACTION_EVENT_JOINED ? "joined" : "left");
}

static void add_missed(struct words *words, const struct xdpaction_event *event)
{
	if (event->missed)
		words_add(words, "missed %" PRIu64 " change%s of the setting", event->missed,
			  event->missed == 1 ? "" : "s");
	else if (*event->ifname)
		words_add(words, "missed what became of the chain or the name");
	else
		words_add(words, "missed what was told of interfaces");
}

static void describe_event(struct words *words, const struct xdpaction_event *event)
{
	switch (event->kind) {
	case XDPACTION_EVENT_LOADED:
	case XDPACTION_EVENT_SET:
		words_add(words, "%s", event_key(event->kind));
		add_author(words, event);
		add_setting(words, event);
		add_note(words, event);
		break;
	case XDPACTION_EVENT_ENDED:
		words_add(words, "ended by %s",
			  event->end == XDPACTION_END_TIME ? "time" : "number");
		add_setting(words, event);
		break;
	case XDPACTION_EVENT_UNLOADED:
		words_add(words, "unloaded");
		break;
	case XDPACTION_EVENT_UPGRADED:
		words_add(words, "upgraded");
		add_setting(words, event);
		break;
	case XDPACTION_EVENT_JOINED:
	case XDPACTION_EVENT_LEFT:
		add_program(words, event);
		break;
	case XDPACTION_EVENT_TARGET_GONE:
		words_add(words, "the target of REDIRECT is gone: its packets get ABORTED");
		break;
	case XDPACTION_EVENT_RENAMED:
		words_add(words, "renamed, was %s", event->old_ifname);
		break;
	case XDPACTION_EVENT_GONE:
		words_add(words, "the interface is gone");
		break;
	case XDPACTION_EVENT_MOVED:
		words_add(words, "moved to another network namespace");
		break;
	case XDPACTION_EVENT_RETURNED:
		words_add(words, "came back");
		add_setting(words, event);
		break;
	case XDPACTION_EVENT_MISSED:
		add_missed(words, event);
		break;
	}
}

/* ---- text ---- */

static void print_line(FILE *out, uint64_t realtime_ns, const char *ifname, const char *what)
{
	char time[UNITS_SIZE], name[4 * XDPACTION_IFNAME_SIZE], safe[4 * SETTING_SIZE];

	fprintf(out, "%s %s%s%s\n", units_iso_time_ms(time, realtime_ns),
		escape_text(name, sizeof(name), ifname), *ifname ? ": " : "",
		escape_text(safe, sizeof(safe), what));
}

static bool print_text_start(FILE *out, size_t instances, uint64_t realtime_ns)
{
	char line[DESCRIBE_SIZE];
	struct words words = words_in(line, sizeof(line));

	words_add(&words, "watching; %zu instance%s", instances, instances == 1 ? "" : "s");
	print_line(out, realtime_ns, "", line);
	return true;
}

static bool print_text_event(FILE *out, const struct xdpaction_event *event)
{
	char line[SETTING_SIZE];
	struct words words = words_in(line, sizeof(line));

	describe_event(&words, event);
	print_line(out, event->time_ns, event->ifname, line);
	return true;
}

const struct event_form events_text = { print_text_start, print_text_event };

/* ---- JSON ---- */

/* What each line has. */
static json_t *line_json(const char *key, uint64_t realtime_ns, const char *text)
{
	char time[UNITS_SIZE];

	return json_pack("{s:i, s:s, s:s, s:o, s:o}", "version", JSON_VERSION, "event", key,
			 "time", units_iso_time(time, realtime_ns),
			 "time_ns", json_number(realtime_ns), "text", json_words(text));
}

static bool print_json_start(FILE *out, size_t instances, uint64_t realtime_ns)
{
	json_t *line = line_json("watching", realtime_ns, "watching");

	return json_print(out, json_joined(line, json_pack("{s:o}", "instances",
							   json_number(instances))), true);
}

static json_t *event_setting_json(const struct xdpaction_event *event)
{
	struct named_setting setting;

	if (!event->setting)
		return json_null();
	setting = named_then(event->setting);
	return setting_json(&setting);
}

static json_t *event_program_json(const struct xdpaction_event *event)
{
	if (!event->program)
		return json_null();
	return json_pack("{s:o, s:o}", "name", json_text(event->program->name),
			 "id", json_number(event->program->id));
}

/* What is not there is null, so that each line has the same members. */
static json_t *event_json(const struct xdpaction_event *event, const char *text)
{
	bool ended = event->kind == XDPACTION_EVENT_ENDED;
	json_t *line = line_json(event_key(event->kind), event->time_ns, text);

	line = json_joined(line, json_pack("{s:o, s:o, s:o, s:o}",
					   "interface", json_text_or_null(event->ifname),
					   "ifindex", json_number_or_null(event->ifindex),
					   "program_id", json_number_or_null(event->program_id),
					   "old_name", json_text_or_null(event->old_ifname)));
	line = json_joined(line, json_pack("{s:o, s:o, s:o, s:o}",
					   "generation", json_number_or_null(event->generation),
					   "setting", event_setting_json(event), "changed",
					   event->origin ? json_origin(event->origin) : json_null(),
					   "by", ended ? json_string(end_key(event->end)) :
							 json_null()));
	return json_joined(line, json_pack("{s:o, s:o}", "program", event_program_json(event),
					   "missed", json_number_or_null(event->missed)));
}

static bool print_json_event(FILE *out, const struct xdpaction_event *event)
{
	char text[SETTING_SIZE];
	struct words words = words_in(text, sizeof(text));

	if (*event->ifname)
		words_add(&words, "%s: ", event->ifname);
	describe_event(&words, event);
	return json_print(out, event_json(event, text), true);
}

const struct event_form events_json = { print_json_start, print_json_event };
