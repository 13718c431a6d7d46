// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Changes the settings of several instances. All are checked before the first is
 * changed, and no other writer comes between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attach.h"
#include "bpffs/bpffs.h"
#include "change.h"
#include "match/match.h"

/* The settings of the place that is worked on. There may be thousands, which keep theirs packed. */
struct work {
	struct xdpaction_setting setting;
	struct looked before;
};

/* An instance that is to be changed. */
struct place {
	char ifname[XDPACTION_IFNAME_SIZE];	/* as the caller calls it */
	struct xdpaction_change *change;
	struct instance instance;
	/* The setting as it will be stored, with its base. */
	char *setting;
	const struct compiled *compiled;
	/* The setting in force, NULL where it is not known, and how it came about. */
	char *before;
	uint64_t generation_before;
	struct xdpaction_origin origin_before;
	struct xdpaction_origin origin;		/* what was recorded of the change */
	/* What became of it. */
	bool stored;
	struct holding holding;
	int err;
	struct error error;
};

struct xdpaction_change {
	int lock;
	/* Whom to tell at its end what was kept. */
	struct effects effects;
	bool stored;
	struct xdpaction_setting wanted;
	/*
	 * Compiled once for each link type, so that a name in an expression means
	 * the same for all.
	 */
	struct compiled compiled[MATCH_LINKS];
	struct place *places;
	size_t count;
	struct work work;
};

static void place_close(struct place *place)
{
	instance_close(&place->instance);
	free(place->setting);
	free(place->before);
	place->setting = place->before = NULL;
}

/* Keeps what is worked on. */
static int place_keep(struct xdpaction *ctx, struct place *place)
{
	const struct work *work = &place->change->work;
	char *setting = setting_pack(&work->setting);
	char *before = work->before.known ? setting_pack(&work->before.setting) : NULL;

	if (!setting || (work->before.known && !before)) {
		free(setting);
		free(before);
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	}
	free(place->setting);
	free(place->before);
	place->setting = setting;
	place->before = before;
	place->generation_before = work->before.history.generation;
	place->origin_before = work->before.history.origin;
	return 0;
}

/* Takes up the work on it again. */
static void place_recall(const struct place *place)
{
	struct work *work = &place->change->work;

	setting_unpack(place->setting, &work->setting);
	work->before.known = place->before;
	if (place->before)
		setting_unpack(place->before, &work->before.setting);
	work->before.history.generation = place->generation_before;
	work->before.history.origin = place->origin_before;
}

/*
 * Expressions are compiled for the most likely link type before the lock is taken,
 * since names in them may have to be asked of a server. A failure shows again.
 */
static void compile_early(struct xdpaction *ctx, struct xdpaction_change *change)
{
	struct compiled *compiled = &change->compiled[MATCH_LINK_ETHERNET];

	setting_compile(ctx, MATCH_LINK_ETHERNET, &change->wanted, compiled);
	forget_error(ctx);
}

int xdpaction_change_begin(struct xdpaction *ctx, const struct xdpaction_setting *setting,
			   struct xdpaction_change **change)
{
	struct xdpaction_change *new;
	int err;

	forget_error(ctx);
	new = calloc(1, sizeof(*new));
	if (!new)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	new->lock = -1;
	new->effects = effects_of(ctx);
	err = sized_read(ctx, &new->wanted, sizeof(new->wanted), setting);
	/* Before the lock, whose directory would then be that of somebody who can do no more. */
	if (!err)
		err = need_privileges(ctx, "set");
	if (!err) {
		compile_early(ctx, new);
		err = not_gone(lock_take(ctx, &new->lock));
	}
	if (err)
		xdpaction_change_end(new);
	else
		*change = new;
	return err;
}

/* Of one that could not be changed the caller was told why. */
static void tell_kept(const struct xdpaction_change *change, const struct place *place)
{
	if (place->err || change->stored)
		return;
	place_recall(place);
	looked_tell_kept(&change->effects, place->ifname, &change->work.before);
}

void xdpaction_change_end(struct xdpaction_change *change)
{
	size_t i;

	if (!change)
		return;
	for (i = 0; i < change->count; i++)
		instance_close(&change->places[i].instance);
	lock_drop(&change->lock);
	for (i = 0; i < change->count; i++) {
		tell_kept(change, &change->places[i]);
		place_close(&change->places[i]);
	}
	for (i = 0; i < MATCH_LINKS; i++)
		compiled_free(&change->compiled[i]);
	free(change->places);
	free(change);
}

