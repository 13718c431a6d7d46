/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* How far the plain path may grow, whatever a clock says. */
#ifndef BENCH_SIZE_LIMITS_H
#define BENCH_SIZE_LIMITS_H

#include <stdbool.h>

#include "program.h"

/*
 * Compares a program with a file of limits, and prints to
 * stderr what is above. A limit that the file does not have ends the process.
 */
bool limits_hold(const char *path, const struct program_size *size);

#endif
