// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* One interface that is watched: what is known of it, and what it comes to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watch/watch.h"

struct watched *watched_new(const struct link *link)
{
	struct watched *watched = calloc(1, sizeof(*watched));

	if (!watched)
		return NULL;
	watched->link = *link;
	watched->link.attached = false;
	watched->link.prog_id = 0;
	return watched;
}

static void drop_instance(struct watched *watched)
{
	setting_close(&watched->place);
	instance_close(&watched->instance);
}

void watched_free(struct watched *watched)
{
	drop_instance(watched);
	free(watched);
}

bool watched_has_instance(const struct watched *watched)
{
	return instance_id(&watched->instance);
}

/* ---- telling ---- */

static struct xdpaction_event event_of(const struct watched *watched,
				       enum xdpaction_event_kind kind)
{
	struct xdpaction_event event = {
		.kind = kind,
		.time_ns = realtime_ns(),
		.ifindex = watched->link.ifindex,
		.program_id = instance_id(&watched->instance),
		.generation = watched->history.generation,
	};

	memcpy(event.ifname, watched->link.name, sizeof(event.ifname));
	return event;
}

static void tell(const struct listener *listener, const struct xdpaction_event *event)
{
	if (listener->fn)
		listener->fn(listener->data, event);
}

void watched_tell(const struct watched *watched, const struct listener *listener,
		  enum xdpaction_event_kind kind)
{
	const struct xdpaction_event event = event_of(watched, kind);

	tell(listener, &event);
}

void watched_tell_setting(const struct watched *watched, const struct listener *listener,
			  enum xdpaction_event_kind kind)
{
	struct xdpaction_event event = event_of(watched, kind);

	if (watched->place.data)
		event.setting = &watched->setting;
	if (kind == XDPACTION_EVENT_LOADED && watched->history.origin.known)
		event.origin = &watched->history.origin;
	tell(listener, &event);
}

static void tell_renamed(const struct watched *watched, const struct listener *listener,
			 const char *old_name)
{
	struct xdpaction_event event = event_of(watched, XDPACTION_EVENT_RENAMED);

	snprintf(event.old_ifname, sizeof(event.old_ifname), "%s", old_name);
	tell(listener, &event);
}

void watched_tell_missed(const struct watched *watched, const struct listener *listener,
			 uint64_t missed)
{
	struct xdpaction_event event = event_of(watched, XDPACTION_EVENT_MISSED);

	event.missed = missed;
	/* What was missed came before what is told next. */
	if (missed && watched->history.origin.known)
		event.time_ns = watched->history.origin.time_ns;
	tell(listener, &event);
}

/*
 * Tells of the programs of others in one chain that are not in the other. The
 * substitute of an upgrade is not one of others.
 */
static void tell_difference(const struct watched *watched, const struct listener *listener,
			    enum xdpaction_event_kind kind, const struct instance *with,
			    const struct chain *without)
{
	struct xdpaction_event event = event_of(watched, kind);
	struct xdpaction_chain chain;
	size_t i, index;

	chain_export(&with->chain, 0, &chain);
	for (i = 0; i < chain.count; i++) {
		if (chain_find(without, chain.programs[i].id, &index) || i == with->self ||
		    chain.programs[i].id == with->substitute_id)
			continue;
		event.program = &chain.programs[i];
		tell(listener, &event);
	}
}

void watched_take_link(struct watched *watched, const struct listener *listener,
		       const struct link *now)
{
	const struct link before = watched->link;

	watched->link = *now;
	if (watched_has_instance(watched) && strcmp(before.name, now->name))
		tell_renamed(watched, listener, before.name);
}

void watched_take_chain(struct watched *watched, const struct listener *listener,
			const struct instance *instance)
{
	const struct instance before = watched->instance;

	watched->instance.chain = instance->chain;
	watched->instance.self = instance->self;
	watched->instance.copies = instance->copies;
	watched->instance.substitute_id = instance->substitute_id;
	watched_take_link(watched, listener, &instance->chain.link);
	tell_difference(watched, listener, XDPACTION_EVENT_LEFT, &before, &instance->chain);
	tell_difference(watched, listener, XDPACTION_EVENT_JOINED, instance, &before.chain);
}

/* ---- the setting ---- */

/* What a writer leaves behind that changed anything: three cache lines. */
static struct mark mark_of(const struct xdp_action_data *data)
{
	return (struct mark){
		.word = __atomic_load_n(&data->action, __ATOMIC_ACQUIRE),
		.recorded = { __atomic_load_n(&data->changes[0].generation, __ATOMIC_ACQUIRE),
			      __atomic_load_n(&data->changes[1].generation, __ATOMIC_ACQUIRE) },
	};
}

static bool same_mark(const struct mark *a, const struct mark *b)
{
	return a->word == b->word && a->recorded[0] == b->recorded[0] &&
	       a->recorded[1] == b->recorded[1];
}

static int read_setting(struct xdpaction *ctx, struct watched *watched)
{
	int err;

	/* What changes after this is seen by the next look. */
	watched->mark = mark_of(watched->place.data);
	err = setting_load(ctx, &watched->place, &watched->setting, &watched->history);
	watched->deadline_ns = realtime_ns() + watched->setting.duration_ns;
	if (!err)
		err = rule_name_target(ctx, &watched->setting.rule);
	return err ? err : rule_name_target(ctx, &watched->setting.base);
}

