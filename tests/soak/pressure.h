/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * Two CPUs send at full speed while settings of every kind change a thousand times
 * a second, or as fast as it goes, neighbours come and go, the program is upgraded
 * and `monitor`, `poll` and `metrics` look on. Every frame must be accounted for.
 */
#ifndef PRESSURE_H
#define PRESSURE_H

/* For so long, without an instance before and after. Speaks TAP. */
void pressure_run(const char *from, unsigned int seconds);

#endif /* PRESSURE_H */
