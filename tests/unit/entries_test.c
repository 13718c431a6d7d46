// SPDX-License-Identifier: GPL-2.0-only
/* A directory that could not be read to its end is not taken for a short one. */
#include <fcntl.h>
#include <string.h>

#include "heal/heal.h"
#include "support/tap.h"

#define SOME_ERROR (-EXDEV)

struct seen {
	unsigned int count;
	bool dots;
	int close_fd;	/* -1: none */
	int give;	/* what on_entry() returns */
};

static int on_entry(struct xdpaction *ctx, const char *name, void *data)
{
	struct seen *seen = data;

	(void)ctx;
	seen->count++;
	seen->dots |= name[0] == '.';
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
	int unread = 1;

	if (xdpaction_new(&ctx))
		bail("no context");

	ok(!entries_read(ctx, "/", on_entry, &whole, &unread) && !unread && whole.count,
	   "a directory is read");
	ok(!whole.dots, "but for . and ..");

	/* The number that the directory will get. */
	broken.close_fd = open("/", O_RDONLY | O_CLOEXEC);
	close(broken.close_fd);
	ok(!entries_read(ctx, "/", on_entry, &broken, &unread) && unread == -EBADF,
	   "an error in the middle is told");

	ended.give = SOME_ERROR;
	ok(entries_read(ctx, "/", on_entry, &ended, &unread) == SOME_ERROR && ended.count == 1,
	   "an error of the caller ends it");
	ok(!entries_read(ctx, "/nonexistent", on_entry, &none, &unread) && unread == -ENOENT &&
		   !none.count,
	   "no directory has no entries, which is told");

	xdpaction_free(ctx);
	return finish();
}
