// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The programs of a dispatcher. Each is attached to one of its functions by a
 * link that libxdp pinned below dispatch-<ifindex>-<id>/. Where the pins cannot
 * be seen (removed by hand, or made through another bpffs mount) the kernel's
 * own list of links says the same, only slower.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "bpffs/bpffs.h"
#include "chain/chain.h"

/* A dispatcher with one program has its main function replaced instead. */
#define ONLY_FUNCTION "xdp_dispatcher"

static int link_info(int fd, struct bpf_link_info *info)
{
	__u32 length = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return bpf_obj_get_info_by_fd(fd, info, &length);
}

/*
 * Whether a link attaches a program to the dispatcher. Where the kernel does not
 * say what a link is attached to, the pin is believed.
 */
static bool link_fits(const struct bpf_link_info *info, uint32_t dispatcher_id)
{
	return info->type == BPF_LINK_TYPE_TRACING &&
	       (!info->tracing.target_obj_id || info->tracing.target_obj_id == dispatcher_id);
}

/* -ENOENT, without a recorded error, when the pins do not tell. */
static int member_by_pin(struct xdpaction *ctx, const struct chain *chain, const char *root,
			 size_t slot, struct member *member)
{
	CLEANUP(close_fd) int link_fd = -1;
	CLEANUP(close_fd) int prog_fd = -1;
	struct bpf_link_info info;
	char path[PATH_MAX];
	int err;

	snprintf(path, sizeof(path), "%s/dispatch-%u-%u/prog%zu-link", root, chain->link.ifindex,
		 chain->dispatcher_id, slot);
	link_fd = bpf_obj_get(path);
	/* A pinned link cannot be opened where the bpffs is mounted read-only. */
	if (link_fd == -ENOENT || link_fd == -ENOTDIR || link_fd == -EROFS)
		return -ENOENT;
	if (link_fd < 0)
		return fail_kernel(ctx, link_fd, "open the pins of the dispatcher");

	err = link_info(link_fd, &info);
	if (err)
		return fail_kernel(ctx, err, "look at a link of the dispatcher");
	if (!link_fits(&info, chain->dispatcher_id))
		return -ENOENT;

	member->slot = slot;
	err = program_open(ctx, info.prog_id, &prog_fd);
	return err ? err : program_info_get(ctx, prog_fd, &member->program);
}

static int members_by_pins(struct xdpaction *ctx, struct chain *chain, size_t enabled)
{
	char root[XDPACTION_PATH_SIZE];
	size_t i;
	int err;

	err = state_dir(ctx, root);
	if (err == -ENOTDIR)
		return -ENOENT;
	for (i = 0; !err && i < enabled; i++)
		err = member_by_pin(ctx, chain, root, i, &chain->members[i]);
	if (err)
		return err;
	chain->count = enabled;
	chain->pinned = true;
	return 0;
}

/* Which of the dispatcher's functions a link replaces: its place in the chain. */
static int slot_of(struct btf *btf, uint32_t btf_id, size_t enabled)
{
	const struct btf_type *type = btf__type_by_id(btf, btf_id);
	const char *name = type ? btf__name_by_offset(btf, type->name_off) : NULL;
	unsigned int slot;
	char end;

	if (!name)
		return -EIO;
	if (!strcmp(name, ONLY_FUNCTION))
		return 0;
	if (sscanf(name, "prog%u%c", &slot, &end) != 1 || slot >= enabled)
		return -EIO;
	return slot;
}

struct found_links {
	bool slots[XDPACTION_CHAIN_MAX];
	/* Before 5.13 the kernel does not say what a link is attached to. */
	bool vague;
};

/* Tries one link of the kernel. */
static int member_by_link(struct xdpaction *ctx, struct chain *chain, struct btf *btf,
			  uint32_t link_id, size_t enabled, struct found_links *found)
{
	CLEANUP(close_fd) int fd = -1;
	struct bpf_link_info info;
	int err, slot;

	fd = bpf_link_get_fd_by_id(link_id);
	if (fd == -ENOENT || fd == -EAGAIN)
		return 0;
	if (fd < 0)
		return fail_kernel(ctx, fd, "look at the kernel's links");
	err = link_info(fd, &info);
	if (err)
		return fail_kernel(ctx, err, "look at the kernel's links");
	if (info.type == BPF_LINK_TYPE_TRACING && !info.tracing.attach_type &&
	    !info.tracing.target_obj_id)
		found->vague = true;
	if (info.type != BPF_LINK_TYPE_TRACING ||
	    info.tracing.target_obj_id != chain->dispatcher_id)
		return 0;

	slot = slot_of(btf, info.tracing.target_btf_id, enabled);
	if (slot < 0)
		return fail_on(ctx, chain->link.name, slot, NULL,
			       "the dispatcher %u has an unknown form", chain->dispatcher_id);
	err = program_info_by_id(ctx, info.prog_id, &chain->members[slot].program);
	chain->members[slot].slot = slot;
	if (!err)
		found->slots[slot] = true;
	return err == -ENOENT ? -EAGAIN : err;
}

static int fail_unseen(struct xdpaction *ctx, const struct chain *chain)
{
	char command[TAKE_OFF_SIZE];

	fail_on(ctx, chain->link.name, -EIO, NULL,
		"the pins of the dispatcher %u are not below this bpffs, and this kernel does not show its programs",
		chain->dispatcher_id);
	advise(ctx, "unload it where its bpffs is mounted, or all of it with %s",
	       take_off_command(&chain->link, command));
	return -EIO;
}

static int members_by_links(struct xdpaction *ctx, struct chain *chain,
			    const struct program_info *root, size_t enabled)
{
	struct btf *btf = btf__load_from_kernel_by_id(root->btf_id);
	struct found_links found = { 0 };
	__u32 id = 0;
	size_t i;
	int err;

	if (!btf) {
		err = -errno;
		return fail_kernel(ctx, err, "look at the dispatcher's types");
	}
	while (!(err = bpf_link_get_next_id(id, &id))) {
		err = member_by_link(ctx, chain, btf, id, enabled, &found);
		if (err)
			break;
	}
	btf__free(btf);
	if (err != -ENOENT)
		return err == -EPERM ? fail_kernel(ctx, err, "list the kernel's links") : err;
	if (found.vague)
		return fail_unseen(ctx, chain);

	/* The link has gone, and its slot is empty. */
	for (i = 0; i < enabled; i++)
		if (found.slots[i])
			chain->members[chain->count++] = chain->members[i];
	return 0;
}

int members_read(struct xdpaction *ctx, struct chain *chain, const struct program_info *root,
		 size_t enabled)
{
	struct link now;
	int err;

	err = members_by_pins(ctx, chain, enabled);
	if (err != -ENOENT)
		return err;

	/* No pins are seen: has the dispatcher been replaced just now? */
	if (!chain->link.elsewhere) {
		err = link_again(ctx, &chain->link, &now);
		if (err)
			return err;
		if (now.prog_id != chain->dispatcher_id)
			return -EAGAIN;
	}
	return members_by_links(ctx, chain, root, enabled);
}
