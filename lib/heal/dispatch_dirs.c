// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * libxdp's directories dispatch-<ifindex>-<id>/. It pins the links of a new
 * dispatcher before it attaches it, and removes the pins of the old one after
 * that; killed in between it leaves one that nothing uses. Its own cleaning
 * goes by the ifindex alone, which repeats in other network namespaces.
 *
 * The proof that a dispatcher is unused is the kernel's count of references to
 * it. Every interface it is attached to, in whatever namespace and state, holds
 * one, be it by a bpf_link; so does every process that has it open, as libxdp
 * has from before it pins until after it attached or gave up; so does every
 * pin and every link. Where all references are those of the links pinned in
 * its own directory, and ours, nobody else can run it, nor attach it any more
 * unless he looks it up by its id. No lock of libxdp would say as much: it
 * holds one while it pins, but none between pinning and attaching.
 */
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>

#include "bpffs/bpffs.h"
#include "heal/heal.h"

#define PIN_SIZE (XDPACTION_PATH_SIZE + 32)

/* What the pins of a directory hold. */
struct contents {
	size_t links;		/* different ones, to the dispatcher */
	uint32_t link_ids[XDPACTION_CHAIN_MAX];
	/* Our programs that nothing else holds. */
	size_t orphans;
	uint32_t orphan_ids[XDPACTION_CHAIN_MAX];
};

bool dispatch_dir_named(const char *name, struct leftover *leftover)
{
	const char *kind = *name == 'd' ? "dispatch" : "prog-test-link";
	char expected[64];

	leftover->kind = *name == 'd' ? LEFTOVER_DISPATCHER : LEFTOVER_TRIAL;
	if (sscanf(name, "%*[a-z-]%u-%u", &leftover->ifindex, &leftover->program_id) != 2)
		return false;
	snprintf(expected, sizeof(expected), "%s-%u-%u", kind, leftover->ifindex,
		 leftover->program_id);
	return !strcmp(name, expected);
}

/* -ENOENT, without a recorded error, where there is no such pin. */
static int open_pin(struct xdpaction *ctx, const char *pin, int *fd)
{
	int new = bpf_obj_get(pin);

	if (new == -ENOENT)
		return new;
	if (new < 0)
		return fail(ctx, new, NULL, "cannot open the pin %s: %s", pin, strerror(-new));
	*fd = new;
	return 0;
}

static int count_link(struct xdpaction *ctx, struct references *references, int fd,
		      struct bpf_link_info *info, struct reference_count *count)
{
	__u32 length = sizeof(*info);
	int err = bpf_obj_get_info_by_fd(fd, info, &length);

	if (err)
		return fail_kernel(ctx, err, "look at a pinned link");
	if (info->type != BPF_LINK_TYPE_TRACING)
		return fail(ctx, -EPROTO, NULL, "the pinned link %u does not belong to a dispatcher",
			    info->id);
	return references_to_link(ctx, references, fd, info->id, count);
}

/* *pinned: there is a link for the slot. */
static int add_link(struct xdpaction *ctx, struct references *references,
		    const struct leftover *dir, size_t slot, struct contents *contents,
		    bool *pinned)
{
	CLEANUP(close_fd) int fd = -1;
	struct bpf_link_info info = { 0 };
	struct reference_count count;
	char pin[PIN_SIZE];
	size_t i;
	int err;

	snprintf(pin, sizeof(pin), "%s/prog%zu-link", dir->path, slot);
	err = open_pin(ctx, pin, &fd);
	*pinned = !err;
	if (err == -ENOENT)
		return 0;
	if (!err)
		err = count_link(ctx, references, fd, &info, &count);
	if (err)
		return err;
	/* Something of this name exists, but it is not what libxdp made. */
	if (count.target_id != dir->program_id)
		return fail(ctx, -EPROTO, NULL, "the pinned link %u is of another program",
			    info.id);
	for (i = 0; i < contents->links; i++)
		if (contents->link_ids[i] == info.id)
			return 0;
	contents->link_ids[contents->links++] = info.id;
	return 0;
}

static int add_program(struct xdpaction *ctx, struct references *references,
		       const struct leftover *dir, size_t slot, bool linked,
		       struct contents *contents)
{
	CLEANUP(close_fd) int fd = -1;
	struct program_info program;
	char pin[PIN_SIZE];
	uint32_t data_id;
	uint64_t count;
	int err;

	snprintf(pin, sizeof(pin), "%s/prog%zu-prog", dir->path, slot);
	err = open_pin(ctx, pin, &fd);
	if (err)
		return err == -ENOENT ? 0 : err;
	err = program_info_get(ctx, fd, &program);
	if (!err)
		err = program_is_ours(ctx, &program, &data_id);
	if (err <= 0)
		return err;
	err = references_to_program(ctx, references, fd, program.id, &count);
	/* This pin, its link, and ours. */
	if (!err && count == 2U + linked)
		contents->orphan_ids[contents->orphans++] = program.id;
	return err;
}

