// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Checks whether the attached program is the one that was meant. libbpf tries
 * what the kernel can do and takes a try that failed for want of memory for a no.
 * It then loads a program without its name, which nobody would find again, or
 * maps that cannot be mapped. libxdp attaches a program without the dispatcher
 * when anything about the dispatcher fails.
 */

#include "attach/attach.h"

/* -EPROTO when it is not whole; another error when that cannot be told. */
static int check_whole(struct xdpaction *ctx, const struct chain *chain, size_t index,
		       bool dispatcher)
{
	CLEANUP(data_unmap) struct xdp_action_data *data = NULL;
	CLEANUP(instance_close) struct instance instance = { 0 };
	int err;

	if (chain->dispatcher != dispatcher)
		return -EPROTO;
	err = instance_find(ctx, chain, &instance);
	if (err)
		return err == -ENOENT ? -EPROTO : err;
	if (instance.self != index || !instance.maps.counters.id || !instance.maps.targets.id)
		return -EPROTO;
	return data_map(ctx, &instance, false, &data);
}

static int take_back(struct xdpaction *ctx, const struct chain *chain, size_t index)
{
	struct instance instance = { .chain = *chain, .self = index };

	if (instance_detach(ctx, &instance))
		return fail_on(ctx, chain->link.name, -EIO, NULL,
			       "program %u was not loaded completely, and cannot be detached: %s",
			       chain->members[index].program.id,
			       ctx ? ctx->error.text : "");
	return fail_on(ctx, chain->link.name, -EIO, "try again",
		       "the kernel did not load all of the program");
}

static int look_at(const struct plan *plan, uint32_t id, bool dispatcher, struct chain *chain,
		   size_t *index)
{
	struct link now;
	int err = link_again(NULL, &plan->before->link, &now);

	/* What it ran before is no use to look at. */
	if (!err)
		err = chain_read(NULL, &now, chain);
	if (err)
		return -EAGAIN;
	if (!chain_find(chain, id, index))
		return -ENOENT;
	return check_whole(NULL, chain, *index, dispatcher);
}

int verify_attach(struct xdpaction *ctx, const struct plan *plan, uint32_t id, bool dispatcher,
		  int err)
{
	struct retry retry = { .timeout_ns = LOOK_TIMEOUT_NS };
	struct chain chain;
	size_t index = 0;
	int look_err;

	if (!id)
		return err;
	do {
		look_err = look_at(plan, id, dispatcher, &chain, &index);
	} while (look_err && look_err != -ENOENT && look_err != -EPROTO && retry_again(&retry));
	/* Without an error: others detached it again at once. */
	if (look_err == -ENOENT)
		return err ? err : -EBUSY;
	if (look_err == -EPROTO)
		return take_back(ctx, &chain, index);
	/* Nothing contradicts what the attach itself returned. */
	if (look_err)
		return err;
	chain_export(&chain, id, plan->after);
	if (err)
		log_line(ctx, XDPACTION_LOG_WARN, "%s: attached in spite of an error: %s",
			 plan->before->link.name, xdpaction_error(ctx));
	return 0;
}