/* Compiles the expressions for a link type, unless that is done, and for these features. */
static int compile_for(struct xdpaction *ctx, const struct link *link, uint32_t features,
		       struct place *place)
{
	const struct xdpaction_setting *wanted = &place->change->wanted;
	struct compiled *compiled;
	enum match_link type;
	int err = link_match_type(ctx, link, wanted, &type);

	if (err)
		return err;
	place->compiled = compiled = &place->change->compiled[type];
	if (!compiled->rule && !compiled->base)
		err = setting_compile(ctx, type, wanted, compiled);
	return err ? err : compiled_check(ctx, type, features, wanted, compiled);
}

static int look_before(struct xdpaction *ctx, struct setting_place *at, const struct place *place)
{
	struct looked *before = &place->change->work.before;

	before->known = false;
	if (!look_is_needed(ctx))
		return 0;
	return look_check(ctx, place->instance.chain.link.name, setting_look(ctx, at, before),
			  before);
}

static int complete_setting(struct xdpaction *ctx, struct place *place)
{
	struct xdpaction_setting *setting = &place->change->work.setting;
	CLEANUP(setting_close) struct setting_place at = { 0 };
	int err = setting_open(ctx, &place->instance, false, &at);

	if (!err && place->instance.version1)
		err = fail_version(ctx, &place->instance);
	if (!err)
		err = look_before(ctx, &at, place);
	if (!err && !at.outer && setting_has_match(&place->change->wanted))
		err = fail(ctx, -EPROTO, NULL, "the instance has no map for matches");
	if (!err)
		err = setting_check_features(ctx, at.data->features, setting);
	if (!err)
		err = compile_for(ctx, &place->instance.chain.link, at.data->features, place);
	return err ? err : setting_complete(ctx, &at, setting);
}

static int find_place(struct xdpaction *ctx, const struct link *link, struct place *place)
{
	struct xdpaction_setting *setting = &place->change->work.setting;
	int err = instance_read_healed(ctx, link, &place->instance);

	*setting = place->change->wanted;
	if (!err)
		err = setting_check(ctx, &place->instance.chain.link, setting);
	if (!err)
		err = instance_check_single(ctx, &place->instance);
	if (!err)
		err = not_gone(complete_setting(ctx, place));
	return err ? err : place_keep(ctx, place);
}

/* The setting that will be stored is the one that is worked on then. */
static int add_link(struct xdpaction *ctx, struct xdpaction_change *change, const char *ifname,
		    const struct link *link)
{
	struct place *grown = list_grow(change->places, change->count, sizeof(*grown)), *place;
	int err;

	if (!grown)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	change->places = grown;
	place = &grown[change->count];
	*place = (struct place){ .change = change };
	snprintf(place->ifname, sizeof(place->ifname), "%s", ifname);
	err = find_place(ctx, link, place);
	if (err)
		place_close(place);
	else
		change->count++;
	return err;
}

int xdpaction_change_add(struct xdpaction *ctx, struct xdpaction_change *change,
			 const char *ifname, struct xdpaction_setting *stored)
{
	struct link link;
	int err = 0;

	forget_error(ctx);
	if (stored)
		err = sized_check(ctx, stored);
	if (!err)
		err = link_by_name(ctx, ifname, &link);
	if (!err)
		err = add_link(ctx, change, ifname, &link);
	if (!err && stored)
		sized_write(stored, &change->work.setting);
	return err;
}

struct addition {
	struct xdpaction_change *change;
	xdpaction_change_fn fn;
	void *data;
};

static int add_dumped(struct xdpaction *ctx, const struct link *link, void *data)
{
	const struct addition *addition = data;
	const struct xdpaction_change *change = addition->change;
	int err;

	if (!link->attached)
		return 0;
	forget_error(ctx);
	err = add_link(ctx, addition->change, link->name, link);
	if (err == -ENOENT || err == -ENODEV)
		forget_error(ctx);
	else
		addition->fn(addition->data, link->name, err,
			     err ? NULL : &change->work.setting);
	return 0;
}

