// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "phrase.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wire.h"

/* An expression while it grows; what does not fit is left out. */
struct phrase {
	struct dice *dice;
	char *text;
	size_t size, length;
};

static void say(struct phrase *phrase, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct phrase *phrase, const char *format, ...)
{
	va_list args;
	int more;

	va_start(args, format);
	more = vsnprintf(phrase->text + phrase->length, phrase->size - phrase->length, format,
			 args);
	va_end(args);
	if (more > 0 && phrase->length + (size_t)more < phrase->size)
		phrase->length += (size_t)more;
	else
		phrase->text[phrase->length] = '\0';
}

static const char *any_of(struct phrase *phrase, const char *const *words, size_t count)
{
	return words[dice_roll(phrase->dice, count)];
}

#define ANY_OF(phrase, ...)                                                                       \
	({                                                                                        \
		static const char *const words[] = { __VA_ARGS__ };                               \
		any_of(phrase, words, sizeof(words) / sizeof(words[0]));                          \
	})

/* The numbers are those that the packets have, so that some of them match. */
static void say_address(struct phrase *phrase)
{
	const char *way = ANY_OF(phrase, "", "src ", "dst ", "src or dst ", "src and dst ");

	switch (dice_roll(phrase->dice, 6)) {
	case 0:
		say(phrase, "%shost 10.0.0.%u", way, 1 + dice_roll(phrase->dice, WIRE_HOSTS));
		break;
	case 1:
		say(phrase, "%snet 10.0.0.0/%u", way, 24 + 4 * dice_roll(phrase->dice, 2));
		break;
	case 2:
		say(phrase, "%shost fd00::%u", way, 1 + dice_roll(phrase->dice, WIRE_HOSTS));
		break;
	case 3:
		say(phrase, "%snet fd00::/%u", way, 1 + dice_roll(phrase->dice, 127));
		break;
	case 4:
		say(phrase, "ether %s 02:00:00:00:00:0%u", ANY_OF(phrase, "host", "src", "dst"),
		    1 + dice_roll(phrase->dice, WIRE_HOSTS));
		break;
	default:
		say(phrase, "%s%s host 10.0.0.%u", ANY_OF(phrase, "ip ", "arp "),
		    ANY_OF(phrase, "src", "dst"), 1 + dice_roll(phrase->dice, WIRE_HOSTS));
	}
}

static void say_port(struct phrase *phrase)
{
	const char *proto = ANY_OF(phrase, "", "tcp ", "udp ", "sctp ");
	const char *way = ANY_OF(phrase, "", "src ", "dst ");
	uint32_t port = WIRE_PORT + dice_roll(phrase->dice, WIRE_PORTS);

	if (dice_roll(phrase->dice, 2))
		say(phrase, "%s%sport %u", proto, way, port);
	else
		say(phrase, "%s%sportrange %u-%u", proto, way, port,
		    port + dice_roll(phrase->dice, WIRE_PORTS));
}

static void say_protocol(struct phrase *phrase)
{
	switch (dice_roll(phrase->dice, 4)) {
	case 0:
		say(phrase, "%s proto %u", ANY_OF(phrase, "ip", "ip6"),
		    dice_roll(phrase->dice, 140));
		break;
	case 1:
		say(phrase, "ether proto 0x%x",
		    dice_roll(phrase->dice, 2) ? 0x800 : dice_roll(phrase->dice, 65536));
		break;
	default:
		say(phrase, "%s",
		    ANY_OF(phrase, "ip", "ip6", "arp", "rarp", "tcp", "udp", "icmp", "icmp6", "sctp",
			   "igmp", "ah", "esp", "broadcast", "multicast", "ip multicast",
			   "ip6 multicast", "ether multicast"));
	}
}

/* A number out of the packet. */
static void say_bytes(struct phrase *phrase)
{
	static const unsigned int sizes[] = { 1, 2, 4 };
	uint32_t far = dice_roll(phrase->dice, 8) ? 60 : 5000;

	if (!dice_roll(phrase->dice, 4))
		say(phrase, "ip[(ip[0] & 0xf) * 4 + %u]", dice_roll(phrase->dice, 20));
	else
		say(phrase, "%s[%u:%u]",
		    ANY_OF(phrase, "ether", "ip", "ip6", "tcp", "udp", "icmp", "icmp6"),
		    dice_roll(phrase->dice, far), sizes[dice_roll(phrase->dice, 3)]);
}

static void say_comparison(struct phrase *phrase)
{
	switch (dice_roll(phrase->dice, 7)) {
	case 0:
		say(phrase, "tcp[tcpflags] & (%s|%s) %s 0", ANY_OF(phrase, "tcp-syn", "tcp-fin"),
		    ANY_OF(phrase, "tcp-ack", "tcp-rst", "tcp-push"), ANY_OF(phrase, "!=", "="));
		return;
	case 1:
		say(phrase, "len %s %u", ANY_OF(phrase, "<", ">", "<=", ">=", "=", "!="),
		    dice_roll(phrase->dice, WIRE_SIZE));
		return;
	case 2:
		say(phrase, "%s %u", ANY_OF(phrase, "less", "greater"),
		    dice_roll(phrase->dice, 300));
		return;
	case 3:
		say_bytes(phrase);
		say(phrase, " %s ", ANY_OF(phrase, "+", "-", "*", "&", "|", "/", "%", "^"));
		say_bytes(phrase);
		break;
	case 4:
		say_bytes(phrase);
		say(phrase, " %s %u", ANY_OF(phrase, "+", "-", "*", "&", "|", "/", "%", "^"),
		    1 + dice_roll(phrase->dice, 300));
		break;
	case 5:
		say_bytes(phrase);
		say(phrase, " %s %u", ANY_OF(phrase, "<<", ">>"), dice_roll(phrase->dice, 32));
		break;
	default:
		say_bytes(phrase);
	}
	say(phrase, " %s %u", ANY_OF(phrase, "=", "!=", "<", ">", "<=", ">="),
	    dice_roll(phrase->dice, dice_roll(phrase->dice, 2) ? 8 : 3000));
}

static void say_tag(struct phrase *phrase)
{
	switch (dice_roll(phrase->dice, 4)) {
	case 0:
		say(phrase, "vlan");
		break;
	case 1:
		say(phrase, "vlan %u", 1 + dice_roll(phrase->dice, WIRE_VLANS));
		break;
	case 2:
		say(phrase, "vlan and vlan");
		break;
	default:
		say(phrase, "mpls");
	}
}

static void say_primitive(struct phrase *phrase)
{
	switch (dice_roll(phrase->dice, 11)) {
	case 0:
		say_tag(phrase);
		break;
	case 1:
	case 2:
		say_protocol(phrase);
		break;
	case 3:
	case 4:
		say_address(phrase);
		break;
	case 5:
	case 6:
	case 7:
		say_port(phrase);
		break;
	default:
		say_comparison(phrase);
	}
}

static void say_expression(struct phrase *phrase, int depth)
{
	if (!dice_roll(phrase->dice, 4))
		say(phrase, "not ");
	if (depth && dice_roll(phrase->dice, 2)) {
		say(phrase, "(");
		say_expression(phrase, depth - 1);
		say(phrase, " %s ", ANY_OF(phrase, "and", "or"));
		say_expression(phrase, depth - 1);
		say(phrase, ")");
	} else {
		say_primitive(phrase);
	}
}

void phrase_make(struct dice *dice, char *text, size_t size)
{
	struct phrase phrase = { .dice = dice, .text = text, .size = size };

	text[0] = '\0';
	say_expression(&phrase, 3);
}
