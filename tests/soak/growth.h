/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What must not grow: memory and descriptors of a process, objects in the kernel. */
#ifndef GROWTH_H
#define GROWTH_H

#include <stddef.h>
#include <sys/types.h>

#include "xdpaction.h"

struct usage {
	size_t heap_bytes;	/* in use, of this process; 0 for another one */
	size_t resident_kib;
	unsigned int descriptors;
};

/* Of another process, or with 0 of this one. */
void usage_read(pid_t pid, struct usage *usage);

/* Notes an instance: its program, its maps, its dispatcher. */
void objects_note(const struct xdpaction_status *status);
/* "" when all that was noted is gone from the kernel, now or a little later. */
const char *objects_gone(void);

#endif /* GROWTH_H */
