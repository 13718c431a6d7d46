// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Any program of classic BPF, as libpcap could never make it: either it is
 * refused, or what it is translated to leads nowhere but forward and to an end,
 * and matches in the kernel the packets that libpcap's own interpreter matches.
 * The input is instructions of 8 bytes, and behind them a packet.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"
#include "unit/match/oracle.h"
#include "xdp_action.skel.h"

#define NUMBER	1
#define INSNS	64
#define FRAME	64

struct insn {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

static struct xdp_action_bpf *object;
static struct xdp_action_match *matches;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	uint32_t zero = 0;
	int fd;

	(void)argc;
	(void)argv;
	object = xdp_action_bpf__open_and_load();
	must(object);
	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "action_match", sizeof(uint32_t), sizeof(*matches),
			    XDP_ACTION_MATCHES, &options);
	must(fd >= 0);
	must(!bpf_map_update_elem(bpf_map__fd(object->maps.action_matches), &zero, &fd, BPF_ANY));
	matches = mmap(NULL, XDP_ACTION_MATCHES * sizeof(*matches), PROT_READ | PROT_WRITE,
		       MAP_SHARED, fd, 0);
	must(matches != MAP_FAILED);
	object->data_action->action_data.sequence = 1;
	object->data_action->action_data.slots[1].match[0] = NUMBER;
	object->data_action->action_data.action = XDP_DROP |
						  XDP_PASS << XDP_ACTION_OTHERWISE_SHIFT |
						  XDP_ACTION_F_MATCH << XDP_ACTION_FLAGS_SHIFT |
						  1 << XDP_ACTION_SEQUENCE_SHIFT;
	return 0;
}

static bool kernel_matches(const uint8_t frame[FRAME])
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = FRAME, .repeat = 1);

	must(!bpf_prog_test_run_opts(bpf_program__fd(object->progs.xdp_action), &opts));
	must(opts.retval == XDP_DROP || opts.retval == XDP_PASS);
	return opts.retval == XDP_DROP;
}

static bool leads_on(const struct xdp_action_match *match, unsigned int from, unsigned int to)
{
	return to == XDP_ACTION_MATCH_YES || to == XDP_ACTION_MATCH_NO ||
	       (to > from && to < match->count);
}

static void check_steps(const struct xdp_action_match *match)
{
	unsigned int i;

	for (i = 0; i < match->count; i++) {
		const struct xdp_action_step *step = &match->steps[i];

		must(leads_on(match, i, step->yes) && leads_on(match, i, step->no));
	}
}

/* libpcap's interpreter leaves M[] as it finds it: no program reads what none wrote. */
static bool reads_memory(const struct insn *insns, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if ((insns[i].code & ~1) == 0x60)
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct xdp_action_match *match = &matches[NUMBER % XDP_ACTION_MATCHES];
	struct insn insns[INSNS];
	uint8_t frame[FRAME] = { 0 };
	struct oracle *oracle;
	unsigned int count;
	char why[256] = "";
	int err;

	if (size < sizeof(insns[0]) + 1)
		return 0;
	count = 1 + bytes[0] % INSNS;
	bytes++;
	size--;
	if (count > size / sizeof(insns[0]))
		count = size / sizeof(insns[0]);
	memcpy(insns, bytes, count * sizeof(insns[0]));
	bytes += count * sizeof(insns[0]);
	size -= count * sizeof(insns[0]);
	memcpy(frame, bytes, size < FRAME ? size : FRAME);

	memset(match, 0, sizeof(*match));
	match->wanted = 1;
	oracle = oracle_of(insns, count);
	err = oracle_translate(oracle, XDP_ACTION_MATCH_STEPS, match, why, sizeof(why));
	must(!err || *why);
	if (!err) {
		check_steps(match);
		match->number = NUMBER;
		if (!reads_memory(insns, count))
			must(kernel_matches(frame) == oracle_matches(oracle, frame, FRAME));
	}
	oracle_free(oracle);
	return 0;
}
