/* SPDX-License-Identifier: GPL-2.0-only */
/* Files below /proc/PID. */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <sys/types.h>

/* Opens /proc/PID/NAME for reading; returns a descriptor or a negative errno value. */
int proc_open(pid_t pid, const char *name);

/*
 * Reads a short file whole, as a string that is cut where it does not fit.
 * Returns 0 or a negative errno value.
 */
int proc_read(pid_t pid, const char *name, char *text, size_t size);

/* True for an error by which /proc says that a process has ended. */
bool proc_is_gone(int err);

#endif /* PROC_H */
