/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

#define SECOND_NS UINT64_C(1000000000)
#define MILLISECOND_NS UINT64_C(1000000)

/* Nanoseconds of a clock, CLOCK_THREAD_CPUTIME_ID for one. */
uint64_t clock_ns(clockid_t clock);

#endif
