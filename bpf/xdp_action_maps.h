/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the XDP program and its user share: the maps, the meaning of every
 * field, and the order in which a writer may touch them. Whoever follows this
 * page may drive an instance without libxdpaction.
 *
 * All fields are in the byte order of the host: maps never leave it.
 *
 * Maps of an instance
 *
 *	kernel name      pinned as         type, entries x value
 *	.data.action     action            ARRAY, 1 x struct xdp_action_data
 *	action_counters  action_counters   PERCPU_ARRAY, 5 x struct
 *					   xdp_action_counter, index: verdict
 *	action_targets   action_targets    DEVMAP, 2 * XDP_ACTION_SLOTS x __u32
 *	action_random    not pinned        PERCPU_ARRAY, 1 x __u64
 *
 * The word
 *
 * What happens to a packet is decided by one aligned 64-bit word, so that a
 * packet sees the old setting or the new one and never a mixture:
 *
 *	bits  0 to  3	verdict, 0 to 4, as enum xdp_action in <linux/bpf.h>
 *	bits  4 to  7	otherwise: verdict for the packets that the probability
 *			leaves out, and for group frames under TX
 *	bits  8 to 15	flags, XDP_ACTION_F_*
 *	bits 16 to 31	sequence number of the setting; modulo XDP_ACTION_SLOTS
 *			it is the slot with the conditions of the setting
 *	bits 32 to 63	threshold: with XDP_ACTION_F_PROBABILITY a packet gets
 *			the verdict when a random number in [0, 2^32) is below
 *
 * A word up to XDP_PASS (0 ABORTED, 1 DROP, 2 PASS) is plain: it is its own
 * verdict, and the program looks at nothing else. A word that is not listed
 * here (a verdict or an otherwise above 4, an unknown flag) means ABORTED.
 *
 *	0x0000000000000001			DROP
 *	0x0ccccccc00000121			DROP 5%, otherwise PASS
 *	0x0000000000070221			DROP until the deadline in slot 7,
 *						then the base in slot 7
 *	0x0000000000080024			REDIRECT to action_targets[16],
 *						that of slot 8
 *
 * Slots
 *
 * The base, the deadline and the budget stand in the slot that the word names.
 * Changing a setting means: take the next sequence number, say so in
 * `sequence`, fill the slot, store 0 in `clock_gate` (or it could still speak
 * of the setting that had this number 65,536 settings ago), and only then
 * store the word that refers to the slot.
 * A slot is so old when its turn comes again that no packet still reads it;
 * the program checks that all the same, against `sequence`.
 *
 * Writers exclude each other with an exclusive flock(2) on the directory
 * above the pin directories. Readers need no lock.
 */
#ifndef XDP_ACTION_MAPS_H
#define XDP_ACTION_MAPS_H

#include <linux/types.h>

#define XDP_ACTION_PROG_NAME		"xdp_action"
#define XDP_ACTION_DATA_MAP		".data.action"
#define XDP_ACTION_COUNTERS_MAP		"action_counters"
#define XDP_ACTION_TARGETS_MAP		"action_targets"

#define XDP_ACTION_PIN_DATA		"action"
#define XDP_ACTION_PIN_COUNTERS		"action_counters"
#define XDP_ACTION_PIN_TARGETS		"action_targets"

/* "XDPa"; with the version it tells an instance from a map of the same name. */
#define XDP_ACTION_MAGIC		0x61504458U
/* Grows when a field changes its place or its meaning. */
#define XDP_ACTION_VERSION		1

#define XDP_ACTION_DEFAULT_PRIO		50

#define XDP_ACTION_SLOTS		64
#define XDP_ACTION_VERDICTS		5
#define XDP_ACTION_TARGETS		(2 * XDP_ACTION_SLOTS)

#define XDP_ACTION_VERDICT_SHIFT	0
#define XDP_ACTION_OTHERWISE_SHIFT	4
#define XDP_ACTION_FLAGS_SHIFT		8
#define XDP_ACTION_SEQUENCE_SHIFT	16
#define XDP_ACTION_THRESHOLD_SHIFT	32

