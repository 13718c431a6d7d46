// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "kernel/kernel.h"
#include "instance.h"
#include "support/clock.h"
#include "support/tap.h"

#define SMALL		64
#define MANY_AT_ONCE	(1U << 20)
#define MATCHES_SIZE	(XDP_ACTION_MATCHES * sizeof(struct xdp_action_match))

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static int map_fd(struct bpf_object *object, const char *name)
{
	int fd = bpf_object__find_map_fd_by_name(object, name);

	if (fd < 0)
		bail("the object has no map %s", name);
	return fd;
}

/* As the library does it. */
static void prepare_for_frags(struct bpf_program *prog)
{
	struct features features;

	if (features_find(NULL, &features) || program_set_frags_flag(prog, &features.frags_flag))
		bail("what the kernel can do");
	note("the program %s whether a packet has fragments",
	     features.frags_flag.function ? "sees" : "cannot see");
	bpf_program__set_flags(prog, bpf_program__flags(prog) | BPF_F_XDP_HAS_FRAGS);
}

struct instance *instance_try(const char *folder, const char *name, bool frags)
{
	char path[4096];
	struct instance *instance = calloc(1, sizeof(*instance));
	struct bpf_program *prog;
	int err;

	if (!instance)
		bail("no memory");
	libbpf_set_print(quiet);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	instance->object = bpf_object__open_file(path, NULL);
	if (!instance->object)
		bail("%s: %s", path, strerror(errno));
	prog = bpf_object__find_program_by_name(instance->object, XDP_ACTION_PROG_NAME);
	if (!prog)
		bail("%s: no program %s", path, XDP_ACTION_PROG_NAME);
	if (frags)
		prepare_for_frags(prog);
	err = bpf_object__load(instance->object);
	if (err) {
		bpf_object__close(instance->object);
		free(instance);
		return NULL;
	}

	instance->prog = bpf_program__fd(prog);
	instance->counters = map_fd(instance->object, XDP_ACTION_COUNTERS_MAP);
	instance->asked = map_fd(instance->object, XDP_ACTION_ASKED_MAP);
	instance->targets = map_fd(instance->object, XDP_ACTION_TARGETS_MAP);
	instance->local = map_fd(instance->object, "action_local");
	instance->local_size = bpf_map__value_size(
		bpf_object__find_map_by_name(instance->object, "action_local"));
	instance->matches = map_fd(instance->object, XDP_ACTION_MATCHES_MAP);
	instance->data = mmap(NULL, sizeof(struct xdp_action_data), PROT_READ | PROT_WRITE,
			      MAP_SHARED, map_fd(instance->object, XDP_ACTION_DATA_MAP), 0);
	if (instance->data == MAP_FAILED)
		bail("mmap of %s: %s", XDP_ACTION_DATA_MAP, strerror(errno));
	return instance;
}

struct instance *instance_load(const char *folder, const char *name, bool frags)
{
	struct instance *instance = instance_try(folder, name, frags);

	if (!instance)
		bail("%s/%s: the kernel does not take the program", folder, name);
	return instance;
}

void instance_unload(struct instance *instance)
{
	munmap((void *)instance->data, sizeof(struct xdp_action_data));
	if (instance->match)
		munmap(instance->match, MATCHES_SIZE);
	bpf_object__close(instance->object);
	free(instance);
}

static void for_all_cpus(int map, uint32_t entries, size_t size, const void *value)
{
	int cpu, cpus = libbpf_num_possible_cpus();
	char *values = calloc(cpus, size);
	uint32_t i;

	if (!values)
		bail("no memory");
	for (cpu = 0; cpu < cpus; cpu++)
		memcpy(values + cpu * size, value, size);
	for (i = 0; i < entries; i++)
		if (bpf_map_update_elem(map, &i, values, BPF_ANY))
			bail("update of a map: %s", strerror(errno));
	free(values);
}

