// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "support/die.h"

size_t hex_read(const char *line, uint8_t *frame, size_t room)
{
	size_t length = 0, wanted;
	unsigned int byte;

	memset(frame, 0, room);
	for (; isxdigit((unsigned char)*line) && length < room; line += 2) {
		if (sscanf(line, "%2x", &byte) != 1)
			die("'%s' is not a byte", line);
		frame[length++] = byte;
	}
	wanted = strtoul(line, NULL, 10);
	if (wanted > room)
		die("a frame has at most %zu bytes", room);
	return wanted > length ? wanted : length;
}
