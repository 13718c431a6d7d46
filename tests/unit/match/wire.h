/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Random packets: well-formed for the most part, then cut or spoiled. */
#ifndef WIRE_H
#define WIRE_H

#include <stdint.h>

#include "dice.h"

/* How many hosts, ports and VLANs the packets are of, so that expressions find them. */
#define WIRE_HOSTS 4
#define WIRE_PORT 80
#define WIRE_PORTS 6
#define WIRE_VLANS 3

#define WIRE_SIZE 9000
/* The kernel takes no shorter one. */
#define WIRE_LEAST 14

/* Returns its length, WIRE_LEAST to `most`, which is WIRE_SIZE at most. */
uint32_t wire_make(struct dice *dice, uint8_t packet[WIRE_SIZE], uint32_t most);

#endif
