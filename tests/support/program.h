/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
#ifndef SUPPORT_PROGRAM_H
#define SUPPORT_PROGRAM_H

#include <stdint.h>

/* Loads an XDP program that passes every packet; returns its descriptor. `id` may be NULL. */
int pass_program_load(uint32_t *id);

#endif
