// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Shows a program the kernel's flag of fragments, as xdp_action_frags.h describes. */
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "kernel/kernel.h"
#include "xdp_action_frags.h"

static bool is_code(const struct bpf_insn *insn, __u8 code, __s32 imm)
{
	return insn->code == code && insn->dst_reg == BPF_REG_0 && insn->imm == imm;
}

/* The three instructions that xdp_action_frags.h describes. */
static bool asks_frags(const struct bpf_insn *insns)
{
	return is_code(&insns[0], BPF_ALU64 | BPF_MOV | BPF_K, XDP_ACTION_FRAGS_UNKNOWN) &&
	       is_code(&insns[1], BPF_JMP | BPF_JA, 0) &&
	       is_code(&insns[2], BPF_ALU64 | BPF_AND | BPF_K, XDP_ACTION_FRAGS_UNKNOWN);
}

void frags_flag_code(const struct frags_flag *flag, struct bpf_insn insns[FRAGS_FLAG_CODE])
{
	insns[0] = (struct bpf_insn){ .code = BPF_JMP | BPF_CALL,
				      .src_reg = BPF_PSEUDO_KFUNC_CALL,
				      .imm = flag->function };
	insns[1] = (struct bpf_insn){ .code = BPF_LDX | BPF_MEM | BPF_W,
				      .dst_reg = BPF_REG_0,
				      .src_reg = BPF_REG_0,
				      .off = flag->offset };
	insns[2] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_AND | BPF_K,
				      .dst_reg = BPF_REG_0,
				      .imm = flag->mask };
}

int program_set_frags_flag(struct bpf_program *program, const struct frags_flag *flag)
{
	size_t count = bpf_program__insn_cnt(program), i;
	struct bpf_insn *insns;
	int err;

	if (!flag->function)
		return 0;
	insns = malloc(count * sizeof(*insns));
	if (!insns)
		return -ENOMEM;
	memcpy(insns, bpf_program__insns(program), count * sizeof(*insns));
	for (i = 0; i + FRAGS_FLAG_CODE <= count; i++)
		if (asks_frags(&insns[i]))
			frags_flag_code(flag, &insns[i]);
	err = bpf_program__set_insns(program, insns, count);
	free(insns);
	return err;
}
