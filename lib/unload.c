// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Unloading: all copies of the program off the interface, and then its pins. */
#include "attach/attach.h"
#include "bpffs/bpffs.h"
#include "heal/heal.h"

/* One copy of the program off the interface; the pins are not touched. */
static int unload_copy(struct xdpaction *ctx, const char *ifname, const struct instance *instance)
{
	uint32_t id = instance->chain.members[instance->self].program.id;
	struct chain now;
	size_t i;
	int err;

	forget_refusal();
	err = instance_detach(ctx, instance);
	if (!err)
		return 0;

	/* What counts is whether it still runs. */
	if (chain_read(NULL, ifname, &now))
		return err;
	for (i = 0; i < now.count; i++)
		if (now.members[i].program.id == id)
			return explain_detach(ctx, err, &instance->chain);
	log_line(ctx, XDPACTION_LOG_WARN, "%s: detached in spite of an error: %s", ifname,
		 xdpaction_error(ctx));
	return 0;
}

static int unload_all_copies(struct xdpaction *ctx, const struct link *link)
{
	struct retry retry = { 0 };
	bool any = false, cleaned = false;
	int err;

	for (;;) {
		CLEANUP(instance_close) struct instance instance = { 0 };

		err = instance_read(ctx, link->name, &instance);
		if (err == -ENOENT && any)
			return 0;
		if (err == -ENOENT && !cleaned) {
			/* So that nobody is told of pins that are gone by then. */
			tidy_up(ctx, link->ifindex);
			cleaned = true;
			continue;
		}
		if (err)
			return err;
		err = unload_copy(ctx, link->name, &instance);
		if (!err && instance.copies == 1)
			return 0;
		if (!err)
			any = true;
		else if (!error_is_passing(err) || format_is_foreign(&instance.chain) ||
			 !retry_again(&retry))
			return err;
	}
}

int xdpaction_unload(struct xdpaction *ctx, const char *ifname)
{
	CLEANUP(lock_drop) int lock = -1;
	char pins[XDPACTION_PATH_SIZE];
	struct link link = { 0 };
	int err;

	forget_error(ctx);
	err = need_privileges(ctx, "unload");
	if (!err)
		err = lock_take(ctx, &lock);
	if (err)
		return err;

	err = link_by_name(ctx, ifname, &link);
	if (!err)
		err = pins_path(ctx, link.ifindex, pins);
	if (!err)
		err = unload_all_copies(ctx, &link);
	/* It is unloaded, whatever becomes of its pins. */
	if (!err && pins_remove(ctx, pins))
		log_line(ctx, XDPACTION_LOG_WARN, "%s: %s", ifname, xdpaction_error(ctx));
	/* The interface may be gone by now. */
	tidy_up(ctx, link.ifindex);
	return err;
}
