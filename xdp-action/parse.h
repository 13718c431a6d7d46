/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Strict readers of what stands on a command line. Each takes the whole text
 * or nothing: no white space, no sign, no locale, no rest. Each returns true
 * and stores the value, or returns false and leaves it alone.
 */
#ifndef PARSE_H
#define PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "xdpaction.h"

/* A decimal number from min to max. */
bool parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/*
 * A number with a unit, "500ms", "1.5s", into nanoseconds; ns, us, ms, s, m,
 * h, d. From XDPACTION_DURATION_MIN_NS to XDPACTION_DURATION_MAX_NS, and a
 * whole number of nanoseconds.
 */
bool parse_duration(const char *text, uint64_t *ns);

/*
 * "5%", "0.1%" or, as a fraction, "0.05", into units of 2^-32, rounded to the
 * nearest. Only a true 0 gives 0, and only a true 1 gives XDPACTION_ALWAYS.
 */
bool parse_probability(const char *text, uint64_t *probability);

/* A name that the kernel allows an interface to have. */
bool parse_ifname(const char *text, char name[XDPACTION_IFNAME_SIZE]);

#endif /* PARSE_H */
