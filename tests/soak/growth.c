// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "faults/util.h"
#include "growth.h"

/* One instance with its maps, and a dispatcher for each change of the chain. */
#define NOTED_MAX 256
#define MAPS_MAX 8
/* The kernel frees what was unloaded a little later. */
#define TRIES 500
#define PAUSE_NS 10000000

enum object { PROGRAM, MAP };

static struct {
	enum object object;
	__u32 id;
} noted[NOTED_MAX];
static size_t noted_count;

/* ---- processes ---- */

static unsigned int count_descriptors(const char *process)
{
	char path[64];
	unsigned int count = 0;
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", process);
	dir = opendir(path);
	if (!dir)
		bail("cannot read %s: %s", path, strerror(errno));
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

static size_t read_resident_kib(const char *process)
{
	char path[64];
	unsigned long pages;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/statm", process);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%*u %lu", &pages) != 1)
		bail("cannot read %s", path);
	fclose(file);
	return pages * sysconf(_SC_PAGESIZE) / 1024;
}

void usage_read(pid_t pid, struct usage *usage)
{
	char process[16] = "self";

	if (pid)
		snprintf(process, sizeof(process), "%d", pid);
	*usage = (struct usage){
		.heap_bytes = pid ? 0 : mallinfo2().uordblks,
		.resident_kib = read_resident_kib(process),
		.descriptors = count_descriptors(process),
	};
}

/* ---- objects ---- */

static void note_object(enum object object, __u32 id)
{
	size_t i;

	for (i = 0; i < noted_count; i++)
		if (noted[i].object == object && noted[i].id == id)
			return;
	if (noted_count == NOTED_MAX)
		bail("more than %d programs and maps to keep in mind", NOTED_MAX);
	noted[noted_count].object = object;
	noted[noted_count++].id = id;
}

static void note_maps(__u32 program)
{
	__u32 maps[MAPS_MAX], i, length = sizeof(struct bpf_prog_info);
	struct bpf_prog_info info = { .nr_map_ids = MAPS_MAX,
				      .map_ids = (__u64)(unsigned long)maps };
	int fd = bpf_prog_get_fd_by_id(program);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &length))
		bail("cannot look at program %u: %s", program, strerror(errno));
	close(fd);
	for (i = 0; i < info.nr_map_ids && i < MAPS_MAX; i++)
		note_object(MAP, maps[i]);
}

void objects_note(const struct xdpaction_status *status)
{
	note_object(PROGRAM, status->program_id);
	note_maps(status->program_id);
	if (status->chain.dispatcher)
		note_object(PROGRAM, status->chain.dispatcher_id);
}

/* A link that was left behind would hold its program. */
static bool is_there(enum object object, __u32 id)
{
	int fd = object == PROGRAM ? bpf_prog_get_fd_by_id(id) : bpf_map_get_fd_by_id(id);

	if (fd >= 0)
		close(fd);
	else if (errno != ENOENT)
		bail("cannot ask for object %u: %s", id, strerror(errno));
	return fd >= 0;
}

const char *objects_gone(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	static char text[64];
	unsigned int tries = 0;

	while (noted_count) {
		enum object object = noted[noted_count - 1].object;
		__u32 id = noted[noted_count - 1].id;

		if (!is_there(object, id)) {
			noted_count--;
			continue;
		}
		if (++tries == TRIES) {
			snprintf(text, sizeof(text), "%s %u is left behind",
				 object == PROGRAM ? "program" : "map", id);
			return text;
		}
		nanosleep(&pause, NULL);
	}
	return "";
}
