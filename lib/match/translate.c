// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Classic BPF to steps. What libpcap emits is for the most part a load, perhaps
 * an and, and a comparison: these become one step. Jumps without a condition
 * and returns of a constant become none, since each step names the next.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "match/match.h"

#define ALL_BITS 0xffffffffU
/* The kernel's program looks no further into a packet. */
#define OFFSET_MAX 0xffff
/*
 * From here on Linux has what is not in the packet, as SKF_AD_OFF in <linux/filter.h>. Where a
 * packet is filtered that comes from a file libpcap finds nothing there, and so never matches.
 */
#define BESIDE_PACKET 0xfffff000U
/* This is more than any match has room for, and keeps the tables small. */
#define PROGRAM_MAX 65536

/* What is known of one instruction. */
struct mark {
	bool reached;
	bool target;		/* of a jump, so that it begins a step */
	uint8_t length;		/* instructions in the step that begins here */
	uint16_t step;
};

struct translation {
	const struct bpf_insn *insns;
	unsigned int count;
	struct mark *marks;
	char *why;
	size_t size;
};

static void free_marks(struct mark **marks)
{
	free(*marks);
}

static int refuse(const struct translation *t, int err, const char *why)
{
	snprintf(t->why, t->size, "%s", why);
	return err;
}

static bool is_jump(const struct bpf_insn *insn)
{
	return BPF_CLASS(insn->code) == BPF_JMP;
}

static bool is_plain_jump(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_JA);
}

static bool is_packet_load(const struct bpf_insn *insn)
{
	return BPF_CLASS(insn->code) == BPF_LD &&
	       (BPF_MODE(insn->code) == BPF_ABS || BPF_MODE(insn->code) == BPF_IND);
}

/* As it is for inbound, outbound and ifindex. */
static bool looks_beside(const struct bpf_insn *insn)
{
	return is_packet_load(insn) && BPF_MODE(insn->code) == BPF_ABS &&
	       insn->k >= BESIDE_PACKET;
}

/* No packet has what is loaded there. */
static bool looks_beyond(const struct bpf_insn *insn)
{
	return (is_packet_load(insn) || insn->code == (BPF_LDX | BPF_B | BPF_MSH)) &&
	       insn->k > OFFSET_MAX;
}

/* A jump by a comparison with a constant. */
static bool is_comparison(const struct bpf_insn *insn)
{
	return is_jump(insn) && !is_plain_jump(insn) && BPF_SRC(insn->code) == BPF_K;
}

static bool is_return_of_constant(const struct bpf_insn *insn)
{
	return insn->code == (BPF_RET | BPF_K);
}

/* Whether it is an instruction of classic BPF that can be carried out. */
static bool is_known(const struct bpf_insn *insn)
{
	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
	case BPF_LD | BPF_H | BPF_ABS:
	case BPF_LD | BPF_B | BPF_ABS:
	case BPF_LD | BPF_W | BPF_IND:
	case BPF_LD | BPF_H | BPF_IND:
	case BPF_LD | BPF_B | BPF_IND:
	case BPF_LD | BPF_IMM:
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_IMM:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_B | BPF_MSH:
	case BPF_ALU | BPF_ADD | BPF_K:
	case BPF_ALU | BPF_ADD | BPF_X:
	case BPF_ALU | BPF_SUB | BPF_K:
	case BPF_ALU | BPF_SUB | BPF_X:
	case BPF_ALU | BPF_MUL | BPF_K:
	case BPF_ALU | BPF_MUL | BPF_X:
	case BPF_ALU | BPF_DIV | BPF_X:
	case BPF_ALU | BPF_MOD | BPF_X:
	case BPF_ALU | BPF_OR | BPF_K:
	case BPF_ALU | BPF_OR | BPF_X:
	case BPF_ALU | BPF_AND | BPF_K:
	case BPF_ALU | BPF_AND | BPF_X:
	case BPF_ALU | BPF_XOR | BPF_K:
	case BPF_ALU | BPF_XOR | BPF_X:
	case BPF_ALU | BPF_LSH | BPF_X:
	case BPF_ALU | BPF_RSH | BPF_X:
	case BPF_ALU | BPF_NEG:
	case BPF_JMP | BPF_JA:
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JEQ | BPF_X:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_X:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_X:
	case BPF_JMP | BPF_JSET | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_X:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
		return true;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		return insn->k < BPF_MEMWORDS;
	case BPF_ALU | BPF_DIV | BPF_K:
	case BPF_ALU | BPF_MOD | BPF_K:
		return insn->k != 0;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		return insn->k < 32;
	}
	return false;
}

