// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * "and" and "or" bind alike in pcap-filter(7), so that each group stands in
 * parentheses. What is asked first is not asked again in what libpcap makes of
 * it, which keeps an expression for one session, with the same behind one VLAN
 * tag and behind two, below the 128 steps that every kernel walks.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spare.h"

/* How the expression for a session begins, which is how it is found again. */
#define SESSION_START "(src "

static uint32_t ports_of(const struct spared_session *session)
{
	return (uint32_t)session->client_port << 16 | session->server_port;
}

static void add_session(struct words *words, const struct spared_session *session)
{
	char client[INET6_ADDRSTRLEN], server[INET6_ADDRSTRLEN];
	uint32_t ports = ports_of(session);

	inet_ntop(session->family, &session->client, client, sizeof(client));
	inet_ntop(session->family, &session->server, server, sizeof(server));
	words_add(words, " or " SESSION_START "%s and dst %s and ", client, server);
	if (session->family == AF_INET)
		words_add(words, "ip[9]=6 and (ip[6:2]&0x1fff!=0 or tcp[0:4]=0x%x))", ports);
	else
		words_add(words,
			  "((ip6[6]=6 and ip6[40:4]=0x%x) or (ip6[6]=44 and ip6[40]=6 and (ip6[42:2]&0xfff8!=0 or ip6[48:4]=0x%x))))",
			  ports, ports);
}

static void add_sessions(struct words *words, const struct spared *spared, int family)
{
	size_t i;

	for (i = 0; i < spared->count; i++)
		if (spared->sessions[i].family == family)
			add_session(words, &spared->sessions[i]);
}

bool spared_write(const struct spared *spared, char *text, size_t size)
{
	struct words words = words_in(text, size);

	words_add(&words, "arp or (ip and (icmp[0]=3 or icmp[0]=11 or icmp[0]=12 or udp[0:4]=0x430044");
	add_sessions(&words, spared, AF_INET);
	words_add(&words,
		  ")) or (ip6 and ((ip6[6]=58 and ((ip6[40]>0 and ip6[40]<5) or (ip6[40]>133 and ip6[40]<137))) or (ip6[6]=17 and ip6[40:4]=0x2230222)");
	add_sessions(&words, spared, AF_INET6);
	words_add(&words, "))");
	return words.length + 1 < size;
}

/* An address up to the next blank; returns what follows, NULL when it is none. */
static const char *read_address(const char *text, int family, void *address)
{
	size_t length = strcspn(text, " ");
	char copy[INET6_ADDRSTRLEN];

	if (length >= sizeof(copy))
		return NULL;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return inet_pton(family, copy, address) == 1 ? text + length : NULL;
}

/* What is misread here is not what spared_read() compares with. */
static bool read_session(const char *text, struct spared_session *session)
{
	uint32_t ports;

	*session = (struct spared_session){
		.family = memchr(text, ':', strcspn(text, " ")) ? AF_INET6 : AF_INET,
	};
	text = read_address(text, session->family, &session->client);
	if (!text || strncmp(text, " and dst ", 9))
		return false;
	text = read_address(text + 9, session->family, &session->server);
	text = text ? strstr(text, ":4]=0x") : NULL;
	if (!text)
		return false;
	ports = strtoul(text + 4, NULL, 16);
	session->client_port = ports >> 16;
	session->server_port = ports;
	return true;
}

bool spared_read(const char *text, struct spared *spared)
{
	struct spared read = { 0 };
	char again[XDPACTION_EXPRESSION_SIZE];
	const char *start = text;

	while ((start = strstr(start, SESSION_START))) {
		start += strlen(SESSION_START);
		if (read.count == SPARED_MAX || !read_session(start, &read.sessions[read.count++]))
			return false;
	}
	if (!spared_write(&read, again, sizeof(again)) || strcmp(again, text))
		return false;
	*spared = read;
	return true;
}

static bool same_session(const struct spared_session *a, const struct spared_session *b)
{
	size_t length = a->family == AF_INET ? sizeof(a->client.v4) : sizeof(a->client.v6);

	return a->family == b->family && a->client_port == b->client_port &&
	       a->server_port == b->server_port && !memcmp(&a->client, &b->client, length) &&
	       !memcmp(&a->server, &b->server, length);
}

bool spared_has(const struct spared *spared, const struct spared_session *session)
{
	size_t i;

	for (i = 0; i < spared->count; i++)
		if (same_session(&spared->sessions[i], session))
			return true;
	return false;
}

void spared_describe(struct words *words, const struct spared *spared)
{
	char client[INET6_ADDRSTRLEN];
	size_t i;

	words_add(words, "the SSH session%s from ", spared->count == 1 ? "" : "s");
	for (i = 0; i < spared->count; i++) {
		const struct spared_session *session = &spared->sessions[i];

		inet_ntop(session->family, &session->client, client, sizeof(client));
		words_add(words, "%s%s port %u",
			  !i ? "" : i + 1 < spared->count ? ", " : " and ",
			  client, session->client_port);
	}
}
