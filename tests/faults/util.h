/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UTIL_H
#define UTIL_H

#include <stdbool.h>

#include "support/tap.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Runs a command line with sh; it must succeed. */
void shell(const char *fmt, ...) PRINTF(1, 2);

#endif /* UTIL_H */
