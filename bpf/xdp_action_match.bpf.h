/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * Whether a packet matches: walks the steps of a struct xdp_action_match, whose
 * meaning xdp_action_maps.h describes. Included by the program.
 */
#ifndef XDP_ACTION_MATCH_BPF_H
#define XDP_ACTION_MATCH_BPF_H

#include <linux/filter.h>
#include <bpf/bpf_endian.h>

/* The end of a walk, above all values of `yes` and `no`. */
#define WALK_MISSED		0x10000
#define WALK_MATCHED		0x10001
/* Of a short walk: the match takes more than that. */
#define WALK_LONG		0x10002

/* The largest offset that the verifier accepts when it does not know the value. */
#define NEAR_MAX		(0xffff - sizeof(__u32))

/* What load_edge() says of bytes that the packet does not have. */
#define LOAD_BEYOND		(-1)

/* The first bytes of four, as a number. */
static __always_inline __u32 bytes_to_host(__u32 bytes, __u32 size)
{
	return bpf_ntohl(bytes) >> ((sizeof(__u32) - size) * 8 & 31);
}

/* A number that lies in a fragment, or less than four bytes before the end of a packet. */
#ifdef XDP_ACTION_WITHOUT_FRAGS
static __noinline __s64 load_edge(struct xdp_md *ctx, __u64 offset, __u32 size)
{
	const __u8 *end = (void *)(long)ctx->data_end;
	const __u8 *at = (void *)(long)ctx->data;

	if (offset > NEAR_MAX)
		return LOAD_BEYOND;
	at += offset;
	if (size == sizeof(__u8) && at + sizeof(__u8) <= end)
		return *at;
	if (size == sizeof(__u16) && at + sizeof(__u16) <= end)
		return bpf_ntohs(*(const __u16 *)at);
	return LOAD_BEYOND;
}
#else
static __noinline __s64 load_edge(struct xdp_md *ctx, __u64 offset, __u32 size)
{
	__u32 bytes = 0;

	/* For the verifier: from 1 to 4. */
	size = ((size - 1) & 3) + 1;
	if (offset > 0xffff || bpf_xdp_load_bytes(ctx, offset, &bytes, size))
		return LOAD_BEYOND;
	return bytes_to_host(bytes, size);
}
#endif

/*
 * A number of 1, 2 or 4 bytes; LOAD_BEYOND where the packet has none there. Four
 * are loaded whatever the size, so that there is one way and not three.
 */
static __always_inline __s64 load(struct xdp_md *ctx, __u64 offset, __u32 size)
{
	const char *end = (void *)(long)ctx->data_end;
	const char *at = (void *)(long)ctx->data;

	if (offset <= NEAR_MAX) {
		at += offset;
		if (at + sizeof(__u32) <= end)
			return bytes_to_host(*(const __u32 *)at, size);
	}
	return load_edge(ctx, offset, size);
}

static __always_inline bool compare(__u32 op, __u32 a, __u32 b)
{
	if (op & XDP_ACTION_OP_EQUAL && a == b)
		return true;
	if (op & XDP_ACTION_OP_GREATER)
		return a > b;
	return op & XDP_ACTION_OP_ANY_BIT && a & b;
}

/* Loads, masks and compares: most of what an expression consists of. */
static __always_inline __u32 walk_test(struct xdp_md *ctx,
				       const volatile struct xdp_action_step *step, __u32 op,
				       volatile struct walker *walker)
{
	__u32 size = op & XDP_ACTION_OP_SIZE, a;
	__u64 offset;
	__s64 loaded;

	if (size) {
		offset = step->offset;
		if (op & XDP_ACTION_OP_INDEXED)
			offset += walker->x;
		loaded = load(ctx, offset, size);
		if (loaded == LOAD_BEYOND)
			return XDP_ACTION_MATCH_NO;
		a = loaded & step->mask;
		if (op & XDP_ACTION_OP_TO_INDEX) {
			walker->x = a * 4;
			return step->yes;
		}
		walker->a = a;
	} else {
		a = walker->a;
	}
	return compare(op, a, step->value) ? step->yes : step->no;
}

/* False: division by zero, which ends the part as it does in libpcap. */
static __always_inline bool calculate(__u32 op, __u32 operand, volatile struct walker *walker)
{
	__u32 a = walker->a;

	switch (op & 0xf0) {
	case BPF_ADD:
		a += operand;
		break;
	case BPF_SUB:
		a -= operand;
		break;
	case BPF_MUL:
		a *= operand;
		break;
	case BPF_DIV:
		if (!operand)
			return false;
		a /= operand;
		break;
	case BPF_MOD:
		if (!operand)
			return false;
		a %= operand;
		break;
	case BPF_OR:
		a |= operand;
		break;
	case BPF_AND:
		a &= operand;
		break;
	case BPF_XOR:
		a ^= operand;
		break;
	case BPF_LSH:
		a = operand < 32 ? a << (operand & 31) : 0;
		break;
	case BPF_RSH:
		a = operand < 32 ? a >> (operand & 31) : 0;
		break;
	case BPF_NEG:
		a = -a;
		break;
	}
	walker->a = a;
	return true;
}

