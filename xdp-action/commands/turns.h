/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * One interface after the other, which takes long where there are many: a terminal shows how
 * far it is, and who interrupts it does so between two of them.
 */
#ifndef TURNS_H
#define TURNS_H

#include "cli.h"

struct turns {
	struct cli *cli;
	const char *made;	/* "loaded" */
	size_t total;
	size_t done;		/* the caller counts them */
	uint64_t began_ns;
};

/* The first signal waits for the interface that it is at, the second ends the process at once. */
void turns_begin(struct turns *turns, struct cli *cli, const char *made, size_t total);

/*
 * To be asked before each. False when it was interrupted, which is said then; the process is to
 * end by the signal, which is in cli->interrupted.
 */
bool turns_next(struct turns *turns, const char *ifname);

void turns_end(void);

#endif /* TURNS_H */
