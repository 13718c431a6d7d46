/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
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
 *	action_matches   not pinned        ARRAY_OF_MAPS, 1 x ARRAY, mmapable,
 *					   XDP_ACTION_MATCHES x struct
 *					   xdp_action_match
 *	action_asked     not pinned        PERCPU_ARRAY, 2 x struct
 *					   xdp_action_counter, index:
 *					   XDP_ACTION_ASKED_*
 *	action_local     not pinned        PERCPU_ARRAY, the program's own
 *
 * The word
 *
 * What happens to a packet is decided by one aligned 64-bit word, so that a
 * packet sees the old setting or the new one and never a mixture:
 *
 *	bits  0 to  3	verdict, 0 to 4, as enum xdp_action in <linux/bpf.h>
 *	bits  4 to  7	otherwise: verdict for the packets that the conditions
 *			leave out, and for group frames under TX
 *	bits  8 to 15	flags, XDP_ACTION_F_*
 *	bits 16 to 31	sequence number of the setting; modulo XDP_ACTION_SLOTS
 *			it is the slot with the conditions of the setting
 *	bits 32 to 63	threshold: with XDP_ACTION_F_PROBABILITY a packet gets
 *			the verdict when a random number in [0, 2^32) is below
 *
 * The conditions are asked in this order, and the first that leaves a packet
 * out is the last one asked, so that later ones count only what comes to them:
 * deadline, match, skip, pulse, every or probability, budget. What comes after
 * the match, but for a probability without burst and flows, is in `more`.
 *
 *	every 3, skip 2		of what matches the fifth, eighth, ... packet
 *	skip 2, budget 1	of what matches the third packet, then the base
 *	pulse, budget 1		the first packet that comes while it is on
 *	every 3, pulse		each third of those that come while it is on
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
 *	0x0ccccccc00091121			DROP 5%, in runs or by flows as
 *						more[9][0] says
 *
 * Slots
 *
 * The base, the deadline, the budget and the numbers of the matches stand in
 * the slot that the word names, further conditions in `more` with its number.
 * Changing a setting means: take the sequence number after that of the word in
 * force, or after `sequence` where that has no slot; wait until the slot is quiet;
 * say in `sequence` which it is, fill the slot, store 0 in `clock_gate`, and only
 * then store the word that refers to the slot.
 *
 * A slot is quiet when no program still runs that can have read the word which
 * named it last. A writer waits for a grace period of RCU, as any change of a map
 * of maps does. It makes all slots quiet but that of the word in force, which
 * `quiet` says, so that about one setting in sixty waits, some 10 ms.
 *
 * Order
 *
 * CPUs such as those of arm64 do loads and stores in another order than that of
 * the program, and programs have no read barrier before Linux 6.15. They need none:
 *
 *	what the word names	its slot, `more`, target and match are filled before
 *				the word is stored, with release. The program finds
 *				them by the word: the address of each load comes from
 *				a load before it, an order that all CPUs keep but those
 *				of Alpha.
 *	a slot that is filled	its last readers are gone, with all that they read,
 *	again			counted down (budget, skip), counted up (count) or
 *				wrote (gate). A grace period begins and ends with a
 *				full barrier on each CPU.
 *	a match that is		where loads are done in their order (x86-64, s390x)
 *	filled again		the program sees by its number, read after the steps,
 *				that they may be another's. Elsewhere the writer waits
 *				as for a slot, and that number never differs.
 *	clock_gate, gate	say in the same 64 bits of which setting they speak, so
 *				that one of another is seen, in whatever order. The 0
 *				is stored before the word; the setting that had this
 *				number before was 65,536 settings and a thousand grace
 *				periods ago.
 *	budget, skip, count	are changed by one atomic instruction each. Nothing
 *				else depends on their order.
 *	counters		each CPU has its own, and is their only writer. What
 *				is read of one is whole by 64 bits; packets and bytes
 *				may be one packet apart.
 *	changes			are read by user space only, with fences, as Who, when
 *				and why says.
 *
 * `sequence` is compared after a slot was read, in case that a writer did not wait. In
 * order or not, nothing above rests on that.
 *
 * A 32-bit kernel reads the word in two halves. The library refuses to load there.
 *
 * Matches
 *
 * Which packets match is said by up to three parts: expressions of
 * pcap-filter(7), compiled to steps. A packet matches when each of the first
 * `wanted` parts says yes to it, and none of the others. So a packet too short
 * for a part, to which that part says no, is spared by no exception.
 *
 * A step is one of two kinds:
 *
 *	a test		loads 1, 2 or 4 bytes at `offset` (plus the index),
 *			which becomes the accumulator when `mask` is applied,
 *			or with size 0 takes the accumulator as it is; compares
 *			it with `value`, and goes on at `yes` or `no`. With
 *			_TO_INDEX four times what it loaded becomes the index,
 *			the accumulator stays, and it goes on at `yes`
 *	classic		the instruction of classic BPF whose code is in the low
 *			byte of `op`, with k in `value`; goes on at `yes`, or at `no`
 *			when it divided by zero or is a jump that compared in
 *			vain. What loads from a packet, or compares with a
 *			constant, is a test
 *
 *	tcp port 22 begins with	{ op SIZE 2 | EQUAL, offset 12, mask ~0,
 *				value 0x86dd, yes 1, no 4 }
 *
 * A part has at least one step. `yes` and `no` are numbers of later steps, or
 * XDP_ACTION_MATCH_YES or _NO, which end the part. A load beyond
 * the packet ends it with no. The length of a packet is that of the whole frame, and all of it can
 * be loaded, fragments as well, up to offset 65,535.
 *
 * An instance has no map of matches until its first match. A writer then makes
 * one and puts it into action_matches, which takes the kernel some 10 ms; later
 * matches are written into it. A match has a number, 1 to 2^32 - 1, and its
 * place is that modulo XDP_ACTION_MATCHES. A writer takes the next number whose
 * place is neither that of the setting in force nor that of its base; waits as
 * Order says; stores 0 as the number of the match there, fills it, and stores the
 * number; then fills the slot and stores the word as above. The program reads the number
 * before and after a walk, and starts again with the word where it differs.
 *
 * A walk of a few tests calls nothing, and has its registers in those of the CPU.
 * Any other keeps them in a map, per CPU. XDP programs run with bottom halves off,
 * and so one at a time on a CPU: no softirq interrupts another, and each
 * instance has a map of its own. Two cases are left: before Linux 5.18 a test
 * run leaves bottom halves on, and PREEMPT_RT lets one softirq preempt another
 * where its lock around them is configured away. There the one that interrupts
 * is through before the other goes on, and that one sees by the number of walks
 * that its registers are another's, and starts again with the word.
 *
 * Further conditions
 *
 * Two struct xdp_action_more belong to a slot: of the setting and of its base.
 * They count only with XDP_ACTION_F_MORE in the word. A writer that sets this
 * flag fills both, with no bit in `asks` where there is no such condition. What
 * is counted is written by the program as well, on all CPUs.
 *
 *	skip	of the packets that come to it the next `skip` are left out
 *	pulse	packets are left out unless (now - start_ns) mod period_ns is
 *		below on_ns, by CLOCK_BOOTTIME of the initial time namespace.
 *		Nothing is added up, so that nothing drifts
 *	every	the packet with which `count` becomes a multiple of `every`
 *	burst	losses in runs. Each CPU is in a good state or in a bad one, in
 *		which packets get the verdict. In the good state a packet makes
 *		it bad with the chance `enter`, in the bad one it stays bad with
 *		the chance `stay`, both of 2^32. The first packet of a CPU finds
 *		it bad with the chance of the threshold. For a share p and runs
 *		of n packets on average stay is 1 - 1/n and enter p / (n (1 - p))
 *	flow	all packets of a flow or none: a flow gets the verdict when the
 *		hash of it and of `seed` is below the threshold. A flow is IP
 *		addresses, protocol and ports (TCP, UDP, UDP-Lite, DCCP, SCTP),
 *		in either direction, behind up to two VLAN tags and six IPv6
 *		extension headers. Fragments have no ports, the first neither.
 *		What is not IP, or too short, is a flow by its two MAC addresses
 *
 *	every 10	asks XDP_ACTION_MORE_EVERY, every 10, count 0
 *	5% in runs of 4	asks XDP_ACTION_MORE_BURST, stay 0xc0000000,
 *			enter 0x035e50d7, threshold 0x0ccccccd
 *	on for 200 ms	asks XDP_ACTION_MORE_PULSE, on_ns 200000000, period_ns
 *	of each second	1000000000, start_ns now, gate 0
 *
 * Who, when and why
 *
 * Beside the word stand the records of the last two changes: `changes`. The
 * record of the word in force is the one that has this word, and of two with the
 * same word that of the higher generation. A word that neither of them has was
 * stored by a writer that keeps no records.
 *
 * The generation of a setting is that of its record. Where it has none it is one
 * more than the highest in `changes`, two more where that is of a setting with an
 * end, or 0 where nothing was recorded yet. It is one more still when the setting has
 * ended by itself. A writer gives the next one, so that none is given twice, unless a
 * setting ends within the microseconds in which the next one is stored: then that has the
 * generation of its end.
 *
 * The last things that a writer does are these, in this order: in the place that
 * is not that of the record in force it stores 0 as the generation, fills the
 * record and stores the generation; then it stores the word. One that is killed
 * in between leaves the old word, and with it the old record, in force. A reader
 * compares the generation of a record before and after it copied the record, and
 * the word before and after it looked for its record.
 *
 * Upgrades
 *
 * Attached alone, a program is exchanged in one step of the kernel, and the new one
 * goes on with the maps of the old one. In a chain a program is attached or
 * detached, each in one step, but not exchanged. There a substitute stands in: a
 * program that does the same, with the same maps, but only for packets that the
 * program before it has not counted. Of one priority libxdp sorts programs by
 * their names, so that it always comes right behind.
 *
 *	old			runs
 *	old, substitute		the old one decides and counts
 *	substitute		decides and counts
 *	new, substitute		the new one decides and counts
 *	new			runs
 *
 * Each step is one for every packet. What it runs through on its CPU the substitute
 * knows by the counter of that CPU for XDP_PASS, the only verdict on which the
 * chain goes on to it: that has grown since the substitute ran there last, or it has
 * not. A writer tells it what was counted on each CPU before, in two steps: while
 * `watches` is 0 it passes every packet, which the old program has counted; then
 * `passed` is filled in when no program runs any more that began without it; and
 * `watches` is set when none runs that began before that. Wherever a writer is
 * killed, each packet is decided about and counted once. The next one detaches the
 * substitute, or attaches the new program before it where it is alone.
 *
 * Writers exclude each other with an exclusive flock(2) on the directory
 * above the pin directories. Readers need no lock.
 */
