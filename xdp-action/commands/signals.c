// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>

#include "commands.h"

/* One that the caller ignores, as nohup(1) does, would come all the same when it is blocked. */
static void add_heeded(sigset_t *signals, int signal_number)
{
	struct sigaction now;

	if (sigaction(signal_number, NULL, &now) || now.sa_handler != SIG_IGN)
		sigaddset(signals, signal_number);
}

int signals_take(const int *also, size_t count, int *fd)
{
	sigset_t signals;
	size_t i;

	/* These also where a shell has set them to be ignored, for a background job. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	for (i = 0; i < count; i++)
		add_heeded(&signals, also[i]);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	*fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return *fd < 0 ? -errno : 0;
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