/* The threshold decides; without this flag every packet gets the verdict. */
#define XDP_ACTION_F_PROBABILITY	0x01
/* Past `deadline_ns` of the slot the base is in force. */
#define XDP_ACTION_F_DEADLINE		0x02
/* When `budget` of the slot is used up the base is in force. */
#define XDP_ACTION_F_BUDGET		0x04
#define XDP_ACTION_F_TEMPORARY		(XDP_ACTION_F_DEADLINE | XDP_ACTION_F_BUDGET)
#define XDP_ACTION_F_ALL		(XDP_ACTION_F_PROBABILITY | XDP_ACTION_F_TEMPORARY)

/* The loader asked for frags, and the kernel has them. */
#define XDP_ACTION_FEATURE_FRAGS	0x1
/*
 * The program can count a budget down. Not before Linux 5.12, which has the
 * atomic instruction for it; without it a budget is used up from the start.
 */
#define XDP_ACTION_FEATURE_BUDGET	0x2

/* The conditions of one setting. */
struct xdp_action_slot {
	/*
	 * The word that is in force after the deadline or the budget. It has
	 * no flags but XDP_ACTION_F_PROBABILITY; its sequence means nothing,
	 * and REDIRECT in it goes to action_targets[2 * slot + 1].
	 */
	__u64 base;
	/* CLOCK_BOOTTIME of the initial time namespace: suspend counts. */
	__u64 deadline_ns;
	/*
	 * How many packets may still get the verdict. Counted down by the
	 * program; 0 and below is used up.
	 */
	__s64 budget;
	__u64 pad;
};

/* The value of .data.action. A writer maps it and stores whole words. */
struct xdp_action_data {
	/* The word in force. Alone in its cache line: all CPUs read it. */
	__u64 action;
	__u64 pad0[7];

	__u32 magic;		/* XDP_ACTION_MAGIC */
	__u32 version;		/* XDP_ACTION_VERSION */
	__u32 size;		/* sizeof(struct xdp_action_data) */
	/* Sequence number of the slot that was filled last. */
	__u32 sequence;
	/*
	 * Where it was loaded: inode number of the network namespace and
	 * ifindex; 0 where the loader did not say (xdp-loader). Information
	 * for cleaning up, no proof of being attached.
	 */
	__u64 netns;
	__u32 ifindex;
	__u32 features;		/* XDP_ACTION_FEATURE_* */
	/* When it was loaded, CLOCK_REALTIME in nanoseconds; 0: not said. */
	__u64 loaded_ns;
	/*
	 * The program's own, so that it need not read the clock for each
	 * packet: bits 48 to 63 are the sequence number of a setting, and its
	 * deadline has not passed before the jiffy in bits 0 to 47. All of
	 * these set: it has passed.
	 */
	__u64 clock_gate;
	__u64 pad1[2];

	struct xdp_action_slot slots[XDP_ACTION_SLOTS];
};

/* The value of action_counters, one for each CPU and verdict. */
struct xdp_action_counter {
	__u64 packets;
	/* Length from the MAC header on, as the program saw it, all frags. */
	__u64 bytes;
};

#define XDP_ACTION_ASSERT(name, cond) \
	typedef char xdp_action_assert_##name[(cond) ? 1 : -1]
#define XDP_ACTION_OFFSET(type, field) __builtin_offsetof(struct type, field)

XDP_ACTION_ASSERT(slot_size, sizeof(struct xdp_action_slot) == 32);
XDP_ACTION_ASSERT(budget_at, XDP_ACTION_OFFSET(xdp_action_slot, budget) == 16);
XDP_ACTION_ASSERT(magic_at, XDP_ACTION_OFFSET(xdp_action_data, magic) == 64);
XDP_ACTION_ASSERT(netns_at, XDP_ACTION_OFFSET(xdp_action_data, netns) == 80);
XDP_ACTION_ASSERT(slots_at, XDP_ACTION_OFFSET(xdp_action_data, slots) == 128);
XDP_ACTION_ASSERT(data_size, sizeof(struct xdp_action_data) == 128 + 64 * 32);
XDP_ACTION_ASSERT(counter_size, sizeof(struct xdp_action_counter) == 16);

#endif /* XDP_ACTION_MAPS_H */
