// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The census, and what the command makes of it, against a list that this test
 * keeps itself: many namespaces of every kind with many interfaces, programs
 * attached in native mode, in skb mode and by a link; and then interfaces that
 * move and vanish meanwhile. Needs root.
 *
 *	crowd_test [NAMESPACES [INTERFACES]]	interfaces of each namespace
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <jansson.h>

#include "kernel/kernel.h"
#include "support/devices.h"
#include "support/netns.h"
#include "support/program.h"
#include "support/tap.h"

#define COMMAND "xdp-action/xdp-action status --all-netns -j"
#define FIRST_IFINDEX 100
#define LOOKS 40
#define STACK_SIZE (256 << 10)

/* How a namespace is kept. */
enum keeper { BY_PATH, BY_DOTTED_NAME, BY_DESCRIPTOR, BY_THREAD, KEEPERS };

enum form { FORM_NONE, FORM_NATIVE, FORM_SKB, FORM_LINK, FORMS };

struct expected {
	uint64_t netns;
	unsigned int ifindex;
	enum form form;
	bool seen;
};

struct crowd {
	struct xdpaction *ctx;
	int home;
	char dir[32];
	int program;
	uint32_t program_id;
	unsigned int namespaces, interfaces;
	struct expected *list;
	size_t count;
	pthread_barrier_t settled;
};

/* One interface that is moved, and one that is made and deleted, until told to stop. */
struct restless {
	const struct crowd *crowd;
	int program;
	uint32_t program_id;
	int places[2];
	atomic_bool stop;
	unsigned int rounds;
};

/* A pair of veth with this index and the one after it. */
static void make_pair(unsigned int ifindex)
{
	veth_make(&(struct veth){ .ifindex = ifindex, .peer_ifindex = ifindex + 1 });
}

/* The link of FORM_LINK stays open. */
static void attach(int program, unsigned int ifindex, enum form form)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = XDP_FLAGS_DRV_MODE);
	int err = 0;

	switch (form) {
	case FORM_NATIVE:
		err = bpf_xdp_attach(ifindex, program, XDP_FLAGS_DRV_MODE, NULL);
		break;
	case FORM_SKB:
		err = bpf_xdp_attach(ifindex, program, XDP_FLAGS_SKB_MODE, NULL);
		break;
	case FORM_LINK:
		err = bpf_link_create(program, ifindex, BPF_XDP, &opts);
		break;
	default:
		break;
	}
	if (err < 0)
		bail("not attached: %d", err);
}

/* ---- namespaces ---- */

static void populate(struct crowd *crowd)
{
	uint64_t netns = netns_own_inode();
	enum form form;
	unsigned int i;

	for (i = 0; i < crowd->interfaces; i++) {
		if (i % 2 == 0)
			make_pair(FIRST_IFINDEX + i);
		form = (i + netns) % FORMS;
		attach(crowd->program, FIRST_IFINDEX + i, form);
		if (form != FORM_NONE)
			crowd->list[crowd->count++] = (struct expected){
				.netns = netns, .ifindex = FIRST_IFINDEX + i, .form = form
			};
	}
}

static void *settle(void *data)
{
	struct crowd *crowd = data;

	netns_enter_new();
	populate(crowd);
	pthread_barrier_wait(&crowd->settled);
	pause();
	return NULL;
}

static void settle_thread(struct crowd *crowd)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	if (pthread_create(&thread, &attr, settle, crowd))
		bail("no thread");
	pthread_attr_destroy(&attr);
	pthread_barrier_wait(&crowd->settled);
}

static void bind_own(const struct crowd *crowd, const char *prefix, unsigned int number)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s%u", crowd->dir, prefix, number);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || mount(OWN_NETNS, path, NULL, MS_BIND, NULL))
		bail("a network namespace cannot be bound: %d", errno);
	close(fd);
}

/* What BY_DESCRIPTOR opens stays open. */
static void make_namespace(struct crowd *crowd, unsigned int number)
{
	enum keeper keeper = number % KEEPERS;

	if (keeper == BY_THREAD) {
		settle_thread(crowd);
		return;
	}
	netns_enter_new();
	populate(crowd);
	if (keeper == BY_DESCRIPTOR)
		netns_open_own();
	else
		bind_own(crowd, keeper == BY_DOTTED_NAME ? "." : "", number);
	netns_enter(crowd->home);
}

