// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "faults/util.h"
#include "flood.h"
#include "wire.h"

#define SENDERS 2
/* A batch has a frame of each. */
#define FLOWS 64
#define FIRST_PORT 1000
#define DRIVER_COUNTS_MAX 512

static struct {
	pthread_t threads[SENDERS];
	pthread_mutex_t mutex;
	/* There is something to do; somebody has ended. */
	pthread_cond_t wanted, done;
	atomic_bool flows;
	bool ends;
	unsigned int sending;
	atomic_uint_fast64_t sent;
	int socks[SENDERS], watcher;
	const char *from, *to;
	unsigned char frames[FLOWS][FLOOD_FRAME_BYTES];
	/* All before the flood; what the watcher was given since. */
	struct flood_account first;
	uint64_t passed;
} flood = {
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.wanted = PTHREAD_COND_INITIALIZER,
	.done = PTHREAD_COND_INITIALIZER,
};

/* ---- the senders ---- */

static void make_frame(unsigned int flow, unsigned char frame[FLOOD_FRAME_BYTES])
{
	static const unsigned char rest[] = {
		8, 0, 0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0, 0, /* IPv4 */
		10, 9, 9, 8, 10, 9, 9, 1,			/* from, to */
		0, 0, 0, 0, 0, 26, 0, 0,			/* UDP */
	};
	const uint16_t port = htons(FIRST_PORT + flow);

	write_addresses(flood.from, flood.to, frame);
	memcpy(frame + 12, rest, sizeof(rest));
	memcpy(frame + 34, &port, sizeof(port));
	frame[37] = flow % 3 ? 9 : 7;
}

/* How many of a batch were offered to the driver: the one that it refuses ends the call. */
static unsigned int send_batch(int sock, struct mmsghdr *batch)
{
	int sent = sendmmsg(sock, batch, FLOWS, 0);

	if (sent < 0 && errno != ENOBUFS)
		bail("cannot send: %s", strerror(errno));
	if (sent < 0)
		return 1;
	return sent < FLOWS ? sent + 1 : sent;
}

static void send_while_it_flows(int sock, struct mmsghdr *batch)
{
	while (flood.flows) {
		/* Never less than what may have come in. */
		flood.sent += FLOWS;
		flood.sent -= FLOWS - send_batch(sock, batch);
	}
}

static void *sender(void *data)
{
	const int *sock = data;
	struct iovec parts[FLOWS];
	struct mmsghdr batch[FLOWS] = { 0 };
	unsigned int i;

	run_on_nth_cpu(sock - flood.socks);
	for (i = 0; i < FLOWS; i++) {
		parts[i] = (struct iovec){ flood.frames[i], FLOOD_FRAME_BYTES };
		batch[i].msg_hdr.msg_iov = &parts[i];
		batch[i].msg_hdr.msg_iovlen = 1;
	}
	pthread_mutex_lock(&flood.mutex);
	while (!flood.ends) {
		if (!flood.flows) {
			pthread_cond_wait(&flood.wanted, &flood.mutex);
			continue;
		}
		flood.sending++;
		pthread_mutex_unlock(&flood.mutex);
		send_while_it_flows(*sock, batch);
		pthread_mutex_lock(&flood.mutex);
		flood.sending--;
		pthread_cond_signal(&flood.done);
	}
	pthread_mutex_unlock(&flood.mutex);
	return NULL;
}

uint64_t flood_sent(void)
{
	return flood.sent;
}

/* ---- what became of them ---- */

static void ask_driver(int sock, void *request, const char *what)
{
	struct ifreq ask = { .ifr_data = request };

	snprintf(ask.ifr_name, sizeof(ask.ifr_name), "%s", flood.to);
	if (ioctl(sock, SIOCETHTOOL, &ask))
		bail("cannot read %s of %s: %s", what, flood.to, strerror(errno));
}

/* Or could not be, for want of room or of a program at the other end. */
static bool is_sent_on(const char *what)
{
	static const char *const names[] = { "xdp_tx", "xdp_tx_errors", "xdp_redirect", "drops" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(what, names[i]))
			return true;
	return false;
}

