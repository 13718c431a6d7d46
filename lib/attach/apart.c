// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * libxdp, kept apart. It leaves descriptors open, 1.3.1 three with each detach,
 * and it waits for its lock without an end. So it is called in a thread that has
 * a table of descriptors of its own, which goes with all that is in it when the
 * thread ends; and a signal that does nothing ends the wait.
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

/* Longer than twenty others need for their changes, shorter than others wait for our lock. */
#define LIBXDP_TIMEOUT_NS (20 * NSEC_PER_SEC)
/* The signal can come before the wait begins, so it comes again. */
#define WAKE_INTERVAL_NS (100 * NSEC_PER_MSEC)
/* How often it is looked at what the thread does. */
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
	/* Where that is forbidden, descriptors are lost, and nothing else. */
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
 * Whether the thread is in a wait for libxdp's lock, as the kernel shows it. It
 * may also be in the verifier, which takes long on a slow machine. What cannot be
 * seen counts as a wait, so that none is without an end.
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
	/* One that runs has no number. */
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return number == SYS_flock;
}

/* False when the thread has waited too long for the lock, without a break. */
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

/* Ends the wait of a thread for libxdp's lock, and the thread with it. */
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