/* In a mount namespace of its own, so that what is bound ends with the process. */
static void make_crowd(struct crowd *crowd)
{
	struct rlimit many = { .rlim_cur = 8192, .rlim_max = 8192 };
	unsigned int i;

	setrlimit(RLIMIT_NOFILE, &many);
	strcpy(crowd->dir, "/tmp/crowd.XXXXXX");
	mounts_enter_new();
	if (!mkdtemp(crowd->dir) || mount("tmpfs", crowd->dir, "tmpfs", 0, NULL))
		bail("no place for namespaces: %d", errno);
	crowd->home = netns_open_own();
	crowd->program = pass_program_load(&crowd->program_id);
	crowd->list = calloc((size_t)crowd->namespaces * crowd->interfaces, sizeof(*crowd->list));
	if (!crowd->list || xdpaction_new(&crowd->ctx))
		bail("out of memory");
	pthread_barrier_init(&crowd->settled, NULL, 2);
	for (i = 0; i < crowd->namespaces; i++)
		make_namespace(crowd, i);
}

/* ---- comparison ---- */

static struct expected *find(struct crowd *crowd, const struct attachment *attachment)
{
	size_t i;

	for (i = 0; i < crowd->count; i++)
		if (crowd->list[i].netns == attachment->netns &&
		    crowd->list[i].ifindex == attachment->ifindex)
			return &crowd->list[i];
	return NULL;
}

static bool agrees(const struct expected *expected, const struct attachment *attachment)
{
	return attachment->mode == (expected->form == FORM_SKB ? XDPACTION_MODE_SKB :
								 XDPACTION_MODE_NATIVE) &&
	       attachment->by_link == (expected->form == FORM_LINK);
}

/* "" when each of ours is in the census once, as it is. */
static const char *compare(struct crowd *crowd, const struct census *census)
{
	static char text[128];
	struct expected *expected;
	size_t i, seen = 0;

	for (i = 0; i < crowd->count; i++)
		crowd->list[i].seen = false;
	for (i = 0; i < census->count; i++) {
		if (census->list[i].program_id != crowd->program_id)
			continue;
		expected = find(crowd, &census->list[i]);
		if (!expected || expected->seen || !agrees(expected, &census->list[i])) {
			snprintf(text, sizeof(text), "interface %u of namespace %llu is %s",
				 census->list[i].ifindex,
				 (unsigned long long)census->list[i].netns,
				 !expected	? "not ours" :
				 expected->seen ? "there twice" :
						  "another");
			return text;
		}
		expected->seen = true;
		seen++;
	}
	snprintf(text, sizeof(text), "%zu of %zu were seen", seen, crowd->count);
	return seen == crowd->count ? "" : text;
}

static size_t occurrences(const struct census *census, uint32_t program_id, unsigned int ifindex)
{
	size_t i, count = 0;

	for (i = 0; i < census->count; i++)
		count += census->list[i].program_id == program_id &&
			 census->list[i].ifindex == ifindex;
	return count;
}

/* ---- what does not keep still ---- */

#define MOVING FIRST_IFINDEX
#define VANISHING (FIRST_IFINDEX + 2)

static void *run_about(void *data)
{
	struct restless *restless = data;

	while (!atomic_load(&restless->stop)) {
		int to = restless->places[(restless->rounds + 1) % 2];

		netns_enter(restless->places[restless->rounds % 2]);
		make_pair(VANISHING);
		attach(restless->program, VANISHING, FORM_NATIVE);
		device_move(MOVING, to);
		device_delete(VANISHING);
		restless->rounds++;
	}
	return NULL;
}

static void make_restless(struct restless *restless)
{
	int i;

	restless->program = pass_program_load(&restless->program_id);
	for (i = 0; i < 2; i++) {
		netns_enter_new();
		restless->places[i] = netns_open_own();
	}
	netns_enter(restless->places[0]);
	make_pair(MOVING);
	attach(restless->program, MOVING, FORM_NATIVE);
	netns_enter(restless->crowd->home);
}

