/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
#ifndef UTIL_H
#define UTIL_H

#include <stdbool.h>

#include "support/shell.h"
#include "support/tap.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#endif /* UTIL_H */