#ifndef XDP_ACTION_MAPS_H
#define XDP_ACTION_MAPS_H

#include <linux/types.h>

#define XDP_ACTION_PROG_NAME		"xdp_action"
#define XDP_ACTION_SUB_NAME		"xdp_action_sub"
#define XDP_ACTION_DATA_MAP		".data.action"
#define XDP_ACTION_COUNTERS_MAP		"action_counters"
#define XDP_ACTION_TARGETS_MAP		"action_targets"
#define XDP_ACTION_MATCHES_MAP		"action_matches"
#define XDP_ACTION_ASKED_MAP		"action_asked"
#define XDP_ACTION_SUB_MAP		"action_sub"
#define XDP_ACTION_SEEN_MAP		"action_seen"

#define XDP_ACTION_PIN_DATA		"action"
#define XDP_ACTION_PIN_COUNTERS		"action_counters"
#define XDP_ACTION_PIN_TARGETS		"action_targets"

/* "XDPa"; with the version it tells an instance from a map of the same name. */
#define XDP_ACTION_MAGIC		0x61504458U
/* Grows when a field changes its place or its meaning. */
#define XDP_ACTION_VERSION		2

#define XDP_ACTION_DEFAULT_PRIO		50

#define XDP_ACTION_SLOTS		64
#define XDP_ACTION_VERDICTS		5
#define XDP_ACTION_TARGETS		(2 * XDP_ACTION_SLOTS)