/* By the names that veth gives them. */
static void add_driver_count(struct flood_account *account, const char *name, uint64_t count)
{
	char what[ETH_GSTRING_LEN];

	if (sscanf(name, "rx_queue_%*u_%31s", what) != 1)
		return;
	if (!strcmp(what, "xdp_packets"))
		account->received += count;
	else if (!strcmp(what, "xdp_drops"))
		account->dropped += count;
	else if (is_sent_on(what))
		account->sent_on += count;
}

static void read_driver_counts(struct flood_account *account)
{
	static struct {
		struct ethtool_gstrings head;
		char names[DRIVER_COUNTS_MAX][ETH_GSTRING_LEN];
	} names;
	static struct {
		struct ethtool_stats head;
		uint64_t counts[DRIVER_COUNTS_MAX];
	} counts;
	struct ethtool_drvinfo driver = { .cmd = ETHTOOL_GDRVINFO };
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	unsigned int i;

	if (sock < 0)
		bail("cannot make a socket: %s", strerror(errno));
	ask_driver(sock, &driver, "the driver");
	if (driver.n_stats > DRIVER_COUNTS_MAX)
		bail("the driver counts %u things", driver.n_stats);
	names.head = (struct ethtool_gstrings){ .cmd = ETHTOOL_GSTRINGS,
						.string_set = ETH_SS_STATS,
						.len = driver.n_stats };
	counts.head = (struct ethtool_stats){ .cmd = ETHTOOL_GSTATS, .n_stats = driver.n_stats };
	ask_driver(sock, &names, "the names of the counts");
	ask_driver(sock, &counts, "the counts");
	close(sock);
	for (i = 0; i < driver.n_stats; i++)
		add_driver_count(account, names.names[i], counts.counts[i]);
}

static uint64_t read_refused(void)
{
	unsigned long long refused;
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/tx_dropped", flood.from);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%llu", &refused) != 1)
		bail("cannot read %s", path);
	fclose(file);
	return refused;
}

static void read_account(struct flood_account *account)
{
	flood.passed += packet_socket_given(flood.watcher);
	*account = (struct flood_account){
		.sent = flood.sent,
		.refused = read_refused(),
		.passed = flood.passed,
	};
	read_driver_counts(account);
}

void flood_account(struct flood_account *account)
{
	read_account(account);
	account->refused -= flood.first.refused;
	account->received -= flood.first.received;
	account->dropped -= flood.first.dropped;
	account->sent_on -= flood.first.sent_on;
}

/* ---- from its start to its end ---- */

void flood_start(const char *from, const char *to)
{
	unsigned int i;

	flood.from = from;
	flood.to = to;
	flood.watcher = packet_socket(if_nametoindex(to), ETH_P_IP);
	flood.ends = false;
	for (i = 0; i < FLOWS; i++)
		make_frame(i, flood.frames[i]);
	flood.sent = flood.passed = 0;
	read_account(&flood.first);
	for (i = 0; i < SENDERS; i++) {
		flood.socks[i] = packet_socket(if_nametoindex(from), 0);
		if (pthread_create(&flood.threads[i], NULL, sender, &flood.socks[i]))
			bail("cannot start a thread");
	}
}

static void wake_senders(void)
{
	pthread_cond_broadcast(&flood.wanted);
	pthread_mutex_unlock(&flood.mutex);
}

void flood_stop(void)
{
	unsigned int i;

	pthread_mutex_lock(&flood.mutex);
	flood.ends = true;
	wake_senders();
	for (i = 0; i < SENDERS; i++) {
		pthread_join(flood.threads[i], NULL);
		close(flood.socks[i]);
	}
	close(flood.watcher);
}

void flood_flow(bool on)
{
	pthread_mutex_lock(&flood.mutex);
	flood.flows = on;
	while (!on && flood.sending)
		pthread_cond_wait(&flood.done, &flood.mutex);
	wake_senders();
}
