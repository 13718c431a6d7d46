/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Random numbers that a seed repeats. */
#ifndef DICE_H
#define DICE_H

#include <stdint.h>

struct dice {
	uint64_t state;
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t dice_u64(struct dice *dice)
{
	uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* A number below `sides`. */
static inline uint32_t dice_roll(struct dice *dice, uint32_t sides)
{
	return dice_u64(dice) % sides;
}

#endif