/* Packets that were asked whether they match, by the answer. */
#define XDP_ACTION_ASKED_MATCHED	0
#define XDP_ACTION_ASKED_MISSED		1
#define XDP_ACTION_ASKED		2

/* Matches that one instance holds. */
#define XDP_ACTION_MATCHES		4
/* Steps of a match, and how many of them a kernel without bpf_loop() walks. */
#define XDP_ACTION_MATCH_STEPS		1024
#define XDP_ACTION_MATCH_STEPS_SHORT	128
#define XDP_ACTION_MATCH_PARTS		3
#define XDP_ACTION_MATCH_TEXT		12288
/* M[] of classic BPF. */
#define XDP_ACTION_MATCH_MEMORY		16

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
/*
 * The setting or its base has a match, whose number is in `match` of the slot.
 * Packets that it leaves out get the otherwise.
 */
#define XDP_ACTION_F_MATCH		0x08
/*
 * The setting or its base has further conditions, in `more` of the slot. Packets
 * that these leave out get the otherwise.
 */
#define XDP_ACTION_F_MORE		0x10
#define XDP_ACTION_F_ALL                                                                           \
	(XDP_ACTION_F_PROBABILITY | XDP_ACTION_F_TEMPORARY | XDP_ACTION_F_MATCH |                  \
	 XDP_ACTION_F_MORE)

