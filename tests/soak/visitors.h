/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * What happens beside the settings: neighbours come and go before and behind the
 * instance, it is upgraded now and then, and `metrics` is asked.
 */
#ifndef VISITORS_H
#define VISITORS_H

/* Starts them in a thread of their own. */
void visitors_start(void);
/* Waits until the last has gone. */
void visitors_stop(void);
/* "" or what has been wrong so far. */
const char *visitors_wrong(void);
/* How often what happened, in a line. */
void visitors_print(void);

#endif /* VISITORS_H */
