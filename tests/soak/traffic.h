/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * Frames sent to the interface under test, from two CPUs at once: a stream that
 * flows while something happens, or an exact number of them; and how many of
 * them the network stack got to see.
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <stdbool.h>
#include <stdint.h>

#define FRAME_BYTES 60

/* Starts the senders, which wait. Frames leave by `from` and come in at `to`. */
void traffic_start(const char *from, const char *to);
void traffic_stop(void);

/* Lets the stream flow, or stops it and waits until the last frame has come in. */
void traffic_flow(bool on);

/*
 * Sends exactly so many frames, one half from each CPU, and waits until all
 * have come in; false when some have not. Not while the stream flows.
 */
bool traffic_send(unsigned int count);

/* Frames that the network stack got of `to` since the last call. */
unsigned int traffic_passed(void);

/* Frames that the kernel says an interface received. */
uint64_t traffic_received(unsigned int ifindex);

#endif /* TRAFFIC_H */
