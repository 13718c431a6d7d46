// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "wire.h"

#include <string.h>

struct wire {
	struct dice *dice;
	uint8_t *bytes;
	uint32_t length;
};

static void put(struct wire *wire, uint32_t size, uint64_t value)
{
	while (size--)
		wire->bytes[wire->length++] = value >> 8 * size;
}

static void put_mac(struct wire *wire)
{
	if (dice_roll(wire->dice, 8))
		put(wire, 6, UINT64_C(0x020000000000) + 1 + dice_roll(wire->dice, WIRE_HOSTS));
	else
		put(wire, 6, dice_roll(wire->dice, 2) ? UINT64_C(0xffffffffffff) :
							UINT64_C(0x333300000001));
}

static void put_noise(struct wire *wire, uint32_t length)
{
	while (length--)
		put(wire, 1, dice_u64(wire->dice));
}

static void put_port(struct wire *wire)
{
	put(wire, 2, WIRE_PORT + dice_roll(wire->dice, WIRE_PORTS + 2));
}

static void put_transport(struct wire *wire, uint8_t protocol)
{
	switch (protocol) {
	case 6:
		put_port(wire);
		put_port(wire);
		put(wire, 8, dice_u64(wire->dice));
		put(wire, 2, 0x5000 | dice_roll(wire->dice, 64));
		put(wire, 6, dice_u64(wire->dice));
		break;
	case 17:
	case 132:
		put_port(wire);
		put_port(wire);
		put(wire, 4, dice_u64(wire->dice));
		break;
	default:
		put_noise(wire, 8);
	}
}

static uint8_t any_protocol(struct wire *wire)
{
	static const uint8_t protocols[] = { 6, 6, 6, 17, 17, 1, 2, 58, 132, 47, 50, 51 };

	return protocols[dice_roll(wire->dice, sizeof(protocols))];
}

static void put_ipv4(struct wire *wire)
{
	uint32_t options = dice_roll(wire->dice, 3) ? 0 : dice_roll(wire->dice, 11);
	uint8_t protocol = any_protocol(wire);

	put(wire, 2, 0x4500 + (options << 8));
	put(wire, 2, dice_roll(wire->dice, 1500));
	put(wire, 2, dice_u64(wire->dice));
	/* A fragment, now and then. */
	put(wire, 2, dice_roll(wire->dice, 4) ? 0x4000 : dice_roll(wire->dice, 0x4000));
	put(wire, 2, 0x4000 | protocol);
	put(wire, 2, dice_u64(wire->dice));
	put(wire, 4, 0x0a000001 + dice_roll(wire->dice, WIRE_HOSTS));
	put(wire, 4, dice_roll(wire->dice, 8) ? 0x0a000001 + dice_roll(wire->dice, WIRE_HOSTS) :
						0xe0000001);
	put_noise(wire, options * 4);
	put_transport(wire, protocol);
}

/* fd00::1 and the like. */
static void put_address6(struct wire *wire)
{
	put(wire, 8, UINT64_C(0xfd00) << 48);
	put(wire, 8, 1 + dice_roll(wire->dice, WIRE_HOSTS));
}

static void put_ipv6(struct wire *wire)
{
	static const uint8_t extensions[] = { 0, 43, 44, 60 };
	uint8_t protocol = any_protocol(wire), next = protocol;
	uint32_t count = dice_roll(wire->dice, 3) ? 0 : 1 + dice_roll(wire->dice, 3), i;

	if (count)
		next = extensions[dice_roll(wire->dice, sizeof(extensions))];
	put(wire, 4, 0x60000000);
	put(wire, 2, dice_roll(wire->dice, 1500));
	put(wire, 2, next << 8 | 64);
	put_address6(wire);
	put_address6(wire);
	for (i = 0; i < count; i++) {
		next = i + 1 < count ? extensions[dice_roll(wire->dice, sizeof(extensions))] :
				       protocol;
		put(wire, 8, (uint64_t)next << 56 | (dice_u64(wire->dice) & 0xffffffff));
	}
	put_transport(wire, protocol);
}

static void put_arp(struct wire *wire)
{
	put(wire, 8, UINT64_C(0x0001080006040001));
	put_mac(wire);
	put(wire, 4, 0x0a000001 + dice_roll(wire->dice, WIRE_HOSTS));
	put_mac(wire);
	put(wire, 4, 0x0a000001 + dice_roll(wire->dice, WIRE_HOSTS));
}

/* Up to two VLAN tags, and labels of MPLS. */
static void put_tags(struct wire *wire)
{
	uint32_t tags = dice_roll(wire->dice, 3) ? 0 : 1 + dice_roll(wire->dice, 2), i;

	for (i = 0; i < tags; i++) {
		put(wire, 2, !i && tags > 1 ? 0x88a8 : 0x8100);
		put(wire, 2, dice_roll(wire->dice, 8) << 13 |
				     (1 + dice_roll(wire->dice, WIRE_VLANS)));
	}
	if (!dice_roll(wire->dice, 16))
		put(wire, 6, UINT64_C(0x884700010140) | dice_roll(wire->dice, 2) << 8);
}

/* What a sender may do: cut it anywhere, or lie in a byte or two. */
static void spoil(struct wire *wire)
{
	uint32_t lies, i;

	if (!dice_roll(wire->dice, 4))
		wire->length = dice_roll(wire->dice, wire->length + 1);
	lies = dice_roll(wire->dice, 4) ? 0 : 1 + dice_roll(wire->dice, 3);
	for (i = 0; i < lies && wire->length; i++)
		wire->bytes[dice_roll(wire->dice, wire->length)] = dice_u64(wire->dice);
}

uint32_t wire_make(struct dice *dice, uint8_t packet[WIRE_SIZE], uint32_t most)
{
	struct wire wire = { .dice = dice, .bytes = packet };
	uint32_t room;

	put_mac(&wire);
	put_mac(&wire);
	put_tags(&wire);
	switch (dice_roll(dice, 8)) {
	case 0:
		put(&wire, 2, 0x0806);
		put_arp(&wire);
		break;
	case 1:
		put_noise(&wire, 2 + dice_roll(dice, 60));
		break;
	case 2:
	case 3:
	case 4:
		put(&wire, 2, 0x86dd);
		put_ipv6(&wire);
		break;
	default:
		put(&wire, 2, 0x0800);
		put_ipv4(&wire);
	}
	room = most - wire.length;
	put_noise(&wire, dice_roll(dice, dice_roll(dice, 4) ? 64 : room));
	spoil(&wire);
	if (wire.length > most)
		wire.length = most;
	if (wire.length < WIRE_LEAST)
		put_noise(&wire, WIRE_LEAST - wire.length);
	return wire.length;
}
