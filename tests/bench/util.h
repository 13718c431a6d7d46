/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What every bench needs: the end with a message, a clock, one CPU. */
#ifndef BENCH_UTIL_H
#define BENCH_UTIL_H

#include "support/clock.h"
#include "support/die.h"

/* Silences libbpf, whose errors come back as numbers too. */
void be_quiet(void);

/* Keeps the calling thread on one CPU. */
void pin_to_cpu(int cpu);

/*
 * Moves the process to a network namespace of its own, with nothing in it but
 * `lo`, and to a mount namespace with a bpffs of its own at /sys/fs/bpf. Both
 * vanish with the process.
 */
void enter_private_namespaces(void);

#endif
