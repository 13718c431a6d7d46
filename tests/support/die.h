/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
#ifndef DIE_H
#define DIE_H

/* Prints the name of the program and a message to stderr, and ends with status 1. */
void die(const char *text, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
