/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Many commands at once. */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CROWD_MAX 128
#define MESSAGE_MAX 1024

struct job {
	/* Words of a command line, split at blanks; the first is a path or is found in PATH. */
	char command[512];
	/* What the test makes of it. */
	unsigned int interface;
	unsigned int kind;

	pid_t pid;
	int status;		/* exit status; -1: it did not end by itself */
	char message[MESSAGE_MAX];	/* what it said on both streams */
};

struct crowd {
	struct job jobs[CROWD_MAX];
	size_t count;
};

struct job *crowd_add(struct crowd *crowd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Starts all at once and waits; false when one had to be ended after `limit_s`. */
bool crowd_run(struct crowd *crowd, unsigned int limit_s);

#endif /* CROWD_H */
