/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * `monitor` and `poll`, which look on while settings change, and whether what
 * they tell is what happened.
 */
#ifndef ONLOOKERS_H
#define ONLOOKERS_H

#include <stdbool.h>
#include <stdint.h>

#include "growth.h"
#include "xdpaction.h"

/* What happened to the chain, as far as others did it. */
enum onlooker_event { ONLOOKER_JOINED, ONLOOKER_LEFT, ONLOOKER_UPGRADED, ONLOOKER_EVENTS };

/* Start when nothing happens, and return when they look on. `status` is of that time. */
void onlookers_start(const struct xdpaction_status *status);

/* Between these two a setting is changed; to what, or NULL where it was not. */
void onlookers_before_set(void);
void onlookers_after_set(uint64_t generation, const struct xdpaction_setting *setting);
/* Something is about to happen to the chain. */
void onlookers_expect(enum onlooker_event event);
/* Waits until monitor has told all of that; false when it does not. */
bool onlookers_told(void);

/* How much memory and how many descriptors they use, when nothing happens. */
void onlookers_usage(struct usage *monitor, struct usage *poll);

/* What has been wrong so far; "" if nothing. */
const char *onlookers_monitor_wrong(void);
const char *onlookers_poll_wrong(void);

/*
 * Ends them when nothing happens any more. `status` is of that time, and each must
 * have told all that led to it.
 */
void onlookers_stop(const struct xdpaction_status *status);

/* What they told, in a line. */
void onlookers_print(void);

#endif /* ONLOOKERS_H */
