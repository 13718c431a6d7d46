/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What must not grow: memory and descriptors of a process, objects in the kernel. */
#ifndef GROWTH_H
#define GROWTH_H

#include <stddef.h>
#include <sys/types.h>

#include "faults/look.h"
#include "xdpaction.h"

struct usage {
	size_t heap_bytes;	/* in use, of this process; 0 for another one */
	size_t resident_kib;
	unsigned int descriptors;
};

/* Of another process, or with 0 of this one. */
void usage_read(pid_t pid, struct usage *usage);
/* The same of one that opens what it looks at and closes it again. */
void usage_read_least(pid_t pid, struct usage *usage);
/* "" when it has not grown. */
const char *usage_compare(const struct usage *before, const struct usage *after);

/* Notes an instance: its program, its maps, its dispatcher. */
void objects_note(const struct xdpaction_status *status);
/* "" when all that was noted is gone from the kernel, now or a little later. */
const char *objects_gone(void);
/* "" when the kernel holds what it held before, now or a little later. Nobody else uses BPF. */
const char *objects_compare(const struct objects *before);
/* What the kernel uses for itself and cannot give back. */
size_t kernel_memory_kib(void);

#endif /* GROWTH_H */
