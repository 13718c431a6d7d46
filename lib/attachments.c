// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Lists what is attached anywhere on the machine. Writes nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance/instance.h"

static struct link link_of(const struct attachment *from)
{
	struct link link = {
		.ifindex = from->ifindex,
		.attached = true,
		.mode = from->mode,
		.prog_id = from->program_id,
		.elsewhere = true,
	};

	memcpy(link.name, from->name, sizeof(link.name));
	return link;
}

/* A setting that cannot be read, such as that of another version, is left out. */
static void add_setting(const struct instance *instance, struct xdpaction_attachment *attachment)
{
	CLEANUP(setting_close) struct setting_place place = { 0 };
	struct xdpaction own = { 0 };

	if (!setting_open(&own, instance, false, &place))
		attachment->has_setting = !setting_load(&own, &place, &attachment->setting, NULL);
}

/* -EAGAIN, without a recorded error, where the chain has changed since the census. */
static int add_chain(struct xdpaction *ctx, const struct link *link,
		     struct xdpaction_attachment *attachment)
{
	CLEANUP(instance_close) struct instance instance = { 0 };
	struct chain chain;
	int err = chain_walk(ctx, link, &chain);

	if (!err)
		err = instance_find(ctx, &chain, &instance);
	if (err && err != -ENOENT)
		return err;
	chain_export(&chain, instance_id(&instance), &attachment->chain);
	if (!err)
		add_setting(&instance, attachment);
	return 0;
}

/* -EAGAIN; but the last look says that the chain cannot be told. */
static int describe(const struct attachment *from, bool last,
		    struct xdpaction_attachment *attachment)
{
	struct link link = link_of(from);
	struct chain bare = { .link = link };
	struct xdpaction own = { 0 };
	int err;

	*attachment = (struct xdpaction_attachment){
		.netns_inode = from->netns,
		.by_link = from->by_link,
	};
	chain_export(&bare, 0, &attachment->chain);
	err = add_chain(&own, &link, attachment);
	if (err == -EAGAIN && !last)
		return err;
	if (err == -EAGAIN)
		fail(&own, err, NULL, "others kept changing the chain");
	if (err)
		snprintf(attachment->unknown, sizeof(attachment->unknown), "%.*s",
			 (int)sizeof(attachment->unknown) - 1, own.error.text);
	return 0;
}

struct attachments {
	struct xdpaction_attachment *list;
	size_t count;
};

static void free_attachments(struct attachments *attachments)
{
	free(attachments->list);
	*attachments = (struct attachments){ 0 };
}

static int look_at_all(struct xdpaction *ctx, bool last, struct attachments *attachments)
{
	CLEANUP(census_free) struct census census = { 0 };
	int err = census_take(ctx, &census);
	size_t i;

	if (err)
		return err;
	attachments->count = census.count;
	attachments->list = calloc(census.count + 1, sizeof(*attachments->list));
	if (!attachments->list)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	for (i = 0; !err && i < census.count; i++)
		err = describe(&census.list[i], last, &attachments->list[i]);
	return err;
}

int xdpaction_attachments(struct xdpaction *ctx, xdpaction_attachment_fn fn, void *data)
{
	CLEANUP(free_attachments) struct attachments attachments = { 0 };
	struct retry retry = { .timeout_ns = LOOK_TIMEOUT_NS };
	bool last = false;
	size_t i;
	int err;

	forget_error(ctx);
	do {
		free_attachments(&attachments);
		err = look_at_all(ctx, last, &attachments);
		if (err == -EAGAIN)
			last = !retry_again(&retry);
	} while (err == -EAGAIN);
	for (i = 0; !err && i < attachments.count; i++)
		err = fn(data, &attachments.list[i]);
	return err;
}
