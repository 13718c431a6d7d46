// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#define _XOPEN_SOURCE 700
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <ftw.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "look.h"
#include "scene.h"
#include "util.h"

#define LINES_MAX 128
#define PIN_DIR BPFFS "/xdp/xdp-action"

/* ---- the programs ---- */

static void program_info(__u32 id, struct bpf_prog_info *info)
{
	__u32 length = sizeof(*info);
	int fd = bpf_prog_get_fd_by_id(id);

	memset(info, 0, sizeof(*info));
	if (fd < 0 || bpf_obj_get_info_by_fd(fd, info, &length))
		bail("cannot look at program %u: %s", id, strerror(errno));
	close(fd);
}

static void add_program(struct look *look, __u32 id)
{
	struct bpf_prog_info info;

	if (look->count == CHAIN_MAX)
		bail("more than %d programs are linked to dispatcher %u", CHAIN_MAX, look->root_id);
	program_info(id, &info);
	look->programs[look->count].id = id;
	snprintf(look->programs[look->count++].name, sizeof(look->programs[0].name), "%s",
		 info.name);
}

/* The programs that a link attaches to the dispatcher. */
static void look_at_links(struct look *look)
{
	struct bpf_link_info info;
	__u32 id = 0, length;
	int fd;

	while (!bpf_link_get_next_id(id, &id)) {
		fd = bpf_link_get_fd_by_id(id);
		if (fd < 0)
			continue;
		memset(&info, 0, sizeof(info));
		length = sizeof(info);
		if (bpf_obj_get_info_by_fd(fd, &info, &length))
			bail("cannot look at link %u: %s", id, strerror(errno));
		close(fd);
		if (info.type == BPF_LINK_TYPE_TRACING &&
		    info.tracing.target_obj_id == look->root_id)
			add_program(look, info.prog_id);
	}
}

size_t look_find(const struct look *look, const char *name, __u32 *id)
{
	size_t i, count = 0;

	*id = 0;
	for (i = 0; i < look->count; i++) {
		if (strcmp(look->programs[i].name, name))
			continue;
		*id = look->programs[i].id;
		count++;
	}
	return count;
}

/* ---- packets ---- */

/* An IPv4 packet for UDP; the source is what xdp-filter looks at. */
static void make_packet(enum packet packet, unsigned char frame[64])
{
	static const unsigned char header[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,	/* Ethernet */
		0x45, 0, 0, 50, 0, 0, 0, 0, 64, 17, 0, 0,
		10, 9, 9, 8, 10, 9, 9, 1,			/* from, to */
		0, 9, 0, 9, 0, 30, 0, 0,			/* UDP */
	};

	memset(frame, 0, 64);
	memcpy(frame, header, sizeof(header));
	if (packet == PACKET_NEIGHBOURS)
		frame[29] = NEIGHBOUR_DROPS;
}

static int run_on(__u32 prog_id, enum packet packet)
{
	unsigned char frame[64], out[256];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame),
		    .data_out = out, .data_size_out = sizeof(out), .repeat = 1);
	int fd, err;

	make_packet(packet, frame);
	fd = bpf_prog_get_fd_by_id(prog_id);
	if (fd < 0)
		bail("cannot open program %u: %s", prog_id, strerror(errno));
	err = bpf_prog_test_run_opts(fd, &opts);
	close(fd);
	if (err)
		bail("cannot run program %u on a packet: %s", prog_id, strerror(-err));
	return opts.retval;
}

/* ---- the bpffs ---- */

struct lines {
	char *lines[LINES_MAX];
	size_t count;
};

static struct lines found;

static void add_line(struct lines *lines, const char *text)
{
	if (lines->count == LINES_MAX)
		bail("there is too much in the bpffs");
	lines->lines[lines->count++] = strdup(text);
}

