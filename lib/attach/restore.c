// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * When the kernel's answer to a change is lost, libxdp thinks that the change has
 * failed and removes the links of the dispatcher that is attached by then, so
 * that no program runs any more. The previous dispatcher still has its programs
 * as long as its pins exist and somebody holds it open. It is put back.
 */
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach/attach.h"
#include "bpffs/bpffs.h"

int dispatcher_hold(struct xdpaction *ctx, const struct chain *before, int *fd)
{
	int err = 0;

	*fd = -1;
	if (before->dispatcher)
		err = program_open(ctx, before->dispatcher_id, fd);
	return err == -ENOENT ? fail_on(ctx, before->link.name, -EBUSY, "try again",
					"others kept changing the chain") : err;
}

/* Whether the previous dispatcher still has all of its programs. */
static bool still_whole(const struct chain *before)
{
	struct chain chain;

	return !chain_walk(NULL, &before->link, &chain) && chain.count == before->count;
}

static int put_back(struct xdpaction *ctx, const struct chain *before, int fd,
		    const struct link *now)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts);
	CLEANUP(close_fd) int now_fd = -1;
	int err;

	err = program_open(ctx, now->prog_id, &now_fd);
	if (err)
		return err;
	/* Only in place of this dispatcher, and no other. */
	opts.old_prog_fd = now_fd;
	err = bpf_xdp_attach(now->ifindex, fd, XDP_FLAGS_REPLACE | xdp_flags(before->link.mode),
			     &opts);
	if (err)
		return fail(ctx, err, NULL, "cannot attach the dispatcher %u again: %s",
			    before->dispatcher_id, strerror(-err));
	return 0;
}

/* Whether the pins are gone that libxdp makes before it attaches. */
static bool lacks_pins(const struct link *link)
{
	char path[XDPACTION_PATH_SIZE];
	size_t length;

	if (state_dir(NULL, path))
		return false;
	length = strlen(path);
	snprintf(path + length, sizeof(path) - length, "/dispatch-%u-%u", link->ifindex,
		 link->prog_id);
	return access(path, F_OK) && errno == ENOENT;
}

/* Whether the attached dispatcher has lost its programs. */
static bool lost_programs(const struct link *link)
{
	struct chain chain;
	int err = chain_walk(NULL, link, &chain);

	/* Before 5.13 the kernel does not say what is linked to it. */
	return chain.dispatcher && (err ? lacks_pins(link) : !chain.count);
}

void dispatcher_restore(struct xdpaction *ctx, const struct chain *before, int fd)
{
	struct link now;
	int err;

	if (link_by_index(NULL, before->link.ifindex, &now) || !now.attached ||
	    now.prog_id == before->link.prog_id || !lost_programs(&now))
		return;
	if (!before->link.attached)
		err = detach_root(ctx, &now);
	else if (fd >= 0 && still_whole(before))
		err = put_back(ctx, before, fd, &now);
	else
		return;
	if (err)
		log_line(ctx, XDPACTION_LOG_WARN, "%s: the dispatcher %u has lost its programs: %s",
			 now.name, now.prog_id, xdpaction_error(ctx));
}
