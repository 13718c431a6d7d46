// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The expressions of a setting, compiled for an interface. */
#include <stdlib.h>

#include "instance/instance.h"

static bool base_is_given(const struct xdpaction_setting *setting)
{
	return xdpaction_setting_is_temporary(setting) && setting->has_base;
}

bool setting_has_match(const struct xdpaction_setting *setting)
{
	return xdpaction_rule_has_match(&setting->rule) ||
	       (base_is_given(setting) && xdpaction_rule_has_match(&setting->base));
}

int link_match_type(struct xdpaction *ctx, const struct link *link,
		    const struct xdpaction_setting *setting, enum match_link *type)
{
	if (!setting_has_match(setting)) {
		*type = MATCH_LINK_ETHERNET;
		return 0;
	}
	if (!link->ethernet && !link->bare_ip)
		return fail_on(ctx, link->name, -EOPNOTSUPP, NULL,
			       "no expression can be compiled for it: its packets begin with neither an Ethernet nor an IP header");
	*type = link->ethernet ? MATCH_LINK_ETHERNET : MATCH_LINK_IP;
	return 0;
}

static const char *given(const char *expression)
{
	return *expression ? expression : NULL;
}

static int compile_rule(struct xdpaction *ctx, enum match_link type, unsigned int room,
			const struct xdpaction_rule *rule, struct xdp_action_match **match)
{
	const struct match_request request = {
		.link = type,
		.room = room,
		.match = given(rule->match),
		.except = given(rule->except),
		.spare = given(rule->spares),
		.tell = true,
	};

	if (!xdpaction_rule_has_match(rule))
		return 0;
	*match = malloc(sizeof(**match));
	if (!*match)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	return match_compile(ctx, &request, *match);
}

void compiled_free(struct compiled *compiled)
{
	free(compiled->rule);
	free(compiled->base);
	*compiled = (struct compiled){ 0 };
}

static int compile_setting(struct xdpaction *ctx, enum match_link type, unsigned int room,
			   const struct xdpaction_setting *setting, struct compiled *compiled)
{
	int err = compile_rule(ctx, type, room, &setting->rule, &compiled->rule);

	if (!err && base_is_given(setting))
		err = compile_rule(ctx, type, room, &setting->base, &compiled->base);
	if (err)
		compiled_free(compiled);
	return err;
}

int setting_compile(struct xdpaction *ctx, enum match_link type,
		    const struct xdpaction_setting *setting, struct compiled *compiled)
{
	return compile_setting(ctx, type, XDP_ACTION_MATCH_STEPS, setting, compiled);
}

static bool fits(const struct xdp_action_match *match, unsigned int room)
{
	return !match || match->count <= room;
}

int compiled_check(struct xdpaction *ctx, enum match_link type, uint32_t features,
		   const struct xdpaction_setting *setting, const struct compiled *compiled)
{
	CLEANUP(compiled_free) struct compiled again = { 0 };

	if (features & XDP_ACTION_FEATURE_LONG_MATCH ||
	    (fits(compiled->rule, XDP_ACTION_MATCH_STEPS_SHORT) &&
	     fits(compiled->base, XDP_ACTION_MATCH_STEPS_SHORT)))
		return 0;
	/* Says which expression it is. */
	return compile_setting(ctx, type, XDP_ACTION_MATCH_STEPS_SHORT, setting, &again);
}