int watched_take(struct xdpaction *ctx, struct watched *watched, struct instance *instance)
{
	int err;

	drop_instance(watched);
	watched->instance = *instance;
	*instance = (struct instance){ 0 };
	watched->link = watched->instance.chain.link;
	watched->history = (struct history){ 0 };
	if (!watched_has_instance(watched))
		return 0;
	err = setting_open(ctx, &watched->instance, false, &watched->place);
	if (!err)
		err = read_setting(ctx, watched);
	if (err == -EPROTO) {
		/* What another version keeps in its maps is not known. */
		forget_error(ctx);
		setting_close(&watched->place);
		return 0;
	}
	return err;
}

/* What was known before something changed. */
struct before {
	struct mark mark;
	uint64_t deadline_ns;
	struct xdpaction_setting setting;
	struct history history;
};

/* The setting as it was asked for, though it may have ended since. */
static void tell_set(const struct watched *watched, const struct listener *listener)
{
	const struct history *history = &watched->history;
	struct xdpaction_event event = event_of(watched, XDPACTION_EVENT_SET);
	struct xdpaction_setting setting = watched->setting;

	if (history->end) {
		setting.rule = history->ended;
		setting.has_base = true;
		setting.base = watched->setting.rule;
		event.generation--;
	}
	event.setting = &setting;
	if (history->origin.known) {
		setting.duration_ns = history->origin.duration_ns;
		setting.packets = history->origin.packets;
		event.time_ns = history->origin.time_ns;
		event.origin = &history->origin;
	}
	tell(listener, &event);
}

static void tell_ended(const struct watched *watched, const struct listener *listener)
{
	struct xdpaction_event event = event_of(watched, XDPACTION_EVENT_ENDED);

	event.setting = &watched->setting;
	event.end = watched->history.end;
	if (watched->history.ended_ns)
		event.time_ns = watched->history.ended_ns;
	tell(listener, &event);
}

/* The end of a setting that was not seen before the next one was set. */
static void tell_ended_before(const struct watched *watched, const struct listener *listener,
			      const struct before *before)
{
	struct xdpaction_event event = event_of(watched, XDPACTION_EVENT_ENDED);
	struct xdpaction_setting setting = {
		.size = sizeof(setting),
		.rule = before->setting.base,
	};

	event.setting = &setting;
	event.generation = before->history.generation + 1;
	event.time_ns = watched->history.origin.time_ns;
	event.end = XDPACTION_END_PACKETS;
	if (!before->setting.packets ||
	    (before->setting.duration_ns && before->deadline_ns < event.time_ns)) {
		event.end = XDPACTION_END_TIME;
		event.time_ns = before->deadline_ns;
	}
	tell(listener, &event);
}

/* The last two changes are recorded, so that none came between this one and the last. */
static bool follows(const struct xdp_action_data *data, uint64_t generation)
{
	return __atomic_load_n(&data->changes[0].generation, __ATOMIC_RELAXED) == generation ||
	       __atomic_load_n(&data->changes[1].generation, __ATOMIC_RELAXED) == generation;
}

static void tell_changes(const struct watched *watched, const struct listener *listener,
			 const struct before *before)
{
	const struct history *was = &before->history, *is = &watched->history;
	bool other = is->origin.known ? is->origin.generation != was->origin.generation :
					watched->mark.word != before->mark.word;
	/* What had ended is in force again where somebody gave it more time. */
	bool set = other || (was->end && !is->end);
	bool ended = is->end && (set || !was->end);
	int64_t untold = is->generation - was->generation - set - ended;

	if (untold == 1 && xdpaction_setting_is_temporary(&before->setting) &&
	    is->origin.known && follows(watched->place.data, was->origin.generation)) {
		tell_ended_before(watched, listener, before);
		untold = 0;
	}
	if (untold > 0)
		watched_tell_missed(watched, listener, untold);
	if (set)
		tell_set(watched, listener);
	if (ended)
		tell_ended(watched, listener);
}

int watched_take_heir(struct xdpaction *ctx, struct watched *watched,
		      const struct listener *listener, struct instance *instance)
{
	const struct before before = { watched->mark, watched->deadline_ns, watched->setting,
				       watched->history };
	bool known = watched->place.data;
	int err = watched_take(ctx, watched, instance);

	if (!err && known && watched->place.data)
		tell_changes(watched, listener, &before);
	return err;
}

bool watched_can_end(const struct watched *watched)
{
	return watched->place.data && xdpaction_setting_is_temporary(&watched->setting);
}

int watched_look(struct xdpaction *ctx, struct watched *watched, const struct listener *listener)
{
	const struct xdp_action_data *data = watched->place.data;
	struct before before;
	struct mark mark;
	int err;

	if (!data)
		return 0;
	mark = mark_of(data);
	if (same_mark(&mark, &watched->mark) && !watched_can_end(watched))
		return 0;
	before = (struct before){ watched->mark, watched->deadline_ns, watched->setting,
				  watched->history };
	err = read_setting(ctx, watched);
	if (!err)
		tell_changes(watched, listener, &before);
	return err;
}

int watched_look_at_target(struct xdpaction *ctx, struct watched *watched,
			   const struct listener *listener, unsigned int gone)
{
	int err = watched_look(ctx, watched, listener);

	if (err || !watched->place.data || watched->setting.rule.target_ifindex != gone)
		return err;
	/* The kernel has emptied the entry, unless the number is another's by now. */
	err = read_setting(ctx, watched);
	if (!err && watched->setting.rule.target_ifindex != gone)
		watched_tell_setting(watched, listener, XDPACTION_EVENT_TARGET_GONE);
	return err;
}
