// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Healing on the way of another call, whose answer it does not change. */
#include "heal/heal.h"

void tidy_up(struct xdpaction *ctx, const struct chain *chain)
{
	struct xdpaction own = { .log = ctx->log, .log_data = ctx->log_data,
				 .log_level = ctx->log_level };

	if (heal(&own, chain))
		log_line(ctx, XDPACTION_LOG_WARN, "cannot clean up now: %s", own.error);
}

void tidy_up_after(struct xdpaction *ctx, const char *ifname)
{
	struct xdpaction own = { 0 };
	struct chain chain;

	tidy_up(ctx, chain_read(&own, ifname, &chain) ? NULL : &chain);
}
