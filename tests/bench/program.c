// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "program.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/kernel.h"
#include "path.h"
#include "util.h"

#define MAX_FUNCTIONS 16

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);

	return length >= end_length && !strcmp(name + length - end_length, end);
}

struct bpf_map *program_map(const struct program *program, const char *name)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, program->object) {
		if (ends_with(bpf_map__name(map), name))
			return map;
	}
	die("%s: no map \"%s\"", bpf_object__name(program->object), name);
}

/* As the tool loads it, where it is the tool's. */
static void tell_frags(struct bpf_program *program)
{
	static struct features features;
	static bool known;

	if (!known && features_find(NULL, &features))
		die("cannot find out what the kernel can do");
	known = true;
	if (program_set_frags_flag(program, &features.frags_flag))
		die("cannot change the program %s", bpf_program__name(program));
}

void program_load(struct program *program, const char *path, const char *name)
{
	struct bpf_program *found, *each;
	struct bpf_map *map;
	int err;

	program->object = bpf_object__open_file(path, NULL);
	if (!program->object)
		die("cannot open %s: %s", path, strerror(errno));
	bpf_object__for_each_map(map, program->object)
		bpf_map__set_pin_path(map, NULL);
	bpf_object__for_each_program(each, program->object)
		bpf_program__set_autoload(each, false);
	found = bpf_object__find_program_by_name(program->object, name);
	if (!found)
		die("%s: no program \"%s\"", path, name);
	bpf_program__set_autoload(found, true);
	/* What libbpf cannot tell from the name of the section. */
	if (bpf_program__type(found) == BPF_PROG_TYPE_UNSPEC)
		bpf_program__set_type(found, BPF_PROG_TYPE_XDP);
	tell_frags(found);
	err = bpf_object__load(program->object);
	if (err)
		die("cannot load %s: %s", path, strerror(-err));
	program->fd = bpf_program__fd(found);
}

void program_unload(struct program *program)
{
	bpf_object__close(program->object);
	*program = (struct program){ .fd = -1 };
}

void program_size(const struct program *program, struct program_size *result)
{
	__u32 lengths[MAX_FUNCTIONS] = { 0 };
	struct bpf_prog_info info = {
		.nr_jited_func_lens = MAX_FUNCTIONS,
		.jited_func_lens = (uintptr_t)lengths,
	};
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(program->fd, &info, &size))
		die("cannot read the size of a program: %s", strerror(errno));
	result->instructions = info.xlated_prog_len / sizeof(struct bpf_insn);
	result->path = shortest_counting_path(program->fd);
	result->saved = saved_registers(program->fd);
	result->bytes = info.jited_prog_len;
	result->main_bytes = info.nr_jited_func_lens ? lengths[0] : info.jited_prog_len;
}

void program_map_set(const struct program *program, const char *name, const void *key,
		     const void *value, size_t value_size)
{
	struct bpf_map *map = program_map(program, name);
	int cpus = libbpf_num_possible_cpus(), i;
	size_t step = (value_size + 7) & ~7UL;
	uint8_t *values;

	if (cpus < 1)
		die("cannot count the CPUs");
	values = calloc((size_t)cpus, step);
	if (!values)
		die("out of memory");
	for (i = 0; i < cpus; i++)
		memcpy(values + (size_t)i * step, value, value_size);
	if (bpf_map_update_elem(bpf_map__fd(map), key, values, BPF_ANY))
		die("cannot update map \"%s\": %s", name, strerror(errno));
	free(values);
}

void udp_frame(uint8_t *frame, size_t size)
{
	struct ethhdr eth = {
		.h_dest = { 2, 0, 0, 0, 0, 1 },
		.h_source = { 2, 0, 0, 0, 0, 2 },
		.h_proto = htons(ETH_P_IP),
	};
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.tot_len = htons((uint16_t)(size - sizeof(eth))),
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.saddr = htonl(0x0a000002),
		.daddr = htonl(0x0a000001),
	};
	struct udphdr udp = {
		.source = htons(1024),
		.dest = htons(UDP_FRAME_PORT),
		.len = htons((uint16_t)(size - sizeof(eth) - sizeof(ip))),
	};

	memset(frame, 0, size);
	memcpy(frame, &eth, sizeof(eth));
	memcpy(frame + sizeof(eth), &ip, sizeof(ip));
	memcpy(frame + sizeof(eth) + sizeof(ip), &udp, sizeof(udp));
}

void tcp_frame(uint8_t *frame, size_t size)
{
	struct iphdr ip;
	struct tcphdr tcp = {
		.source = htons(1024),
		.dest = htons(TCP_FRAME_PORT),
		.doff = sizeof(tcp) / 4,
		.ack = 1,
	};

	udp_frame(frame, size);
	memcpy(&ip, frame + sizeof(struct ethhdr), sizeof(ip));
	ip.protocol = IPPROTO_TCP;
	memcpy(frame + sizeof(struct ethhdr), &ip, sizeof(ip));
	memcpy(frame + sizeof(struct ethhdr) + sizeof(ip), &tcp, sizeof(tcp));
}

double program_run(const struct program *program, const uint8_t *frame, size_t size,
		   unsigned int repeat, uint32_t *verdict)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = (__u32)size,
		    .repeat = (int)repeat);
	uint64_t before = clock_ns(CLOCK_THREAD_CPUTIME_ID), after;

	if (bpf_prog_test_run_opts(program->fd, &opts))
		die("cannot run a program: %s", strerror(errno));
	after = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	*verdict = opts.retval;
	return (double)(after - before) / repeat;
}