static int look_into(struct xdpaction *ctx, struct references *references,
		     const struct leftover *dir, struct contents *contents)
{
	bool linked;
	int err = 0;
	size_t i;

	*contents = (struct contents){ 0 };
	for (i = 0; !err && i < XDPACTION_CHAIN_MAX; i++) {
		err = add_link(ctx, references, dir, i, contents, &linked);
		if (!err)
			err = add_program(ctx, references, dir, i, linked, contents);
	}
	return err;
}

/* A dispatcher that no longer exists in the kernel is not used either. */
static int judge_dispatcher(struct xdpaction *ctx, struct references *references,
			    struct leftover *dir, struct contents *contents)
{
	CLEANUP(close_fd) int fd = -1;
	uint64_t before = 0, after = 0;
	bool gone;
	int err;

	err = program_open(ctx, dir->program_id, &fd);
	gone = err == -ENOENT;
	if (!gone && !err)
		err = references_to_program(ctx, references, fd, dir->program_id, &before);
	if (gone || !err)
		err = look_into(ctx, references, dir, contents);
	if (!gone && !err)
		err = references_to_program(ctx, references, fd, dir->program_id, &after);
	if (!err && gone && contents->links)
		return fail(ctx, -EIO, NULL, "the kernel has links to the program %u but not the program",
			    dir->program_id);
	if (err)
		return err;
	/* Nobody pins or unpins while the references are counted. */
	dir->use = gone || (before == after && after == 1 + contents->links) ? USE_NONE : USE_SOME;
	if (gone)
		snprintf(dir->ground, sizeof(dir->ground), "its dispatcher is gone");
	else if (dir->use == USE_NONE)
		snprintf(dir->ground, sizeof(dir->ground),
			 "its dispatcher is attached nowhere, and no process has it open");
	else
		snprintf(dir->ground, sizeof(dir->ground),
			 "its dispatcher is attached, or a process has it open");
	return 0;
}

/* libxdp keeps a trial open until it has removed the pin. */
static int judge_trial(struct xdpaction *ctx, struct references *references, struct leftover *trial)
{
	CLEANUP(close_fd) int fd = -1;
	struct bpf_link_info info = { 0 };
	struct reference_count count;
	int err;

	trial->use = USE_SOME;
	err = open_pin(ctx, trial->path, &fd);
	if (err)
		return err == -ENOENT ? 0 : err;
	err = count_link(ctx, references, fd, &info, &count);
	/* The pin's and ours. */
	if (!err && count.count == 2)
		trial->use = USE_NONE;
	snprintf(trial->ground, sizeof(trial->ground), "%s process has it open",
		 trial->use == USE_NONE ? "no" : "a");
	return err;
}

void dispatch_dir_judge(struct xdpaction *ctx, struct references *references,
			struct leftover *leftover, struct ids *orphans)
{
	struct contents contents = { 0 };
	struct xdpaction own = { 0 };
	size_t i;
	int err;

	if (leftover->kind == LEFTOVER_TRIAL)
		err = judge_trial(&own, references, leftover);
	else
		err = judge_dispatcher(&own, references, leftover, &contents);
	for (i = 0; !err && leftover->use == USE_NONE && i < contents.orphans; i++)
		err = ids_add(&own, orphans, contents.orphan_ids[i]);
	if (!err)
		return;
	leftover->use = USE_UNKNOWN;
	snprintf(leftover->ground, sizeof(leftover->ground), "%.*s",
		 (int)sizeof(leftover->ground) - 1, own.error.text);
}

/* A file, or an empty directory. */
static int remove_entry(struct xdpaction *ctx, const char *path)
{
	int err;

	if (!remove(path) || errno == ENOENT)
		return 0;
	err = -errno;
	return fail(ctx, err, NULL, "cannot remove %s: %s", path, strerror(-err));
}

int dispatch_dir_remove(struct xdpaction *ctx, const struct leftover *leftover)
{
	static const char *const kinds[] = { "prog", "link" };
	size_t i, pins = leftover->kind == LEFTOVER_TRIAL ? 0 : 2 * XDPACTION_CHAIN_MAX;
	char pin[PIN_SIZE];
	int err = 0;

	for (i = 0; !err && i < pins; i++) {
		snprintf(pin, sizeof(pin), "%s/prog%zu-%s", leftover->path, i / 2, kinds[i % 2]);
		err = remove_entry(ctx, pin);
	}
	return err ? err : remove_entry(ctx, leftover->path);
}
