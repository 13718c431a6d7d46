// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's own list of what is attached, in namespaces of every kind. Needs root. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "kernel/kernel.h"
#include "support/tap.h"
#include "xdp_action_probe.skel.h"

#define LOOPBACK 1
#define SETTLE_US 10000
#define SETTLE_TRIES 500

struct fixture {
	struct xdpaction *ctx;
	struct xdp_action_probe_bpf *skel;
	int fd;
	uint32_t id;
	int home;
};

/* A namespace with the program on its loopback. */
struct place {
	const struct fixture *fixture;
	uint64_t netns;
	int link;		/* of a bpf_link; else -1 */
	int hold;		/* what keeps it; else -1 */
	pthread_barrier_t *made;
	pthread_barrier_t *seen;
};

static int open_own(void)
{
	return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
}

static void make_fixture(struct fixture *fixture)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);

	fixture->skel = xdp_action_probe_bpf__open_and_load();
	if (xdpaction_new(&fixture->ctx) || !fixture->skel)
		bail("no program: %d", errno);
	fixture->fd = bpf_program__fd(fixture->skel->progs.xdp_action_probe);
	if (bpf_obj_get_info_by_fd(fixture->fd, &info, &length))
		bail("no id");
	fixture->id = info.id;
	fixture->home = open_own();
}

/* Moves the thread into a new namespace. */
static void settle(struct place *place, bool by_link)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = XDP_FLAGS_SKB_MODE);
	struct stat own;

	place->link = -1;
	place->hold = -1;
	if (unshare(CLONE_NEWNET) || stat("/proc/thread-self/ns/net", &own))
		bail("no network namespace: %d", errno);
	place->netns = own.st_ino;
	if (by_link)
		place->link = bpf_link_create(place->fixture->fd, LOOPBACK, BPF_XDP, &opts);
	if (by_link ? place->link < 0 :
		      bpf_xdp_attach(LOOPBACK, place->fixture->fd, XDP_FLAGS_SKB_MODE, NULL))
		bail("not attached: %d", errno);
}

static void *stay(void *data)
{
	struct place *place = data;

	settle(place, false);
	pthread_barrier_wait(place->made);
	pthread_barrier_wait(place->seen);
	return NULL;
}

static void go_home(const struct fixture *fixture)
{
	if (setns(fixture->home, CLONE_NEWNET))
		bail("no way back: %d", errno);
}

/* The census's entry for our program in a namespace; the number of all of them. */
static size_t look(const struct fixture *fixture, uint64_t netns, struct attachment *found)
{
	struct census census = { 0 };
	size_t i, count = 0;

	*found = (struct attachment){ 0 };
	if (census_take(fixture->ctx, &census))
		bail("no census: %s", xdpaction_error(fixture->ctx));
	for (i = 0; i < census.count; i++) {
		if (census.list[i].program_id != fixture->id)
			continue;
		count++;
		if (census.list[i].netns == netns)
			*found = census.list[i];
	}
	census_free(&census);
	return count;
}

static bool is_loopback(const struct attachment *found, bool by_link)
{
	return found->ifindex == LOOPBACK && !strcmp(found->name, "lo") &&
	       found->mode == XDPACTION_MODE_SKB && found->by_link == by_link;
}

/* The kernel takes a namespace down some time after it was left. */
static bool settles_at(const struct fixture *fixture, size_t count)
{
	struct attachment found;
	int i;

	for (i = 0; i < SETTLE_TRIES && look(fixture, 0, &found) != count; i++)
		usleep(SETTLE_US);
	return look(fixture, 0, &found) == count;
}

/* What only a thread, a descriptor or a link leads to. */
static void test_places(const struct fixture *fixture)
{
	struct place thread = { .fixture = fixture }, descriptor = thread, link = thread;
	pthread_barrier_t made, seen;
	struct attachment found;
	pthread_t id;

	pthread_barrier_init(&made, NULL, 2);
	pthread_barrier_init(&seen, NULL, 2);
	thread.made = &made;
	thread.seen = &seen;
	if (pthread_create(&id, NULL, stay, &thread))
		bail("no thread");
	pthread_barrier_wait(&made);
	ok(look(fixture, thread.netns, &found) == 1 && is_loopback(&found, false),
	   "a namespace that one thread is in");

	settle(&descriptor, false);
	descriptor.hold = open_own();
	go_home(fixture);
	ok(look(fixture, descriptor.netns, &found) == 2 && is_loopback(&found, false),
	   "one that a descriptor keeps");

	settle(&link, true);
	ok(look(fixture, link.netns, &found) == 3 && is_loopback(&found, true),
	   "one's own, and a program that a link attaches");
	go_home(fixture);

	close(descriptor.hold);
	pthread_barrier_wait(&seen);
	pthread_join(id, NULL);
	ok(settles_at(fixture, 0), "nothing is attached where a namespace has ended");
	close(link.link);
	pthread_barrier_destroy(&made);
	pthread_barrier_destroy(&seen);
}

int main(void)
{
	struct fixture fixture = { 0 };

	make_fixture(&fixture);
	test_places(&fixture);

	close(fixture.home);
	xdp_action_probe_bpf__destroy(fixture.skel);
	xdpaction_free(fixture.ctx);
	return finish();
}
