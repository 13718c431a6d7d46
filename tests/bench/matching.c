// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "matching.h"

#include "instance/instance.h"
#include "util.h"

/* The number of the setting, and that of its match. */
#define SEQUENCE 1
#define NUMBER 1

static void store_match(const struct program *program, const char *expression)
{
	static struct xdp_action_match match;
	const struct match_request request = {
		.link = MATCH_LINK_ETHERNET,
		.room = XDP_ACTION_MATCH_STEPS,
		.match = expression,
	};
	int outer = bpf_map__fd(program_map(program, XDP_ACTION_MATCHES_MAP));

	if (match_compile(NULL, &request, &match))
		die("cannot compile '%s'", expression);
	match.number = NUMBER;
	if (matches_begin(NULL, outer, &match))
		die("cannot store the match '%s'", expression);
}

void match_arm(const struct program *program, const char *expression)
{
	struct xdp_action_data data = {
		.action = (uint64_t)XDP_DROP << XDP_ACTION_VERDICT_SHIFT |
			  (uint64_t)XDP_PASS << XDP_ACTION_OTHERWISE_SHIFT |
			  (uint64_t)XDP_ACTION_F_MATCH << XDP_ACTION_FLAGS_SHIFT |
			  (uint64_t)SEQUENCE << XDP_ACTION_SEQUENCE_SHIFT,
		.magic = XDP_ACTION_MAGIC,
		.version = XDP_ACTION_VERSION,
		.size = sizeof(data),
		.sequence = SEQUENCE,
	};
	uint32_t key = 0;

	store_match(program, expression);
	data.slots[SEQUENCE].match[0] = NUMBER;
	program_map_set(program, XDP_ACTION_DATA_MAP, &key, &data, sizeof(data));
}
