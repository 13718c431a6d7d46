/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * Frames of many flows from two CPUs at full speed, and what the kernel itself
 * says became of them.
 */
#ifndef FLOOD_H
#define FLOOD_H

#include <stdbool.h>
#include <stdint.h>

#define FLOOD_FRAME_BYTES 60

/* Expressions for some of the frames. */
#define FLOOD_MATCHES "udp port 7", "udp[1] & 3 = 1", "ip src 10.9.9.8 and udp dst port 9"

/* All since the flood was made ready. */
struct flood_account {
	/* Frames that were offered; those of them that found the queue full. */
	uint64_t sent, refused;
	/* Of those that came in, by the driver, which counts what the program returned. */
	uint64_t received, dropped, sent_on;
	/* Frames that the network stack got to see. */
	uint64_t passed;
};

/* Frames leave by `from` and come in at `to`. No frame is sent yet. */
void flood_start(const char *from, const char *to);
void flood_stop(void);

/* Lets it flow; or stops it, and returns when no sender sends any more. */
void flood_flow(bool on);

/* How many frames were offered by now, or are about to be. */
uint64_t flood_sent(void);

void flood_account(struct flood_account *account);

#endif /* FLOOD_H */
