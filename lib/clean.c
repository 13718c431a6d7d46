// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Removing what killed commands and deleted interfaces left behind. */
#include "bpffs/bpffs.h"
#include "heal/heal.h"

int xdpaction_clean(struct xdpaction *ctx)
{
	CLEANUP(lock_drop) int lock = -1;
	int err;

	forget_error(ctx);
	err = need_privileges(ctx, "clean up");
	if (!err)
		err = lock_take(ctx, &lock);
	return err ? err : heal(ctx, 0);
}
