// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * xdp_action for kernels before 5.18, which know no frames with fragments and
 * refuse a program that calls the helper for their length.
 */
#define XDP_ACTION_WITHOUT_FRAGS

#include "xdp_action.bpf.c"