/*
 * What `asks` of struct xdp_action_more consists of. Of the last three there is
 * one at most, and the last two go with XDP_ACTION_F_PROBABILITY only. A rule
 * with a bit that is not listed here gives ABORTED.
 */
#define XDP_ACTION_MORE_SKIP		0x01
#define XDP_ACTION_MORE_PULSE		0x02
#define XDP_ACTION_MORE_EVERY		0x04
#define XDP_ACTION_MORE_BURST		0x08
#define XDP_ACTION_MORE_FLOW		0x10
#define XDP_ACTION_MORE_ALL		0x1f

/* The loader asked for frags, and the kernel has them. */
#define XDP_ACTION_FEATURE_FRAGS	0x1
/*
 * The program can count over all CPUs. Not before Linux 5.12, which has the
 * atomic instruction for it; without it a budget is used up from the start, a
 * skip never ends, and the Nth packet of `every` never comes.
 */
#define XDP_ACTION_FEATURE_BUDGET	0x2
/*
 * The program walks matches of XDP_ACTION_MATCH_STEPS steps, and not only of
 * XDP_ACTION_MATCH_STEPS_SHORT. From Linux 5.18 on.
 */
#define XDP_ACTION_FEATURE_LONG_MATCH	0x4

/* The texts of a change. */
#define XDP_ACTION_PROCESS_SIZE		16
#define XDP_ACTION_USER_SIZE		64
#define XDP_ACTION_CLIENT_SIZE		64
#define XDP_ACTION_NOTE_SIZE		136
#define XDP_ACTION_NO_UID		0xffffffffU

/* The `op` of a step: a test, or with _CLASSIC the code of an instruction. */
#define XDP_ACTION_OP_SIZE		0x007	/* 1, 2 or 4 bytes; 0: none */
#define XDP_ACTION_OP_INDEXED		0x008	/* the index is added to `offset` */
#define XDP_ACTION_OP_COMPARE		0x070	/* yes to any of these: */
#define XDP_ACTION_OP_EQUAL		0x010
#define XDP_ACTION_OP_GREATER		0x020
#define XDP_ACTION_OP_ANY_BIT		0x040
#define XDP_ACTION_OP_TO_INDEX		0x080
#define XDP_ACTION_OP_CLASSIC		0x100

/* Ends of a part, where the number of a step could stand. */
#define XDP_ACTION_MATCH_YES		0xffff
#define XDP_ACTION_MATCH_NO		0xfffe

struct xdp_action_step {
	__u16 op;		/* XDP_ACTION_OP_* */
	__u16 yes;
	__u16 no;
	__u16 offset;
	__u32 mask;
	__u32 value;
};

/* A match, as Matches above says. */
struct xdp_action_match {
	__u32 number;		/* 0 while it is written */
	__u16 parts;		/* 1 to XDP_ACTION_MATCH_PARTS */
	__u16 wanted;		/* of them, the first: 0 or 1 */
	__u16 start[XDP_ACTION_MATCH_PARTS];	/* first step of each part */
	__u16 count;		/* steps of all parts */
	/* The expressions as typed, each with its end, "" where there is none. */
	char text[XDP_ACTION_MATCH_TEXT];
	struct xdp_action_step steps[XDP_ACTION_MATCH_STEPS];
};

/* The conditions of one setting. */
struct xdp_action_slot {
	/*
	 * The word that is in force after the deadline or the budget. It has
	 * no flags but XDP_ACTION_F_PROBABILITY; its sequence means nothing,
	 * REDIRECT in it goes to action_targets[2 * slot + 1], and its match is
	 * match[1].
	 */
	__u64 base;
	/* CLOCK_BOOTTIME of the initial time namespace: suspend counts. */
	__u64 deadline_ns;
	/*
	 * How many packets may still get the verdict. Counted down by the
	 * program; 0 and below is used up.
	 */
	__s64 budget;
	/* Numbers of the matches of the setting and of its base; 0: none. */
	__u32 match[2];
};

