// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Changes the setting of one instance. */
#include "context.h"

static void copy_stored(void *data, const char *ifname, int err,
			const struct xdpaction_setting *setting)
{
	(void)ifname;
	if (!err && data)
		sized_write(data, setting);
}

int xdpaction_set(struct xdpaction *ctx, const char *ifname,
		  const struct xdpaction_setting *setting, struct xdpaction_setting *stored)
{
	struct xdpaction_change *change = NULL;
	int err = 0;

	forget_error(ctx);
	if (stored)
		err = sized_check(ctx, stored);
	if (!err)
		err = xdpaction_change_begin(ctx, setting, &change);
	if (!err)
		err = xdpaction_change_add(ctx, change, ifname, NULL);
	if (!err)
		err = xdpaction_change_store(ctx, change, copy_stored, stored);
	xdpaction_change_end(change);
	return err;
}
