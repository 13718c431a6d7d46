// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Describes what a leftover holds: its programs, and how much of the kernel's memory. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <bpf/bpf.h>

#include "heal/heal.h"

/* The memory of a program or a map as the kernel reckons it; 0 where it does not say. */
static uint64_t memory_of(int fd)
{
	char path[64], line[128];
	uint64_t bytes = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = fopen(path, "re");
	if (!info)
		return 0;
	while (fgets(line, sizeof(line), info))
		if (sscanf(line, "memlock: %" SCNu64, &bytes) == 1)
			break;
	fclose(info);
	return bytes;
}

static uint64_t memory_of_map(uint32_t id)
{
	CLEANUP(close_fd) int fd = -1;
	struct xdpaction own = { 0 };
	struct bpf_map_info info;

	return map_open(&own, id, &fd, &info) ? 0 : memory_of(fd);
}

static void add_program(int fd, struct xdpaction_leftover *described)
{
	struct xdpaction own = { 0 };
	struct program_info program;
	size_t i;

	if (program_info_get(&own, fd, &program))
		return;
	described->memory_bytes += memory_of(fd);
	for (i = 0; i < program.map_count; i++)
		described->memory_bytes += memory_of_map(program.map_ids[i]);
	snprintf(described->programs[described->program_count++], XDPACTION_PROG_NAME_SIZE, "%s",
		 program.name);
}

static void describe_dispatcher(const char *path, struct xdpaction_leftover *described)
{
	char pin[XDPACTION_PATH_SIZE + 32];
	size_t i;

	for (i = 0; i < XDPACTION_CHAIN_MAX; i++) {
		CLEANUP(close_fd) int fd = -1;

		snprintf(pin, sizeof(pin), "%s/prog%zu-prog", path, i);
		fd = bpf_obj_get(pin);
		if (fd >= 0)
			add_program(fd, described);
	}
}

static void describe_pins(const char *path, struct xdpaction_leftover *described)
{
	struct xdpaction own = { 0 };
	uint32_t ids[PINS_COUNT];
	size_t i;

	if (pinned_map_ids(&own, path, ids))
		return;
	for (i = 0; i < PINS_COUNT; i++)
		described->memory_bytes += ids[i] ? memory_of_map(ids[i]) : 0;
}

void leftover_describe(const struct leftover *leftover, struct xdpaction_leftover *described)
{
	struct stat stat;

	if (!lstat(leftover->path, &stat))
		described->created_ns = stat.st_mtim.tv_sec * NSEC_PER_SEC + stat.st_mtim.tv_nsec;
	if (leftover->kind == LEFTOVER_DISPATCHER)
		describe_dispatcher(leftover->path, described);
	else if (leftover->kind == LEFTOVER_PINS)
		describe_pins(leftover->path, described);
}