/* As a writer makes it at the first match. */
static void make_matches(struct instance *instance)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	uint32_t zero = 0;
	int fd;

	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "action_match", sizeof(uint32_t),
			    sizeof(struct xdp_action_match), XDP_ACTION_MATCHES, &options);
	if (fd < 0 || bpf_map_update_elem(instance->matches, &zero, &fd, BPF_ANY))
		bail("a map of matches: %s", strerror(errno));
	instance->match = mmap(NULL, MATCHES_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (instance->match == MAP_FAILED)
		bail("mmap of the matches: %s", strerror(errno));
	close(fd);
}

struct xdp_action_match *match_place(struct instance *instance, uint32_t number)
{
	if (!instance->match)
		make_matches(instance);
	return &instance->match[number % XDP_ACTION_MATCHES];
}

void reset(struct instance *instance)
{
	const struct xdp_action_counter none = {};
	uint32_t i;

	put_word(instance, XDP_PASS);
	for_all_cpus(instance->counters, XDP_ACTION_VERDICTS, sizeof(none), &none);
	for_all_cpus(instance->asked, XDP_ACTION_ASKED, sizeof(none), &none);
	for (i = 0; i < XDP_ACTION_TARGETS; i++)
		bpf_map_delete_elem(instance->targets, &i);
	seed(instance, 0);
}

uint64_t now_ns(void)
{
	return clock_ns(CLOCK_BOOTTIME);
}

uint64_t word(uint32_t verdict, uint32_t otherwise, uint32_t flags, uint32_t threshold)
{
	return (uint64_t)verdict << XDP_ACTION_VERDICT_SHIFT |
	       (uint64_t)otherwise << XDP_ACTION_OTHERWISE_SHIFT |
	       (uint64_t)flags << XDP_ACTION_FLAGS_SHIFT |
	       (uint64_t)threshold << XDP_ACTION_THRESHOLD_SHIFT;
}

uint32_t threshold(double probability)
{
	return probability * 0x1p32;
}

void put_word(struct instance *instance, uint64_t word)
{
	__atomic_store_n(&instance->data->action, word, __ATOMIC_RELEASE);
}

uint32_t put(struct instance *instance, const struct setting *setting)
{
	uint32_t sequence = (instance->data->sequence + 1) & 0xffff;
	volatile struct xdp_action_slot *slot;

	slot = &instance->data->slots[sequence % XDP_ACTION_SLOTS];
	__atomic_store_n(&instance->data->sequence, sequence, __ATOMIC_RELEASE);
	__atomic_store_n(&slot->base, setting->base, __ATOMIC_RELEASE);
	__atomic_store_n(&slot->deadline_ns, setting->deadline_ns, __ATOMIC_RELEASE);
	__atomic_store_n(&slot->budget, setting->budget, __ATOMIC_RELEASE);
	slot->match[0] = setting->match[0];
	slot->match[1] = setting->match[1];
	memcpy((void *)instance->data->more[sequence % XDP_ACTION_SLOTS], setting->more,
	       sizeof(setting->more));
	__atomic_store_n(&instance->data->clock_gate, 0, __ATOMIC_RELEASE);
	put_word(instance,
		 word(setting->verdict, setting->otherwise, setting->flags, setting->threshold) |
			 (uint64_t)sequence << XDP_ACTION_SEQUENCE_SHIFT);
	return sequence % XDP_ACTION_SLOTS;
}

uint32_t put_verdict(struct instance *instance, uint32_t verdict)
{
	return put(instance, &(struct setting){ .verdict = verdict, .otherwise = XDP_PASS });
}

void packet_init(struct packet *packet)
{
	const struct ethhdr eth = {
		.h_dest = { 0x02, 0, 0, 0, 0, 0x0d },
		.h_source = { 0x02, 0, 0, 0, 0, 0x05 },
		.h_proto = 0xb588, /* 0x88b5 on the wire: local experiments */
	};
	size_t i;

	packet->eth = eth;
	for (i = 0; i < sizeof(packet->payload); i++)
		packet->payload[i] = i * 31 + (i >> 8);
}

