/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* The Test Anything Protocol: one line for each promise. */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>

/* Prints "ok" or "not ok" and returns `good`. */
bool ok(bool good, const char *name, ...) __attribute__((format(printf, 2, 3)));

/* One promise that cannot be checked here, and why. */
void skip(const char *reason, const char *name, ...) __attribute__((format(printf, 2, 3)));

/* A line that explains. */
void note(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Ends the process: the fixture is broken, no promise was checked. */
void bail(const char *text, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Prints the plan; returns the exit status of the process: nothing promised is a failure. */
int finish(void);

#endif
