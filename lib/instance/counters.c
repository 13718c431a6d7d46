// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The counters: one for each CPU and verdict in the kernel, summed here. */
#include <string.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

#include "instance/instance.h"

/*
 * The kernel writes a value for each CPU that it may ever have, and tells their
 * number only in a file, which may belong to another kernel. So there is room for
 * the CPUs of any kernel. What is not written stays 0, and a page behind the room
 * stops the kernel if it has still more.
 */
#define CPUS_MAX 8192
#define VALUES_SIZE (CPUS_MAX * sizeof(struct xdp_action_counter))

struct values {
	struct xdp_action_counter *list;
	size_t size;			/* with the page behind it */
};

static void values_free(struct values *values)
{
	if (values->list)
		munmap(values->list, values->size);
}

static int values_make(struct xdpaction *ctx, struct values *values)
{
	size_t size = VALUES_SIZE + sysconf(_SC_PAGESIZE);
	void *list;

	list = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (list == MAP_FAILED)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	*values = (struct values){ .list = list, .size = size };
	if (mprotect((char *)list + VALUES_SIZE, size - VALUES_SIZE, PROT_NONE))
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	return 0;
}

static struct xdpaction_counter sum_up(const struct values *values)
{
	struct xdpaction_counter sum = { 0 };
	size_t cpu;

	for (cpu = 0; cpu < CPUS_MAX; cpu++) {
		sum.packets += values->list[cpu].packets;
		sum.bytes += values->list[cpu].bytes;
	}
	return sum;
}

static int read_counter(struct xdpaction *ctx, const struct held_map *map, uint32_t key,
			const struct values *values, struct xdpaction_counter *counter)
{
	int err = bpf_map_lookup_elem(map->fd, &key, values->list);

	if (err)
		return fail_kernel(ctx, err, "read the counters");
	*counter = sum_up(values);
	return 0;
}

/* Version 1 has no such counters. */
static int read_asked(struct xdpaction *ctx, const struct held_map *map,
		      const struct values *values, struct xdpaction_status *status)
{
	int err;

	if (!map->id)
		return 0;
	err = read_counter(ctx, map, XDP_ACTION_ASKED_MATCHED, values, &status->matched);
	return err ? err : read_counter(ctx, map, XDP_ACTION_ASKED_MISSED, values, &status->missed);
}

int counters_read(struct xdpaction *ctx, const struct instance_maps *maps,
		  struct xdpaction_status *status)
{
	CLEANUP(values_free) struct values values = { 0 };
	uint32_t verdict;
	int err;

	if (!maps->counters.id)
		return fail(ctx, -EPROTO, NULL, "the instance has no counters");
	if (!maps->counters.readable || (maps->asked.id && !maps->asked.readable))
		return fail(ctx, -EPROTO, NULL, "the counters have an unknown form");

	err = values_make(ctx, &values);
	if (err)
		return err;
	for (verdict = 0; !err && verdict < XDPACTION_VERDICTS; verdict++)
		err = read_counter(ctx, &maps->counters, verdict, &values,
				   &status->counters[verdict]);
	return err ? err : read_asked(ctx, &maps->asked, &values, status);
}
