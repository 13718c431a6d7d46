// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "faults/util.h"
#include "support/clock.h"
#include "traffic.h"
#include "wire.h"

/* Local experiments, IEEE 802.1. */
#define FRAME_TYPE 0x88b5
#define SENDERS 2
/* So many frames have room in the queue of a veth at any time. */
#define BATCH 32
/* The stream: so many frames of each sender, and then a pause. */
#define STREAM_BATCH 8
#define STREAM_PAUSE_NS (2 * MILLISECOND_NS)
/* Nothing more comes when nothing came for so many looks. */
#define LOOKS 10
#define LOOK_PAUSE_NS (5 * MILLISECOND_NS)
#define PATIENCE_LOOKS 2000

static struct {
	pthread_t threads[SENDERS];
	pthread_mutex_t mutex;
	/* There is something to do; somebody has done it. */
	pthread_cond_t wanted, done;
	bool flows, ends;
	/* Frames that each has still to send; how many are within a batch. */
	unsigned int left[SENDERS], sending;
	unsigned char frame[FRAME_BYTES];
	int sock, watcher;
	unsigned int to_ifindex;
} traffic = {
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.wanted = PTHREAD_COND_INITIALIZER,
	.done = PTHREAD_COND_INITIALIZER,
};

static void pause_ns(long ns)
{
	const struct timespec time = { .tv_nsec = ns };

	nanosleep(&time, NULL);
}

/* ---- the senders ---- */

/* A stream may meet an interface that is down, or a queue that is full. */
static void send_frames(unsigned int count, bool all)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (send(traffic.sock, traffic.frame, sizeof(traffic.frame), 0) < 0 && all)
			bail("cannot send: %s", strerror(errno));
}

static void *sender(void *data)
{
	unsigned int *left = data, count;
	bool flows;

	run_on_nth_cpu(left - traffic.left);
	pthread_mutex_lock(&traffic.mutex);
	while (!traffic.ends) {
		if (!*left && !traffic.flows) {
			pthread_cond_wait(&traffic.wanted, &traffic.mutex);
			continue;
		}
		flows = traffic.flows;
		count = flows ? STREAM_BATCH : *left;
		traffic.sending++;
		pthread_mutex_unlock(&traffic.mutex);
		send_frames(count, !flows);
		if (flows)
			pause_ns(STREAM_PAUSE_NS);
		pthread_mutex_lock(&traffic.mutex);
		traffic.sending--;
		if (!flows)
			*left = 0;
		pthread_cond_signal(&traffic.done);
	}
	pthread_mutex_unlock(&traffic.mutex);
	return NULL;
}

void traffic_start(const char *from, const char *to)
{
	const uint16_t type = htons(FRAME_TYPE);
	unsigned int i;

	traffic.to_ifindex = if_nametoindex(to);
	traffic.sock = packet_socket(if_nametoindex(from), 0);
	traffic.watcher = packet_socket(traffic.to_ifindex, FRAME_TYPE);
	write_addresses(from, to, traffic.frame);
	memcpy(traffic.frame + 12, &type, sizeof(type));
	for (i = 0; i < SENDERS; i++)
		if (pthread_create(&traffic.threads[i], NULL, sender, &traffic.left[i]))
			bail("cannot start a thread");
}

void traffic_stop(void)
{
	unsigned int i;

	pthread_mutex_lock(&traffic.mutex);
	traffic.ends = true;
	pthread_cond_broadcast(&traffic.wanted);
	pthread_mutex_unlock(&traffic.mutex);
	for (i = 0; i < SENDERS; i++)
		pthread_join(traffic.threads[i], NULL);
	close(traffic.sock);
	close(traffic.watcher);
}

/* ---- what the main thread wants ---- */

uint64_t traffic_received(unsigned int ifindex)
{
	char path[128], name[IF_NAMESIZE];
	unsigned long long packets;
	FILE *file;

	if (!if_indextoname(ifindex, name))
		bail("interface %u is gone", ifindex);
	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/rx_packets", name);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%llu", &packets) != 1)
		bail("cannot read %s", path);
	fclose(file);
	return packets;
}

static void settle(void)
{
	uint64_t before = traffic_received(traffic.to_ifindex), now;
	unsigned int same = 0, looks;

	for (looks = 0; same < LOOKS && looks < PATIENCE_LOOKS; looks++) {
		pause_ns(LOOK_PAUSE_NS);
		now = traffic_received(traffic.to_ifindex);
		same = now == before ? same + 1 : 0;
		before = now;
	}
	if (same < LOOKS)
		bail("frames come in though none is sent");
}

void traffic_flow(bool on)
{
	pthread_mutex_lock(&traffic.mutex);
	traffic.flows = on;
	if (on)
		pthread_cond_broadcast(&traffic.wanted);
	while (!on && traffic.sending)
		pthread_cond_wait(&traffic.done, &traffic.mutex);
	pthread_mutex_unlock(&traffic.mutex);
	if (!on)
		settle();
}

static bool send_batch(unsigned int count)
{
	uint64_t wanted = traffic_received(traffic.to_ifindex) + count;
	unsigned int looks;

	pthread_mutex_lock(&traffic.mutex);
	traffic.left[0] = count / SENDERS;
	traffic.left[1] = count - traffic.left[0];
	pthread_cond_broadcast(&traffic.wanted);
	while (traffic.left[0] || traffic.left[1])
		pthread_cond_wait(&traffic.done, &traffic.mutex);
	pthread_mutex_unlock(&traffic.mutex);

	for (looks = 0; looks < PATIENCE_LOOKS; looks++) {
		if (traffic_received(traffic.to_ifindex) == wanted)
			return true;
		pause_ns(looks < LOOKS ? MILLISECOND_NS / 10 : LOOK_PAUSE_NS);
	}
	return false;
}

bool traffic_send(unsigned int count)
{
	unsigned int batch;

	for (; count; count -= batch) {
		batch = count < BATCH ? count : BATCH;
		if (!send_batch(batch))
			return false;
	}
	/* A frame is counted a little before it is decided about. */
	settle();
	return true;
}

unsigned int traffic_passed(void)
{
	return packet_socket_given(traffic.watcher);
}
