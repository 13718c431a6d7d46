// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What the calls of a context did. */
#include <stdio.h>

#include "context.h"

void xdpaction_set_effects(struct xdpaction *ctx, xdpaction_effect_fn fn, void *data)
{
	ctx->effects = (struct effects){ .fn = fn, .data = data };
}

struct effects effects_of(const struct xdpaction *ctx)
{
	return ctx ? ctx->effects : (struct effects){ 0 };
}

void effect_tell(const struct effects *effects, const char *ifname,
		 const struct xdpaction_effect *effect)
{
	struct xdpaction_effect told = *effect;

	if (!effects->fn)
		return;
	snprintf(told.ifname, sizeof(told.ifname), "%s", ifname);
	effects->fn(effects->data, &told);
}
