// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Who makes the changes of a context, and on which condition. */
#include <string.h>

#include "context.h"

static bool has_end(const char *text, size_t size)
{
	return memchr(text, '\0', size);
}

int xdpaction_set_author(struct xdpaction *ctx, const struct xdpaction_author *author)
{
	struct xdpaction_author new;
	int err;

	forget_error(ctx);
	err = sized_read(ctx, &new, sizeof(new), author);
	if (err)
		return err;
	if (!has_end(new.sudo_user, sizeof(new.sudo_user)) ||
	    !has_end(new.ssh_client, sizeof(new.ssh_client)) ||
	    !has_end(new.note, sizeof(new.note)))
		return fail(ctx, -EINVAL, NULL, "a text about the author of a change has no end");
	ctx->author = new;
	return 0;
}

void xdpaction_set_if_unchanged(struct xdpaction *ctx, uint64_t generation)
{
	ctx->if_unchanged = generation;
}
