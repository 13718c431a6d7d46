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
/* Growth that is none: what is made when first used, and what malloc and the kernel keep. */
#define HEAP_BYTES_MAX 1024
#define RESIDENT_KIB_MAX 512
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

/* It opens what it looks at and closes it again: the least counts. */
void usage_read_least(pid_t pid, struct usage *usage)
{
	const struct timespec pause = { .tv_nsec = 7000000 };
	struct usage now;
	int i;

	usage_read(pid, usage);
	for (i = 0; i < 50; i++) {
		nanosleep(&pause, NULL);
		usage_read(pid, &now);
		if (now.descriptors < usage->descriptors)
			*usage = now;
	}
}

const char *usage_compare(const struct usage *before, const struct usage *after)
{
	static char text[256];

	snprintf(text, sizeof(text),
		 "heap %zu and then %zu bytes, resident %zu and then %zu KiB, descriptors %u and then %u",
		 before->heap_bytes, after->heap_bytes, before->resident_kib, after->resident_kib,
		 before->descriptors, after->descriptors);
	printf("# %s\n", text);
	return after->heap_bytes > before->heap_bytes + HEAP_BYTES_MAX ||
			       after->resident_kib > before->resident_kib + RESIDENT_KIB_MAX ||
			       after->descriptors > before->descriptors ?
		       text :
		       "";
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

const char *objects_compare(const struct objects *before)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	static char text[128];
	struct objects now;
	int tries = 500;

	do {
		nanosleep(&pause, NULL);
		objects_count(&now);
	} while (memcmp(&now, before, sizeof(now)) && --tries);
	snprintf(text, sizeof(text), "%u programs, %u maps, %u links at first, %u, %u, %u now",
		 before->programs, before->maps, before->links, now.programs, now.maps, now.links);
	return tries ? "" : text;
}

size_t kernel_memory_kib(void)
{
	static const char *const kinds[] = { "SUnreclaim", "VmallocUsed", "Percpu" };
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128], name[64];
	size_t i, sum = 0, kib;

	if (!file)
		bail("cannot read /proc/meminfo: %s", strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63[^:]: %zu", name, &kib) != 2)
			continue;
		for (i = 0; i < ARRAY_SIZE(kinds); i++)
			if (!strcmp(name, kinds[i]))
				sum += kib;
	}
	fclose(file);
	return sum;
}
