// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Unloads all copies of the program from an interface, and then removes its pins. */
#include "attach/attach.h"
#include "bpffs/bpffs.h"
#include "heal/heal.h"

/* Takes one copy of the program off the interface. The pins stay. */
static int unload_copy(struct xdpaction *ctx, const struct instance *instance)
{
	const struct chain *before = &instance->chain;
	struct chain now;
	int err, look_err;
	size_t index;

	forget_refusal();
	err = instance_detach(ctx, instance);
	if (!err)
		return 0;

	/* The result is whether it still runs. It does until something proves otherwise. */
	look_err = chain_read(NULL, &before->link, &now);
	if (look_err == -ENODEV)
		return fail_on(ctx, before->link.name, look_err, NULL, "the interface went away");
	if (look_err || chain_find(&now, instance_id(instance), &index))
		return explain_detach(ctx, err, before);
	log_line(ctx, XDPACTION_LOG_WARN, "%s: detached in spite of an error: %s",
		 before->link.name, xdpaction_error(ctx));
	return 0;
}

/* Looks at what is in force, and whether the caller wants that to be unloaded. */
static int look_before(struct xdpaction *ctx, const struct instance *instance,
		       struct looked *before)
{
	if (!look_is_needed(ctx))
		return 0;
	return look_check(ctx, instance->chain.link.name, instance_look(ctx, instance, before),
			  before);
}

static int unload_all_copies(struct xdpaction *ctx, const struct link *link, struct looked *before)
{
	struct retry retry = { .timeout_ns = CHANGE_TIMEOUT_NS };
	bool any = false, cleaned = false;
	int err;

	for (;;) {
		CLEANUP(instance_close) struct instance instance = { 0 };

		err = instance_read(ctx, link, &instance);
		if (err == -ENOENT && any)
			return 0;
		if (err == -ENOENT && !cleaned) {
			/*
			 * Clean up first, so that nobody is told of pins that
			 * have gone by then.
			 */
			tidy_up(ctx, link->ifindex);
			cleaned = true;
			continue;
		}
		if (!err)
			err = check_before_unload(ctx, &instance);
		if (!err && !any)
			err = look_before(ctx, &instance, before);
		if (err)
			return err;
		err = unload_copy(ctx, &instance);
		if (!err && instance.copies + (instance.substitute_id != 0) == 1)
			return 0;
		if (!err)
			any = true;
		else if (!error_is_passing(err) || format_is_foreign(&instance.chain) ||
			 refusal_lasts() || !retry_again(&retry))
			return err;
	}
}

static void tell_unloaded(const struct xdpaction *ctx, const char *ifname,
			  const struct looked *before)
{
	const struct effects effects = effects_of(ctx);
	const struct xdpaction_effect effect = {
		.kind = XDPACTION_EFFECT_UNLOADED,
		.before = looked_setting(before),
		.generation = before->known ? before->history.generation : 0,
		.origin = origin_now(ctx),
	};

	effect_tell(&effects, ifname, &effect);
}

int xdpaction_unload(struct xdpaction *ctx, const char *ifname)
{
	CLEANUP(lock_drop) int lock = -1;
	struct looked before = { 0 };
	char pins[XDPACTION_PATH_SIZE];
	struct link link = { 0 };
	int err;

	forget_error(ctx);
	err = need_privileges(ctx, "unload");
	if (!err)
		err = not_gone(lock_take(ctx, &lock));
	if (err)
		return err;

	err = link_by_name(ctx, ifname, &link);
	if (!err)
		err = not_gone(pins_path(ctx, link.ifindex, pins));
	if (!err)
		err = unload_all_copies(ctx, &link, &before);
	/* It is unloaded, even if its pins stay. */
	if (!err && pins_remove(ctx, pins))
		log_line(ctx, XDPACTION_LOG_WARN, "%s: %s", ifname, xdpaction_error(ctx));
	/* The interface may have gone by now. */
	tidy_up(ctx, link.ifindex);
	if (!err)
		tell_unloaded(ctx, ifname, &before);
	return err;
}
