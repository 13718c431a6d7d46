// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Sets of ids of kernel objects. */
#include <stdlib.h>

#include "heal/heal.h"

int ids_add(struct xdpaction *ctx, struct ids *ids, uint64_t id)
{
	uint64_t *grown = list_grow(ids->list, ids->count, sizeof(*grown));

	if (!grown)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	ids->list = grown;
	grown[ids->count++] = id;
	return 0;
}

bool ids_have(const struct ids *ids, uint64_t id)
{
	size_t i;

	for (i = 0; i < ids->count; i++)
		if (ids->list[i] == id)
			return true;
	return false;
}

void ids_free(struct ids *ids)
{
	free(ids->list);
	*ids = (struct ids){ 0 };
}
