/* SPDX-License-Identifier: GPL-2.0-only */
/* The values of options and operands, by what they mean, and where they go. */
#ifndef VALUES_H
#define VALUES_H

#include "options.h"

extern const struct value_type value_netns;		/* const char * */
extern const struct value_type value_path;		/* const char * */
extern const struct value_type value_ifname;		/* char[XDPACTION_IFNAME_SIZE] */
extern const struct value_type value_verdict;		/* enum xdpaction_verdict */
extern const struct value_type value_mode;		/* enum xdpaction_mode */
extern const struct value_type value_probability;	/* uint64_t, as struct xdpaction_rule */
extern const struct value_type value_duration;		/* uint64_t, nanoseconds */
extern const struct value_type value_packets;		/* uint64_t */
extern const struct value_type value_priority;		/* unsigned int */
extern const struct value_type value_interval;		/* uint64_t, milliseconds */
extern const struct value_type value_count;		/* uint64_t */

#endif /* VALUES_H */
