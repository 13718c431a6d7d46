/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Parts of JSON documents that several forms have. */
#ifndef PARTS_H
#define PARTS_H

#include "forms.h"
#include "json/json.h"

json_t *setting_json(const struct named_setting *setting);
/* "time" or "packets". */
const char *end_key(enum xdpaction_end end);

#endif /* PARTS_H */
