// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
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
/* More than any room; it keeps the tables below small. */
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

/* A jump by a comparison with a constant. */
static bool is_test(const struct bpf_insn *insn)
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

/* All leads forward, so that one tour finds all that is ever run. */
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

/* How many instructions from this on are one test; 0: it is no test. */
static unsigned int test_length(const struct translation *t, unsigned int i)
{
	unsigned int next = i + 1;

	if (!is_packet_load(&t->insns[i]))
		return 0;
	if (joins(t, next) && t->insns[next].code == (BPF_ALU | BPF_AND | BPF_K))
		next++;
	return joins(t, next) && is_test(&t->insns[next]) ? next + 1 - i : 0;
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
		if (test_length(t, i))
			length = test_length(t, i);
		t->marks[i].length = length;
		t->marks[i].step = step++;
	}
	return step;
}

/* Where it goes on at an instruction: a step, or an end. */
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
		return XDP_ACTION_OP_NOT_LESS;
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

static void put_test(const struct translation *t, unsigned int i, struct xdp_action_step *step)
{
	unsigned int last = i + t->marks[i].length - 1;
	const struct bpf_insn *load = &t->insns[i], *jump = &t->insns[last];

	step->op = load_size(load) | comparison(jump);
	if (BPF_MODE(load->code) == BPF_IND)
		step->op |= XDP_ACTION_OP_INDEXED;
	step->offset = load->k;
	step->mask = last > i + 1 ? t->insns[i + 1].k : ALL_BITS;
	step->value = jump->k;
	put_ways(t, last, step);
}

static void put_classic(const struct translation *t, unsigned int i, struct xdp_action_step *step)
{
	const struct bpf_insn *insn = &t->insns[i];

	step->op = XDP_ACTION_OP_CLASSIC | insn->code;
	step->value = insn->k;
	if (is_jump(insn)) {
		step->offset = comparison(insn);
		put_ways(t, i, step);
	} else if (BPF_CLASS(insn->code) != BPF_RET) {
		step->yes = step_at(t, i + 1);
	}
}

int match_translate(const struct bpf_program *program, unsigned int room,
		    struct xdp_action_match *match, char *why, size_t size)
{
	CLEANUP(free_marks) struct mark *marks = NULL;
	struct translation t = {
		.insns = program->bf_insns, .count = program->bf_len, .why = why, .size = size,
	};
	struct xdp_action_step *step;
	unsigned int i, end;
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
	if (end > room || end > XDP_ACTION_MATCH_STEPS) {
		snprintf(why, size, "it takes %u steps, and this kernel's program walks %u", end,
			 room);
		return -E2BIG;
	}

	for (i = 0; i < t.count; i++) {
		if (!marks[i].length)
			continue;
		step = &match->steps[marks[i].step];
		memset(step, 0, sizeof(*step));
		if (test_length(&t, i))
			put_test(&t, i, step);
		else
			put_classic(&t, i, step);
	}
	match->start[match->parts++] = step_at(&t, 0);
	match->count = end;
	return 0;
}
