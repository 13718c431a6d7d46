// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Keeps libxdp apart. It leaks descriptors (1.3.1 three with each detach) and
 * waits for its lock without a time-out. So it runs in a thread that has its own
 * table of descriptors, which the kernel closes when the thread ends, and a
 * signal whose handler does nothing ends the wait.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "attach/attach.h"
#include "bpffs/bpffs.h"

/* Twenty others finish their changes in this time; the wait for our own lock is longer. */
#define LIBXDP_TIMEOUT_NS (20 * NSEC_PER_SEC)
/* The signal may arrive before the wait begins, so it is repeated. */
#define WAKE_INTERVAL_NS (100 * NSEC_PER_MSEC)
/* How often to check what the thread is doing. */
#define LOOK_INTERVAL_NS (100 * NSEC_PER_MSEC)

struct apart_call {
	struct xdpaction *ctx;
	apart_fn fn;
	void *data;
	int err;
	struct refusal refusal;
	_Atomic pid_t tid;
};

static int wake_signal(void)
{
	return SIGRTMAX;
}

static void *call_apart(void *data)
{
	struct apart_call *call = data;
	sigset_t all;

	/* The caller's signals are for the caller's threads. */
	sigfillset(&all);
	sigdelset(&all, wake_signal());
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	/* Where this is forbidden, descriptors leak; nothing else is lost. */
	unshare(CLONE_FILES);

	call->tid = gettid();
	forget_refusal();
	call->err = call->fn(call->ctx, call->data);
	call->refusal = refusal_keep();
	return NULL;
}

/* False when the thread has not ended in time. */
static bool join_within(pthread_t thread, uint64_t timeout_ns)
{
	uint64_t end_ns = monotonic_ns() + timeout_ns;
	struct timespec end = { .tv_sec = end_ns / NSEC_PER_SEC, .tv_nsec = end_ns % NSEC_PER_SEC };

	return !pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &end);
}

/*
 * Whether the kernel shows the thread waiting for libxdp's lock. It may also be
 * in the verifier, which takes long on a slow machine. What cannot be seen counts
 * as waiting, so that no wait is endless.
 */
static bool waits_for_lock(pid_t tid)
{
	long number = -1;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", (int)tid);
	file = fopen(path, "re");
	if (!file)
		return true;
	/* A running thread has no number there. */
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return number == SYS_flock;
}

/* False when the thread has waited too long for the lock without a break. */
static bool join_in_time(pthread_t thread, const struct apart_call *call)
{
	uint64_t waited_ns = 0;

	while (!join_within(thread, LOOK_INTERVAL_NS)) {
		waited_ns = waits_for_lock(call->tid) ? waited_ns + LOOK_INTERVAL_NS : 0;
		if (waited_ns >= LIBXDP_TIMEOUT_NS)
			return false;
	}
	return true;
}

static void on_wake(int signal)
{
	(void)signal;
}

/* Ends a thread's wait for libxdp's lock, and with it the thread. */
static void wake(pthread_t thread)
{
	struct sigaction quiet = { .sa_handler = on_wake }, before;

	sigaction(wake_signal(), &quiet, &before);
	do {
		pthread_kill(thread, wake_signal());
	} while (!join_within(thread, WAKE_INTERVAL_NS));
	sigaction(wake_signal(), &before, NULL);
}

int call_libxdp(struct xdpaction *ctx, const char *ifname, apart_fn fn, void *data)
{
	struct apart_call call = { .ctx = ctx, .fn = fn, .data = data };
	bool in_time;
	pthread_t thread;
	int err;

	err = -pthread_create(&thread, NULL, call_apart, &call);
	if (err)
		return fail_on(ctx, ifname, err, NULL, "cannot start a thread for libxdp: %s",
			       strerror(-err));
	in_time = join_in_time(thread, &call);
	if (!in_time)
		wake(thread);
	refusal_put_back(&call.refusal);
	if (call.err && !in_time)
		return fail_libxdp_locked(ctx, ifname, LIBXDP_TIMEOUT_NS / NSEC_PER_SEC);
	return call.err;
}
