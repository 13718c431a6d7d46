// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * xdp_action for kernels before 5.12, which also refuse a program with an
 * atomic instruction that returns a value, even where it is never reached.
 */
#define XDP_ACTION_WITHOUT_FRAGS
#define XDP_ACTION_WITHOUT_BUDGET

#include "xdp_action.bpf.c"
