// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <string.h>
#include <unistd.h>

#include "frame.h"

/* Local experiments, IEEE 802.1. */
static const unsigned char type[] = { 0x88, 0xb5 };
static const unsigned char tag_type[] = { 0x81, 0x00 };

/* What follows the type. Both ends are the same machine: no byte order. */
struct mark {
	uint32_t run;
	uint32_t sender;
	uint32_t number;
};

uint32_t frame_run(void)
{
	return 0xac710000u + getpid();
}

static unsigned char *append(unsigned char *at, const void *data, size_t length)
{
	memcpy(at, data, length);
	return at + length;
}

void frame_make(unsigned char *frame, const struct frame_shape *shape, uint32_t run,
		uint32_t sender, uint32_t number)
{
	const unsigned char tag[] = { shape->vlan >> 8, shape->vlan };
	const struct mark mark = { run, sender, number };
	unsigned char *at = frame;

	memset(frame, 0, shape->length);
	at = append(at, shape->destination, sizeof(shape->destination));
	at = append(at, shape->source, sizeof(shape->source));
	if (shape->vlan) {
		at = append(at, tag_type, sizeof(tag_type));
		at = append(at, tag, sizeof(tag));
	}
	at = append(at, type, sizeof(type));
	append(at, &mark, sizeof(mark));
}

bool frame_read(const unsigned char *frame, size_t length, uint32_t run, uint32_t *sender,
		uint32_t *number)
{
	const unsigned char *at = frame + 12;
	struct mark mark;

	if (length < FRAME_HEAD)
		return false;
	if (!memcmp(at, tag_type, sizeof(tag_type)))
		at += 4;
	if (memcmp(at, type, sizeof(type)))
		return false;
	memcpy(&mark, at + sizeof(type), sizeof(mark));
	if (mark.run != run)
		return false;
	*sender = mark.sender;
	*number = mark.number;
	return true;
}
