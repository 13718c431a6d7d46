/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
#ifndef DISPATCHER_1_H
#define DISPATCHER_1_H

#include <linux/types.h>

/* The configuration of a dispatcher of format 1. Nothing in it says so. */
struct dispatcher_1 {
	__u8 count;
	__u32 chain_actions[10];
	__u32 priorities[10];
};

#endif