static int reach(struct translation *t, unsigned int from, uint64_t offset, bool jump)
{
	uint64_t to = from + 1 + offset;

	if (to >= t->count)
		return refuse(t, -EINVAL, "the program that libpcap made of it leads beyond its end");
	t->marks[to].reached = true;
	t->marks[to].target |= jump;
	return 0;
}

/* All jumps lead forward, so one pass finds everything that can run. */
static int find_ways(struct translation *t)
{
	const struct bpf_insn *insn;
	unsigned int i;
	int err = 0;

	t->marks[0].reached = true;
	for (i = 0; !err && i < t->count; i++) {
		insn = &t->insns[i];
		if (!t->marks[i].reached)
			continue;
		if (!is_known(insn))
			return refuse(t, -EINVAL, "libpcap made an instruction of it that is not known here");
		if (looks_beside(insn))
			return refuse(t, -EINVAL, "it asks for what is not in the packet, as inbound, outbound and ifindex do");
		if (is_plain_jump(insn) && (int32_t)insn->k < 0)
			return refuse(t, -EINVAL, "its program jumps back, as that of protochain does, and the kernel takes only what leads forward");
		if (is_plain_jump(insn)) {
			err = reach(t, i, insn->k, true);
		} else if (is_jump(insn)) {
			err = reach(t, i, insn->jt, true);
			if (!err)
				err = reach(t, i, insn->jf, true);
		} else if (BPF_CLASS(insn->code) != BPF_RET) {
			err = reach(t, i, 0, false);
		}
	}
	return err;
}

/* Whether an instruction can go into the step of the one before it. */
static bool joins(const struct translation *t, unsigned int i)
{
	return i < t->count && !t->marks[i].target;
}

/* How many instructions, from this one on, are one step. */
static unsigned int step_length(const struct translation *t, unsigned int i)
{
	unsigned int next = i + 1;

	if (!is_packet_load(&t->insns[i]))
		return 1;
	if (joins(t, next) && t->insns[next].code == (BPF_ALU | BPF_AND | BPF_K))
		next++;
	if (joins(t, next) && is_comparison(&t->insns[next]))
		next++;
	return next - i;
}

/* Gives each step its number, from `first` on; returns the number after the last. */
static unsigned int number_steps(struct translation *t, unsigned int first)
{
	unsigned int i, length, step = first;

	for (i = 0; i < t->count; i += length) {
		length = 1;
		if (!t->marks[i].reached || is_plain_jump(&t->insns[i]) ||
		    is_return_of_constant(&t->insns[i]))
			continue;
		length = step_length(t, i);
		t->marks[i].length = length;
		t->marks[i].step = step++;
	}
	return step;
}

/* Where to go on for an instruction: at a step, or at an end. */
static uint16_t step_at(const struct translation *t, unsigned int i)
{
	while (is_plain_jump(&t->insns[i]))
		i += 1 + t->insns[i].k;
	if (is_return_of_constant(&t->insns[i]))
		return t->insns[i].k ? XDP_ACTION_MATCH_YES : XDP_ACTION_MATCH_NO;
	return t->marks[i].step;
}

static uint16_t comparison(const struct bpf_insn *jump)
{
	switch (BPF_OP(jump->code)) {
	case BPF_JEQ:
		return XDP_ACTION_OP_EQUAL;
	case BPF_JGT:
		return XDP_ACTION_OP_GREATER;
	case BPF_JGE:
		return XDP_ACTION_OP_GREATER | XDP_ACTION_OP_EQUAL;
	}
	return XDP_ACTION_OP_ANY_BIT;
}

static uint16_t load_size(const struct bpf_insn *load)
{
	switch (BPF_SIZE(load->code)) {
	case BPF_B:
		return sizeof(uint8_t);
	case BPF_H:
		return sizeof(uint16_t);
	}
	return sizeof(uint32_t);
}

static void put_ways(const struct translation *t, unsigned int i, struct xdp_action_step *step)
{
	step->yes = step_at(t, i + 1 + t->insns[i].jt);
	step->no = step_at(t, i + 1 + t->insns[i].jf);
}

/* Compares what is in the accumulator, as a jump of classic BPF does. */
static void put_comparison(const struct translation *t, unsigned int i,
			   struct xdp_action_step *step)
{
	const struct bpf_insn *jump = &t->insns[i];

	step->op |= comparison(jump);
	step->value = jump->k;
	put_ways(t, i, step);
}

