/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
#ifndef HEX_H
#define HEX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads a frame from a line of text, "HEX [LENGTH]", into `room` bytes, the rest of
 * which become 0. Returns its length, which LENGTH can make larger.
 */
size_t hex_read(const char *line, uint8_t *frame, size_t room);

#endif
