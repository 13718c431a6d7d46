// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Shows and removes what killed commands and deleted interfaces left behind. */
#include <stdio.h>
#include <string.h>

#include "bpffs/bpffs.h"
#include "heal/heal.h"

struct listing {
	xdpaction_leftover_fn fn;
	void *data;
	bool doubtful;
	bool busy;
};

/* What another command is making has no program yet. */
static void doubt_pins(struct xdpaction_leftover *pins)
{
	pins->unused = false;
	snprintf(pins->ground, sizeof(pins->ground),
		 "another xdp-action is at work, and may be making it");
}

static int list_one(struct xdpaction *ctx, const struct leftover *leftover, void *data)
{
	static const enum xdpaction_leftover_kind kinds[] = {
		[LEFTOVER_DISPATCHER] = XDPACTION_LEFTOVER_DISPATCHER,
		[LEFTOVER_TRIAL] = XDPACTION_LEFTOVER_TRIAL,
		[LEFTOVER_PINS] = XDPACTION_LEFTOVER_PINS,
	};
	struct xdpaction_leftover described = {
		.kind = kinds[leftover->kind],
		.unused = leftover->use == USE_NONE,
		.netns_inode = leftover->netns,
		.ifindex = leftover->ifindex,
		.program_id = leftover->program_id,
	};
	const struct listing *listing = data;

	memcpy(described.path, leftover->path, sizeof(described.path));
	memcpy(described.ground, leftover->ground, sizeof(described.ground));
	if (described.kind == XDPACTION_LEFTOVER_PINS && listing->busy)
		doubt_pins(&described);
	if (!described.unused && !listing->doubtful)
		return 0;
	leftover_describe(leftover, &described);
	return listing->fn(listing->data, &described);
}

int xdpaction_leftovers(struct xdpaction *ctx, bool doubtful, xdpaction_leftover_fn fn, void *data)
{
	struct search_options options = { .doubtful = doubtful, .thorough = doubtful };
	struct listing listing = { .fn = fn, .data = data, .doubtful = doubtful };

	forget_error(ctx);
	listing.busy = lock_is_taken(ctx);
	return leftovers_each(ctx, &options, list_one, &listing);
}

struct removal {
	const char *path;
	bool force;
	bool found;
};

static int remove_named(struct xdpaction *ctx, const struct leftover *leftover, void *data)
{
	struct removal *removal = data;

	if (strcmp(leftover->path, removal->path))
		return 0;
	removal->found = true;
	if (leftover->use != USE_NONE && !removal->force)
		return fail(ctx, -EBUSY, NULL, "%s is not proven to be unused: %s", leftover->path,
			    leftover->ground);
	return leftover_remove(ctx, leftover);
}

static int clean_named(struct xdpaction *ctx, const char *path, bool force)
{
	struct search_options options = { .doubtful = true, .thorough = true };
	struct removal removal = { .path = path, .force = force };
	int err = leftovers_each(ctx, &options, remove_named, &removal);

	if (err || removal.found)
		return err;
	return fail(ctx, -ENOENT, NULL, "%s is not left over: it is in use, or not there", path);
}

int xdpaction_clean(struct xdpaction *ctx, const char *path, bool force)
{
	CLEANUP(lock_drop) int lock = -1;
	int err;

	forget_error(ctx);
	err = need_privileges(ctx, "clean up");
	if (!err)
		err = lock_take(ctx, &lock);
	if (err)
		return err;
	return path ? clean_named(ctx, path, force) : heal(ctx, 0);
}
