// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * All interfaces that are watched. A notice only says where to look: what is told
 * was seen by a look at what there is, and a state that was noticed and is no more
 * when the look comes is told as missed.
 */
#include <stdlib.h>
#include <string.h>

#include "watch/watch.h"

/* ---- the list ---- */

static struct watched *find(const struct lookout *lookout, unsigned int ifindex)
{
	size_t i;

	for (i = 0; i < lookout->count; i++)
		if (!lookout->list[i]->away && lookout->list[i]->link.ifindex == ifindex)
			return lookout->list[i];
	return NULL;
}

/* The one that left with this instance. */
static struct watched *find_away(const struct lookout *lookout, uint32_t program_id)
{
	size_t i;

	for (i = 0; i < lookout->count; i++)
		if (lookout->list[i]->away &&
		    instance_id(&lookout->list[i]->instance) == program_id)
			return lookout->list[i];
	return NULL;
}

static struct watched *add(struct xdpaction *ctx, struct lookout *lookout,
			   const struct link *link)
{
	struct watched *watched = NULL, **grown;

	grown = list_grow(lookout->list, lookout->count, sizeof(void *));
	if (grown)
		watched = watched_new(link);

	if (grown)
		lookout->list = grown;
	if (watched)
		grown[lookout->count++] = watched;
	else
		fail(ctx, -ENOMEM, NULL, "out of memory");
	return watched;
}

static void discard(struct lookout *lookout, struct watched *watched)
{
	size_t i;

	for (i = 0; lookout->list[i] != watched; i++)
		;
	lookout->list[i] = lookout->list[--lookout->count];
	watched_free(watched);
}

void lookout_free(struct lookout *lookout)
{
	while (lookout->count)
		watched_free(lookout->list[--lookout->count]);
	free(lookout->list);
	free(lookout->wanted);
	*lookout = (struct lookout){ 0 };
}

/* One that was named is followed; one that takes the name of one that is gone is taken. */
static bool is_wanted(struct lookout *lookout, const struct link *link)
{
	struct wanted *heir = NULL;
	size_t i;

	for (i = 0; i < lookout->wanted_count; i++) {
		struct wanted *wanted = &lookout->wanted[i];

		if (wanted->ifindex == link->ifindex) {
			memcpy(wanted->name, link->name, sizeof(wanted->name));
			return true;
		}
		if (!wanted->ifindex && !strcmp(wanted->name, link->name))
			heir = wanted;
	}
	if (heir)
		heir->ifindex = link->ifindex;
	return heir || !lookout->wanted_count;
}

static void forget_wanted(struct lookout *lookout, unsigned int ifindex)
{
	size_t i;

	for (i = 0; i < lookout->wanted_count; i++)
		if (lookout->wanted[i].ifindex == ifindex)
			lookout->wanted[i].ifindex = 0;
}

/* ---- looking ---- */

/*
 * Looks once at an interface and at the instance in its chain. -EAGAIN when it
 * changed meanwhile, -ENODEV when it is gone.
 */
static int look_once(struct xdpaction *ctx, unsigned int ifindex, struct instance *instance)
{
	struct link before, after;
	struct chain chain;
	int err;

	err = link_by_index(ctx, ifindex, &before);
	if (!err)
		err = chain_walk(ctx, &before, &chain);
	if (!err)
		err = instance_find(ctx, &chain, instance);
	if (err && err != -ENOENT)
		return err;
	err = link_by_index(ctx, ifindex, &after);
	if (err)
		return err;
	return before.prog_id == after.prog_id && !strcmp(before.name, after.name) ? 0 : -EAGAIN;
}

/* A state of an interface was noticed that is neither the one before nor the one now. */
static bool passed_by(const struct link *noticed, const struct link *before,
		      const struct link *now)
{
	if (noticed->attached && noticed->prog_id != before->prog_id &&
	    noticed->prog_id != now->prog_id)
		return true;
	return before->attached && strcmp(noticed->name, before->name) &&
	       strcmp(noticed->name, now->name);
}

/* An instance has come back with its interface, which may have another number now. */
static void take_back(struct lookout *lookout, struct watched *watched,
		      struct watched *away, const struct instance *instance)
{
	away->away = false;
	away->link = instance->chain.link;
	watched_tell_setting(away, &lookout->listener, XDPACTION_EVENT_RETURNED);
	watched_take_chain(away, &lookout->listener, instance);
	discard(lookout, watched);
}

