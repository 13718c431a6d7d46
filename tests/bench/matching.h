/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* xdp_action with a match. */
#ifndef BENCH_MATCHING_H
#define BENCH_MATCHING_H

#include "program.h"

/* Sets DROP for packets that match an expression of pcap-filter(7), and PASS for the others. */
void match_arm(const struct program *program, const char *expression);

#endif
