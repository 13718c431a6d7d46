// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * What runs on an interface, read from the kernel: netlink names the attached
 * program; if that is a dispatcher, its config map holds the priorities and
 * the links that are attached to it are the programs of the chain.
 *
 * libxdp can read this too, but it makes directories on the way, takes a
 * program whose pins it cannot read for one without dispatcher, and refuses
 * the dispatchers of a newer libxdp. Here a look changes nothing and says
 * either what is there or that it could not look.
 */
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <xdp/prog_dispatcher.h>

#include "chain/chain.h"

#define DISPATCHER_NAME "xdp_dispatcher"
/* Formats from 2 on begin with a magic byte and have the same fields. */
#define FIRST_MARKED_FORMAT 2

/* The dispatcher's configuration, as libxdp 1.2 wrote it. */
struct config_v1 {
	__u8 num_progs_enabled;
	__u32 chain_call_actions[MAX_DISPATCHER_ACTIONS];
	__u32 run_prios[MAX_DISPATCHER_ACTIONS];
};

struct config {
	unsigned int format;
	bool frags;
	size_t enabled;
	const __u32 *chain_actions;
	const __u32 *priorities;
};

_Static_assert(MAX_DISPATCHER_ACTIONS == XDPACTION_CHAIN_MAX, "as many slots as libxdp has");

/*
 * All formats so far begin with the same fields, a larger map has a newer format,
 * and only the first format had no magic byte.
 */
static int parse_config(const void *value, size_t size, struct config *config)
{
	const struct xdp_dispatcher_config *marked = value;
	const struct config_v1 *v1 = value;

	if (size >= sizeof(*marked) - sizeof(marked->program_flags) &&
	    marked->magic == XDP_DISPATCHER_MAGIC &&
	    marked->dispatcher_version >= FIRST_MARKED_FORMAT) {
		config->format = marked->dispatcher_version;
		config->frags = marked->is_xdp_frags;
		config->enabled = marked->num_progs_enabled;
		config->chain_actions = marked->chain_call_actions;
		config->priorities = marked->run_prios;
	} else if (size == sizeof(*v1)) {
		config->format = 1;
		config->frags = false;
		config->enabled = v1->num_progs_enabled;
		config->chain_actions = v1->chain_call_actions;
		config->priorities = v1->run_prios;
	} else {
		return -EPROTO;
	}
	return config->enabled <= XDPACTION_CHAIN_MAX ? 0 : -EPROTO;
}

static int read_config(struct xdpaction *ctx, const struct program_info *root, char *value,
		       size_t room, struct config *config)
{
	CLEANUP(close_fd) int fd = -1;
	struct bpf_map_info info;
	__u32 zero = 0;
	int err;

	if (root->map_count != 1)
		return fail(ctx, -EPROTO, NULL, "program %u is named like a dispatcher but is not one",
			    root->id);
	err = map_open(ctx, root->map_ids[0], &fd, &info);
	if (err)
		return err;
	if (info.type != BPF_MAP_TYPE_ARRAY || info.key_size != sizeof(zero) ||
	    info.max_entries != 1 || info.value_size > room)
		return fail(ctx, -EPROTO, NULL, "the dispatcher %u has a configuration of unknown form",
			    root->id);

	err = bpf_map_lookup_elem(fd, &zero, value);
	if (err)
		return fail_kernel(ctx, err, "read the configuration of the dispatcher");
	err = parse_config(value, info.value_size, config);
	if (err)
		return fail(ctx, err, "unload it with the xdp-loader that loaded it",
			    "the dispatcher %u has a configuration of unknown form", root->id);
	return 0;
}

static int walk_dispatcher(struct xdpaction *ctx, const struct program_info *root,
			   struct chain *chain)
{
	char value[1024] __attribute__((aligned(8)));
	struct config config = { 0 };
	size_t i;
	int err;

	err = read_config(ctx, root, value, sizeof(value), &config);
	if (err)
		return err;

