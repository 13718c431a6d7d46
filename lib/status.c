// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What there is to know of an instance. Looks only, and writes nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpffs/bpffs.h"
#include "instance/instance.h"

static void export_chain(const struct chain *from, uint32_t self_id, struct xdpaction_chain *to)
{
	size_t i;

	memset(to, 0, sizeof(*to));
	memcpy(to->ifname, from->link.name, sizeof(to->ifname));
	to->ifindex = from->link.ifindex;
	to->attached = from->link.attached;
	to->mode = from->link.mode;
	to->dispatcher = from->dispatcher;
	to->dispatcher_id = from->dispatcher_id;
	to->dispatcher_format = from->format;
	to->frags = from->frags;
	to->count = from->count;
	for (i = 0; i < from->count; i++) {
		const struct member *member = &from->members[i];
		struct xdpaction_program *program = &to->programs[i];

		program->id = member->program.id;
		snprintf(program->name, sizeof(program->name), "%s", member->program.name);
		program->self = self_id && member->program.id == self_id;
		program->priority = member->priority;
		program->chain_actions = member->chain_actions;
	}
}

int xdpaction_chain(struct xdpaction *ctx, const char *ifname, struct xdpaction_chain *chain)
{
	struct instance instance;
	struct chain read;
	uint32_t self = 0;
	int err;

	forget_error(ctx);
	err = chain_read(ctx, ifname, &read);
	if (err)
		return err;
	err = instance_find(ctx, &read, &instance);
	if (err && err != -ENOENT)
		return err;
	if (!err)
		self = read.members[instance.self].program.id;
	export_chain(&read, self, chain);
	return 0;
}

static void add_problem(struct xdpaction_status *status, enum xdpaction_problem_kind kind,
			const char *text, const char *advice)
{
	struct xdpaction_problem *problem;

	if (status->problem_count == XDPACTION_PROBLEMS_MAX)
		return;
	problem = &status->problems[status->problem_count++];
	problem->kind = kind;
	snprintf(problem->text, sizeof(problem->text), "%s", text);
	snprintf(problem->advice, sizeof(problem->advice), "%s", advice);
}

static int look_at_pins(struct xdpaction *ctx, const struct instance *instance,
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
			    "the next 'xdp-action set' pins it");
	if (state == PINS_STALE)
		add_problem(status, XDPACTION_PROBLEM_PINS_STALE,
			    "the pins belong to a program that does not run any more",
			    "the next 'xdp-action set' puts them right");
	return 0;
}

/* *found: its packets do not come to their target. */
static int look_at_target(struct xdpaction *ctx, const struct link *link,
			  const struct xdpaction_rule *rule, struct xdpaction_status *status,
			  bool *found)
{
	struct xdpaction own = { 0 };
	struct link target;
	int err = -ENODEV;

	if (*found || !rule_redirects(rule))
		return 0;
	if (rule->target_ifindex)
		err = link_by_index(&own, rule->target_ifindex, &target);
	if (!err)
		err = target_check(&own, link->mode, &target);
	*found = err;
	if (err == -ENODEV)
		add_problem(status, XDPACTION_PROBLEM_TARGET_GONE,
			    "the target of REDIRECT is gone: its packets get ABORTED",
			    "set REDIRECT again with --to, or another verdict");
	else if (err == -EOPNOTSUPP)
		add_problem(status, XDPACTION_PROBLEM_TARGET_UNABLE, own.error, own.advice);
	else if (err)
		return fail(ctx, err, xdpaction_advice(&own), "%s: %s", link->name, own.error);
	return 0;
}

static int look_at_setting(struct xdpaction *ctx, const struct instance *instance,
			   struct xdpaction_status *status)
{
	CLEANUP(data_unmap) struct xdp_action_data *data = NULL;
	CLEANUP(close_fd) int targets = -1;
	struct bpf_map_info info;
	bool unable = false;
	int err;

	err = data_map(ctx, instance, false, &data);
	if (err == -EPROTO) {
		add_problem(status, XDPACTION_PROBLEM_VERSION,
			    "it was loaded by another version of xdp-action",
			    "unload it and load it again");
		forget_error(ctx);
		return 0;
	}
	if (!err && instance->targets_map_id) {
		err = map_open(ctx, instance->targets_map_id, &targets, &info);
		if (err == -ENOENT)
			return fail(ctx, err, NULL, "%s: xdp-action was unloaded meanwhile",
				    instance->chain.link.name);
	}
	if (!err)
		err = setting_load(ctx, data, targets, &status->setting);
	if (err)
		return err;

