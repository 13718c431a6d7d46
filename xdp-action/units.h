/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers in words. Each function writes into the caller's buffer, for which
 * UNITS_SIZE is enough, and returns it.
 */
#ifndef UNITS_H
#define UNITS_H

#include <stdint.h>

#define UNITS_SIZE 48

/* "1,204" */
const char *units_count(char out[UNITS_SIZE], uint64_t count);
/* "0 B", "1.6 MiB" */
const char *units_bytes(char out[UNITS_SIZE], uint64_t bytes);
/* "1,204" or, below ten, "0.5" */
const char *units_per_second(char out[UNITS_SIZE], double rate);
/* "0 bit/s", "9.87 Mbit/s", in powers of 1000 */
const char *units_bit_rate(char out[UNITS_SIZE], double rate);
/* "30 s", "1.5 s", "1 min 30 s": nothing is left out */
const char *units_duration(char out[UNITS_SIZE], uint64_t ns);
/* "350 ms", "23 s", "4 min 59 s", "2 d 3 h": as exact as a reader wants it */
const char *units_time_left(char out[UNITS_SIZE], uint64_t ns);
/* "0.05": the shortest fraction that parse_probability() reads as this value */
const char *units_fraction(char out[UNITS_SIZE], uint64_t probability);
/* "5%": the same as a percentage */
const char *units_percent(char out[UNITS_SIZE], uint64_t probability);
/* "2024-05-01T12:00:00Z" */
const char *units_iso_time(char out[UNITS_SIZE], uint64_t realtime_ns);

#endif /* UNITS_H */
