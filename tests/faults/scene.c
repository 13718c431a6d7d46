// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"
#include "util.h"

/* ---- building ---- */

static void build_links(void)
{
	shell("ip link del " SCENE_IFNAME " 2>/dev/null; ip link del " SCENE_TARGET " 2>/dev/null\n"
	      "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6\n"
	      "exec ip -batch - <<-END\n"
	      "link add " SCENE_IFNAME " type veth peer name v1\n"
	      "link add " SCENE_TARGET " type veth peer name w1\n"
	      "link set " SCENE_IFNAME " up\nlink set v1 up\n"
	      "link set " SCENE_TARGET " up\nlink set w1 up\nEND\n");
}

/* With a program on its peer a veth takes redirected frames. */
static void open_target(void)
{
	static const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd, err;

	fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "pass", "GPL", pass, ARRAY_SIZE(pass), NULL);
	if (fd < 0)
		bail("cannot load a program: %s", strerror(-fd));
	err = bpf_xdp_attach(if_nametoindex("w1"), fd, 0, NULL);
	if (err)
		bail("cannot attach a program: %s", strerror(-err));
	close(fd);
}

/*
 * Namespaces of our own, but for processes: what a killed command left behind
 * is judged by who sees all of them.
 */
static void enter_namespaces(void)
{
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL))
		bail("cannot make namespaces: %s", strerror(errno));
}

static void mount_bpffs(void)
{
	while (!umount2(BPFFS, MNT_DETACH))
		;
	if (mount("bpf", BPFFS, "bpf", 0, NULL))
		bail("cannot mount a bpffs: %s", strerror(errno));
}

static void load_neighbour(struct scene *scene)
{
	struct look look;

	shell("xdp-filter load --mode native --policy allow " SCENE_IFNAME " && "
	      "xdp-filter ip --mode src 10.9.9.%d", NEIGHBOUR_DROPS);
	look_at(SCENE_IFNAME, true, &look);
	if (!look.dispatcher || look_find(&look, NEIGHBOUR, &scene->neighbour_id) != 1 ||
	    look.verdicts[PACKET_NEIGHBOURS] != XDP_DROP || look.verdicts[PACKET_OTHER] != XDP_PASS)
		bail("xdp-filter does not run in a dispatcher as it should");
}

/* What is in the bpffs beside a dispatcher and us. */
static void note_rest(struct scene *scene)
{
	char dispatcher[64], *line, *next;
	struct look look;

	look_at(SCENE_IFNAME, false, &look);
	snprintf(dispatcher, sizeof(dispatcher), "xdp/dispatch-%u-%u", look.ifindex, look.root_id);
	scene->rest[0] = '\0';
	for (line = strtok_r(look.listing, "\n", &next); line; line = strtok_r(NULL, "\n", &next))
		if (strncmp(line, dispatcher, strlen(dispatcher)))
			strcat(strcat(scene->rest, line), "\n");
}

static void must_go_to(struct scene *scene, const struct state *state)
{
	const char *wrong = scene_go_to(scene, state);

	if (*wrong)
		bail("the library does not work without a fault: %s", wrong);
}

/* The numbers of objects that go with each state, once nothing is being freed any more. */
static void note_objects(struct scene *scene)
{
	struct state state = { .loaded = true };
	struct xdpaction_load_options options = { .size = sizeof(options) };

	xdpaction_load_options_init(&options);
	state.setting = options.setting;
	must_go_to(scene, &state);
	sleep(scene->alone);
	objects_count(&scene->objects[true]);
	state.loaded = false;
	must_go_to(scene, &state);
	sleep(scene->alone);
	objects_count(&scene->objects[false]);
}

void scene_reset(struct scene *scene)
{
	if (!scene->ctx)
		enter_namespaces();
	build_links();
	mount_bpffs();
	open_target();
	if (!scene->ctx && xdpaction_new(&scene->ctx))
		bail("out of memory");
	if (scene->neighbour)
		load_neighbour(scene);
	note_objects(scene);
	note_rest(scene);
}

/* ---- states ---- */

/* The library's message goes to the parent, through a file. */
static int bring_about(const struct scene *scene, const struct state *state, FILE *message)
{
	const char *what = "";
	struct look look;
	int err = 0;
	__u32 id;
	bool loaded;

	look_at(SCENE_IFNAME, false, &look);
	loaded = look_find(&look, OURS, &id);
	if (!state->loaded && loaded) {
		what = "unload";
		err = xdpaction_unload(scene->ctx, SCENE_IFNAME);
	}
	if (state->loaded && !loaded) {
		what = "load";
		err = xdpaction_load(scene->ctx, SCENE_IFNAME, NULL, NULL);
	}
	if (state->loaded && !err) {
		what = "set";
		err = xdpaction_set(scene->ctx, SCENE_IFNAME, &state->setting, NULL);
	}
	if (err)
		fprintf(message, "%s: %s", what, xdpaction_error(scene->ctx));
	fflush(message);
	return err;
}

/* In a process of its own, since libxdp leaves programs open, which would live on. */
const char *scene_go_to(struct scene *scene, const struct state *state)
{
	static char text[512];
	FILE *message = tmpfile();
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!message || pid < 0)
		bail("cannot fork: %s", strerror(errno));
	if (!pid)
		_exit(bring_about(scene, state, message) != 0);
	if (waitpid(pid, &status, 0) != pid)
		bail("waitpid: %s", strerror(errno));

	rewind(message);
	text[fread(text, 1, sizeof(text) - 1, message)] = '\0';
	fclose(message);
	if (status && !*text)
		snprintf(text, sizeof(text), "the library ended with status %#x", status);
	return text;
}