static int on_file(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	size_t length = strlen(path);

	(void)stat;
	(void)type;
	/* Some kernels put two files of their own into each bpffs. */
	if (ftw->level && (length < 6 || strcmp(path + length - 6, ".debug")))
		add_line(&found, path + strlen(BPFFS "/"));
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Empties the lines. */
static void join(struct lines *lines, char listing[LISTING_MAX])
{
	size_t i, used = 0;

	qsort(lines->lines, lines->count, sizeof(lines->lines[0]), compare);
	listing[0] = '\0';
	for (i = 0; i < lines->count; i++) {
		used += snprintf(listing + used, LISTING_MAX - used, "%s\n", lines->lines[i]);
		if (used >= LISTING_MAX)
			bail("there is too much in the bpffs");
		free(lines->lines[i]);
	}
	lines->count = 0;
}

static void expect_dispatcher(const struct look *look, struct lines *lines)
{
	char path[256];
	size_t i, length;

	length = snprintf(path, sizeof(path), "xdp/dispatch-%u-%u", look->ifindex, look->root_id);
	add_line(lines, path);
	for (i = 0; i < look->count; i++) {
		snprintf(path + length, sizeof(path) - length, "/prog%zu-link", i);
		add_line(lines, path);
		snprintf(path + length, sizeof(path) - length, "/prog%zu-prog", i);
		add_line(lines, path);
	}
}

static void expect_ours(const struct look *look, struct lines *lines)
{
	static const char *const pins[] = { "", "/action", "/action_counters", "/action_targets" };
	struct stat netns;
	char path[256];
	size_t i;

	if (stat("/proc/self/ns/net", &netns))
		bail("cannot look at the network namespace: %s", strerror(errno));
	add_line(lines, "xdp/xdp-action");
	for (i = 0; i < ARRAY_SIZE(pins); i++) {
		snprintf(path, sizeof(path), "xdp/xdp-action/%llu-%u%s",
			 (unsigned long long)netns.st_ino, look->ifindex, pins[i]);
		add_line(lines, path);
	}
}

void look_expect_listing(const struct look *look, bool ours, const char *rest,
			 char listing[LISTING_MAX])
{
	struct lines lines = { .count = 0 };
	char copy[LISTING_MAX], *line, *next;

	snprintf(copy, sizeof(copy), "%s", rest);
	for (line = strtok_r(copy, "\n", &next); line; line = strtok_r(NULL, "\n", &next))
		add_line(&lines, line);
	if (look->dispatcher)
		expect_dispatcher(look, &lines);
	if (ours)
		expect_ours(look, &lines);
	join(&lines, listing);
}

/* ---- all of it ---- */

void look_at(const char *ifname, bool run, struct look *look)
{
	struct bpf_prog_info info;
	int err, i;

	memset(look, 0, sizeof(*look));
	look->ifindex = if_nametoindex(ifname);
	if (!look->ifindex)
		bail("the interface %s is gone", ifname);
	err = bpf_xdp_query_id(look->ifindex, 0, &look->root_id);
	if (err)
		bail("cannot ask what is attached to %s: %s", ifname, strerror(-err));

	if (look->root_id) {
		program_info(look->root_id, &info);
		look->dispatcher = !strcmp(info.name, "xdp_dispatcher");
		if (look->dispatcher)
			look_at_links(look);
		else
			add_program(look, look->root_id);
	}
	for (i = 0; i < PACKETS; i++)
		look->verdicts[i] = !run ? -1 :
				    !look->root_id ? XDP_PASS : run_on(look->root_id, i);

	if (nftw(BPFFS, on_file, 16, FTW_PHYS))
		bail("cannot list " BPFFS ": %s", strerror(errno));
	join(&found, look->listing);
}

static unsigned int count_ids(int (*next)(__u32, __u32 *))
{
	unsigned int count = 0;
	__u32 id = 0;

	while (!next(id, &id))
		count++;
	return count;
}

void objects_count(struct objects *objects)
{
	objects->programs = count_ids(bpf_prog_get_next_id);
	objects->maps = count_ids(bpf_map_get_next_id);
	objects->links = count_ids(bpf_link_get_next_id);
}
