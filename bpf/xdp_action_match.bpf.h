/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a packet matches: walks the steps of a struct xdp_action_match, whose
 * meaning xdp_action_maps.h describes. Included by the program.
 */
#ifndef XDP_ACTION_MATCH_BPF_H
#define XDP_ACTION_MATCH_BPF_H

#include <linux/filter.h>
#include <bpf/bpf_endian.h>

/* Where a walk ends, above all that `yes` and `no` can be. */
#define WALK_OVER		0x10000
#define WALK_MISSED		0x10000
#define WALK_MATCHED		0x10001

/* How far the verifier lets an offset go that it does not know. */
#define NEAR_MAX		(0xffff - sizeof(__u32))

/* What load() says of bytes that the packet does not have. */
#define LOAD_BEYOND		(-1)

/*
 * The registers of classic BPF. They stand in a map and are read anew each
 * time, so that all ways through a step look the same to the verifier.
 */
struct walker {
	__u32 at;
	__u32 part;
	__u32 loaded;
	__u32 a;
	__u32 x;
	__u32 memory[XDP_ACTION_MATCH_MEMORY];
	__u32 pad;
};

static __always_inline __u32 bytes_to_host(const void *bytes, __u32 size)
{
	if (size == sizeof(__u16))
		return bpf_ntohs(*(const __u16 *)bytes);
	if (size == sizeof(__u8))
		return *(const __u8 *)bytes;
	return bpf_ntohl(*(const __u32 *)bytes);
}

/* Bytes that are in a fragment, or that lie across two. */
static __noinline __s64 load_far(struct xdp_md *ctx, __u64 offset, __u32 size)
{
#ifndef XDP_ACTION_WITHOUT_FRAGS
	__u32 bytes = 0;
	long err;

	if (offset > 0xffff)
		return LOAD_BEYOND;
	if (size == sizeof(__u16))
		err = bpf_xdp_load_bytes(ctx, offset, &bytes, sizeof(__u16));
	else if (size == sizeof(__u8))
		err = bpf_xdp_load_bytes(ctx, offset, &bytes, sizeof(__u8));
	else
		err = bpf_xdp_load_bytes(ctx, offset, &bytes, sizeof(__u32));
	if (!err)
		return bytes_to_host(&bytes, size);
#endif
	return LOAD_BEYOND;
}

/*
 * A number of 1, 2 or 4 bytes, to `loaded`; false where the packet has none
 * there. What was loaded is read back, so that the verifier, which knows
 * different limits for each size, forgets them.
 */
static __always_inline bool load(struct xdp_md *ctx, __u64 offset, __u32 size,
				 volatile struct walker *walker)
{
	const char *end = (void *)(long)ctx->data_end;
	const char *at = (void *)(long)ctx->data;
	__s64 far;

	if (offset <= NEAR_MAX) {
		at += offset;
		if (size == sizeof(__u16) && at + sizeof(__u16) <= end) {
			walker->loaded = bytes_to_host(at, sizeof(__u16));
			return true;
		}
		if (size == sizeof(__u8) && at + sizeof(__u8) <= end) {
			walker->loaded = bytes_to_host(at, sizeof(__u8));
			return true;
		}
		if (size == sizeof(__u32) && at + sizeof(__u32) <= end) {
			walker->loaded = bytes_to_host(at, sizeof(__u32));
			return true;
		}
	}
	far = load_far(ctx, offset, size);
	if (far == LOAD_BEYOND)
		return false;
	walker->loaded = far;
	return true;
}

static __always_inline bool compare(__u32 op, __u32 a, __u32 b)
{
	switch (op & XDP_ACTION_OP_COMPARE) {
	case XDP_ACTION_OP_EQUAL:
		return a == b;
	case XDP_ACTION_OP_GREATER:
		return a > b;
	case XDP_ACTION_OP_NOT_LESS:
		return a >= b;
	default:
		return a & b;
	}
}

