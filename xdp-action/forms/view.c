// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "forms.h"

const char *problem_key(enum xdpaction_problem_kind kind)
{
	switch (kind) {
	case XDPACTION_PROBLEM_PINS_MISSING:
		return "pins-missing";
	case XDPACTION_PROBLEM_PINS_STALE:
		return "pins-stale";
	case XDPACTION_PROBLEM_TARGET_GONE:
		return "target-gone";
	case XDPACTION_PROBLEM_VERSION:
		return "version";
	case XDPACTION_PROBLEM_TWICE:
		return "twice";
	case XDPACTION_PROBLEM_SHADOWED:
		return "shadowed";
	case XDPACTION_PROBLEM_TARGET_UNABLE:
		return "target-unable";
	case XDPACTION_PROBLEM_OLDER:
		return "older";
	case XDPACTION_PROBLEM_UNFINISHED:
		return "unfinished";
	}
	return "other";
}

static bool has_problem(const struct xdpaction_status *status, enum xdpaction_problem_kind kind)
{
	size_t i;

	for (i = 0; i < status->problem_count; i++)
		if (status->problems[i].kind == kind)
			return true;
	return false;
}

bool status_has_setting(const struct xdpaction_status *status)
{
	return !has_problem(status, XDPACTION_PROBLEM_VERSION);
}

bool status_has_match(const struct xdpaction_status *status)
{
	const struct xdpaction_setting *setting = &status->setting;

	return status_has_setting(status) &&
	       (xdpaction_rule_has_match(&setting->rule) ||
		(setting->has_base && xdpaction_rule_has_match(&setting->base)));
}

bool view_has_match(const struct view *view)
{
	return status_has_match(&view->status);
}

void view_describe(struct view *view)
{
	struct words attachment = words_in(view->attachment, sizeof(view->attachment));
	struct words setting = words_in(view->setting_words, sizeof(view->setting_words));
	struct words since = words_in(view->since, sizeof(view->since));
	struct words onward = words_in(view->onward, sizeof(view->onward));
	const struct xdpaction_status *status = &view->status;

	describe_attachment(&attachment, &status->chain);
	view->setting = (struct named_setting){ 0 };
	view->setting_known = status_has_setting(status);
	if (!view->setting_known) {
		words_add(&setting, "unknown");
		return;
	}
	view->setting = describe_names(&status->setting);
	describe_in_force(&setting, &view->setting);
	describe_since(&since, status);
	describe_onward(&onward, &status->chain, &status->setting.rule);
}
