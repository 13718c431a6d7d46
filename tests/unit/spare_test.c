// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The expression that spares SSH sessions: what libpcap says that it matches,
 * how long it is, and that it is read back.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spare/spare.h"
#include "support/tap.h"
#include "unit/match/oracle.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

#define CLIENT "192.0.2.2"
#define SERVER "192.0.2.1"
#define CLIENT6 "2001:db8:1234:5678:9abc:def0:1234:5678"
#define SERVER6 "2001:db8:1234:5678:9abc:def0:1234:5679"
#define TCP 6
#define UDP 17
#define ICMP 1
#define ICMP6 58
/* In the fragment words of IPv4 and of IPv6. */
#define FIRST4 0x2000
#define LATER4 0x2010
#define FIRST6 0x0001
#define LATER6 0x0081
#define OTHER_PORT 50023
/* VLAN tags that a spared packet may have. */
#define TAGS 2

static struct spared_session session_of(const char *client, uint16_t client_port,
					const char *server, uint16_t server_port)
{
	struct spared_session session = {
		.family = strchr(client, ':') ? AF_INET6 : AF_INET,
		.client_port = client_port,
		.server_port = server_port,
	};

	if (inet_pton(session.family, client, &session.client) != 1 ||
	    inet_pton(session.family, server, &session.server) != 1)
		bail("'%s' or '%s' is no address", client, server);
	return session;
}

static struct spared_session ours(void)
{
	return session_of(CLIENT, 50022, SERVER, 22);
}

static struct spared_session ours6(void)
{
	return session_of(CLIENT6, 50022, SERVER6, 22);
}

/* ---- packets ---- */

/* An IP packet of the family of its addresses; none: `ethertype` and zeros. */
struct packet {
	const char *what;
	const char *source, *destination;
	uint8_t protocol;
	uint8_t option_words;		/* of IPv4 */
	uint16_t fragment;		/* the word with its offset; 0: it is whole */
	uint16_t first, second;		/* words of what it carries: ports, or type and code */
	uint16_t ethertype;
	bool spared;
};

struct frame {
	uint8_t bytes[256];
	uint32_t length;
};

static void put16(struct frame *frame, uint16_t word)
{
	frame->bytes[frame->length++] = word >> 8;
	frame->bytes[frame->length++] = word;
}

static void put_address(struct frame *frame, int family, const char *text)
{
	inet_pton(family, text, frame->bytes + frame->length);
	frame->length += family == AF_INET ? 4 : 16;
}

static void put_ipv4(struct frame *frame, const struct packet *packet)
{
	put16(frame, 0x4500 + 0x100 * packet->option_words);
	put16(frame, 64);
	put16(frame, 1);
	put16(frame, packet->fragment);
	put16(frame, 0x4000 | packet->protocol);
	put16(frame, 0);
	put_address(frame, AF_INET, packet->source);
	put_address(frame, AF_INET, packet->destination);
	frame->length += 4 * packet->option_words;
}

static void put_ipv6(struct frame *frame, const struct packet *packet)
{
	put16(frame, 0x6000);
	put16(frame, 0);
	put16(frame, 64);
	put16(frame, (packet->fragment ? 44 : packet->protocol) << 8 | 255);
	put_address(frame, AF_INET6, packet->source);
	put_address(frame, AF_INET6, packet->destination);
	if (!packet->fragment)
		return;
	put16(frame, packet->protocol << 8);
	put16(frame, packet->fragment & ~8);
	frame->length += 4;
}

static uint16_t ethertype_of(const struct packet *packet)
{
	if (!packet->source)
		return packet->ethertype;
	return strchr(packet->source, ':') ? 0x86dd : 0x0800;
}

static struct frame make_frame(const struct packet *packet, bool ethernet, int tags)
{
	static const uint16_t tag_types[] = { 0x88a8, 0x8100, 0x8100 };
	struct frame frame = { .length = ethernet ? 12 : 0 };
	int i;

	for (i = 0; i < tags; i++) {
		put16(&frame, tag_types[LENGTH(tag_types) - tags + i]);
		put16(&frame, 5 + i);
	}
	if (ethernet)
		put16(&frame, ethertype_of(packet));
	if (packet->source && strchr(packet->source, ':'))
		put_ipv6(&frame, packet);
	else if (packet->source)
		put_ipv4(&frame, packet);
	put16(&frame, packet->first);
	put16(&frame, packet->second);
	frame.length += 60;
	return frame;
}

