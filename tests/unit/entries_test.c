// SPDX-License-Identifier: GPL-2.0-only
/* A directory that could not be read to its end is not taken for a short one. */
#include <fcntl.h>
#include <string.h>

#include "heal/heal.h"
#include "support/tap.h"

#define SOME_ERROR (-EXDEV)

struct seen {
	unsigned int count;
	int close_fd;	/* -1: none */
	int give;	/* what on_entry() returns */
};

static int on_entry(struct xdpaction *ctx, const char *name, void *data)
{
	struct seen *seen = data;

	(void)ctx;
	(void)name;
	seen->count++;
	if (seen->close_fd >= 0)
		close(seen->close_fd);
	seen->close_fd = -1;
	return seen->give;
}

int main(void)
{
	struct seen whole = { .close_fd = -1 }, broken = { 0 }, ended = { .close_fd = -1 };
	struct seen none = { .close_fd = -1 };
	struct xdpaction *ctx;

	if (xdpaction_new(&ctx))
		bail("no context");

	ok(!entries_each(ctx, "/", on_entry, &whole) && whole.count, "a directory is read");

	/* The number that the directory will get. */
	broken.close_fd = open("/", O_RDONLY | O_CLOEXEC);
	close(broken.close_fd);
	ok(entries_each(ctx, "/", on_entry, &broken) == -EBADF && strstr(xdpaction_error(ctx), "/"),
	   "an error in the middle is told");

	ended.give = SOME_ERROR;
	ok(entries_each(ctx, "/", on_entry, &ended) == SOME_ERROR && ended.count == 1,
	   "an error of the caller ends it");
	ok(!entries_each(ctx, "/nonexistent", on_entry, &none) && !none.count,
	   "no directory has no entries");
	ok(entries_each(ctx, "/dev/null", on_entry, &none) == -ENOTDIR && !none.count,
	   "what cannot be read is no empty directory");

	xdpaction_free(ctx);
	return finish();
}
