// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Attaches a program that bears the name of ours, with maps that are not quite
 * ours, to an interface: impostor IFNAME KIND. It stays when this ends.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"
#include "xdp_action_maps.h"

/* What is wrong with the maps; the default is right. */
struct kind {
	const char *name;
	const char *program;		/* its name */
	enum bpf_map_type type;
	__u32 size, entries, flags;
	__u32 magic, version;
	__u64 action;
	__u32 counters, targets;	/* entries; 0: there is no such map */
	__u32 target_size;		/* of a value; 8 is struct bpf_devmap_val */
	__u32 match;			/* its number, of a setting that has one */
	bool gate_shut;			/* the deadline is ahead, and has passed to the program */
	__u32 match_size;		/* of a value of the map of matches; 0: there is none */
	bool garbage;
};

#define RIGHT .program = XDP_ACTION_PROG_NAME, .type = BPF_MAP_TYPE_ARRAY, \
	      .size = sizeof(struct xdp_action_data), .entries = 1, \
	      .flags = BPF_F_MMAPABLE, .magic = XDP_ACTION_MAGIC, .version = XDP_ACTION_VERSION, \
	      .action = XDP_PASS, .counters = XDP_ACTION_VERDICTS, .targets = XDP_ACTION_TARGETS, \
	      .target_size = sizeof(__u32)

/* A later designator takes the place of RIGHT's. */
#pragma GCC diagnostic ignored "-Woverride-init"
static const struct kind kinds[] = {
	{ RIGHT, .name = "right" },
	/* One that libxdp did not make. */
	{ RIGHT, .name = "dispatcher", .program = "xdp_dispatcher" },
	{ RIGHT, .name = "type", .type = BPF_MAP_TYPE_HASH, .flags = 0 },
	{ RIGHT, .name = "small", .size = 64 },
	{ RIGHT, .name = "large", .size = 2 * sizeof(struct xdp_action_data) },
	{ RIGHT, .name = "entries", .entries = 2 },
	{ RIGHT, .name = "unmappable", .flags = 0 },
	{ RIGHT, .name = "magic", .magic = 0 },
	{ RIGHT, .name = "version", .version = XDP_ACTION_VERSION + 1 },
	{ RIGHT, .name = "garbage", .garbage = true },
	{ RIGHT, .name = "counters", .counters = 1 },
	{ RIGHT, .name = "no-counters", .counters = 0 },
	{ RIGHT, .name = "targets", .targets = 1 },
	{ RIGHT, .name = "no-targets", .targets = 0 },
	{ RIGHT, .name = "wide-targets", .target_size = 8, .action = 0x24 },
	{ RIGHT, .name = "gate", .gate_shut = true },
	{ RIGHT, .name = "lost-match", .match = 5 },
	{ RIGHT, .name = "small-matches", .match = 5, .match_size = 64 },
	{ RIGHT, .name = "garbled-match", .match = 5,
	  .match_size = sizeof(struct xdp_action_match) },
};

static int make_data(const struct kind *kind)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = kind->flags);
	char value[2 * sizeof(struct xdp_action_data)] __attribute__((aligned(8))) = { 0 };
	struct xdp_action_data *data = (struct xdp_action_data *)value;
	__u32 zero = 0;
	int fd;

	if (kind->garbage)
		memset(value, 0xa5, sizeof(value));
	else
		data->action = kind->action;
	if (kind->gate_shut) {
		data->action = XDP_DROP | (__u64)XDP_ACTION_F_DEADLINE << XDP_ACTION_FLAGS_SHIFT;
		data->slots[0].base = XDP_PASS;
		data->slots[0].deadline_ns = UINT64_MAX;
		data->clock_gate = (UINT64_C(1) << 48) - 1;
	}
	if (kind->match) {
		data->action = XDP_DROP | (__u64)XDP_ACTION_F_MATCH << XDP_ACTION_FLAGS_SHIFT;
		data->slots[0].match[0] = kind->match;
	}
	data->magic = kind->magic;
	data->version = kind->version;
	data->size = kind->size;
	fd = bpf_map_create(kind->type, XDP_ACTION_DATA_MAP, sizeof(zero), kind->size,
			    kind->entries, &opts);
	if (fd < 0 || bpf_map_update_elem(fd, &zero, value, BPF_ANY))
		bail("cannot make the data map: %s", strerror(errno));
	return fd;
}

static int make_map(enum bpf_map_type type, const char *name, __u32 size, __u32 entries)
{
	int fd;

	if (!entries)
		return -1;
	fd = bpf_map_create(type, name, sizeof(__u32), size, entries, NULL);
	if (fd < 0)
		bail("cannot make the map %s: %s", name, strerror(errno));
	return fd;
}

/* One match, of bytes that mean nothing but for its number. */
static int make_matches(const struct kind *kind)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE);
	struct xdp_action_match match;
	__u32 zero = 0, place = kind->match % XDP_ACTION_MATCHES;
	int inner, outer;

	if (!kind->match_size)
		return -1;
	memset(&match, 0xa5, sizeof(match));
	match.number = kind->match;
	inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, "action_match", sizeof(zero), kind->match_size,
			       XDP_ACTION_MATCHES, &opts);
	opts.map_flags = 0;
	opts.inner_map_fd = inner;
	outer = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, XDP_ACTION_MATCHES_MAP, sizeof(zero),
			       sizeof(zero), 1, &opts);
	if (inner < 0 || outer < 0 || bpf_map_update_elem(inner, &place, &match, BPF_ANY) ||
	    bpf_map_update_elem(outer, &zero, &inner, BPF_ANY))
		bail("cannot make the map of matches: %s", strerror(errno));
	return outer;
}

/* A program belongs to the maps that it names, even if it does nothing with them. */
static int make_program(const struct kind *kind, const int maps[4])
{
	struct bpf_insn code[10] = { 0 };
	size_t count = 0;
	int i, fd;

	for (i = 0; i < 4; i++) {
		if (maps[i] < 0)
			continue;
		code[count++] = (struct bpf_insn){ .code = BPF_LD | BPF_DW | BPF_IMM,
						   .dst_reg = BPF_REG_1,
						   .src_reg = BPF_PSEUDO_MAP_FD,
						   .imm = maps[i] };
		count++;
	}
	code[count++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS };
	code[count++] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	fd = bpf_prog_load(BPF_PROG_TYPE_XDP, kind->program, "GPL", code, count, NULL);
	if (fd < 0)
		bail("cannot load the program: %s", strerror(errno));
	return fd;
}

int main(int argc, char **argv)
{
	const struct kind *kind = NULL;
	int maps[4], err;
	size_t i;

	for (i = 0; argc == 3 && i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(argv[2], kinds[i].name))
			kind = &kinds[i];
	if (!kind)
		bail("usage: impostor IFNAME KIND");

	maps[0] = make_data(kind);
	maps[1] = make_map(BPF_MAP_TYPE_PERCPU_ARRAY, XDP_ACTION_COUNTERS_MAP,
			   sizeof(struct xdp_action_counter), kind->counters);
	maps[2] = make_map(BPF_MAP_TYPE_DEVMAP, XDP_ACTION_TARGETS_MAP, kind->target_size,
			   kind->targets);
	maps[3] = make_matches(kind);
	err = bpf_xdp_attach(if_nametoindex(argv[1]), make_program(kind, maps), 0, NULL);
	if (err)
		bail("cannot attach the program: %s", strerror(-err));
	return 0;
}
