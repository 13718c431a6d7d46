// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What TX does to a frame, where REDIRECT goes, and frames of several pages. */
#include <errno.h>
#include <string.h>
#include <bpf/bpf.h>

#include "prog_run.h"

/* In any network namespace. */
#define LO	1

static void vlan_packet(struct packet *packet)
{
	const unsigned char tag[] = { 0x81, 0x00, 0x20, 0x2a, 0x08, 0x00 };

	packet_init(packet);
	memcpy(&packet->eth.h_proto, tag, 2);
	memcpy(packet->payload, tag + 2, 4);
}

static void check_swap(struct instance *instance)
{
	struct packet sent, back;
	bool swapped;

	reset(instance);
	put_verdict(instance, XDP_TX);
	vlan_packet(&sent);
	back = sent;
	ok(run(instance, &back, 200) == XDP_TX, "TX sends a frame to one station back");
	swapped = !memcmp(back.eth.h_dest, sent.eth.h_source, ETH_ALEN) &&
		  !memcmp(back.eth.h_source, sent.eth.h_dest, ETH_ALEN);
	ok(swapped, "TX swaps the MAC addresses");
	ok(back.eth.h_proto == sent.eth.h_proto && !memcmp(back.payload, sent.payload, 200 - 14),
	   "TX changes neither the VLAN tag nor anything behind it");

	put_verdict(instance, XDP_PASS);
	back = sent;
	run(instance, &back, 200);
	ok(!memcmp(&back, &sent, 200), "PASS changes nothing in the frame");
}

static uint32_t tx_of(struct instance *instance, uint32_t otherwise, unsigned char first,
		      bool *same)
{
	struct packet sent, back;
	uint32_t verdict;

	reset(instance);
	put(instance, &(struct setting){ .verdict = XDP_TX, .otherwise = otherwise });
	packet_init(&sent);
	sent.eth.h_dest[0] = first;
	back = sent;
	verdict = run(instance, &back, 64);
	*same = !memcmp(&back, &sent, 64);
	return verdict;
}

static void check_groups(struct instance *instance)
{
	bool same;

	ok(tx_of(instance, XDP_DROP, 0xff, &same) == XDP_DROP && same,
	   "TX gives broadcast frames the otherwise, unchanged");
	ok(tx_of(instance, XDP_DROP, 0x33, &same) == XDP_DROP && same,
	   "TX gives multicast frames the otherwise, unchanged");
	ok(tx_of(instance, XDP_TX, 0x01, &same) == XDP_PASS && same,
	   "TX otherwise TX passes group frames, unchanged");
	ok(tx_of(instance, XDP_TX, 0x02, &same) == XDP_TX && !same,
	   "TX otherwise TX sends the rest back");
}

/* Runs a REDIRECT with lo as the only target, at `entry`. */
static uint32_t redirect(struct instance *instance, const struct setting *setting, bool of_base)
{
	uint32_t lo = LO, entry, slot;

	reset(instance);
	slot = put(instance, setting);
	entry = 2 * slot + of_base;
	if (bpf_map_update_elem(instance->targets, &entry, &lo, BPF_ANY))
		bail("target lo: %s", strerror(errno));
	return run_one(instance);
}

static void check_redirect(struct instance *instance)
{
	const struct setting plain = { .verdict = XDP_REDIRECT, .otherwise = XDP_PASS };
	const struct setting ended = { .verdict = XDP_DROP,
				       .flags = XDP_ACTION_F_DEADLINE,
				       .base = word(XDP_REDIRECT, XDP_PASS, 0, 0) };
	bool good = true;
	int i;

	reset(instance);
	put(instance, &plain);
	ok(run_one(instance) == XDP_ABORTED && tally(instance).packets[XDP_ABORTED] == 1,
	   "REDIRECT without a target is ABORTED and counted as that");
	for (i = 0; i < 2 * XDP_ACTION_SLOTS; i++)
		good &= redirect(instance, &plain, false) == XDP_REDIRECT;
	ok(good && tally(instance).packets[XDP_REDIRECT] == 1,
	   "REDIRECT takes the target of its own slot, whichever that is");
	ok(redirect(instance, &plain, true) == XDP_ABORTED,
	   "REDIRECT never takes the target of its base");
	ok(redirect(instance, &ended, true) == XDP_REDIRECT,
	   "a base of REDIRECT takes the target of the base");
	ok(redirect(instance, &ended, false) == XDP_ABORTED,
	   "a base of REDIRECT never takes the target of the setting");
}

void check_frames(struct instance *instance)
{
	check_swap(instance);
	check_groups(instance);
	check_redirect(instance);
}

void check_frags(struct instance *instance)
{
	const uint32_t lengths[] = { 64, 1500, 4096, 6000, 9000 };
	static struct packet sent, back;
	struct tally now;
	uint64_t bytes;
	bool good = true;
	size_t i;

	if (!instance) {
		skip("this kernel loads no program with frags", "frames of several pages");
		return;
	}
	reset(instance);
	put_verdict(instance, XDP_DROP);
	packet_init(&sent);
	for (bytes = i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		back = sent;
		good &= run(instance, &back, lengths[i]) == XDP_DROP;
		bytes += lengths[i];
	}
	now = tally(instance);
	ok(good && now.packets[XDP_DROP] == i && now.bytes[XDP_DROP] == bytes,
	   "with frags, frames of 64 to 9000 bytes are counted to the byte");

	put_verdict(instance, XDP_TX);
	back = sent;
	good = run(instance, &back, 9000) == XDP_TX;
	ok(good && !memcmp(back.eth.h_dest, sent.eth.h_source, ETH_ALEN) &&
		   !memcmp(back.eth.h_source, sent.eth.h_dest, ETH_ALEN) &&
		   !memcmp(back.payload, sent.payload, 9000 - ETH_HLEN),
	   "with frags, TX swaps the MAC addresses of a jumbo frame and nothing else");
}
