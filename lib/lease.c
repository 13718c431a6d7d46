// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Holds settings as long as they are renewed. Each is a temporary setting, so that the
 * kernel ends it when nobody renews it any more.
 */
#include <stdlib.h>

#include "bpffs/bpffs.h"
#include "change.h"
#include "kernel/kernel.h"

struct held {
	struct stored stored;
	struct setting_place place;
	enum xdpaction_lease_state state;
};

struct xdpaction_lease {
	struct held *held;
	size_t count;
};

static int add_held(struct xdpaction *ctx, struct xdpaction_lease *lease,
		    const struct stored *stored, uint64_t limit_ns)
{
	struct held *grown = list_grow(lease->held, lease->count, sizeof(*grown)), *held;
	struct holding *holding;

	if (!grown)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	lease->held = grown;
	held = &grown[lease->count++];
	*held = (struct held){ .stored = *stored };
	holding = &held->stored.holding;
	if (limit_ns)
		holding->until_ns = holding->deadline_ns - holding->term_ns + limit_ns;
	return setting_open(ctx, &held->stored.instance, true, &held->place);
}

int xdpaction_lease_begin(struct xdpaction *ctx, struct xdpaction_change *change,
			  uint64_t limit_ns, struct xdpaction_lease **lease)
{
	struct xdpaction_lease *new;
	struct stored stored;
	size_t count;
	int err = 0;

	forget_error(ctx);
	new = calloc(1, sizeof(*new));
	if (!new)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	while (!err && change_hand_over(change, &stored)) {
		count = new->count;
		err = add_held(ctx, new, &stored, limit_ns);
		if (count == new->count)
			instance_close(&stored.instance);
	}
	if (err)
		xdpaction_lease_free(new);
	else
		*lease = new;
	return err;
}

void xdpaction_lease_free(struct xdpaction_lease *lease)
{
	size_t i;

	if (!lease)
		return;
	for (i = 0; i < lease->count; i++) {
		setting_close(&lease->held[i].place);
		instance_close(&lease->held[i].stored.instance);
	}
	free(lease->held);
	free(lease);
}

static bool goes_on(const struct held *held)
{
	return held->state == XDPACTION_LEASE_HELD || held->state == XDPACTION_LEASE_LAPSED;
}

/* Keeps the first error. */
static int renew_all(struct xdpaction *ctx, struct xdpaction_lease *lease,
		     xdpaction_lease_fn fn, void *data)
{
	int err = 0, one;
	size_t i;

	for (i = 0; i < lease->count; i++) {
		struct held *held = &lease->held[i];

		if (!goes_on(held))
			continue;
		one = setting_renew(ctx, &held->place, &held->stored.holding, &held->state);
		err = err ? err : one;
		if (!one && !goes_on(held))
			fn(data, held->stored.ifname, held->state);
	}
	return err;
}

static bool any_lapsed(const struct xdpaction_lease *lease)
{
	size_t i;

	for (i = 0; i < lease->count; i++)
		if (lease->held[i].state == XDPACTION_LEASE_LAPSED)
			return true;
	return false;
}

static int resume(struct xdpaction *ctx, struct held *held, xdpaction_lease_fn fn, void *data)
{
	struct holding *holding = &held->stored.holding;
	int err;

	if (held->state != XDPACTION_LEASE_LAPSED)
		return 0;
	if (!setting_is_held(&held->place, holding)) {
		held->state = XDPACTION_LEASE_CHANGED;
	} else {
		err = setting_resume(ctx, &held->place, holding);
		if (err)
			return err;
		held->state = XDPACTION_LEASE_HELD;
	}
	fn(data, held->stored.ifname, held->state);
	return 0;
}

/* Without waiting for the lock: the others have to be renewed meanwhile. */
static int resume_all(struct xdpaction *ctx, struct xdpaction_lease *lease,
		      xdpaction_lease_fn fn, void *data)
{
	int lock = -1, err = lock_take_within(ctx, 0, &lock), one;
	size_t i;

	if (err == -ETIMEDOUT) {
		forget_error(ctx);
		return 0;
	}
	if (err)
		return err;
	for (i = 0; i < lease->count; i++) {
		one = resume(ctx, &lease->held[i], fn, data);
		err = err ? err : one;
	}
	lock_drop(&lock);
	return err;
}

