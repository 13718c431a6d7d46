/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Arrays that grow one element at a time. */
#ifndef LIST_H
#define LIST_H

#include <stddef.h>
#include <stdlib.h>

/*
 * Makes room for one more element behind the `count` elements of a malloced array,
 * which is NULL at first. Returns the array, which may have moved; NULL, and the
 * array stays as it is, when there is no memory. The room is the next power of two,
 * so nobody has to keep it.
 */
static inline void *list_grow(void *list, size_t count, size_t size)
{
	if (list && count & (count - 1))
		return list;
	return reallocarray(list, count ? 2 * count : 1, size);
}

#endif /* LIST_H */
