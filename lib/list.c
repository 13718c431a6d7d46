// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Arrays that grow one element at a time. */
#include <stdlib.h>

#include "context.h"

/* The room is the next power of two, so nobody has to keep it. */
void *list_grow(void *list, size_t count, size_t size)
{
	if (list && count & (count - 1))
		return list;
	return reallocarray(list, count ? 2 * count : 1, size);
}
