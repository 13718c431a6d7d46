// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The substitute, which stands in while a program is exchanged in a chain.
 * xdp_action_maps.h says under Upgrades what it does.
 */
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach/attach.h"

/* More than any kernel has, so that it never reads or writes beyond. */
#define CPUS_MAX 8192

static void free_counters(struct xdp_action_counter **counters)
{
	free(*counters);
}

static void free_subs(struct xdp_action_sub **subs)
{
	free(*subs);
}

/* Opens the map by which a writer tells the substitute what to do. */
static int open_sub_map(struct xdpaction *ctx, const struct instance *substitute, int *fd)
{
	const struct program_info *program =
		&substitute->chain.members[substitute->self].program;
	struct bpf_map_info info;
	int err, opened;
	size_t i;

	for (i = 0; i < program->map_count; i++) {
		err = map_open(ctx, program->map_ids[i], &opened, &info);
		if (err)
			return err;
		if (!strcmp(info.name, XDP_ACTION_SUB_MAP) &&
		    info.value_size == sizeof(struct xdp_action_sub)) {
			*fd = opened;
			return 0;
		}
		close(opened);
	}
	return fail(ctx, -EPROTO, NULL, "the substitute was not loaded completely");
}

static int tell(struct xdpaction *ctx, int fd, const struct xdp_action_sub *subs)
{
	__u32 zero = 0;
	int err = bpf_map_update_elem(fd, &zero, subs, BPF_ANY);

	return err ? fail_kernel(ctx, err, "tell the substitute what to do") : 0;
}

/* Tells it what was counted as passed before it runs first on each CPU. */
static int tell_passed(struct xdpaction *ctx, const struct held_map *map, int fd,
		       struct xdp_action_sub *subs)
{
	CLEANUP(free_counters) struct xdp_action_counter *counters =
		calloc(CPUS_MAX, sizeof(*counters));
	__u32 pass = XDP_PASS;
	size_t cpu;
	int err;

	if (!counters)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	err = bpf_map_lookup_elem(map->fd, &pass, counters);
	if (err)
		return fail_kernel(ctx, err, "read the counters");
	for (cpu = 0; cpu < CPUS_MAX; cpu++)
		subs[cpu].passed = counters[cpu].packets;
	return tell(ctx, fd, subs);
}

int substitute_watch(struct xdpaction *ctx, const struct instance *substitute)
{
	CLEANUP(free_subs) struct xdp_action_sub *subs = calloc(CPUS_MAX, sizeof(*subs));
	CLEANUP(close_fd) int fd = -1;
	size_t cpu;
	int err;

	if (!subs)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	err = open_sub_map(ctx, substitute, &fd);
	/* Until the last program ends that began without the substitute. */
	if (!err)
		err = programs_wait(ctx);
	if (!err)
		err = tell_passed(ctx, &substitute->maps.counters, fd, subs);
	/* Until the last one ends that was under way when the counters were read. */
	if (!err)
		err = programs_wait(ctx);
	if (err)
		return err;
	for (cpu = 0; cpu < CPUS_MAX; cpu++)
		subs[cpu].watches = 1;
	return tell(ctx, fd, subs);
}

/* *again: another try may succeed. */
static int try_detach(struct xdpaction *ctx, const struct link *link, uint32_t id, bool *again)
{
	struct instance member = { 0 };
	struct chain now;
	int err = chain_read(ctx, link, &member.chain);

	*again = false;
	if (err || !chain_find(&member.chain, id, &member.self))
		return err;
	forget_refusal();
	err = instance_detach(ctx, &member);
	if (!err)
		return 0;
	/* The result is whether it still runs. It does until something proves otherwise. */
	if (!chain_read(NULL, link, &now) && !chain_find(&now, id, &member.self))
		return 0;
	err = explain_detach(ctx, err, &member.chain);
	*again = error_is_passing(err) && !format_is_foreign(&member.chain) && !refusal_lasts();
	return err;
}

int member_detach(struct xdpaction *ctx, const struct link *link, uint32_t id)
{
	struct retry retry = { .timeout_ns = CHANGE_TIMEOUT_NS };
	bool again;
	int err;

	do {
		err = try_detach(ctx, link, id, &again);
	} while (again && retry_again(&retry));
	return err;
}

int instance_read_healed(struct xdpaction *ctx, const struct link *link, struct instance *instance)
{
	uint32_t id;
	int err = instance_read(ctx, link, instance);

	if (err || !instance->substitute_id || !instance->copies)
		return err;
	id = instance->substitute_id;
	instance_close(instance);
	err = not_gone(member_detach(ctx, link, id));
	return err ? err : instance_read(ctx, link, instance);
}
