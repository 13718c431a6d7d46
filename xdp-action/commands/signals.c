// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <signal.h>
#include <stddef.h>

#include "commands.h"

void take_signal(sigset_t *taken, int signal_number)
{
	struct sigaction now;

	if (sigaction(signal_number, NULL, &now) || now.sa_handler != SIG_IGN)
		sigaddset(taken, signal_number);
}

void die_of(int signal_number)
{
	sigset_t signals;

	signal(signal_number, SIG_DFL);
	sigemptyset(&signals);
	sigaddset(&signals, signal_number);
	raise(signal_number);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
}