/* Goes on with the instruction after `i`, whatever was compared. */
static void put_next(const struct translation *t, unsigned int i, struct xdp_action_step *step)
{
	step->yes = step_at(t, i + 1);
	step->no = step->yes;
}

/* Goes one way, whatever the packet is. */
static void put_way(uint16_t way, struct xdp_action_step *step)
{
	*step = (struct xdp_action_step){
		.op = XDP_ACTION_OP_EQUAL, .yes = way, .no = way,
	};
}

static void put_packet_load(const struct translation *t, unsigned int i,
			    struct xdp_action_step *step)
{
	unsigned int last = i + t->marks[i].length - 1, masked = i + 1;
	const struct bpf_insn *load = &t->insns[i];

	step->op = load_size(load);
	if (BPF_MODE(load->code) == BPF_IND)
		step->op |= XDP_ACTION_OP_INDEXED;
	step->offset = load->k;
	step->mask = ALL_BITS;
	if (masked <= last && BPF_CLASS(t->insns[masked].code) == BPF_ALU)
		step->mask = t->insns[masked].k;
	if (is_jump(&t->insns[last]))
		put_comparison(t, last, step);
	else
		put_next(t, last, step);
}

/* The length of an IPv4 header, which becomes the index. */
static void put_header_length(const struct translation *t, unsigned int i,
			      struct xdp_action_step *step)
{
	step->op = sizeof(uint8_t) | XDP_ACTION_OP_TO_INDEX;
	step->offset = t->insns[i].k;
	step->mask = 0xf;
	put_next(t, i, step);
}

/* Yes when the accumulator is not 0. */
static void put_return_of_accumulator(struct xdp_action_step *step)
{
	step->op = XDP_ACTION_OP_ANY_BIT;
	step->value = ALL_BITS;
	step->yes = XDP_ACTION_MATCH_YES;
	step->no = XDP_ACTION_MATCH_NO;
}

static void put_classic(const struct translation *t, unsigned int i, struct xdp_action_step *step)
{
	const struct bpf_insn *insn = &t->insns[i];

	step->op = XDP_ACTION_OP_CLASSIC | insn->code;
	step->value = insn->k;
	if (is_jump(insn)) {
		put_ways(t, i, step);
	} else {
		step->yes = step_at(t, i + 1);
		step->no = XDP_ACTION_MATCH_NO;
	}
}

static void put_step(const struct translation *t, unsigned int i, struct xdp_action_step *step)
{
	const struct bpf_insn *insn = &t->insns[i];

	memset(step, 0, sizeof(*step));
	if (looks_beyond(insn))
		put_way(XDP_ACTION_MATCH_NO, step);
	else if (is_packet_load(insn))
		put_packet_load(t, i, step);
	else if (insn->code == (BPF_LDX | BPF_B | BPF_MSH))
		put_header_length(t, i, step);
	else if (is_comparison(insn))
		put_comparison(t, i, step);
	else if (insn->code == (BPF_RET | BPF_A))
		put_return_of_accumulator(step);
	else
		put_classic(t, i, step);
}

int match_translate(const struct bpf_program *program, unsigned int room,
		    struct xdp_action_match *match, char *why, size_t size)
{
	CLEANUP(free_marks) struct mark *marks = NULL;
	struct translation t = {
		.insns = program->bf_insns, .count = program->bf_len, .why = why, .size = size,
	};
	unsigned int i, end;
	uint16_t first;
	int err;

	if (!t.count || t.count > PROGRAM_MAX || match->parts == XDP_ACTION_MATCH_PARTS)
		return refuse(&t, -EINVAL, "libpcap made no program of it that could be used");
	t.marks = marks = calloc(t.count, sizeof(*marks));
	if (!marks)
		return refuse(&t, -ENOMEM, "out of memory");

	err = find_ways(&t);
	if (err)
		return err;
	end = number_steps(&t, match->count);
	/* A part has a step, also one that does not ask for the packet. */
	if (end == match->count)
		end++;
	if (end > room || end > XDP_ACTION_MATCH_STEPS) {
		snprintf(why, size, "it takes %u steps, and this kernel's program walks %u", end,
			 room);
		return -E2BIG;
	}

	for (i = 0; i < t.count; i++)
		if (marks[i].length)
			put_step(&t, i, &match->steps[marks[i].step]);
	first = step_at(&t, 0);
	if (first >= XDP_ACTION_MATCH_STEPS) {
		put_way(first, &match->steps[match->count]);
		first = match->count;
	}
	match->start[match->parts++] = first;
	match->count = end;
	return 0;
}
