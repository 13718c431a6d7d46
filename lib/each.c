// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Every instance of a network namespace, in one dump of its interfaces. */
#include "instance/instance.h"

struct tour {
	xdpaction_each_fn fn;
	void *data;
};

/*
 * Finds the instance that the dump showed. -EAGAIN when the chain has changed,
 * -ENOENT when there is none.
 */
static int find_as_dumped(struct xdpaction *ctx, const struct link *link,
			  struct instance *instance)
{
	struct chain chain;
	struct link now;
	int err;

	err = chain_walk(ctx, link, &chain);
	if (!err)
		err = instance_find(ctx, &chain, instance);
	if (err)
		return err;
	err = link_by_index(ctx, link->ifindex, &now);
	return err || now.prog_id == link->prog_id ? err : -EAGAIN;
}

/* -ENOENT or -ENODEV when there is none. */
static int find_instance(struct xdpaction *ctx, const struct link *link,
			 struct instance *instance)
{
	int err = find_as_dumped(ctx, link, instance);

	if (err != -EAGAIN)
		return err;
	instance_close(instance);
	return instance_read(ctx, link, instance);
}

/* An interface without a program costs only its part of the dump. */
static int visit_link(struct xdpaction *ctx, const struct link *link, void *data)
{
	CLEANUP(instance_close) struct instance instance = { 0 };
	const struct tour *tour = data;
	struct xdpaction_status status;
	int err;

	if (!link->attached)
		return 0;
	forget_error(ctx);
	err = find_instance(ctx, link, &instance);
	if (err == -ENOENT || err == -ENODEV) {
		forget_error(ctx);
		return 0;
	}
	if (!err)
		err = status_fill(ctx, &instance, &status);
	if (err)
		return tour->fn(tour->data, link->name, err, NULL);
	return tour->fn(tour->data, status.chain.ifname, 0, &status);
}

int xdpaction_each(struct xdpaction *ctx, xdpaction_each_fn fn, void *data)
{
	struct tour tour = { .fn = fn, .data = data };

	forget_error(ctx);
	return link_for_each(ctx, visit_link, &tour);
}
