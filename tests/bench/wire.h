/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * A veth pair in the process's own network namespace, and what is to be known
 * of it. Frames go in at WIRE_FROM and are received at WIRE_TO; nothing else is
 * in the namespace, so that none can leave it.
 */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdint.h>

#define WIRE_FROM "wire0"
#define WIRE_TO "wire1"

/*
 * Makes the pair, with a queue for each of `queues` CPUs. WIRE_TO has the MAC
 * and IP address that udp_frame() writes to, and receives frames of XDP
 * without a program as well.
 */
void wire_make(unsigned int queues);

unsigned int wire_ifindex(const char *name);

/* Packets that the interface has received so far. */
uint64_t wire_received(const char *name);

/* Packets that IP has handed on to UDP so far. */
uint64_t wire_delivered(void);

#endif