/* What holds whatever session is spared. */
static const struct packet upkeep[] = {
	{ "ARP", .ethertype = 0x0806, .spared = true },
	{ "RARP", .ethertype = 0x8035 },
	{ "LLDP", .ethertype = 0x88cc },
	{ "destination unreachable", "192.0.2.9", SERVER, ICMP, .first = 0x0301, .spared = true },
	{ "fragmentation needed", "192.0.2.9", SERVER, ICMP, 2, .first = 0x0304, .spared = true },
	{ "time exceeded", "192.0.2.9", SERVER, ICMP, .first = 0x0b00, .spared = true },
	{ "parameter problem", "192.0.2.9", SERVER, ICMP, .first = 0x0c00, .spared = true },
	{ "echo reply", CLIENT, SERVER, ICMP, .first = 0x0000 },
	{ "redirect", CLIENT, SERVER, ICMP, .first = 0x0501 },
	{ "echo request", CLIENT, SERVER, ICMP, .first = 0x0800 },
	{ "a later fragment of ICMP", CLIENT, SERVER, ICMP, .fragment = LATER4, .first = 0x0304 },
	{ "DHCP, from the server", "192.0.2.9", SERVER, UDP, .first = 67, 68, .spared = true },
	{ "DHCP, to the server", "0.0.0.0", "255.255.255.255", UDP, .first = 68, 67 },
	{ "DNS", "192.0.2.9", SERVER, UDP, .first = 53, 50022 },
	{ "the ports of DHCP over TCP", "192.0.2.9", SERVER, TCP, .first = 67, 68 },
	{ "neighbour solicitation", "fe80::9", "ff02::1:ff00:1", ICMP6,
	  .first = 0x8700, .spared = true },
	{ "neighbour advertisement", "fe80::9", SERVER6, ICMP6, .first = 0x8800, .spared = true },
	{ "router advertisement", "fe80::9", "ff02::1", ICMP6, .first = 0x8600, .spared = true },
	{ "router solicitation", "fe80::9", "ff02::2", ICMP6, .first = 0x8500 },
	{ "redirect of IPv6", "fe80::9", SERVER6, ICMP6, .first = 0x8900 },
	{ "destination unreachable of IPv6", "fe80::9", SERVER6, ICMP6,
	  .first = 0x0100, .spared = true },
	{ "packet too big", "fe80::9", SERVER6, ICMP6, .first = 0x0200, .spared = true },
	{ "time exceeded of IPv6", "fe80::9", SERVER6, ICMP6, .first = 0x0300, .spared = true },
	{ "parameter problem of IPv6", "fe80::9", SERVER6, ICMP6, .first = 0x0400, .spared = true },
	{ "an error of IPv6 that is reserved", "fe80::9", SERVER6, ICMP6, .first = 0x0000 },
	{ "an error of IPv6 that is not known", "fe80::9", SERVER6, ICMP6, .first = 0x0500 },
	{ "echo request of IPv6", CLIENT6, SERVER6, ICMP6, .first = 0x8000 },
	{ "echo reply of IPv6", CLIENT6, SERVER6, ICMP6, .first = 0x8100 },
	{ "multicast listener query", "fe80::9", "ff02::1", ICMP6, .first = 0x8200 },
	{ "DHCPv6, from the server", "fe80::9", SERVER6, UDP, .first = 547, 546, .spared = true },
	{ "DHCPv6, to the server", "fe80::9", "ff02::1:2", UDP, .first = 546, 547 },
	{ "DNS over IPv6", CLIENT6, SERVER6, UDP, .first = 53, 50022 },
};

static const struct packet segments[] = {
	{ "a segment", CLIENT, SERVER, TCP, .first = 50022, 22, .spared = true },
	{ "one with IP options", CLIENT, SERVER, TCP, 3, .first = 50022, 22, .spared = true },
	{ "its first fragment", CLIENT, SERVER, TCP,
	  .fragment = FIRST4, .first = 50022, 22, .spared = true },
	{ "a later one", CLIENT, SERVER, TCP, .fragment = LATER4, .first = 1, 2, .spared = true },
	{ "the first fragment of another connection", CLIENT, SERVER, TCP,
	  .fragment = FIRST4, .first = OTHER_PORT, 22 },
	{ "a fragment of UDP", CLIENT, SERVER, UDP, .fragment = LATER4, .first = 50022, 22 },
	{ "a fragment from another host", "192.0.2.3", SERVER, TCP,
	  .fragment = LATER4, .first = 50022, 22 },
	{ "another port of the client", CLIENT, SERVER, TCP, .first = OTHER_PORT, 22 },
	{ "another port of the server", CLIENT, SERVER, TCP, .first = 50022, 23 },
	{ "the ports the other way round", CLIENT, SERVER, TCP, .first = 22, 50022 },
	{ "what is sent to the client", SERVER, CLIENT, TCP, .first = 22, 50022 },
	{ "from another host", "192.0.2.3", SERVER, TCP, .first = 50022, 22 },
	{ "to another address", CLIENT, "192.0.2.4", TCP, .first = 50022, 22 },
	{ "UDP with its ports", CLIENT, SERVER, UDP, .first = 50022, 22 },
};

