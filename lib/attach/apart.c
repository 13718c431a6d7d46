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
#include <string.h>
#include <time.h>

#include "attach/attach.h"
#include "bpffs/bpffs.h"

/* Longer than twenty others need for their changes, shorter than others wait for our lock. */
#define LIBXDP_TIMEOUT_NS (20 * NSEC_PER_SEC)
/* The signal can come before the wait begins, so it comes again. */
#define WAKE_INTERVAL_NS (100 * NSEC_PER_MSEC)

struct apart_call {
	struct xdpaction *ctx;
	apart_fn fn;
	void *data;
	int err;
	char refusal[REFUSAL_SIZE];
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

	forget_refusal();
	call->err = call->fn(call->ctx, call->data);
	strcpy(call->refusal, driver_refusal());
	return NULL;
}

/* False when the thread has not ended in time. */
static bool join_within(pthread_t thread, uint64_t timeout_ns)
{
	uint64_t end_ns = monotonic_ns() + timeout_ns;
	struct timespec end = { .tv_sec = end_ns / NSEC_PER_SEC, .tv_nsec = end_ns % NSEC_PER_SEC };

	return !pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &end);
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
	in_time = join_within(thread, LIBXDP_TIMEOUT_NS);
	if (!in_time)
		wake(thread);
	set_refusal(call.refusal);
	if (call.err && !in_time)
		return fail_libxdp_locked(ctx, ifname, LIBXDP_TIMEOUT_NS / NSEC_PER_SEC);
	return call.err;
}
