// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* "upgrades IFNAME TIMES": puts the program in its own place so often, and says how often. */
#include <stdio.h>
#include <stdlib.h>

#include "support/die.h"
#include "xdpaction.h"

static uint32_t program_id(struct xdpaction *ctx, const char *ifname)
{
	struct xdpaction_status status = { .size = sizeof(status) };

	if (xdpaction_status(ctx, ifname, &status))
		die("%s", xdpaction_error(ctx));
	return status.program_id;
}

int main(int argc, char **argv)
{
	unsigned long i, times = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	struct xdpaction *ctx;
	uint32_t before, after;
	bool changed;

	if (!times)
		die("usage: upgrades IFNAME TIMES");
	if (xdpaction_new(&ctx))
		die("no memory");
	before = program_id(ctx, argv[1]);
	for (i = 0; i < times; i++) {
		if (xdpaction_upgrade(ctx, argv[1], true, &changed))
			die("upgrade %lu: %s", i, xdpaction_error(ctx));
		after = program_id(ctx, argv[1]);
		if (!changed || after == before)
			die("upgrade %lu: the program %u still runs", i, before);
		before = after;
	}
	printf("%lu\n", times);
	xdpaction_free(ctx);
	return EXIT_SUCCESS;
}
