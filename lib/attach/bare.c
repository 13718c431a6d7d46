// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Programs that are attached to the interface itself. The kernel attaches in one
 * atomic step; libbpf has pinned the maps before, when it loaded the program.
 */
#include <linux/if_link.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach/attach.h"

uint32_t xdp_flags(enum xdpaction_mode mode)
{
	return mode == XDPACTION_MODE_SKB ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
}

int attach_single(struct xdpaction *ctx, const struct plan *plan, uint32_t *id)
{
	__u32 flags = XDP_FLAGS_UPDATE_IF_NOEXIST | xdp_flags(plan->options->mode);
	CLEANUP(object_close) struct bpf_object *object = NULL;
	int err;

	err = object_open(ctx, plan, &object);
	if (err)
		return err;

	if (plan->features->frags)
		err = bpf_program__set_flags(object_program(object), BPF_F_XDP_HAS_FRAGS);
	if (!err)
		err = bpf_object__load(object);
	if (err)
		return fail_kernel(ctx, err, "load the program");

	*id = object_program_id(object);
	err = bpf_xdp_attach(plan->before->link.ifindex, bpf_program__fd(object_program(object)),
			     flags, NULL);
	if (err)
		return fail_on(ctx, plan->before->link.name, err, NULL,
			       "cannot attach the program: %s", strerror(-err));
	return 0;
}

int detach_root(struct xdpaction *ctx, const struct link *link)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts);
	CLEANUP(close_fd) int fd = -1;
	int err;

	err = program_open(ctx, link->prog_id, &fd);
	if (err == -ENOENT)
		return fail_on(ctx, link->name, err, "try again", "cannot open the program %u: %s",
			       link->prog_id, strerror(-err));
	if (err)
		return err;
	/* Only this program, and no other. */
	opts.old_prog_fd = fd;
	err = bpf_xdp_detach(link->ifindex, XDP_FLAGS_REPLACE | xdp_flags(link->mode), &opts);
	if (err)
		return fail_on(ctx, link->name, err, NULL, "cannot detach the program: %s",
			       strerror(-err));
	return 0;
}

int detach_held(struct xdpaction *ctx, const struct link *link)
{
	CLEANUP(close_fd) int fd = -1;
	uint32_t id = 0;
	int err;

	err = xdp_link_open(ctx, link, &id, &fd);
	if (err == -ENOENT || err == -ENOTUNIQ)
		return fail_on(ctx, link->name, -EBUSY, NULL,
			       "cannot tell which BPF link holds the program %u", link->prog_id);
	if (!err)
		err = bpf_link_detach(fd);
	if (err)
		return fail_on(ctx, link->name, err, NULL, "cannot detach the BPF link %u: %s", id,
			       strerror(-err));
	log_line(ctx, XDPACTION_LOG_WARN,
		 "%s: detached the BPF link %u, which held the program; a process or a pin that holds the link keeps the program in memory",
		 link->name, id);
	return 0;
}
