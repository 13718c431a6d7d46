/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * The expression of pcap-filter(7) by which a rule spares SSH sessions: how it
 * is written, and how it is known again in a rule that was set before.
 */
#ifndef SPARE_H
#define SPARE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "words/words.h"

/* A connection as its packets have it. */
struct spared_session {
	int family;		/* AF_INET or AF_INET6 */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	} client, server;
	uint16_t client_port, server_port;
};

/* More than an expression has room for. */
#define SPARED_MAX 16

/* What one expression spares. */
struct spared {
	size_t count;
	struct spared_session sessions[SPARED_MAX];
};

/*
 * Writes the expression for what a host receives of these sessions and of what
 * keeps them alive:
 *
 * - the segments of the sessions; of a segment in fragments those that have no
 *   ports too, by its addresses;
 * - ARP; neighbour solicitations and advertisements, router advertisements;
 * - the errors of ICMP and ICMPv6: destination unreachable, packet too big, time
 *   exceeded, parameter problem;
 * - what a DHCP server sends, of both versions.
 *
 * It is for Ethernet as for packets that begin with an IP header, and says nothing
 * of VLAN tags, since the library looks behind those by itself. Returns false when it does not fit.
 */
bool spared_write(const struct spared *spared, char *text, size_t size);

/*
 * Reads such an expression. Returns false for any other, and for one that was
 * changed in the slightest.
 */
bool spared_read(const char *text, struct spared *spared);

/* True when a session is among those that are spared. */
bool spared_has(const struct spared *spared, const struct spared_session *session);

/* "the SSH session from 192.0.2.7 port 50022" */
void spared_describe(struct words *words, const struct spared *spared);

#endif /* SPARE_H */