static uint32_t test_run(struct instance *instance, struct packet *packet, uint32_t length,
			 uint32_t repeat)
{
	struct packet out;
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = length,
		    .data_out = &out, .data_size_out = sizeof(out), .repeat = repeat, );

	if (bpf_prog_test_run_opts(instance->prog, &options))
		bail("test run of %u bytes: %s", length, strerror(errno));
	if (options.data_size_out != length)
		bail("test run made %u bytes of %u", options.data_size_out, length);
	memcpy(packet, &out, length);
	return options.retval;
}

uint32_t run(struct instance *instance, struct packet *packet, uint32_t length)
{
	return test_run(instance, packet, length, 1);
}

uint32_t run_one(struct instance *instance)
{
	struct packet packet;

	packet_init(&packet);
	return test_run(instance, &packet, SMALL, 1);
}

void run_many(struct instance *instance, uint32_t count)
{
	struct packet packet;
	uint32_t now;

	packet_init(&packet);
	for (; count; count -= now) {
		now = count < MANY_AT_ONCE ? count : MANY_AT_ONCE;
		test_run(instance, &packet, SMALL, now);
	}
}

/* Adds up one counter of all CPUs, as entry `place` of the tally. */
static void add_counter(int map, uint32_t key, struct tally *tally, uint32_t place)
{
	int cpu, cpus = libbpf_num_possible_cpus();
	struct xdp_action_counter *values = calloc(cpus, sizeof(*values));

	if (!values)
		bail("no memory");
	if (bpf_map_lookup_elem(map, &key, values))
		bail("lookup of a counter: %s", strerror(errno));
	for (cpu = 0; cpu < cpus; cpu++) {
		tally->packets[place] += values[cpu].packets;
		tally->bytes[place] += values[cpu].bytes;
	}
	free(values);
}

struct tally tally(struct instance *instance)
{
	struct tally tally = {};
	uint32_t i;

	for (i = 0; i < XDP_ACTION_VERDICTS; i++)
		add_counter(instance->counters, i, &tally, i);
	add_counter(instance->asked, XDP_ACTION_ASKED_MATCHED, &tally, MATCHED);
	add_counter(instance->asked, XDP_ACTION_ASKED_MISSED, &tally, MISSED);
	return tally;
}

void seed(struct instance *instance, uint64_t state)
{
	char *local = calloc(1, instance->local_size);

	if (!local)
		bail("no memory");
	/* The generator comes first. */
	memcpy(local, &state, sizeof(state));
	for_all_cpus(instance->local, 1, instance->local_size, local);
	free(local);
}

uint64_t random_state(struct instance *instance, unsigned int cpu)
{
	char *locals = calloc(libbpf_num_possible_cpus(), instance->local_size);
	uint32_t zero = 0;
	uint64_t state;

	if (!locals || bpf_map_lookup_elem(instance->local, &zero, locals))
		bail("the states of the generator cannot be read");
	memcpy(&state, locals + cpu * instance->local_size, sizeof(state));
	free(locals);
	return state;
}

static uint64_t undo_xorshift(uint64_t z, int shift)
{
	uint64_t x = z;
	int known;

	for (known = shift; known < 64; known += shift)
		x = z ^ (x >> shift);
	return x;
}

/* Undoes a step of PCG XSH-RS 64/32, which shifts by 22 where the upper bits of the state are 0. */
void draw_next(struct instance *instance, uint32_t number)
{
	/* The lowest bit reaches no number, and 0 would be a generator without a seed. */
	seed(instance, undo_xorshift((uint64_t)number << 22, 22) | 1);
}

unsigned int cpu_number(unsigned int n)
{
	static cpu_set_t allowed;
	unsigned int cpu;

	/* Asked once: the answer changes when the thread is moved. */
	if (!CPU_COUNT(&allowed) && sched_getaffinity(getpid(), sizeof(allowed), &allowed))
		bail("sched_getaffinity: %s", strerror(errno));
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed) && n-- == 0)
			return cpu;
	return CPU_SETSIZE;
}

unsigned int cpu_count(void)
{
	unsigned int count = 0;

	while (cpu_number(count) < CPU_SETSIZE)
		count++;
	return count;
}

void run_on_cpu(unsigned int n)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu_number(n), &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		bail("sched_setaffinity: %s", strerror(errno));
}
