/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Another program that runs as if the caller had started it. */
#ifndef CHILD_H
#define CHILD_H

#include <signal.h>
#include <sys/types.h>

#include "cli.h"

struct child {
	pid_t pid;
	/* A socket. Tells why it could not be executed; at its end when it was, or is over. */
	int failure;
	/* The signals that are for it or tell of it come here, as struct signalfd_siginfo. */
	int signals;
	/* Those of them that came before it ran, which it has been told of. */
	sigset_t early;
	/* What the caller has blocked, and does with signals that are changed here. */
	sigset_t mask;
	struct sigaction sigchld, sigttou;
};

/*
 * Takes the signals that are for a child from now on, so that they do not interrupt what
 * is done before it is started. Returns 0 or a negative errno value.
 */
int child_prepare(struct child *child);

/*
 * Starts it in the process group of the caller, so that it has the terminal as the caller
 * has, with the caller's signals, limits and network namespace. Returns 0 or a negative
 * errno value.
 */
int child_start(struct child *child, const struct cli *cli);

/* Why it could not be executed, as a negative errno value; 0: it was. */
int child_failure(const struct child *child);

/* Reads a signal, and hands it on where it has not reached the child as well. */
void child_pass_signal(struct child *child);

/* True when it has ended; *status is an exit status as a shell has it then. */
bool child_has_ended(const struct child *child, int *status);

void child_close(struct child *child);

#endif /* CHILD_H */