/* A census that is given is whole; that it cannot be had among all this is no lie. */
static void look_meanwhile(struct crowd *crowd, struct restless *restless)
{
	size_t whole = 0, wrong = 0, lost = 0, i;
	const char *difference = "";

	for (i = 0; i < LOOKS; i++) {
		struct census census = { 0 };
		int err = census_take(crowd->ctx, &census);

		if (err == -EBUSY)
			continue;
		if (err)
			bail("no census: %s", xdpaction_error(crowd->ctx));
		whole++;
		difference = compare(crowd, &census);
		wrong += !!*difference;
		lost += occurrences(&census, restless->program_id, MOVING) != 1 ||
			occurrences(&census, restless->program_id, VANISHING) > 1;
		census_free(&census);
	}
	atomic_store(&restless->stop, true);
	note("%zu of %d times the kernel was asked in time, %s", whole, LOOKS, difference);
	ok(whole > 0, "a census can be had while interfaces move and vanish");
	ok(!wrong, "all that keeps still is in it, once");
	ok(!lost, "an interface that moves is in it, once, and one that vanishes at most once");
}

static void test_restless(struct crowd *crowd)
{
	struct restless restless = { .crowd = crowd };
	pthread_t thread;

	make_restless(&restless);
	if (pthread_create(&thread, NULL, run_about, &restless))
		bail("no thread");
	look_meanwhile(crowd, &restless);
	pthread_join(thread, NULL);
	ok(restless.rounds > 1, "they moved and vanished");
}

static void test_still(struct crowd *crowd)
{
	struct census census = { 0 };
	const char *difference;

	if (census_take(crowd->ctx, &census))
		bail("no census: %s", xdpaction_error(crowd->ctx));
	difference = compare(crowd, &census);
	if (*difference)
		note("%s", difference);
	ok(!*difference, "each program of the crowd is in the census, in its place and mode");
	census_free(&census);
}

static struct attachment attachment_of(const json_t *shown)
{
	const json_t *program = json_array_get(json_object_get(shown, "chain"), 0);
	const char *mode = json_string_value(json_object_get(shown, "mode"));

	return (struct attachment){
		.netns = json_integer_value(json_object_get(shown, "netns_inode")),
		.ifindex = json_integer_value(json_object_get(shown, "ifindex")),
		.mode = !strcmp(mode, "skb") ? XDPACTION_MODE_SKB : XDPACTION_MODE_NATIVE,
		.by_link = json_is_true(json_object_get(shown, "link")),
		.program_id = json_integer_value(json_object_get(program, "id")),
	};
}

/* From the top of the tree, where the suites run. */
static void test_command(struct crowd *crowd)
{
	FILE *command = popen(COMMAND, "re");
	json_t *document = command ? json_loadf(command, 0, NULL) : NULL;
	const json_t *shown = json_object_get(document, "attachments");
	struct census census = { .count = json_array_size(shown) };
	const char *difference;
	size_t i;

	if (!document || pclose(command))
		bail("no answer from " COMMAND);
	census.list = calloc(census.count + 1, sizeof(*census.list));
	if (!census.list)
		bail("out of memory");
	for (i = 0; i < census.count; i++)
		census.list[i] = attachment_of(json_array_get(shown, i));
	difference = compare(crowd, &census);
	if (*difference)
		note("%s", difference);
	ok(!*difference, "and each one is in what status --all-netns shows");
	census_free(&census);
	json_decref(document);
}

int main(int argc, char **argv)
{
	struct crowd crowd = { .namespaces = 200, .interfaces = 10 };

	if (argc > 1)
		crowd.namespaces = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		crowd.interfaces = strtoul(argv[2], NULL, 10);
	make_crowd(&crowd);
	test_still(&crowd);
	test_command(&crowd);
	test_restless(&crowd);
	umount2(crowd.dir, MNT_DETACH);
	rmdir(crowd.dir);
	free(crowd.list);
	xdpaction_free(crowd.ctx);
	return finish();
}
