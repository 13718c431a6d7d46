// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Finds out all that is known of an instance. Writes nothing. */
#include <stdio.h>
#include <string.h>

#include "bpffs/bpffs.h"
#include "instance/instance.h"

static void add_problem(struct xdpaction_status *status, enum xdpaction_problem_kind kind,
			const char *text, enum xdpaction_advice_kind advice_kind,
			const char *advice)
{
	struct xdpaction_problem *problem;

	if (status->problem_count == XDPACTION_PROBLEMS_MAX)
		return;
	problem = &status->problems[status->problem_count++];
	problem->kind = kind;
	snprintf(problem->text, sizeof(problem->text), "%s", text);
	problem->advice_kind = advice_kind;
	snprintf(problem->advice, sizeof(problem->advice), "%s",
		 advice ?: advice_words(advice_kind));
}

/* Records the last error as a problem, since it does not end the call. */
static void add_error(struct xdpaction *ctx, struct xdpaction_status *status,
		      enum xdpaction_problem_kind kind)
{
	if (ctx)
		add_problem(status, kind, ctx->error.text, ctx->error.kind, ctx->error.advice);
	else
		add_problem(status, kind, "", XDPACTION_ADVICE_NONE, NULL);
	forget_error(ctx);
}

static int check_pins(struct xdpaction *ctx, const struct instance *instance,
			struct xdpaction_status *status)
{
	enum pins_state state;
	int err;

	err = pins_check(ctx, instance, status->pins, &state);
	if (err)
		return err;
	status->pinned = state == PINS_GOOD;
	if (state == PINS_MISSING)
		add_problem(status, XDPACTION_PROBLEM_PINS_MISSING,
			    "the program runs, but its pins are not there",
			    XDPACTION_ADVICE_PIN, NULL);
	if (state == PINS_STALE)
		add_problem(status, XDPACTION_PROBLEM_PINS_STALE,
			    "the pins belong to a program that does not run any more",
			    XDPACTION_ADVICE_REPIN, NULL);
	return 0;
}

/* Names the target. *found: its packets do not come to it. */
static int check_target(struct xdpaction *ctx, const struct link *link,
			struct xdpaction_rule *rule, struct xdpaction_status *status, bool *found)
{
	struct link target;
	int err = -ENODEV;

	if (!xdpaction_rule_can_give(rule, XDPACTION_REDIRECT))
		return 0;
	if (rule->target_ifindex)
		err = link_by_index(ctx, rule->target_ifindex, &target);
	if (!err) {
		memcpy(rule->target_ifname, target.name, sizeof(rule->target_ifname));
		err = target_check(ctx, link->mode, &target);
	}
	if (*found)
		return 0;
	*found = err;
	if (err == -ENODEV)
		add_problem(status, XDPACTION_PROBLEM_TARGET_GONE,
			    "the target of REDIRECT is gone: its packets get ABORTED",
			    XDPACTION_ADVICE_NEW_TARGET, NULL);
	else if (err == -EOPNOTSUPP)
		add_error(ctx, status, XDPACTION_PROBLEM_TARGET_UNABLE);
	else if (err)
		return error_on(ctx, link->name, err);
	forget_error(ctx);
	return 0;
}

static int fill_setting(struct xdpaction *ctx, const struct instance *instance,
			struct xdpaction_status *status)
{
	CLEANUP(setting_close) struct setting_place place = { 0 };
	struct history history;
	bool unable = false;
	int err;

	err = setting_open(ctx, instance, false, &place);
	if (err == -EPROTO) {
		add_problem(status, XDPACTION_PROBLEM_VERSION,
			    "it was loaded by another version of xdp-action",
			    XDPACTION_ADVICE_RELOAD, NULL);
		forget_error(ctx);
		return 0;
	}
	if (!err && instance->version1)
		add_problem(status, XDPACTION_PROBLEM_OLDER,
			    "it was loaded by an older version of xdp-action",
			    XDPACTION_ADVICE_UPGRADE, NULL);
	if (!err)
		err = setting_load(ctx, &place, &status->setting, &history);
	if (err)
		return err;

	status->generation = history.generation;
	status->origin = history.origin;
	status->end = history.end;
	status->ended_ns = history.ended_ns;
	status->ended = history.ended;
	err = rule_name_target(ctx, &status->ended);
	if (err)
		return err;
	status->loaded_ns = place.data->loaded_ns;
	/* A dispatcher has frags only where each of its programs has them. */
	if (!status->chain.dispatcher)
		status->chain.frags = place.data->features & XDP_ACTION_FEATURE_FRAGS;
	err = check_target(ctx, &instance->chain.link, &status->setting.rule, status, &unable);
	if (!err && status->setting.has_base)
		err = check_target(ctx, &instance->chain.link, &status->setting.base, status,
				   &unable);
	return err;
}

/* Later programs get what an earlier one passes only if that one chains on XDP_PASS. */
static void check_earlier(const struct instance *instance, struct xdpaction_status *status)
{
	const struct chain *chain = &instance->chain;
	char text[XDPACTION_TEXT_SIZE];
	size_t i;

	for (i = 0; chain->dispatcher && i < instance->self; i++) {
		if (chain->members[i].chain_actions & 1U << XDPACTION_PASS)
			continue;
		snprintf(text, sizeof(text), "%s, which runs before it, does not hand on the packets that it passes",
			 chain->members[i].program.name);
		add_problem(status, XDPACTION_PROBLEM_SHADOWED, text,
			    XDPACTION_ADVICE_OTHER, "load that one so that it chains on XDP_PASS");
		return;
	}
}

int status_fill(struct xdpaction *ctx, const struct instance *instance,
		struct xdpaction_status *status)
{
	char text[XDPACTION_TEXT_SIZE];
	int err;

	memset(status, 0, sizeof(*status));
	status->size = sizeof(*status);
	status->setting.size = sizeof(status->setting);
	status->program_id = instance_id(instance);
	status->counters_id = instance->maps.counters.id;
	chain_export(&instance->chain, status->program_id, &status->chain);
	status->now_ns = realtime_ns();

	err = netns_inode(ctx, &status->netns_inode);
	if (!err)
		err = pins_path(ctx, instance->chain.link.ifindex, status->pins);
	if (err == -ENOTDIR) {
		/* The program runs all the same, and its pins may be in another bpffs. */
		status->pins[0] = '\0';
		add_error(ctx, status, XDPACTION_PROBLEM_PINS_MISSING);
		forget_error(ctx);
		err = 0;
	} else if (!err) {
		err = check_pins(ctx, instance, status);
	}
	if (!err)
		err = fill_setting(ctx, instance, status);
	if (!err)
		err = counters_read(ctx, &instance->maps, status);
	if (err)
		return not_gone(err);

	check_earlier(instance, status);
	if (instance->substitute_id)
		add_problem(status, XDPACTION_PROBLEM_UNFINISHED,
			    "an upgrade goes on, or was broken off, and a substitute decides meanwhile",
			    XDPACTION_ADVICE_UPGRADE, NULL);
	if (instance->copies > 1) {
		snprintf(text, sizeof(text), "there are %zu copies of xdp-action in the chain",
			 instance->copies);
		add_problem(status, XDPACTION_PROBLEM_TWICE, text,
			    XDPACTION_ADVICE_UNLOAD, NULL);
	}
	return 0;
}
