// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Looks at one interface: at its chain, or at the instance in it. */
#include "instance/instance.h"

int xdpaction_chain(struct xdpaction *ctx, const char *ifname, struct xdpaction_chain *chain)
{
	CLEANUP(instance_close) struct instance instance = { 0 };
	struct xdpaction_chain exported;
	struct chain read;
	struct link link;
	int err;

	forget_error(ctx);
	err = sized_check(ctx, chain);
	if (!err)
		err = link_by_name(ctx, ifname, &link);
	if (!err)
		err = chain_read(ctx, &link, &read);
	if (err)
		return err;
	err = instance_find(ctx, &read, &instance);
	if (err && err != -ENOENT)
		return err;
	chain_export(&read, instance_id(&instance), &exported);
	sized_write(chain, &exported);
	return 0;
}

int xdpaction_status(struct xdpaction *ctx, const char *ifname, struct xdpaction_status *status)
{
	CLEANUP(instance_close) struct instance instance = { 0 };
	struct xdpaction_status filled;
	struct link link;
	int err;

	forget_error(ctx);
	err = sized_check(ctx, status);
	if (!err)
		err = link_by_name(ctx, ifname, &link);
	if (!err)
		err = instance_read(ctx, &link, &instance);
	if (!err)
		err = status_fill(ctx, &instance, &filled);
	if (!err)
		sized_write(status, &filled);
	return err;
}
