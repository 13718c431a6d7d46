// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What is in force before a change: whether it may be changed, and what is told of it. */
#include <inttypes.h>

#include "instance/instance.h"

int setting_look(struct xdpaction *ctx, struct setting_place *place, struct looked *looked)
{
	int err = setting_load(ctx, place, &looked->setting, &looked->history);

	looked->known = !err;
	return err;
}

int instance_look(struct xdpaction *ctx, const struct instance *instance, struct looked *looked)
{
	CLEANUP(setting_close) struct setting_place place = { 0 };
	int err;

	looked->known = false;
	err = setting_open(ctx, instance, false, &place);
	return err ? err : setting_look(ctx, &place, looked);
}

bool look_is_needed(const struct xdpaction *ctx)
{
	return ctx && (ctx->effects.fn || ctx->if_unchanged != XDPACTION_ANY_GENERATION);
}

int look_check(struct xdpaction *ctx, const char *ifname, int err, const struct looked *looked)
{
	const struct history *history = &looked->history;

	if (!ctx || ctx->if_unchanged == XDPACTION_ANY_GENERATION) {
		forget_error(ctx);
		return 0;
	}
	if (err || ctx->if_unchanged == history->generation)
		return err;
	fail_on(ctx, ifname, -ESTALE, NULL,
		"the setting has changed: its generation is %" PRIu64 ", not %" PRIu64,
		history->generation, ctx->if_unchanged);
	ctx->error.has_origin = history->origin.known;
	ctx->error.origin = history->origin;
	return -ESTALE;
}

const struct xdpaction_setting *looked_setting(const struct looked *looked)
{
	return looked->known ? &looked->setting : NULL;
}

void looked_tell_kept(const struct effects *effects, const char *ifname,
		      const struct looked *looked)
{
	struct xdpaction_effect effect = {
		.kind = XDPACTION_EFFECT_KEPT,
		.before = looked_setting(looked),
		.after = looked_setting(looked),
	};

	if (looked->known) {
		effect.generation = looked->history.generation;
		effect.origin = looked->history.origin;
	}
	effect_tell(effects, ifname, &effect);
}
