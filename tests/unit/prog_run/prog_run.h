/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* The groups of checks. Each leaves the instance in any state. */
#ifndef PROG_RUN_H
#define PROG_RUN_H

#include "instance.h"
#include "support/tap.h"

void check_verdicts(struct instance *instance);
void check_frames(struct instance *instance);
/* `instance` takes frags; NULL where the kernel cannot. */
void check_frags(struct instance *instance);
void check_chance(struct instance *instance);
void check_deadline(struct instance *instance);
void check_budget(struct instance *instance);
/* With so many packets, and a tenth of that of flows, for what only chance tells. */
void check_more(struct instance *instance, uint32_t packets);
void check_races(struct instance *instance);
void check_match(struct instance *instance);
/* As check_frags(). */
void check_match_frags(struct instance *instance);

#endif
