// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "droppers.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matching.h"
#include "process.h"
#include "program.h"
#include "util.h"
#include "wire.h"
#include "xdp_action_maps.h"

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

/* What runs now; a bench has one at a time. */
static struct program running;
static struct bpf_tc_hook hook = { .sz = sizeof(hook), .attach_point = BPF_TC_INGRESS };

static void attach_xdp(const char *directory, const char *object, const char *program)
{
	char path[4096];
	int err;

	snprintf(path, sizeof(path), "%s/%s", directory, object);
	program_load(&running, path, program);
	err = bpf_xdp_attach((int)wire_ifindex(WIRE_TO), running.fd, XDP_FLAGS_DRV_MODE, NULL);
	if (err)
		die("cannot attach %s: %s", program, strerror(-err));
}

static void detach_xdp(void)
{
	int err = bpf_xdp_detach((int)wire_ifindex(WIRE_TO), XDP_FLAGS_DRV_MODE, NULL);

	if (err)
		die("cannot detach: %s", strerror(-err));
	program_unload(&running);
}

static bool start_ours(const struct object_paths *paths)
{
	struct xdp_action_data data = {
		.action = XDP_DROP,
		.magic = XDP_ACTION_MAGIC,
		.version = XDP_ACTION_VERSION,
		.size = sizeof(data),
	};
	uint32_t key = 0;

	attach_xdp(paths->ours, "xdp_action.o", XDP_ACTION_PROG_NAME);
	program_map_set(&running, XDP_ACTION_DATA_MAP, &key, &data, sizeof(data));
	return true;
}

static bool start_ours_port(const struct object_paths *paths)
{
	attach_xdp(paths->ours, "xdp_action.o", XDP_ACTION_PROG_NAME);
	match_arm(&running, "udp dst port " TEXT(UDP_FRAME_PORT));
	return true;
}

static bool start_floor(const struct object_paths *paths)
{
	attach_xdp(paths->bench, "floor.bpf.o", "floor_drop");
	return true;
}

static bool start_exercise(const struct object_paths *paths)
{
	uint64_t action = XDP_DROP;
	uint32_t key = 0;

	attach_xdp(paths->bench, "exercise.bpf.o", "exercise_linear");
	program_map_set(&running, "action", &key, &action, sizeof(action));
	return true;
}

/* It denies what no rule allows, so nothing has to be set. */
static bool start_filter(const struct object_paths *paths)
{
	if (!paths->filter)
		return false;
	attach_xdp(paths->filter, "xdpfilt_dny_all.o", "xdpfilt_dny_all");
	return true;
}

#define NFT_CHAIN "add table netdev bench; add chain netdev bench sink { type filter hook " \
		  "ingress device " WIRE_TO " priority 0; }; add rule netdev bench sink "

static bool start_nft(const struct object_paths *paths)
{
	return !process_run(COMMAND("nft", NFT_CHAIN "counter drop"), NULL);
}

static bool start_nft_port(const struct object_paths *paths)
{
	return !process_run(COMMAND("nft", NFT_CHAIN "udp dport " TEXT(UDP_FRAME_PORT)
						     " counter drop"),
			    NULL);
}

static void stop_nft(void)
{
	must_run(COMMAND("nft", "delete table netdev bench"));
}

static bool start_classifier(const struct object_paths *paths, const char *name)
{
	LIBBPF_OPTS(bpf_tc_opts, opts);
	char path[4096];
	int err;

	snprintf(path, sizeof(path), "%s/classifier.bpf.o", paths->bench);
	program_load(&running, path, name);
	hook.ifindex = (int)wire_ifindex(WIRE_TO);
	err = bpf_tc_hook_create(&hook);
	opts.prog_fd = running.fd;
	if (!err)
		err = bpf_tc_attach(&hook, &opts);
	if (err)
		program_unload(&running);
	return !err;
}

static bool start_tc(const struct object_paths *paths)
{
	return start_classifier(paths, "classify");
}

static bool start_tc_port(const struct object_paths *paths)
{
	return start_classifier(paths, "classify_port");
}

static void stop_tc(void)
{
	int err;

	/* Both ways at once destroy the clsact qdisc, and the classifier with it. */
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	err = bpf_tc_hook_destroy(&hook);
	hook.attach_point = BPF_TC_INGRESS;
	if (err)
		die("cannot remove the classifier: %s", strerror(-err));
	program_unload(&running);
}

/* The one that works: a kernel has the tables of nft's iptables, of the old one, or both. */
static const char *const iptables_names[] = { "iptables", "iptables-legacy" };
static const char *iptables;

static bool start_iptables(const struct object_paths *paths)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		iptables = iptables_names[i];
		if (!process_run(COMMAND(iptables, "-t", "raw", "-A", "PREROUTING", "-i", WIRE_TO,
					 "-j", "DROP"),
				 NULL))
			return true;
	}
	return false;
}

static bool start_iptables_port(const struct object_paths *paths)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		iptables = iptables_names[i];
		if (!process_run(COMMAND(iptables, "-t", "raw", "-A", "PREROUTING", "-i", WIRE_TO,
					 "-p", "udp", "--dport", TEXT(UDP_FRAME_PORT), "-j",
					 "DROP"),
				 NULL))
			return true;
	}
	return false;
}

static void stop_iptables_port(void)
{
	must_run(COMMAND(iptables, "-t", "raw", "-F", "PREROUTING"));
}

static void stop_iptables(void)
{
	must_run(COMMAND(iptables, "-t", "raw", "-D", "PREROUTING", "-i", WIRE_TO, "-j", "DROP"));
}

const struct dropper droppers[] = {
	[DROPPER_OURS] = { "xdp_action, DROP", start_ours, detach_xdp },
	[DROPPER_OURS_PORT] = { "xdp_action, DROP of a UDP port", start_ours_port, detach_xdp,
				DROPPER_OURS },
	{ "nft, a UDP port", start_nft_port, stop_nft, DROPPER_OURS_PORT, AT_MOST(0.5) },
	{ "tc, a UDP port", start_tc_port, stop_tc, DROPPER_OURS_PORT, AT_MOST(0.5) },
	{ "iptables, a UDP port", start_iptables_port, stop_iptables_port, DROPPER_OURS_PORT,
	  AT_MOST(0.5) },
	{ "empty program", start_floor, detach_xdp },
	{ "exercise", start_exercise, detach_xdp },
	{ "xdp-filter, deny all", start_filter, detach_xdp },
	{ "nft, netdev ingress", start_nft, stop_nft },
	{ "tc, cls_bpf", start_tc, stop_tc },
	{ "iptables, raw", start_iptables, stop_iptables },
};

const size_t dropper_count = sizeof(droppers) / sizeof(droppers[0]);

unsigned long long dropped_by_ours(void)
{
	int fd = bpf_map__fd(program_map(&running, XDP_ACTION_COUNTERS_MAP));
	int cpus = libbpf_num_possible_cpus(), i;
	struct xdp_action_counter *counters;
	unsigned long long packets = 0;
	uint32_t key = XDP_DROP;

	counters = cpus > 0 ? calloc((size_t)cpus, sizeof(*counters)) : NULL;
	if (!counters)
		die("out of memory");
	if (bpf_map_lookup_elem(fd, &key, counters))
		die("cannot read the counters: %s", strerror(errno));
	for (i = 0; i < cpus; i++)
		packets += counters[i].packets;
	free(counters);
	return packets;
}
