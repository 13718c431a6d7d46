// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The kernel's own list of what is attached, in namespaces of every kind. Needs root. */
#include <errno.h>
#include <linux/if_link.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "kernel/kernel.h"
#include "support/netns.h"
#include "support/program.h"
#include "support/tap.h"

#define LOOPBACK 1
#define SETTLE_US 10000
#define SETTLE_TRIES 500

struct fixture {
	struct xdpaction *ctx;
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

static void make_fixture(struct fixture *fixture)
{
	if (xdpaction_new(&fixture->ctx))
		bail("no context");
	fixture->fd = pass_program_load(&fixture->id);
	fixture->home = netns_open_own();
}

/* Moves the thread into a new namespace. */
static void settle(struct place *place, bool by_link)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = XDP_FLAGS_SKB_MODE);

	place->link = -1;
	place->hold = -1;
	netns_enter_new();
	place->netns = netns_own_inode();
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
	descriptor.hold = netns_open_own();
	netns_enter(fixture->home);
	ok(look(fixture, descriptor.netns, &found) == 2 && is_loopback(&found, false),
	   "one that a descriptor keeps");

	settle(&link, true);
	ok(look(fixture, link.netns, &found) == 3 && is_loopback(&found, true),
	   "one's own, and a program that a link attaches");
	netns_enter(fixture->home);

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
	xdpaction_free(fixture.ctx);
	return finish();
}