/* The further conditions of a rule, as Further conditions above says. */
struct xdp_action_more {
	__u32 asks;		/* XDP_ACTION_MORE_*; 0: none */
	/* Mean length of a run in thousandths, from which the writer derived `stay`. */
	__u32 burst;
	/* Counted down by the program; 0 and below is none. */
	__s64 skip;
	union {
		__u64 every;
		__u64 stay;
		__u64 seed;
	};
	union {
		__u64 count;	/* of `every`; counted up by the program */
		__u64 enter;
	};
	__u64 on_ns;
	__u64 period_ns;
	__u64 start_ns;
	/*
	 * The program's own, and 0 when written: bits 48 to 63 are the sequence
	 * number of the setting, bit 47 says whether the pulse is on, which it
	 * stays until the jiffy in bits 0 to 46.
	 */
	__u64 gate;
};

/* A change of the setting. What it does not say is 0 or "". */
struct xdp_action_change {
	__u64 generation;	/* 0 while it is written */
	__u64 word;
	__u64 time_ns;		/* CLOCK_REALTIME */
	/* The end of the setting, and how many packets it skips, as it was asked for. */
	__u64 duration_ns;
	__u64 packets;
	__u64 skip;
	/* The real user id, and that of the login; XDP_ACTION_NO_UID: none. */
	__u32 uid;
	__u32 login_uid;
	__u32 pid;
	__u32 pad;
	/* All with their end; in no known encoding. */
	char process[XDP_ACTION_PROCESS_SIZE];
	char sudo_user[XDP_ACTION_USER_SIZE];
	char ssh_client[XDP_ACTION_CLIENT_SIZE];
	char note[XDP_ACTION_NOTE_SIZE];
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
	/* No program reads the slot of a number before this one any more. A writer's own. */
	__u32 quiet;
	__u32 pad1[3];

	struct xdp_action_slot slots[XDP_ACTION_SLOTS];
	/* Of the settings, [0], and of their bases, [1]. */
	struct xdp_action_more more[XDP_ACTION_SLOTS][2];
	/* The last two that were recorded, in any order. */
	struct xdp_action_change changes[2];
};

/* The value of action_counters and action_asked, one for each CPU and index. */
struct xdp_action_counter {
	__u64 packets;
	/* Length from the MAC header on, as the program saw it, all frags. */
	__u64 bytes;
};

/* The value of action_sub, one for each CPU. */
struct xdp_action_sub {
	/* What action_counters had for XDP_PASS before the substitute first ran there. */
	__u64 passed;
	/* 0: it passes every packet, uncounted. */
	__u64 watches;
};

#define XDP_ACTION_ASSERT(name, cond) \
	typedef char xdp_action_assert_##name[(cond) ? 1 : -1]
#define XDP_ACTION_OFFSET(type, field) __builtin_offsetof(struct type, field)

XDP_ACTION_ASSERT(slot_size, sizeof(struct xdp_action_slot) == 32);
XDP_ACTION_ASSERT(budget_at, XDP_ACTION_OFFSET(xdp_action_slot, budget) == 16);
XDP_ACTION_ASSERT(magic_at, XDP_ACTION_OFFSET(xdp_action_data, magic) == 64);
XDP_ACTION_ASSERT(netns_at, XDP_ACTION_OFFSET(xdp_action_data, netns) == 80);
XDP_ACTION_ASSERT(slots_at, XDP_ACTION_OFFSET(xdp_action_data, slots) == 128);
XDP_ACTION_ASSERT(more_size, sizeof(struct xdp_action_more) == 64);
XDP_ACTION_ASSERT(more_at, XDP_ACTION_OFFSET(xdp_action_data, more) == 128 + 64 * 32);
XDP_ACTION_ASSERT(change_size, sizeof(struct xdp_action_change) == 344);
XDP_ACTION_ASSERT(changes_at, XDP_ACTION_OFFSET(xdp_action_data, changes) ==
			       128 + 64 * 32 + 128 * 64);
XDP_ACTION_ASSERT(data_size, sizeof(struct xdp_action_data) == 11056);
XDP_ACTION_ASSERT(counter_size, sizeof(struct xdp_action_counter) == 16);
XDP_ACTION_ASSERT(step_size, sizeof(struct xdp_action_step) == 16);
XDP_ACTION_ASSERT(text_at, XDP_ACTION_OFFSET(xdp_action_match, text) == 16);
/* The kernel aligns the entries of an array to 8 bytes. */
XDP_ACTION_ASSERT(match_size, sizeof(struct xdp_action_match) % 8 == 0);
XDP_ACTION_ASSERT(steps_at, XDP_ACTION_OFFSET(xdp_action_match, steps) ==
			     16 + XDP_ACTION_MATCH_TEXT);

#endif /* XDP_ACTION_MAPS_H */
