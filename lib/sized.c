// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Structures that callers allocate. They begin with their size and grow at their
 * end, so that of a caller may be shorter or longer than ours.
 */
#include <string.h>

#include "context.h"

static size_t size_of(const void *structure)
{
	size_t size;

	memcpy(&size, structure, sizeof(size));
	return size;
}

static bool all_zero(const unsigned char *bytes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (bytes[i])
			return false;
	return true;
}

int sized_check(struct xdpaction *ctx, const void *out)
{
	if (size_of(out) > sizeof(size_t))
		return 0;
	return fail(ctx, -EINVAL, NULL, "a structure does not begin with its size");
}

int sized_read(struct xdpaction *ctx, void *to, size_t size, const void *from)
{
	size_t given = size_of(from), known = given < size ? given : size;
	int err = sized_check(ctx, from);

	if (err)
		return err;
	if (!all_zero((const unsigned char *)from + known, given - known))
		return fail(ctx, -E2BIG, NULL, "a structure has members that this version of the library does not know");
	memset(to, 0, size);
	memcpy(to, from, known);
	memcpy(to, &size, sizeof(size));
	return 0;
}

void sized_write(void *to, const void *from)
{
	size_t room = size_of(to), size = size_of(from), both = room < size ? room : size;

	memset(to, 0, room);
	memcpy(to, from, both);
	memcpy(to, &room, sizeof(room));
}