int xdpaction_change_add_all(struct xdpaction *ctx, struct xdpaction_change *change,
			     xdpaction_change_fn fn, void *data)
{
	struct addition addition = { .change = change, .fn = fn, .data = data };

	forget_error(ctx);
	return link_for_each(ctx, add_dumped, &addition);
}

/* ---- storing ---- */

/* What was seen may have changed: other users of libxdp do not take our lock. */
static int find_again(struct xdpaction *ctx, struct place *place)
{
	struct link before = place->instance.chain.link, now;
	int err = link_again(ctx, &before, &now);

	if (err || now.prog_id == before.prog_id)
		return err;
	instance_close(&place->instance);
	return find_place(ctx, &now, place);
}

static int make_ready(struct xdpaction *ctx, struct place *place)
{
	int err = find_again(ctx, place);

	if (!err && (place->compiled->rule || place->compiled->base))
		err = not_gone(matches_provide(ctx, place->instance.maps.matches.fd));
	return err ? err : not_gone(pins_adopt(ctx, &place->instance));
}

static int store(struct xdpaction *ctx, struct place *place)
{
	CLEANUP(setting_close) struct setting_place at = { 0 };
	struct xdpaction_setting *setting = &place->change->work.setting;
	const struct instance *instance = &place->instance;
	int err = setting_open(ctx, instance, true, &at);

	place_recall(place);
	if (!err)
		err = instance_claim(ctx, instance, at.data);
	if (!err)
		err = setting_store(ctx, &at, place->compiled, setting);
	place->origin = at.stored;
	place->stored = !err;
	if (err)
		return not_gone(err);
	setting_repack(setting, place->setting);
	setting_hold(&at, &place->holding);
	place->holding.term_ns = setting->duration_ns;
	return 0;
}

/* Does a step for each place and keeps the outcome. Returns the first error. */
static int for_each_place(struct xdpaction *ctx, struct xdpaction_change *change,
			  int (*step)(struct xdpaction *ctx, struct place *place))
{
	int err = 0;
	size_t i;

	for (i = 0; i < change->count; i++) {
		struct place *place = &change->places[i];

		forget_error(ctx);
		place->err = step(ctx, place);
		place->error = error_keep(ctx);
		if (!err)
			err = place->err;
	}
	return err;
}

static void tell_stored(const struct xdpaction_change *change, const struct place *place)
{
	const struct xdpaction_effect effect = {
		.kind = XDPACTION_EFFECT_SET,
		.before = looked_setting(&change->work.before),
		.after = &change->work.setting,
		.generation = place->origin.generation,
		.origin = place->origin,
	};

	effect_tell(&change->effects, place->ifname, &effect);
}

static void tell_outcomes(struct xdpaction *ctx, const struct xdpaction_change *change,
			  xdpaction_change_fn fn, void *data)
{
	const struct error *first = NULL;
	size_t i;

	for (i = 0; i < change->count; i++) {
		const struct place *place = &change->places[i];

		if (place->err && !first)
			first = &place->error;
		error_put_back(ctx, &place->error);
		place_recall(place);
		if (!place->err && change->stored)
			tell_stored(change, place);
		if (place->err || change->stored)
			fn(data, place->ifname, place->err,
			   place->err ? NULL : &change->work.setting);
	}
	forget_error(ctx);
	if (first)
		error_put_back(ctx, first);
}

int xdpaction_change_store(struct xdpaction *ctx, struct xdpaction_change *change,
			   xdpaction_change_fn fn, void *data)
{
	int err;

	forget_error(ctx);
	err = for_each_place(ctx, change, make_ready);
	change->stored = !err;
	if (change->stored)
		err = for_each_place(ctx, change, store);
	lock_drop(&change->lock);
	tell_outcomes(ctx, change, fn, data);
	return err;
}

bool change_hand_over(struct xdpaction_change *change, struct stored *stored)
{
	struct place *place = change->places;

	while (place < change->places + change->count && !place->stored)
		place++;
	if (place == change->places + change->count)
		return false;
	memcpy(stored->ifname, place->ifname, sizeof(stored->ifname));
	stored->instance = place->instance;
	stored->holding = place->holding;
	place->instance = (struct instance){ 0 };
	place->stored = false;
	return true;
}