static const struct packet segments6[] = {
	{ "a segment", CLIENT6, SERVER6, TCP, .first = 50022, 22, .spared = true },
	{ "its first fragment", CLIENT6, SERVER6, TCP,
	  .fragment = FIRST6, .first = 50022, 22, .spared = true },
	{ "a later one", CLIENT6, SERVER6, TCP, .fragment = LATER6, .first = 1, 2, .spared = true },
	{ "the first fragment of another connection", CLIENT6, SERVER6, TCP,
	  .fragment = FIRST6, .first = OTHER_PORT, 22 },
	{ "a fragment of UDP", CLIENT6, SERVER6, UDP, .fragment = LATER6, .first = 50022, 22 },
	{ "a fragment from another host", "2001:db8::3", SERVER6, TCP,
	  .fragment = LATER6, .first = 50022, 22 },
	{ "another port of the client", CLIENT6, SERVER6, TCP, .first = OTHER_PORT, 22 },
	{ "another port of the server", CLIENT6, SERVER6, TCP, .first = 50022, 23 },
	{ "what is sent to the client", SERVER6, CLIENT6, TCP, .first = 22, 50022 },
	{ "from another host", "2001:db8::3", SERVER6, TCP, .first = 50022, 22 },
	{ "to another address", CLIENT6, "2001:db8::4", TCP, .first = 50022, 22 },
	{ "UDP with its ports", CLIENT6, SERVER6, UDP, .first = 50022, 22 },
};

/* ---- what the expression matches ---- */

/* As the library does. */
static struct oracle *compile(const struct spared *spared, bool ethernet)
{
	char text[XDPACTION_EXPRESSION_SIZE], why[256];
	struct oracle *oracle;
	char *tagged;

	if (!spared_write(spared, text, sizeof(text)))
		bail("the expression does not fit");
	tagged = match_tagged(text);
	if (!tagged)
		bail("out of memory");
	oracle = oracle_new(ethernet ? tagged : text,
			    ethernet ? MATCH_LINK_ETHERNET : MATCH_LINK_IP, why);
	if (!oracle)
		bail("'%s': %s", tagged, why);
	free(tagged);
	return oracle;
}

/* Counts the packets about which an expression is wrong, and names them. */
static void check_packets(const struct oracle *oracle, bool ethernet, int tags,
			  const struct packet *packets, size_t count, bool none, const char *title)
{
	unsigned int wrong = 0;
	struct frame frame;
	size_t i;

	for (i = 0; i < count; i++) {
		bool want = packets[i].spared && !none;

		if (!ethernet && !packets[i].source)
			continue;
		frame = make_frame(&packets[i], ethernet, tags);
		if (oracle_matches(oracle, frame.bytes, frame.length) == want)
			continue;
		note("%s: %s is%s spared", title, packets[i].what, want ? " not" : "");
		wrong++;
	}
	ok(!wrong, "%s, %s, %d tags: %zu packets", title,
	   ethernet ? "Ethernet" : "bare IP", tags, count);
}

static void check_session(const struct spared_session *session, bool ethernet)
{
	struct spared spared = { .count = 1, .sessions = { *session } };
	struct oracle *oracle = compile(&spared, ethernet);
	bool v4 = session->family == AF_INET;
	int tags;

	for (tags = 0; tags <= (ethernet ? TAGS + 1 : 0); tags++) {
		bool none = tags > TAGS;

		check_packets(oracle, ethernet, tags, upkeep, LENGTH(upkeep), none, "upkeep");
		check_packets(oracle, ethernet, tags, segments, LENGTH(segments), none || !v4,
			      v4 ? "IPv4" : "IPv4 beside a session over IPv6");
		check_packets(oracle, ethernet, tags, segments6, LENGTH(segments6), none || v4,
			      v4 ? "IPv6 beside a session over IPv4" : "IPv6");
	}
	oracle_free(oracle);
}

