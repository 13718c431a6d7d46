// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Settings without the room that their expressions leave, for who keeps thousands of them. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "instance/instance.h"

/* Where the expressions are, in this order. What is between them is copied as it is. */
static const size_t expressions[] = {
	offsetof(struct xdpaction_setting, rule.match),
	offsetof(struct xdpaction_setting, rule.except),
	offsetof(struct xdpaction_setting, rule.spares),
	offsetof(struct xdpaction_setting, base.match),
	offsetof(struct xdpaction_setting, base.except),
	offsetof(struct xdpaction_setting, base.spares),
};

static size_t packed_size(const struct xdpaction_setting *setting)
{
	size_t i, size = sizeof(*setting);

	for (i = 0; i < ARRAY_SIZE(expressions); i++)
		size -= XDPACTION_EXPRESSION_SIZE - 1 -
			strlen((const char *)setting + expressions[i]);
	return size;
}

void setting_repack(const struct xdpaction_setting *setting, char *packed)
{
	const char *from = (const char *)setting;
	size_t i, length, at = 0;

	for (i = 0; i < ARRAY_SIZE(expressions); i++) {
		length = expressions[i] - at + strlen(from + expressions[i]) + 1;
		memcpy(packed, from + at, length);
		packed += length;
		at = expressions[i] + XDPACTION_EXPRESSION_SIZE;
	}
	memcpy(packed, from + at, sizeof(*setting) - at);
}

char *setting_pack(const struct xdpaction_setting *setting)
{
	char *packed = malloc(packed_size(setting));

	if (packed)
		setting_repack(setting, packed);
	return packed;
}

void setting_unpack(const char *packed, struct xdpaction_setting *setting)
{
	char *to = (char *)setting;
	size_t i, length, at = 0;

	for (i = 0; i < ARRAY_SIZE(expressions); i++) {
		length = expressions[i] - at;
		length += strlen(packed + length) + 1;
		memcpy(to + at, packed, length);
		packed += length;
		at = expressions[i] + XDPACTION_EXPRESSION_SIZE;
	}
	memcpy(to + at, packed, sizeof(*setting) - at);
}
