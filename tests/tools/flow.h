/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* A flow: frames sent at one endpoint and looked for at others. */
#ifndef FLOW_H
#define FLOW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "endpoint.h"
#include "frame.h"

#define SENDERS_MAX	2
#define WATCHERS_MAX	4

struct flow;

struct sender {
	pthread_t thread;
	struct flow *flow;
	uint32_t index;
	_Atomic uint32_t sent;
	/* Each frame was sent between these two, CLOCK_MONOTONIC. */
	uint64_t *before_ns, *after_ns;
};

struct watcher {
	pthread_t thread;
	struct flow *flow;
	struct endpoint endpoint;
	int sock;
	/* How often each frame was seen: seen[sender][number]. */
	unsigned char *seen[SENDERS_MAX];
	_Atomic uint64_t received;
	/* The head of the first frame, with its VLAN tag. */
	unsigned char first[FRAME_HEAD];
	bool has_first;
};

struct flow {
	struct endpoint from;
	struct frame_shape shape;
	uint32_t run;
	/* Frames of each sender. */
	uint32_t count;
	/* Frames a second of each sender; 0: as fast as it can. */
	uint32_t rate;
	/* How long to wait for the last frames. */
	uint32_t wait_ms;
	uint32_t sender_count;
	struct sender senders[SENDERS_MAX];
	/* The first is where frames are expected, the last is `from`. */
	uint32_t watcher_count;
	struct watcher watchers[WATCHERS_MAX];
	/* No more frames; nothing more to wait for. */
	atomic_bool stop;
	atomic_bool done;
};

void *flow_send(void *sender);
void *flow_watch(void *watcher);

/*
 * Runs the flow to its end, or until `stop`. Prints a line when the first frame
 * is on its way.
 */
void flow_run(struct flow *flow);

#endif
