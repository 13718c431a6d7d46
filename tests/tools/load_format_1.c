// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Load a program as libxdp 1.2 does: behind a dispatcher of format 1, with the pins by
 * which it is found again. It runs with priority 50, and chains on PASS.
 *
 *	load_format_1 IFNAME DISPATCHER OBJECT PROGRAM
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "dispatcher_1.h"
#include "support/die.h"

static const struct dispatcher_1 configuration = {
	.count = 1,
	.chain_actions = { 1U << XDP_PASS },
	.priorities = { 50 },
};

static struct bpf_object *open_object(const char *path)
{
	struct bpf_object *object = bpf_object__open(path);

	if (!object)
		die("cannot open %s: %m", path);
	return object;
}

/* Loads the program alone. */
static struct bpf_program *load_program(struct bpf_object *object, const char *name)
{
	struct bpf_program *program, *wanted = bpf_object__find_program_by_name(object, name);

	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, program == wanted);
	if (!wanted || bpf_object__load(object))
		die("cannot load %s: %m", name);
	return wanted;
}

static struct bpf_program *load_dispatcher(const char *path)
{
	struct bpf_object *object = open_object(path);
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
		if (bpf_map__set_initial_value(map, &configuration, sizeof(configuration)))
			die("cannot configure the dispatcher: %m");
	return load_program(object, "xdp_dispatcher");
}

/* The program is for the first place of the dispatcher. */
static struct bpf_program *load_extension(const char *path, const char *name, int dispatcher_fd)
{
	struct bpf_object *object = open_object(path);
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);
	struct bpf_map *map;

	/* xdp-loader pins no map unless it is told to. */
	bpf_object__for_each_map(map, object)
		bpf_map__set_pin_path(map, NULL);
	if (!program || bpf_program__set_type(program, BPF_PROG_TYPE_EXT) ||
	    bpf_program__set_expected_attach_type(program, 0) ||
	    bpf_program__set_attach_target(program, dispatcher_fd, "prog0"))
		die("%s cannot be for a dispatcher: %m", name);
	return load_program(object, name);
}

static __u32 id_of(int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		die("cannot look at the dispatcher: %m");
	return info.id;
}

/* In the directory of a dispatcher, as libxdp names it. */
static void pin(const char *ifname, __u32 dispatcher_id, int program_fd, int link_fd)
{
	char directory[64], path[96];

	mkdir("/sys/fs/bpf/xdp", 0700);
	snprintf(directory, sizeof(directory), "/sys/fs/bpf/xdp/dispatch-%u-%u",
		 if_nametoindex(ifname), dispatcher_id);
	if (mkdir(directory, 0700))
		die("cannot make %s: %m", directory);
	snprintf(path, sizeof(path), "%s/prog0-prog", directory);
	if (bpf_obj_pin(program_fd, path))
		die("cannot pin %s: %m", path);
	snprintf(path, sizeof(path), "%s/prog0-link", directory);
	if (bpf_obj_pin(link_fd, path))
		die("cannot pin %s: %m", path);
}

int main(int argc, char **argv)
{
	struct bpf_program *dispatcher, *extension;
	struct bpf_link *link;
	int fd;

	if (argc != 5)
		die("usage: load_format_1 IFNAME DISPATCHER OBJECT PROGRAM");
	dispatcher = load_dispatcher(argv[2]);
	fd = bpf_program__fd(dispatcher);
	extension = load_extension(argv[3], argv[4], fd);
	link = bpf_program__attach_freplace(extension, 0, NULL);
	if (!link)
		die("cannot put %s into the dispatcher: %m", argv[4]);
	pin(argv[1], id_of(fd), bpf_program__fd(extension), bpf_link__fd(link));
	if (bpf_xdp_attach(if_nametoindex(argv[1]), fd, 0, NULL))
		die("cannot attach to %s: %m", argv[1]);
	return 0;
}