static int take_new(struct xdpaction *ctx, struct lookout *lookout,
		    struct watched *watched, struct instance *instance)
{
	const struct listener *listener = &lookout->listener;
	int err;

	if (watched_has_instance(watched))
		watched_tell(watched, listener, XDPACTION_EVENT_UNLOADED);
	err = watched_take(ctx, watched, instance);
	if (err)
		return err;
	if (watched_has_instance(watched))
		watched_tell_setting(watched, listener, XDPACTION_EVENT_LOADED);
	else if (!watched->link.attached)
		discard(lookout, watched);
	return 0;
}

/* Whether another program goes on with what an instance counts. */
static bool goes_on(const struct instance *before, const struct instance *after)
{
	return instance_id(before) && instance_id(after) &&
	       before->maps.counters.id == after->maps.counters.id;
}

/* A substitute only stands in until the program comes. */
static int take_heir(struct xdpaction *ctx, struct lookout *lookout, struct watched *watched,
		     struct instance *instance)
{
	const struct listener *listener = &lookout->listener;
	int err;

	watched_take_chain(watched, listener, instance);
	err = watched_take_heir(ctx, watched, listener, instance);
	if (!err && watched->instance.copies)
		watched_tell_setting(watched, listener, XDPACTION_EVENT_UPGRADED);
	return err;
}

static int take(struct xdpaction *ctx, struct lookout *lookout, struct watched *watched,
		struct instance *instance)
{
	uint32_t id = instance_id(instance);
	struct watched *away;

	if (id && id == instance_id(&watched->instance)) {
		watched_take_chain(watched, &lookout->listener, instance);
		return 0;
	}
	if (goes_on(&watched->instance, instance))
		return take_heir(ctx, lookout, watched, instance);
	away = id ? find_away(lookout, id) : NULL;
	if (!away)
		return take_new(ctx, lookout, watched, instance);
	take_back(lookout, watched, away, instance);
	return 0;
}

/*
 * A dispatcher of a form that is not known: whether the instance still runs in there
 * cannot be seen, so that it is taken for what it was. It is told once; before anybody
 * listens it is left to the first look.
 */
static int take_unknown(struct xdpaction *ctx, struct lookout *lookout, struct watched *watched)
{
	struct link now;
	int err;

	forget_error(ctx);
	err = link_by_index(ctx, watched->link.ifindex, &now);
	if (err == -ENODEV)
		forget_error(ctx);
	if (err)
		return err == -ENODEV ? 0 : err;
	watched_take_link(watched, &lookout->listener, &now);
	watched_tell_missed(watched, &lookout->listener, 0);
	watched->unsettled = !lookout->listener.fn;
	return 0;
}

/* Looks at an interface that is, or was, not as it is known. `noticed` may be NULL. */
static int examine_once(struct xdpaction *ctx, struct lookout *lookout, struct watched *watched,
		   const struct link *noticed)
{
	CLEANUP(instance_close) struct instance instance = { 0 };
	int err = look_once(ctx, watched->link.ifindex, &instance);

	/* That it is gone is told by a notice or found by a survey. */
	watched->unsettled = err == -EAGAIN;
	if (err == -EAGAIN || err == -ENODEV) {
		forget_error(ctx);
		return 0;
	}
	if (err == -EPROTO)
		return take_unknown(ctx, lookout, watched);
	if (err)
		return err;
	/* What was set before this is told before it. */
	err = watched_look(ctx, watched, &lookout->listener);
	if (err)
		return err;
	if (noticed && passed_by(noticed, &watched->link, &instance.chain.link))
		watched_tell_missed(watched, &lookout->listener, 0);
	return take(ctx, lookout, watched, &instance);
}

/* The same, with an error that has the name of the interface. */
static int examine(struct xdpaction *ctx, struct lookout *lookout, struct watched *watched,
		   const struct link *noticed)
{
	char ifname[XDPACTION_IFNAME_SIZE];
	int err;

	/* What is watched may be another one afterwards. */
	memcpy(ifname, watched->link.name, sizeof(ifname));
	err = examine_once(ctx, lookout, watched, noticed);
	return err ? error_on(ctx, ifname, err) : 0;
}

static int see(struct xdpaction *ctx, struct lookout *lookout, const struct link *link,
	       const struct link *noticed)
{
	struct watched *watched = find(lookout, link->ifindex);

	if (!is_wanted(lookout, link) || (!watched && !link->attached))
		return 0;
	if (!watched)
		watched = add(ctx, lookout, link);
	if (!watched)
		return -ENOMEM;
	watched->surveyed = true;
	if (!watched->unsettled && link->prog_id == watched->link.prog_id &&
	    !strcmp(link->name, watched->link.name))
		return 0;
	return examine(ctx, lookout, watched, noticed);
}

