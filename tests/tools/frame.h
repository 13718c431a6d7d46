/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Frames that know which one they are. */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MIN	60
#define FRAME_MAX	9014
/* Before the number of the frame: two addresses, a VLAN tag, type, mark. */
#define FRAME_HEAD	32

struct frame_shape {
	unsigned char destination[6];
	unsigned char source[6];
	/* 0: without a tag. */
	unsigned int vlan;
	size_t length;
};

/* Tells the frames of one run from those of another. */
uint32_t frame_run(void);

/* Fills in `shape->length` bytes. */
void frame_make(unsigned char *frame, const struct frame_shape *shape, uint32_t run,
		uint32_t sender, uint32_t number);

/* Reads what frame_make() wrote, with or without the tag; false: another frame. */
bool frame_read(const unsigned char *frame, size_t length, uint32_t run, uint32_t *sender,
		uint32_t *number);

#endif
