/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UTIL_H
#define UTIL_H

#include <stdbool.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Says what is wrong with the test itself, and ends it: "Bail out!" in TAP. */
void die(const char *fmt, ...) PRINTF(1, 2) __attribute__((noreturn));

/* Runs a command line with sh; it must succeed. */
void shell(const char *fmt, ...) PRINTF(1, 2);

#endif /* UTIL_H */