/* No frame is spared for what it has not. */
static void check_cut(const struct spared_session *session, const struct packet *packet,
		      uint32_t needed)
{
	struct spared spared = { .count = 1, .sessions = { *session } };
	struct frame frame = make_frame(packet, true, 0);
	struct oracle *oracle = compile(&spared, true);
	uint32_t length;
	bool right = true;

	for (length = 0; length <= frame.length; length++)
		right &= oracle_matches(oracle, frame.bytes, length) == (length >= needed);
	ok(right, "%s: from %u bytes on", packet->source, needed);
	oracle_free(oracle);
}

/* ---- its length ---- */

static void check_steps(const struct spared_session *session, const char *match)
{
	struct spared spared = { .count = 1, .sessions = { *session } };
	static struct xdp_action_match steps;
	struct oracle *spare = compile(&spared, true), *oracle;
	char why[256];
	int err;

	memset(&steps, 0, sizeof(steps));
	oracle = oracle_new(match, MATCH_LINK_ETHERNET, why);
	if (!oracle)
		bail("'%s': %s", match, why);
	err = oracle_translate(oracle, XDP_ACTION_MATCH_STEPS_SHORT, &steps, why, sizeof(why));
	if (!err)
		err = oracle_translate(spare, XDP_ACTION_MATCH_STEPS_SHORT, &steps, why,
				       sizeof(why));
	ok(!err, "beside '%s' an %s session fits into what every kernel walks", match,
	   session->family == AF_INET ? "IPv4" : "IPv6");
	note("%u steps of %u", steps.count, XDP_ACTION_MATCH_STEPS_SHORT);
	oracle_free(oracle);
	oracle_free(spare);
}

/* ---- written and read ---- */

static bool reads_as(const char *text, const struct spared *want)
{
	struct spared read;
	size_t i;

	if (!spared_read(text, &read) || read.count != want->count)
		return false;
	for (i = 0; i < want->count; i++)
		if (!spared_has(&read, &want->sessions[i]))
			return false;
	return true;
}

static void check_round(const struct spared *spared, const char *title)
{
	char text[XDPACTION_EXPRESSION_SIZE];
	size_t length, i;
	bool fooled = false;

	ok(spared_write(spared, text, sizeof(text)) && reads_as(text, spared), "%s, read back",
	   title);
	ok(!spared_write(spared, text, 100), "%s, and no room for it", title);
	spared_write(spared, text, sizeof(text));
	length = strlen(text);
	for (i = 0; i < length; i++) {
		text[i]++;
		fooled |= reads_as(text, spared);
		text[i]--;
	}
	ok(!fooled, "%s, with a letter changed, is another", title);
}

static void check_texts(void)
{
	static const char *const others[] = {
		"",
		"tcp port 22",
		"(src ",
		"(src 192.0.2.2 and dst ",
		"arp or (src 192.0.2.2 and dst 192.0.2.1 and tcp[0:4]=0x1)",
		"(src 1.2.3.4.5 and dst 192.0.2.1 and tcp[0:4]=0x1)",
	};
	struct spared spared = { .count = 1, .sessions = { ours() } };
	struct spared_session other = ours();
	char text[256], many[XDPACTION_EXPRESSION_SIZE];
	struct words words = words_in(text, sizeof(text));
	size_t i;

	check_round(&spared, "a session over IPv4");
	spared_describe(&words, &spared);
	ok(!strcmp(text, "the SSH session from 192.0.2.2 port 50022"), "in words: %s", text);
	spared.sessions[spared.count++] = ours6();
	spared.sessions[spared.count++] = session_of("fe80::2", 65535, "fe80::1", 1);
	check_round(&spared, "three sessions");
	words = words_in(text, sizeof(text));
	spared_describe(&words, &spared);
	ok(!strcmp(text, "the SSH sessions from 192.0.2.2 port 50022, " CLIENT6
			 " port 50022 and fe80::2 port 65535"), "in words: %s", text);
	other.client_port++;
	ok(!spared_has(&spared, &other), "another session is not among them");

	for (i = 0; i < LENGTH(others); i++)
		ok(!spared_read(others[i], &spared), "is no such expression: '%s'", others[i]);
	for (i = 0; i + 40 < sizeof(many); i += 5)
		strcpy(many + i, "(src 192.0.2.2");
	ok(!spared_read(many, &spared), "nor are more sessions than there can be");
}

int main(void)
{
	struct spared_session v4 = ours(), v6 = ours6();

	check_session(&v4, true);
	check_session(&v4, false);
	check_session(&v6, true);
	check_session(&v6, false);
	check_cut(&v4, &segments[0], 14 + 20 + 4);
	check_cut(&v6, &segments6[0], 14 + 40 + 4);
	check_steps(&v4, "tcp port 5432");
	check_steps(&v6, "tcp port 5432");
	check_texts();
	return finish();
}