	status->loaded_ns = data->loaded_ns;
	/* A dispatcher has frags only where each of its programs has them. */
	if (!status->chain.dispatcher)
		status->chain.frags = data->features & XDP_ACTION_FEATURE_FRAGS;
	err = look_at_target(ctx, &instance->chain.link, &status->setting.rule, status, &unable);
	if (!err && status->setting.has_base)
		err = look_at_target(ctx, &instance->chain.link, &status->setting.base, status,
				     &unable);
	return err;
}

/* What an earlier program passes comes to the later ones only where it chains on that. */
static void look_at_earlier(const struct instance *instance, struct xdpaction_status *status)
{
	const struct chain *chain = &instance->chain;
	char text[XDPACTION_TEXT_SIZE];
	size_t i;

	for (i = 0; chain->dispatcher && i < instance->self; i++) {
		if (chain->members[i].chain_actions & 1U << XDPACTION_PASS)
			continue;
		snprintf(text, sizeof(text), "%s, which runs before it, hands on nothing that it passes",
			 chain->members[i].program.name);
		add_problem(status, XDPACTION_PROBLEM_SHADOWED, text,
			    "load that one so that it chains on XDP_PASS");
		return;
	}
}

static int fill_status(struct xdpaction *ctx, const struct instance *instance,
		       struct xdpaction_status *status)
{
	char text[XDPACTION_TEXT_SIZE];
	int err;

	memset(status, 0, sizeof(*status));
	status->program_id = instance->chain.members[instance->self].program.id;
	export_chain(&instance->chain, status->program_id, &status->chain);
	status->now_ns = realtime_ns();

	err = netns_inode(ctx, &status->netns_inode);
	if (!err)
		err = pins_path(ctx, instance->chain.link.ifindex, status->pins);
	if (err == -ENOTDIR) {
		/* The program runs all the same, and its pins may be in a bpffs elsewhere. */
		status->pins[0] = '\0';
		add_problem(status, XDPACTION_PROBLEM_PINS_MISSING, ctx->error, ctx->advice);
		forget_error(ctx);
		err = 0;
	} else if (!err) {
		err = look_at_pins(ctx, instance, status);
	}
	if (!err)
		err = look_at_setting(ctx, instance, status);
	if (!err)
		err = counters_read(ctx, instance->counters_map_id, status->counters);
	if (err)
		return err;

	look_at_earlier(instance, status);
	if (instance->copies > 1) {
		snprintf(text, sizeof(text), "there are %zu copies of xdp-action in the chain",
			 instance->copies);
		add_problem(status, XDPACTION_PROBLEM_TWICE, text,
			    "'xdp-action unload' removes them all");
	}
	return 0;
}

int xdpaction_status(struct xdpaction *ctx, const char *ifname, struct xdpaction_status *status)
{
	struct xdpaction_status filled;
	struct instance instance;
	int err;

	forget_error(ctx);
	err = instance_read(ctx, ifname, &instance);
	if (!err)
		err = fill_status(ctx, &instance, &filled);
	if (!err)
		*status = filled;
	return err;
}

struct name_list {
	char (*names)[XDPACTION_IFNAME_SIZE];
	size_t count, room;
};

static int add_name(struct xdpaction *ctx, struct name_list *list, const char *name)
{
	char (*grown)[XDPACTION_IFNAME_SIZE];

	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 16;
		grown = realloc(list->names, list->room * sizeof(*grown));
		if (!grown)
			return fail(ctx, -ENOMEM, NULL, "out of memory");
		list->names = grown;
	}
	snprintf(list->names[list->count++], XDPACTION_IFNAME_SIZE, "%s", name);
	return 0;
}

/* Interfaces without a program cost nothing but their part of the dump. */
static int add_if_instance(struct xdpaction *ctx, const struct link *link, void *data)
{
	struct instance instance;
	struct chain chain;
	int err;

	if (!link->attached)
		return 0;
	err = chain_walk(ctx, link, &chain);
	if (!err)
		err = instance_find(ctx, &chain, &instance);
	/* The chain moved on since the dump. */
	if (err == -EAGAIN) {
		err = instance_read(ctx, link->name, &instance);
		if (err == -ENODEV || err == -ENOENT)
			forget_error(ctx);
	}
	if (err == -ENOENT || err == -ENODEV)
		return 0;
	return err ? err : add_name(ctx, data, link->name);
}

int xdpaction_instances(struct xdpaction *ctx, char (**names)[XDPACTION_IFNAME_SIZE],
			size_t *count)
{
	struct name_list list = { 0 };
	int err;

	forget_error(ctx);
	err = link_for_each(ctx, add_if_instance, &list);
	if (err) {
		free(list.names);
		return err;
	}
	*names = list.names;
	*count = list.count;
	return 0;
}

void xdpaction_names_free(char (*names)[XDPACTION_IFNAME_SIZE])
{
	free(names);
}
