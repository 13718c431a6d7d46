/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
#ifndef SHELL_H
#define SHELL_H

/* Runs a command line with sh; it must succeed. */
void shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
