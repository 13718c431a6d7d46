// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Programs and maps of the kernel, by their ids. */
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>

#include "kernel/kernel.h"

int program_open(struct xdpaction *ctx, uint32_t id, int *fd)
{
	char what[64];
	int new = bpf_prog_get_fd_by_id(id);

	if (new >= 0) {
		*fd = new;
		return 0;
	}
	if (new == -ENOENT)
		return new;
	snprintf(what, sizeof(what), "look at program %u", id);
	return fail_kernel(ctx, new, what);
}

int program_info_get(struct xdpaction *ctx, int fd, struct program_info *info)
{
	struct bpf_prog_info kernel = { 0 };
	__u32 length = sizeof(kernel);
	uint32_t map_ids[PROGRAM_MAPS_MAX];
	int err;

	kernel.map_ids = (uintptr_t)map_ids;
	kernel.nr_map_ids = PROGRAM_MAPS_MAX;
	err = bpf_obj_get_info_by_fd(fd, &kernel, &length);
	if (err)
		return fail_kernel(ctx, err, "look at a program");

	memset(info, 0, sizeof(*info));
	info->id = kernel.id;
	memcpy(info->tag, kernel.tag, sizeof(info->tag));
	info->btf_id = kernel.btf_id;
	info->jited = kernel.jited_prog_len;
	memcpy(info->name, kernel.name, sizeof(info->name) - 1);
	info->map_count = kernel.nr_map_ids < PROGRAM_MAPS_MAX ? kernel.nr_map_ids :
								 PROGRAM_MAPS_MAX;
	memcpy(info->map_ids, map_ids, info->map_count * sizeof(map_ids[0]));
	return 0;
}

int program_info_by_id(struct xdpaction *ctx, uint32_t id, struct program_info *info)
{
	CLEANUP(close_fd) int fd = -1;
	int err = program_open(ctx, id, &fd);

	return err ? err : program_info_get(ctx, fd, info);
}

int map_open(struct xdpaction *ctx, uint32_t id, int *fd, struct bpf_map_info *info)
{
	__u32 length = sizeof(*info);
	char what[64];
	int err, new = bpf_map_get_fd_by_id(id);

	if (new == -ENOENT)
		return new;
	snprintf(what, sizeof(what), "look at map %u", id);
	if (new < 0)
		return fail_kernel(ctx, new, what);

	memset(info, 0, sizeof(*info));
	err = bpf_obj_get_info_by_fd(new, info, &length);
	if (err) {
		close(new);
		return fail_kernel(ctx, err, what);
	}
	*fd = new;
	return 0;
}

/* Whether a BPF link attaches the program that the interface shows. */
static int xdp_link_fits(struct xdpaction *ctx, int fd, const struct link *link)
{
	struct bpf_link_info info = { 0 };
	__u32 length = sizeof(info);
	int err = bpf_obj_get_info_by_fd(fd, &info, &length);

	if (err)
		return fail_kernel(ctx, err, "look at the kernel's links");
	return info.type == BPF_LINK_TYPE_XDP && info.xdp.ifindex == link->ifindex &&
	       info.prog_id == link->prog_id;
}

/* Puts the link into *found if it fits; 1 then, 0 if not. */
static int xdp_link_try(struct xdpaction *ctx, uint32_t id, const struct link *link, int *found)
{
	int fits, fd = bpf_link_get_fd_by_id(id);

	if (fd == -ENOENT || fd == -EAGAIN)
		return 0;
	if (fd < 0)
		return fail_kernel(ctx, fd, "look at the kernel's links");
	fits = xdp_link_fits(ctx, fd, link);
	if (fits > 0 && *found < 0)
		*found = fd;
	else
		close(fd);
	return fits;
}

int xdp_link_open(struct xdpaction *ctx, const struct link *link, uint32_t *id, int *fd)
{
	CLEANUP(close_fd) int found = -1;
	uint32_t found_id = 0;
	size_t count = 0;
	__u32 next = 0;
	int err;

	while (!(err = bpf_link_get_next_id(next, &next))) {
		int fits = xdp_link_try(ctx, next, link, &found);

		if (fits < 0)
			return fits;
		if (fits && !count++)
			found_id = next;
	}
	if (err != -ENOENT)
		return fail_kernel(ctx, err, "list the kernel's links");
	if (count != 1)
		return count ? -ENOTUNIQ : -ENOENT;
	*id = found_id;
	*fd = found;
	found = -1;
	return 0;
}
