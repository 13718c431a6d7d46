// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "path.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define NONE (-1)

#define SAVED_REGISTERS                                                                            \
	(1U << BPF_REG_6 | 1U << BPF_REG_7 | 1U << BPF_REG_8 | 1U << BPF_REG_9)

/* Where an instruction can lead to; NONE where there is no such way. */
struct ways {
	int next;
	int jump;
};

struct code {
	struct bpf_insn *insns;
	int count;
};

static struct code read_code(int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info), length;
	struct code code;

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		die("cannot read the size of a program: %s", strerror(errno));
	length = info.xlated_prog_len;
	code.insns = calloc(1, length);
	if (!code.insns)
		die("out of memory");
	info = (struct bpf_prog_info){
		.xlated_prog_len = length,
		.xlated_prog_insns = (uintptr_t)code.insns,
	};
	size = sizeof(info);
	if (bpf_obj_get_info_by_fd(fd, &info, &size) || !info.xlated_prog_insns)
		die("the kernel does not show the instructions of a program");
	code.count = (int)(length / sizeof(*code.insns));
	return code;
}

static struct ways ways_from(const struct code *code, int at)
{
	const struct bpf_insn *insn = &code->insns[at];
	__u8 class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);

	/* A 64-bit constant takes two places and is one instruction. */
	if (insn->code == (BPF_LD | BPF_IMM | BPF_DW))
		return (struct ways){ at + 2, NONE };
	if ((class != BPF_JMP && class != BPF_JMP32) || op == BPF_CALL)
		return (struct ways){ at + 1, NONE };
	if (op == BPF_EXIT)
		return (struct ways){ NONE, NONE };
	if (op == BPF_JA)
		return (struct ways){ NONE,
				      at + 1 + (class == BPF_JMP32 ? insn->imm : insn->off) };
	return (struct ways){ at + 1, at + 1 + insn->off };
}

static bool adds_bytes(const struct bpf_insn *insn)
{
	return insn->code == (BPF_STX | BPF_MEM | BPF_DW) && insn->off == 8 &&
	       insn->dst_reg != BPF_REG_10;
}

static bool shorten(unsigned int *distance, int count, int to, unsigned int steps)
{
	if (to == NONE || to >= count || distance[to] <= steps)
		return false;
	distance[to] = steps;
	return true;
}

/*
 * The steps to each instruction; `distance` has 0 where the way may begin, and
 * UINT_MAX elsewhere.
 */
static void spread(const struct code *code, unsigned int *distance)
{
	bool shorter = true;
	int i;

	while (shorter) {
		shorter = false;
		for (i = 0; i < code->count; i++) {
			struct ways ways = ways_from(code, i);

			if (distance[i] == UINT_MAX)
				continue;
			if (shorten(distance, code->count, ways.next, distance[i] + 1) ||
			    shorten(distance, code->count, ways.jump, distance[i] + 1))
				shorter = true;
		}
	}
}

static unsigned int steps_to_exit(const struct code *code, const unsigned int *distance)
{
	unsigned int best = UINT_MAX;
	int i;

	for (i = 0; i < code->count; i++) {
		if (code->insns[i].code == (BPF_JMP | BPF_EXIT) && distance[i] < best)
			best = distance[i];
	}
	return best;
}

unsigned int shortest_counting_path(int program_fd)
{
	struct code code = read_code(program_fd);
	unsigned int *before = calloc((size_t)code.count, sizeof(*before));
	unsigned int *after = calloc((size_t)code.count, sizeof(*after)), best;
	bool counts = false;
	int i;

	if (!before || !after)
		die("out of memory");
	memset(before, 0xff, (size_t)code.count * sizeof(*before));
	memset(after, 0xff, (size_t)code.count * sizeof(*after));
	before[0] = 0;
	spread(&code, before);
	for (i = 0; i < code.count; i++) {
		if (before[i] != UINT_MAX && adds_bytes(&code.insns[i])) {
			after[i] = before[i];
			counts = true;
		}
	}
	spread(&code, after);
	best = steps_to_exit(&code, counts ? after : before) + 1;
	free(before);
	free(after);
	free(code.insns);
	return best;
}

unsigned int saved_registers(int program_fd)
{
	struct code code = read_code(program_fd);
	unsigned int *distance = malloc((size_t)code.count * sizeof(*distance));
	unsigned int used = 0;
	int i;

	if (!distance)
		die("out of memory");
	memset(distance, 0xff, (size_t)code.count * sizeof(*distance));
	distance[0] = 0;
	spread(&code, distance);
	for (i = 0; i < code.count; i++) {
		if (distance[i] != UINT_MAX)
			used |= 1U << code.insns[i].dst_reg | 1U << code.insns[i].src_reg;
	}
	free(distance);
	free(code.insns);
	return (unsigned int)__builtin_popcount(used & SAVED_REGISTERS);
}
