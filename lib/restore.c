// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * libxdp takes a change for failed when the kernel's answer to it is lost, and
 * removes the links of the dispatcher that is attached by then: nobody's
 * program runs any more. The dispatcher of before still has its programs, as
 * long as somebody holds it and its pins are there, and is put back.
 */
#include <linux/if_link.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "private.h"

int dispatcher_hold(struct xdpaction *ctx, const struct chain *before, int *fd)
{
	int err = 0;

	*fd = -1;
	if (before->dispatcher)
		err = program_open(ctx, before->dispatcher_id, fd);
	return err == -ENOENT ? fail(ctx, -EBUSY, "try again", "%s: others kept changing the chain",
				     before->link.name) : err;
}

/* The chain as it would be with the dispatcher of before. */
static bool still_whole(const struct chain *before)
{
	struct xdpaction own = { 0 };
	struct chain chain;

	return !chain_walk(&own, &before->link, &chain) && chain.count == before->count;
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
	/* Only in place of this very dispatcher. */
	opts.old_prog_fd = now_fd;
	err = bpf_xdp_attach(now->ifindex, fd, XDP_FLAGS_REPLACE | xdp_flags(before->link.mode),
			     &opts);
	if (err)
		return fail(ctx, err, NULL, "cannot attach the dispatcher %u again: %s",
			    before->dispatcher_id, strerror(-err));
	return 0;
}

void dispatcher_restore(struct xdpaction *ctx, const struct chain *before, int fd)
{
	struct xdpaction own = { 0 };
	struct chain now;
	int err;

	if (chain_read(&own, before->link.name, &now) ||
	    now.link.ifindex != before->link.ifindex || !now.dispatcher || now.count ||
	    now.dispatcher_id == before->dispatcher_id)
		return;
	if (!before->link.attached)
		err = detach_root(&own, &now.link);
	else if (fd >= 0 && still_whole(before))
		err = put_back(&own, before, fd, &now.link);
	else
		return;
	if (err)
		log_line(ctx, XDPACTION_LOG_WARN, "%s: the dispatcher %u has lost its programs: %s",
			 now.link.name, now.dispatcher_id, own.error);
}
