// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flow.h"
#include "support/die.h"

/* How long to sleep before looking whether the flow has ended. */
#define PATIENCE_MS	2

/* The tag that the kernel took out of the frame, or 0. */
static unsigned int vlan_of(struct msghdr *message)
{
	struct tpacket_auxdata aux;
	struct cmsghdr *part;

	for (part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_PACKET || part->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&aux, CMSG_DATA(part), sizeof(aux));
		if (aux.tp_status & TP_STATUS_VLAN_VALID)
			return aux.tp_vlan_tci;
	}
	return 0;
}

static void keep_first(struct watcher *watcher, const unsigned char *frame, unsigned int vlan)
{
	const unsigned char tag[] = { 0x81, 0x00, vlan >> 8, vlan };
	size_t at = 12, rest = at;

	if (watcher->has_first)
		return;
	memcpy(watcher->first, frame, at);
	if (vlan) {
		memcpy(watcher->first + at, tag, sizeof(tag));
		at += sizeof(tag);
	}
	memcpy(watcher->first + at, frame + rest, FRAME_HEAD - at);
	watcher->has_first = true;
}

/* False when there is none. */
static bool receive(struct watcher *watcher)
{
	unsigned char frame[FRAME_MAX + 4], control[128];
	struct iovec part = { frame, sizeof(frame) };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	uint32_t sender, number;
	ssize_t length;

	length = recvmsg(watcher->sock, &message, MSG_DONTWAIT);
	if (length < 0 && (errno == EAGAIN || errno == EINTR || errno == ENETDOWN))
		return false;
	if (length < 0)
		die("receiving on '%s': %m", watcher->endpoint.ifname);
	if (!frame_read(frame, length, watcher->flow->run, &sender, &number) ||
	    sender >= watcher->flow->sender_count || number >= watcher->flow->count)
		return true;
	keep_first(watcher, frame, vlan_of(&message));
	watcher->seen[sender][number]++;
	watcher->received++;
	return true;
}

/* What the watcher missed for lack of room would look like a loss. */
static void check_overflow(const struct watcher *watcher)
{
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);

	if (getsockopt(watcher->sock, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
		die("statistics of '%s': %m", watcher->endpoint.ifname);
	errno = 0;
	if (stats.tp_drops)
		die("'%s' got %u frames faster than they could be read", watcher->endpoint.ifname,
		    stats.tp_drops);
}

void *flow_watch(void *data)
{
	struct watcher *watcher = data;
	struct pollfd poller = { .fd = watcher->sock, .events = POLLIN };
	bool last = false;

	while (!last) {
		last = watcher->flow->done;
		poll(&poller, 1, last ? 0 : PATIENCE_MS);
		while (receive(watcher))
			continue;
	}
	check_overflow(watcher);
	close(watcher->sock);
	return NULL;
}
