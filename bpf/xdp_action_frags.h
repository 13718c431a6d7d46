/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * How a program learns whether a packet has fragments. The kernel keeps a flag of that,
 * which a program can read from Linux 6.2 on, by numbers that are this kernel's own. So
 * the loader puts them in. As built, the program knows nothing, and asks a helper for
 * the length of each packet, which costs a third of a plain verdict:
 *
 *	as built			as loaded, where the kernel can
 *
 *	r0 = XDP_ACTION_FRAGS_UNKNOWN	call bpf_cast_to_kern_ctx
 *	goto +0				r0 = *(u32 *)(r0 + offset of the flags)
 *	r0 &= XDP_ACTION_FRAGS_UNKNOWN	r0 &= the flag
 *
 * What is not 0 then may have fragments. The verifier makes no call of the first, but
 * copies r1, the context, to r0.
 */
#ifndef XDP_ACTION_FRAGS_H
#define XDP_ACTION_FRAGS_H

/* Stands in a program nowhere else. */
#define XDP_ACTION_FRAGS_UNKNOWN	0x58445046

#endif /* XDP_ACTION_FRAGS_H */
