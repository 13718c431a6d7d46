// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"
#include "support/devices.h"
#include "support/netns.h"
#include "support/program.h"
#include "util.h"

/* ---- building ---- */

static void build_veth(const char *name, const char *peer)
{
	unsigned int before = if_nametoindex(name);

	if (before)
		device_delete(before);
	veth_make(&(struct veth){ .name = name, .peer = peer });
	device_up(name);
	device_up(peer);
}

static void build_links(void)
{
	netns_silence();
	build_veth(SCENE_IFNAME, "v1");
	build_veth(SCENE_TARGET, "w1");
}

/* With a program on its peer a veth takes redirected frames. */
static void open_target(void)
{
	int err, fd = pass_program_load(NULL);

	err = bpf_xdp_attach(if_nametoindex("w1"), fd, 0, NULL);
	if (err)
		bail("cannot attach a program: %s", strerror(-err));
	close(fd);
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
	/* Not of processes: what a killed command left behind is judged by who sees all. */
	if (!scene->ctx)
		namespaces_enter_private();
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
	if ((!state->loaded || state->fresh) && loaded) {
		what = "unload";
		err = xdpaction_unload(scene->ctx, SCENE_IFNAME);
	}
	if (!err && state->loaded && (state->fresh || !loaded)) {
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