static __always_inline bool compare_classic(__u32 op, __u32 a, __u32 x)
{
	switch (op & 0xf0) {
	case BPF_JEQ:
		return a == x;
	case BPF_JGT:
		return a > x;
	case BPF_JGE:
		return a >= x;
	}
	return a & x;
}

/* The number that LD and LDX load, but from a packet. */
static __always_inline __u32 classic_number(struct xdp_md *ctx, __u32 op, __u32 k,
					    volatile struct walker *walker)
{
	switch (op & 0xe0) {
	case BPF_LEN:
		return packet_length(ctx);
	case BPF_MEM:
		return walker->memory[k % XDP_ACTION_MATCH_MEMORY];
	}
	return k;
}

/*
 * An instruction of classic BPF that does not look into the packet: few
 * expressions have one. Whether it goes on at `yes`.
 */
VERIFIED_ONCE __u32 walk_classic(struct xdp_md *ctx, __u32 op, __u32 k)
{
	volatile struct walker *walker = cpu_walker();

	if (!walker)
		return false;
	switch (op & 0x07) {
	case BPF_LD:
		walker->a = classic_number(ctx, op, k, walker);
		break;
	case BPF_LDX:
		walker->x = classic_number(ctx, op, k, walker);
		break;
	case BPF_ST:
		walker->memory[k % XDP_ACTION_MATCH_MEMORY] = walker->a;
		break;
	case BPF_STX:
		walker->memory[k % XDP_ACTION_MATCH_MEMORY] = walker->x;
		break;
	case BPF_ALU:
		return calculate(op, op & BPF_X ? walker->x : k, walker);
	case BPF_JMP:
		return compare_classic(op, walker->a, walker->x);
	case BPF_MISC:
		if (op & BPF_TXA)
			walker->a = walker->x;
		else
			walker->x = walker->a;
		break;
	}
	return true;
}

/* Where a part that ended with `end` leads: the first step of the next, or an end of the walk. */
static __always_inline __u32 walk_on(const volatile struct xdp_action_match *match, __u32 end,
				     volatile struct walker *walker)
{
	__u32 part = walker->part;

	if ((end == XDP_ACTION_MATCH_YES) != (part < match->wanted))
		return WALK_MISSED;
	part++;
	if (part >= match->parts || part >= XDP_ACTION_MATCH_PARTS)
		return WALK_MATCHED;
	walker->part = part;
	walker->a = 0;
	walker->x = 0;
	return match->start[part];
}

/* Where a step leads: to another, or to the end of its part. */
static __always_inline __u32 walk_step(struct xdp_md *ctx,
				       const volatile struct xdp_action_step *step,
				       volatile struct walker *walker)
{
	__u32 op = step->op;

	if (op & XDP_ACTION_OP_CLASSIC)
		return walk_classic(ctx, op, step->value) ? step->yes : step->no;
	return walk_test(ctx, step, op, walker);
}

/* Steps lead only forward, so no walk takes more of them than there are. */
#ifdef XDP_ACTION_WITHOUT_FRAGS
#ifndef WALK_MAX
#define WALK_MAX (XDP_ACTION_MATCH_STEPS_SHORT + XDP_ACTION_MATCH_PARTS)
#endif

/* The verifier follows each way to each turn of the loop, unless `at` comes from the map. */
static __always_inline bool walk(struct xdp_md *ctx, const volatile struct xdp_action_match *match,
				 volatile struct walker *walker)
{
	__u64 at;
	__u32 i;

	walker->part = 0;
	walker->a = 0;
	walker->x = 0;
	walker->at = match->start[0];
	for (i = 0; i < WALK_MAX; i++) {
		at = walker->at;
		/* One register is compared and used. */
		barrier_var(at);
		if (at < XDP_ACTION_MATCH_STEPS)
			walker->at = walk_step(ctx, &match->steps[at], walker);
		else if (at < WALK_MISSED)
			walker->at = walk_on(match, at, walker);
		else
			break;
	}
	return walker->at == WALK_MATCHED;
}
#else
/*
 * So many steps are taken before bpf_loop() is called: its calls cost as much as
 * two steps each, and each step here some of the verifier's time.
 */
#define WALK_STRIDE 4

/* The number of the next step, or an end of the walk, above them. */
static __always_inline __u32 walk_further(struct xdp_md *ctx,
					  const volatile struct xdp_action_match *match, __u64 at,
					  volatile struct walker *walker)
{
	/* One register is compared and used. */
	barrier_var(at);
	if (at >= XDP_ACTION_MATCH_STEPS)
		return WALK_MISSED;
	at = walk_step(ctx, &match->steps[at], walker);
	return at >= XDP_ACTION_MATCH_STEPS ? walk_on(match, at, walker) : at;
}

