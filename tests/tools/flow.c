// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "flow.h"
#include "support/clock.h"
#include "support/die.h"

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		die("memory: %m");
	return memory;
}

static void start(pthread_t *thread, void *(*run)(void *), void *data)
{
	errno = pthread_create(thread, NULL, run, data);
	if (errno)
		die("a thread: %m");
}

static void nap(void)
{
	const struct timespec time = { .tv_nsec = MILLISECOND_NS };

	nanosleep(&time, NULL);
}

/* Everything that was sent has arrived, or so much time has passed. */
static void wait_for_the_last(const struct flow *flow)
{
	uint64_t until_ns = clock_ns(CLOCK_MONOTONIC) + flow->wait_ms * MILLISECOND_NS;
	uint64_t sent = 0;
	uint32_t i;

	for (i = 0; i < flow->sender_count; i++)
		sent += flow->senders[i].sent;
	while (flow->watchers[0].received < sent && clock_ns(CLOCK_MONOTONIC) < until_ns)
		nap();
}

static void report_start(const struct flow *flow)
{
	while (!flow->senders[0].sent && !flow->stop)
		nap();
	printf("sending=1\n");
	fflush(stdout);
}

void flow_run(struct flow *flow)
{
	struct watcher *watcher;
	struct sender *sender;
	uint32_t i, k;

	for (i = 0; i < flow->watcher_count; i++) {
		watcher = &flow->watchers[i];
		watcher->flow = flow;
		watcher->sock = endpoint_watcher(&watcher->endpoint);
		for (k = 0; k < flow->sender_count; k++)
			watcher->seen[k] = allocate(flow->count, 1);
		start(&watcher->thread, flow_watch, watcher);
	}
	for (i = 0; i < flow->sender_count; i++) {
		sender = &flow->senders[i];
		sender->flow = flow;
		sender->index = i;
		sender->before_ns = allocate(flow->count, sizeof(*sender->before_ns));
		sender->after_ns = allocate(flow->count, sizeof(*sender->after_ns));
		start(&sender->thread, flow_send, sender);
	}
	report_start(flow);
	for (i = 0; i < flow->sender_count; i++)
		pthread_join(flow->senders[i].thread, NULL);
	wait_for_the_last(flow);
	flow->done = true;
	for (i = 0; i < flow->watcher_count; i++)
		pthread_join(flow->watchers[i].thread, NULL);
}