/* Loads, masks and compares: most of what an expression consists of. */
static __always_inline __u32 walk_test(struct xdp_md *ctx,
				       const volatile struct xdp_action_step *step,
				       volatile struct walker *walker)
{
	__u64 offset = step->offset;
	__u32 a;

	if (step->op & XDP_ACTION_OP_INDEXED)
		offset += walker->x;
	if (!load(ctx, offset, step->op & XDP_ACTION_OP_SIZE, walker))
		return XDP_ACTION_MATCH_NO;
	a = walker->loaded & step->mask;
	walker->a = a;
	return compare(step->op, a, step->value) ? step->yes : step->no;
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

static __always_inline __u32 classic_size(__u32 op)
{
	switch (op & 0x18) {
	case BPF_H:
		return sizeof(__u16);
	case BPF_B:
		return sizeof(__u8);
	}
	return sizeof(__u32);
}

/* What LD and LDX load, to `loaded`. */
static __always_inline bool classic_load(struct xdp_md *ctx, __u32 op, __u64 k,
					 volatile struct walker *walker)
{
	switch (op & 0xe0) {
	case BPF_IND:
		k += walker->x;
		/* fall through */
	case BPF_ABS:
		return load(ctx, k, classic_size(op), walker);
	case BPF_MSH:
		if (!load(ctx, k, sizeof(__u8), walker))
			return false;
		walker->loaded = (walker->loaded & 0xf) * 4;
		return true;
	case BPF_LEN:
		walker->loaded = packet_length(ctx);
		return true;
	case BPF_MEM:
		walker->loaded = walker->memory[k % XDP_ACTION_MATCH_MEMORY];
		return true;
	}
	walker->loaded = k;
	return true;
}

/* One instruction of classic BPF. */
static __always_inline __u32 walk_classic(struct xdp_md *ctx,
					  const volatile struct xdp_action_step *step,
					  volatile struct walker *walker)
{
	__u32 op = step->op, k = step->value, operand = op & BPF_X ? walker->x : k;

	switch (op & 0x07) {
	case BPF_LD:
	case BPF_LDX:
		if (!classic_load(ctx, op, k, walker))
			return XDP_ACTION_MATCH_NO;
		if (step->op & BPF_LDX)
			walker->x = walker->loaded;
		else
			walker->a = walker->loaded;
		break;
	case BPF_ST:
		walker->memory[k % XDP_ACTION_MATCH_MEMORY] = walker->a;
		break;
	case BPF_STX:
		walker->memory[k % XDP_ACTION_MATCH_MEMORY] = walker->x;
		break;
	case BPF_ALU:
		if (!calculate(op, operand, walker))
			return XDP_ACTION_MATCH_NO;
		break;
	case BPF_JMP:
		/* `offset` has the comparison where the op of a test has it. */
		return compare(step->offset, walker->a, operand) ? step->yes : step->no;
	case BPF_RET:
		return walker->a ? XDP_ACTION_MATCH_YES : XDP_ACTION_MATCH_NO;
	case BPF_MISC:
		if (op & BPF_TXA)
			walker->a = walker->x;
		else
			walker->x = walker->a;
		break;
	}
	return step->yes;
}

/* The first step of the next part, or where the walk ends. */
static __always_inline __u32 walk_on(const volatile struct xdp_action_match *match, __u32 end,
				     volatile struct walker *walker)
{
	__u32 part = walker->part;
	bool wanted = part < match->wanted;

	if ((end == XDP_ACTION_MATCH_YES) != wanted)
		return WALK_MISSED;
	part++;
	if (part >= match->parts || part >= XDP_ACTION_MATCH_PARTS)
		return WALK_MATCHED;
	walker->part = part;
	walker->a = 0;
	walker->x = 0;
	return match->start[part];
}

static __always_inline __u32 walk_step(struct xdp_md *ctx,
				       const volatile struct xdp_action_match *match, __u32 at,
				       volatile struct walker *walker)
{
	const volatile struct xdp_action_step *step;

	if (at >= XDP_ACTION_MATCH_STEPS)
		return walk_on(match, at, walker);
	step = &match->steps[at];
	return step->op & XDP_ACTION_OP_CLASSIC ? walk_classic(ctx, step, walker) :
						  walk_test(ctx, step, walker);
}

/* Steps lead forward only, so that no walk takes more of them than there are. */
#ifdef XDP_ACTION_WITHOUT_FRAGS
#ifndef WALK_MAX
#define WALK_MAX (XDP_ACTION_MATCH_STEPS_SHORT + XDP_ACTION_MATCH_PARTS)
#endif

static __noinline bool walk(struct xdp_md *ctx, const volatile struct xdp_action_match *match,
			    volatile struct walker *walker)
{
	__u32 i;

	walker->part = 0;
	walker->a = 0;
	walker->x = 0;
	walker->at = match->start[0];
	for (i = 0; i < WALK_MAX; i++) {
		__u32 at = walker->at;

		if (at >= WALK_OVER)
			return at == WALK_MATCHED;
		walker->at = walk_step(ctx, match, at, walker);
	}
	return walker->at == WALK_MATCHED;
}
#else
#define WALK_MAX (XDP_ACTION_MATCH_STEPS + XDP_ACTION_MATCH_PARTS)

struct walk {
	struct xdp_md *ctx;
	const volatile struct xdp_action_match *match;
	volatile struct walker *walker;
	__u32 at;
};

/* One step, for bpf_loop(), which goes on while it returns 0. */
static long walk_one(__u32 index, struct walk *walk)
{
	(void)index;
	walk->at = walk_step(walk->ctx, walk->match, walk->at, walk->walker);
	return walk->at >= WALK_OVER;
}

static __noinline bool walk(struct xdp_md *ctx, const volatile struct xdp_action_match *match,
			    volatile struct walker *walker)
{
	struct walk walk = {
		.ctx = ctx, .match = match, .walker = walker, .at = match->start[0],
	};

	walker->part = 0;
	walker->a = 0;
	walker->x = 0;
	bpf_loop(WALK_MAX, walk_one, &walk, 0);
	return walk.at == WALK_MATCHED;
}
#endif

#endif /* XDP_ACTION_MATCH_BPF_H */
