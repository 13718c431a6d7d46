// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Finds out what this kernel can do by trying, never by its version. */
#include <fnmatch.h>
#include <stdio.h>
#include <sys/personality.h>
#include <sys/utsname.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "kernel/kernel.h"
#include "xdp_action_probe.skel.h"

#define PROBE_NAME "xdp_action_probe"

static void close_probe(struct xdp_action_probe_bpf **probe)
{
	xdp_action_probe_bpf__destroy(*probe);
}

/* Replaces the function of one program by another, without touching any interface. */
static int try_replacement(void)
{
	CLEANUP(close_probe) struct xdp_action_probe_bpf *target = NULL;
	CLEANUP(close_probe) struct xdp_action_probe_bpf *extension = NULL;
	CLEANUP(close_fd) int link = -1;
	struct bpf_program *program;
	int err;

	target = xdp_action_probe_bpf__open_and_load();
	if (!target)
		return -errno;
	extension = xdp_action_probe_bpf__open();
	if (!extension)
		return -errno;

	program = extension->progs.xdp_action_probe;
	bpf_program__set_type(program, BPF_PROG_TYPE_EXT);
	bpf_program__set_expected_attach_type(program, 0);
	err = bpf_program__set_attach_target(
		program, bpf_program__fd(target->progs.xdp_action_probe), PROBE_NAME);
	if (!err)
		err = xdp_action_probe_bpf__load(extension);
	if (err)
		return err;

	link = bpf_raw_tracepoint_open(NULL, bpf_program__fd(program));
	return link < 0 ? link : 0;
}

/* Errors that a kernel gives for what it does not know or allow, and for nothing else. */
static bool says_no(int err)
{
	if (memlock_limits(err))
		return false;
	return err == -EPERM || err == -EACCES || err == -EINVAL || err == -EOPNOTSUPP ||
	       err == -ENOSYS || err == -E2BIG || err == -524 /* ENOTSUPP of the kernel */;
}

int probe_dispatcher(struct xdpaction *ctx, bool *supported)
{
	/* Try twice, so that a passing failure does not look like a no. */
	int err = try_replacement() ? try_replacement() : 0;

	if (err && !says_no(err))
		return fail_kernel(ctx, err, "find out whether the kernel has a dispatcher");
	*supported = !err;
	return 0;
}

/* Whether the kernel takes a program. */
static int find_feature(struct xdpaction *ctx, const struct bpf_insn *insns, size_t count,
			bool *supported)
{
	CLEANUP(close_fd) int fd = -1;

	fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "xdp_act_probe", "GPL", insns, count, NULL);
	if (fd < 0 && !says_no(fd))
		return fail_kernel(ctx, fd, "find out what the kernel can do");
	*supported = fd >= 0;
	return 0;
}

/* Tries the function that tells the length of a packet with frags. */
static int find_frags(struct xdpaction *ctx, bool *supported)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_xdp_get_buff_len },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return find_feature(ctx, insns, ARRAY_SIZE(insns), supported);
}

/* Tries to read the flag that says whether a packet has frags. */
static int try_frags_flag(struct xdpaction *ctx, const struct frags_flag *flag, bool *supported)
{
	struct bpf_insn insns[FRAGS_FLAG_CODE + 1];

	frags_flag_code(flag, insns);
	insns[FRAGS_FLAG_CODE] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	return find_feature(ctx, insns, ARRAY_SIZE(insns), supported);
}

static int find_frags_flag(struct xdpaction *ctx, struct frags_flag *flag)
{
	static const struct types_wanted wanted = {
		.function = "bpf_cast_to_kern_ctx",
		.structure = "xdp_buff",
		.member = "flags",
		.enumerator = "XDP_FLAGS_HAS_FRAGS",
	};
	struct types_found found;
	bool supported = false;
	int err = 0;

	if (ctx && ctx->frags_flag_known) {
		*flag = ctx->frags_flag;
		return 0;
	}
	*flag = (struct frags_flag){ 0 };
	if (types_scan(TYPES_FILE, &wanted, &found)) {
		*flag = (struct frags_flag){ found.function, found.member, found.enumerator };
		err = try_frags_flag(ctx, flag, &supported);
	}
	if (!supported)
		*flag = (struct frags_flag){ 0 };
	if (ctx && !err) {
		ctx->frags_flag = *flag;
		ctx->frags_flag_known = true;
	}
	return err;
}

/* Tries the one instruction by which a budget is counted down. */
static int find_budget(struct xdpaction *ctx, bool *supported)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10,
		  .src_reg = BPF_REG_0, .off = -8 },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = BPF_REG_10,
		  .src_reg = BPF_REG_0, .off = -8, .imm = BPF_ADD | BPF_FETCH },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return find_feature(ctx, insns, ARRAY_SIZE(insns), supported);
}

/* What the kernel says of a program that does nothing. */
static int describe_program(struct xdpaction *ctx, struct program_info *info)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	CLEANUP(close_fd) int fd = -1;
	int err;

	fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "xdp_act_probe", "GPL", insns, ARRAY_SIZE(insns),
			   NULL);
	if (fd < 0)
		return fail_kernel(ctx, fd, "find out what the kernel can do");
	err = program_info_get(ctx, fd, info);
	if (!err && !*info->name)
		err = fail(ctx, -EIO, "try again",
			   "libbpf could not find out whether the kernel keeps names of programs");
	return err;
}

int probe_names(struct xdpaction *ctx)
{
	struct program_info info;

	return describe_program(ctx, &info);
}

/* True when the kernel says how many bits its addresses have, as it does from Linux 6.3 on. */
static bool read_address_bits(unsigned int *bits)
{
	FILE *file = fopen("/sys/kernel/address_bits", "re");
	bool read;

	if (!file)
		return false;
	read = fscanf(file, "%u", bits) == 1;
	fclose(file);
	return read;
}

/* By the names of machines that have XDP; a 64-bit one can be asked for another name. */
static bool machine_has_32_bits(void)
{
	static const char *const machines[] = { "i?86", "arm*", "mips", "ppc", "riscv32" };
	struct utsname kernel;
	size_t i;

	if ((personality(0xffffffff) & PER_MASK) == PER_LINUX32 || uname(&kernel))
		return false;
	for (i = 0; i < ARRAY_SIZE(machines); i++)
		if (!fnmatch(machines[i], kernel.machine, 0))
			return true;
	return false;
}

/* With fewer a program reads the word of a setting in two halves, which may be of two settings. */
static int need_64_bits(struct xdpaction *ctx)
{
	unsigned int bits;
	bool few = read_address_bits(&bits) ? bits < 64 : machine_has_32_bits();

	if (few)
		return fail(ctx, -EOPNOTSUPP, "run it on a 64-bit kernel",
			    "this is a 32-bit kernel, where a packet could see halves of two settings");
	return 0;
}

int features_find(struct xdpaction *ctx, struct features *features)
{
	struct program_info info;
	int err;

	err = need_64_bits(ctx);
	if (!err)
		err = describe_program(ctx, &info);
	if (!err)
		err = find_frags(ctx, &features->frags);
	if (!err)
		err = find_budget(ctx, &features->budget);
	if (err)
		return err;
	features->jit = info.jited;
	/*
	 * Where one is missing, the older is: no program is built that has frags alone.
	 * The one with frags has a callback, which the interpreter does not run.
	 */
	features->frags = features->frags && features->budget && features->jit;
	features->frags_flag = (struct frags_flag){ 0 };
	return features->frags ? find_frags_flag(ctx, &features->frags_flag) : 0;
}
