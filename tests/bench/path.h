/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What every packet pays for in the main function of a program. */
#ifndef BENCH_PATH_H
#define BENCH_PATH_H

/*
 * Returns the translated instructions on the shortest way through the main
 * function of a program that adds to a byte counter, the second word of a map
 * value; on the shortest way of all where it has none.
 *
 * In xdp_action that is the way of a plain verdict.
 */
unsigned int shortest_counting_path(int program_fd);

/*
 * Returns how many of the registers that a function has to save its main function uses
 * anywhere. A JIT compiler saves and restores them whichever way the packet takes.
 */
unsigned int saved_registers(int program_fd);

#endif