int xdpaction_lease_renew(struct xdpaction *ctx, struct xdpaction_lease *lease,
			  xdpaction_lease_fn fn, void *data)
{
	int err, resumed;

	forget_error(ctx);
	err = renew_all(ctx, lease, fn, data);
	if (!any_lapsed(lease))
		return err;
	resumed = resume_all(ctx, lease, fn, data);
	return err ? err : resumed;
}

/* ---- the end ---- */

/* 1 while the instance runs on its interface, 0 when it does not, or a negative errno value. */
static int is_there(struct xdpaction *ctx, const struct held *held)
{
	const struct instance *instance = &held->stored.instance;
	CLEANUP(instance_close) struct instance again = { 0 };
	struct link now;
	int err = link_again(ctx, &instance->chain.link, &now);

	if (!err && now.prog_id == instance->chain.link.prog_id)
		return 1;
	if (!err)
		err = instance_read(ctx, &now, &again);
	if (err != -ENODEV && err != -ENOENT)
		return err ? err : again.maps.data.id == instance->maps.data.id;
	forget_error(ctx);
	return 0;
}

/* Looks at what is in force, for what is told; that it cannot is no error. */
static void look_at_held(struct xdpaction *ctx, struct held *held, struct looked *looked)
{
	if (look_is_needed(ctx) && setting_look(ctx, &held->place, looked))
		forget_error(ctx);
}

/* One that has ended by itself is left as it is, and nothing is told. */
static int end_held(struct xdpaction *ctx, struct held *held)
{
	const struct effects effects = effects_of(ctx);
	struct xdpaction_effect effect = { .kind = XDPACTION_EFFECT_SET };
	struct looked before = { 0 }, after = { 0 };
	int err;

	look_at_held(ctx, held, &before);
	err = setting_end(ctx, &held->place);
	if (err || setting_is_held(&held->place, &held->stored.holding))
		return err;
	look_at_held(ctx, held, &after);
	effect.before = looked_setting(&before);
	effect.after = looked_setting(&after);
	effect.generation = after.history.generation;
	effect.origin = after.history.origin;
	effect_tell(&effects, held->stored.ifname, &effect);
	return 0;
}

/*
 * An instance that is not there may run in another network namespace by now, so its
 * setting is ended as well.
 */
static int end_one(struct xdpaction *ctx, struct held *held, bool locked)
{
	bool ours = setting_is_held(&held->place, &held->stored.holding);
	int there = is_there(ctx, held), err = 0;

	if (there == 0)
		held->state = XDPACTION_LEASE_GONE;
	else if (!ours)
		held->state = XDPACTION_LEASE_CHANGED;
	if (ours && locked)
		err = end_held(ctx, held);
	return there < 0 ? there : err;
}

/* Until when the kernel has ended all of them. */
static uint64_t longest_ns(const struct xdpaction_lease *lease)
{
	uint64_t term_ns = 0;
	size_t i;

	for (i = 0; i < lease->count; i++)
		if (lease->held[i].stored.holding.term_ns > term_ns)
			term_ns = lease->held[i].stored.holding.term_ns;
	return term_ns;
}

int xdpaction_lease_end(struct xdpaction *ctx, struct xdpaction_lease *lease,
			xdpaction_lease_fn fn, void *data)
{
	int lock = -1, err, one;
	size_t i;

	forget_error(ctx);
	err = lock_take_within(ctx, longest_ns(lease), &lock);
	if (err && err != -ETIMEDOUT)
		return err;
	/* If the lock was not to be had, the kernel has ended them all by now. */
	forget_error(ctx);
	err = 0;
	for (i = 0; i < lease->count; i++) {
		struct held *held = &lease->held[i];
		enum xdpaction_lease_state before = held->state;

		one = end_one(ctx, held, lock >= 0);
		err = err ? err : one;
		if (held->state != before || before == XDPACTION_LEASE_LAPSED)
			fn(data, held->stored.ifname, held->state);
	}
	lock_drop(&lock);
	return err;
}