struct walk {
	struct xdp_md *ctx;
	const volatile struct xdp_action_match *match;
	volatile struct walker *walker;
	__u32 at;
};

/* One step for bpf_loop(), which goes on while this returns 0. */
static long walk_one(__u32 index, struct walk *walk)
{
	(void)index;
	walk->at = walk_further(walk->ctx, walk->match, walk->at, walk->walker);
	return walk->at >= XDP_ACTION_MATCH_STEPS;
}

/* The rest of a long walk. */
static __noinline __u32 walk_far(struct xdp_md *ctx, const volatile struct xdp_action_match *match,
				 __u32 at, volatile struct walker *walker)
{
	struct walk walk = {
		.ctx = ctx, .match = match, .walker = walker, .at = at,
	};

	bpf_loop(XDP_ACTION_MATCH_STEPS, walk_one, &walk, 0);
	return walk.at;
}

static __always_inline bool walk(struct xdp_md *ctx, const volatile struct xdp_action_match *match,
				 volatile struct walker *walker)
{
	__u32 at = match->start[0], i;

	walker->part = 0;
	walker->a = 0;
	walker->x = 0;
	for (i = 0; i < WALK_STRIDE; i++) {
		at = walk_further(ctx, match, at, walker);
		if (at >= XDP_ACTION_MATCH_STEPS)
			return at == WALK_MATCHED;
	}
	return walk_far(ctx, match, at, walker) == WALK_MATCHED;
}
#endif

/* The verifier of kernels before 5.18 would follow each way through this and through the other. */
#ifndef XDP_ACTION_WITHOUT_FRAGS
/* So many steps a short walk takes. A loop of more costs the verifier three times as much. */
#define SHORT_STEPS 8

/*
 * What a short walk keeps. The accumulator and the index, which few matches need, are on
 * the stack, and the bounds of the packet are read from the context anew for each load:
 * more registers than this would have to be saved by every plain verdict.
 */
struct short_walk {
	struct xdp_md *ctx;
	const volatile struct xdp_action_match *match;
	__u64 at;
	volatile __u32 *a;
	volatile __u32 *x;
};

/* Loads what is in the linear part of the packet; false for all else. */
static __always_inline bool short_load(const struct short_walk *walk,
				       const volatile struct xdp_action_step *step, __u32 *op,
				       __u32 *loaded)
{
	__u64 offset = step->offset;
	const char *at;

	/* Or a part of it that was looked at before would be kept until it is needed again. */
	barrier_var(*op);
	if (*op & XDP_ACTION_OP_INDEXED)
		offset += *walk->x;
	if (offset > NEAR_MAX)
		return false;
	at = (void *)(long)*(volatile __u32 *)&walk->ctx->data + offset;
	if (at + sizeof(__u32) > (const char *)(long)*(volatile __u32 *)&walk->ctx->data_end)
		return false;
	*loaded = bytes_to_host(*(const __u32 *)at, *op & XDP_ACTION_OP_SIZE) & step->mask;
	return true;
}

/* One step; false where it takes more than a short walk. */
static __always_inline bool short_step(struct short_walk *walk)
{
	const volatile struct xdp_action_step *step = &walk->match->steps[walk->at];
	__u32 op, loaded;

	/* One register for all fields. */
	barrier_var(step);
	op = step->op;
	if (op & XDP_ACTION_OP_CLASSIC)
		return false;
	if (op & XDP_ACTION_OP_SIZE) {
		if (!short_load(walk, step, &op, &loaded))
			return false;
		if (op & XDP_ACTION_OP_TO_INDEX) {
			*walk->x = loaded * 4;
			walk->at = step->yes;
			return true;
		}
		*walk->a = loaded;
	} else {
		loaded = *walk->a;
	}
	walk->at = compare(op, loaded, step->value) ? step->yes : step->no;
	return true;
}

/*
 * The end of a walk that most packets take: a few tests of the linear part of the
 * packet, in a match of one part. It calls nothing, which makes it several times as
 * fast as the other. WALK_LONG where it is not enough.
 */
static __always_inline __u32 walk_short(struct xdp_md *ctx,
					const volatile struct xdp_action_match *match)
{
	volatile __u32 a = 0, x = 0;
	struct short_walk walk = {
		.ctx = ctx,
		.match = match,
		.at = match->start[0],
		.a = &a,
		.x = &x,
	};
	bool yes;
	__u32 i;

	if (match->parts != 1)
		return WALK_LONG;
#pragma unroll
	for (i = 0; i < SHORT_STEPS; i++) {
		/* One register is compared and used. */
		barrier_var(walk.at);
		if (walk.at >= XDP_ACTION_MATCH_STEPS) {
			yes = walk.at == XDP_ACTION_MATCH_YES;
			return yes == match->wanted ? WALK_MATCHED : WALK_MISSED;
		}
		if (!short_step(&walk))
			return WALK_LONG;
	}
	return WALK_LONG;
}
#endif

#endif /* XDP_ACTION_MATCH_BPF_H */
