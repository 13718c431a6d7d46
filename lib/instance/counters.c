// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The counters: one for each CPU and verdict in the kernel, summed here. */
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "instance/instance.h"

int counters_read(struct xdpaction *ctx, const struct held_map *map,
		  struct xdpaction_counter counters[XDPACTION_VERDICTS])
{
	int cpus = libbpf_num_possible_cpus(), cpu, err;
	struct xdp_action_counter *values;
	__u32 verdict;

	if (cpus < 0)
		return fail(ctx, cpus, NULL, "cannot tell the number of CPUs: %s",
			    strerror(-cpus));
	if (!map->id)
		return fail(ctx, -EPROTO, NULL, "the instance has no counters");
	if (map->value_size != sizeof(*values) || map->entries != XDPACTION_VERDICTS)
		return fail(ctx, -EPROTO, NULL, "the counters have an unknown form");

	values = calloc(cpus, sizeof(*values));
	if (!values)
		return fail(ctx, -ENOMEM, NULL, "out of memory");

	memset(counters, 0, XDPACTION_VERDICTS * sizeof(*counters));
	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++) {
		err = bpf_map_lookup_elem(map->fd, &verdict, values);
		if (err) {
			fail_kernel(ctx, err, "read the counters");
			break;
		}
		for (cpu = 0; cpu < cpus; cpu++) {
			counters[verdict].packets += values[cpu].packets;
			counters[verdict].bytes += values[cpu].bytes;
		}
	}
	free(values);
	return err;
}
