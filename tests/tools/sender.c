// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <sched.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "flow.h"
#include "support/clock.h"
#include "support/die.h"

/* Frames in one call when they are not paced. */
#define BATCH		32
/* How long to wait for room in the queue of the device. */
#define PATIENCE_NS	(2 * SECOND_NS)

static void run_on_nth_cpu(uint32_t n)
{
	cpu_set_t allowed, one;
	int cpu;

	if (sched_getaffinity(getpid(), sizeof(allowed), &allowed))
		die("CPUs: %m");
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed) && n-- == 0)
			break;
	errno = 0;
	if (cpu == CPU_SETSIZE)
		die("more senders than CPUs");
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("CPU %d: %m", cpu);
}

/* Sends the next `count` frames of a sender. */
static void send_batch(struct sender *sender, int sock, uint32_t count)
{
	static _Thread_local unsigned char frames[BATCH][FRAME_MAX];
	struct mmsghdr messages[BATCH] = {};
	struct iovec parts[BATCH];
	const struct flow *flow = sender->flow;
	uint32_t i, done = 0;
	uint64_t now_ns;
	bool full;
	int n;

	for (i = 0; i < count; i++) {
		frame_make(frames[i], &flow->shape, flow->run, sender->index, sender->sent + i);
		parts[i] = (struct iovec){ frames[i], flow->shape.length };
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	now_ns = clock_ns(CLOCK_MONOTONIC);
	for (i = 0; i < count; i++)
		sender->before_ns[sender->sent + i] = now_ns;
	while (done < count) {
		n = sendmmsg(sock, messages + done, count - done, 0);
		full = n < 0 && (errno == ENOBUFS || errno == EAGAIN);
		if (n >= 0)
			done += n;
		else if (!full || clock_ns(CLOCK_MONOTONIC) - now_ns > PATIENCE_NS)
			die("sending on '%s': %m", flow->from.ifname);
	}
	now_ns = clock_ns(CLOCK_MONOTONIC);
	for (i = 0; i < count; i++)
		sender->after_ns[sender->sent + i] = now_ns;
	sender->sent += count;
}

static void sleep_until(uint64_t then_ns)
{
	const struct timespec then = {
		.tv_sec = then_ns / SECOND_NS,
		.tv_nsec = then_ns % SECOND_NS,
	};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL);
}

/* Frame n is sent n intervals after the first, so that no delay adds up. */
static void send_paced(struct sender *sender, int sock)
{
	const struct flow *flow = sender->flow;
	uint64_t start_ns = clock_ns(CLOCK_MONOTONIC);

	while (sender->sent < flow->count && !flow->stop) {
		sleep_until(start_ns + sender->sent * SECOND_NS / flow->rate);
		send_batch(sender, sock, 1);
	}
}

static void send_fast(struct sender *sender, int sock)
{
	const struct flow *flow = sender->flow;
	uint32_t left;

	while (sender->sent < flow->count && !flow->stop) {
		left = flow->count - sender->sent;
		send_batch(sender, sock, left < BATCH ? left : BATCH);
	}
}

void *flow_send(void *data)
{
	struct sender *sender = data;
	int sock = endpoint_sender(&sender->flow->from);

	run_on_nth_cpu(sender->index);
	if (sender->flow->rate)
		send_paced(sender, sock);
	else
		send_fast(sender, sock);
	close(sock);
	return NULL;
}