/* ---- what is gone ---- */

static int look_at_targets(struct xdpaction *ctx, struct lookout *lookout,
			   unsigned int gone)
{
	int err = 0;
	size_t i;

	for (i = 0; !err && i < lookout->count; i++)
		err = watched_look_at_target(ctx, lookout->list[i], &lookout->listener, gone);
	return err;
}

/* `kept`: it may come back. */
static int lose(struct xdpaction *ctx, struct lookout *lookout, struct watched *watched,
		enum xdpaction_event_kind kind, bool kept)
{
	int err = watched_look(ctx, watched, &lookout->listener);

	if (err)
		return err;
	if (watched_has_instance(watched))
		watched_tell(watched, &lookout->listener, kind);
	watched->away = kept && watched_has_instance(watched);
	if (!watched->away)
		discard(lookout, watched);
	return 0;
}

int lookout_notice(struct xdpaction *ctx, const struct notice *notice, void *data)
{
	bool moved = notice->kind == NOTICE_MOVED;
	struct lookout *lookout = data;
	struct watched *watched;
	int err = 0;

	if (notice->kind == NOTICE_CHANGED)
		return see(ctx, lookout, &notice->link, &notice->link);
	forget_wanted(lookout, notice->link.ifindex);
	watched = find(lookout, notice->link.ifindex);
	if (watched)
		err = lose(ctx, lookout, watched,
			   moved ? XDPACTION_EVENT_MOVED : XDPACTION_EVENT_GONE, moved);
	return err ? err : look_at_targets(ctx, lookout, notice->link.ifindex);
}

/* ---- surveys ---- */

static int see_surveyed(struct xdpaction *ctx, const struct link *link, void *lookout)
{
	return see(ctx, lookout, link, NULL);
}

/* An instance that left is forgotten when its program has ended. */
static int look_at_away(struct xdpaction *ctx, struct lookout *lookout,
			struct watched *watched)
{
	CLEANUP(close_fd) int fd = -1;
	int err = program_open(ctx, instance_id(&watched->instance), &fd);

	if (err == -ENOENT)
		discard(lookout, watched);
	return err == -ENOENT ? 0 : err;
}

/*
 * From behind: what is discarded is replaced by the last one. Where no notice is lost
 * there will be one of what is gone, and it knows whether that has only moved away.
 */
static int lose_unsurveyed(struct xdpaction *ctx, struct lookout *lookout, bool lost)
{
	size_t i = lookout->count;
	int err = 0;

	while (!err && i--) {
		struct watched *watched = lookout->list[i];

		if (watched->away)
			err = look_at_away(ctx, lookout, watched);
		else if (lost && !watched->surveyed)
			err = lose(ctx, lookout, watched, XDPACTION_EVENT_GONE, true);
	}
	return err;
}

/* Without notices nobody has told that the target of an instance is gone. */
static int survey_targets(struct xdpaction *ctx, struct lookout *lookout)
{
	struct link link;
	int err = 0;
	size_t i;

	for (i = 0; !err && i < lookout->count; i++) {
		unsigned int target = lookout->list[i]->setting.rule.target_ifindex;

		err = target ? link_by_index(ctx, target, &link) : 0;
		if (err == -ENODEV) {
			forget_error(ctx);
			err = look_at_targets(ctx, lookout, target);
		}
	}
	return err;
}

int lookout_survey(struct xdpaction *ctx, struct lookout *lookout, bool lost)
{
	size_t i;
	int err;

	for (i = 0; i < lookout->count; i++)
		lookout->list[i]->surveyed = false;
	err = link_for_each(ctx, see_surveyed, lookout);
	if (!err)
		err = lose_unsurveyed(ctx, lookout, lost);
	return err || !lost ? err : survey_targets(ctx, lookout);
}

bool lookout_can_end(const struct lookout *lookout)
{
	size_t i;

	for (i = 0; i < lookout->count; i++)
		if (watched_can_end(lookout->list[i]))
			return true;
	return false;
}

int lookout_look(struct xdpaction *ctx, struct lookout *lookout)
{
	size_t i = lookout->count;
	int err = 0;

	while (!err && i--) {
		struct watched *watched = lookout->list[i];

		err = watched_look(ctx, watched, &lookout->listener);
		if (!err && watched->unsettled)
			err = examine(ctx, lookout, watched, NULL);
	}
	return err;
}