	chain->dispatcher = true;
	chain->dispatcher_id = root->id;
	chain->format = config.format;
	chain->frags = config.frags;
	err = members_read(ctx, chain, root, config.enabled);
	if (err)
		return err;

	for (i = 0; i < chain->count; i++) {
		struct member *member = &chain->members[i];

		member->priority = config.priorities[member->slot];
		member->chain_actions = config.chain_actions[member->slot] &
					~(1U << XDP_DISPATCHER_RETVAL);
	}
	return 0;
}

static int walk_attached(struct xdpaction *ctx, const struct link *link, struct chain *chain)
{
	struct program_info root;
	int err;

	err = program_info_by_id(ctx, link->prog_id, &root);
	if (err)
		return err;
	if (!strcmp(root.name, DISPATCHER_NAME))
		return walk_dispatcher(ctx, &root, chain);

	chain->count = 1;
	chain->members[0].program = root;
	return 0;
}

int chain_walk(struct xdpaction *ctx, const struct link *link, struct chain *chain)
{
	int err;

	memset(chain, 0, sizeof(*chain));
	chain->link = *link;
	if (!link->attached)
		return 0;

	/* A part that has gone: the chain has changed. */
	err = walk_attached(ctx, link, chain);
	return err == -ENOENT ? -EAGAIN : err;
}

/* The link must look the same before and after the walk. */
static int chain_read_once(struct xdpaction *ctx, const struct link *before, struct chain *chain)
{
	struct link after;
	int err;

	err = chain_walk(ctx, before, chain);
	if (!err)
		err = link_again(ctx, before, &after);
	if (err)
		return err;
	if (before->prog_id != after.prog_id)
		return -EAGAIN;
	chain->link = after;
	return 0;
}

int chain_read(struct xdpaction *ctx, const struct link *link, struct chain *chain)
{
	struct retry retry = { .timeout_ns = LOOK_TIMEOUT_NS };
	struct link before = *link;
	int err = chain_read_once(ctx, &before, chain);

	while (err == -EAGAIN && retry_again(&retry)) {
		err = link_again(ctx, link, &before);
		if (!err)
			err = chain_read_once(ctx, &before, chain);
	}
	if (err == -EAGAIN)
		return fail_on(ctx, link->name, -EBUSY, "try again", "others kept changing the chain");
	return err;
}

bool chain_find(const struct chain *chain, uint32_t id, size_t *index)
{
	size_t i;

	for (i = 0; i < chain->count; i++) {
		if (chain->members[i].program.id != id)
			continue;
		*index = i;
		return true;
	}
	return false;
}

const char *take_off_command(const struct link *link, char text[TAKE_OFF_SIZE])
{
	const char *mode = link->mode == XDPACTION_MODE_SKB    ? "generic" :
			   link->mode == XDPACTION_MODE_NATIVE ? "drv" :
								 "offload";
	CLEANUP(close_fd) int fd = -1;
	uint32_t id;
	int err;

	err = xdp_link_open(NULL, link, &id, &fd);
	if (!err)
		snprintf(text, TAKE_OFF_SIZE, "'bpftool link detach id %u'", id);
	else
		snprintf(text, TAKE_OFF_SIZE, "'ip link set dev %s xdp%s off'%s", link->name, mode,
			 err == -ENOENT ? "" : ", unless a BPF link holds it,");
	return text;
}

int fail_attached_bare(struct xdpaction *ctx, int err, const char *before,
		       const struct chain *chain)
{
	const struct program_info *program = &chain->members[0].program;
	char command[TAKE_OFF_SIZE];

	fail_on(ctx, chain->link.name, err, NULL,
		"%sthe program %s (id %u) is attached without libxdp's dispatcher", before,
		program->name[0] ? program->name : "without name", program->id);
	advise(ctx, "unload it with what loaded it; %s does as well",
	       take_off_command(&chain->link, command));
	return err;
}
