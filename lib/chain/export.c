// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* A chain as the callers of the library see it. */
#include <stdio.h>
#include <string.h>

#include "chain/chain.h"

void chain_export(const struct chain *from, uint32_t self_id, struct xdpaction_chain *to)
{
	size_t i;

	memset(to, 0, sizeof(*to));
	to->size = sizeof(*to);
	memcpy(to->ifname, from->link.name, sizeof(to->ifname));
	to->ifindex = from->link.ifindex;
	to->attached = from->link.attached;
	to->mode = from->link.mode;
	to->dispatcher = from->dispatcher;
	to->dispatcher_id = from->dispatcher_id;
	to->dispatcher_format = from->format;
	to->frags = from->frags;
	to->count = from->count;
	for (i = 0; i < from->count; i++) {
		const struct member *member = &from->members[i];
		struct xdpaction_program *program = &to->programs[i];

		program->id = member->program.id;
		snprintf(program->name, sizeof(program->name), "%s", member->program.name);
		program->self = self_id && member->program.id == self_id;
		program->priority = member->priority;
		program->chain_actions = member->chain_actions;
	}
}
