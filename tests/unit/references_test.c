// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's count of who uses a program, for users of every kind. Needs root. */
#include <errno.h>
#include <linux/if_link.h>
#include <sched.h>
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
	struct references references;
	struct xdp_action_probe_bpf *skel;
	int fd;
	uint32_t id;
};

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
}

/* 0 where it cannot be told. */
static uint64_t count(struct fixture *fixture)
{
	uint64_t counted = 0;

	if (references_to_program(fixture->ctx, &fixture->references, fixture->fd, fixture->id,
				  &counted))
		note("%s", xdpaction_error(fixture->ctx));
	return counted;
}

/* The kernel takes a namespace down some time after the last process left it. */
static bool settles_at(struct fixture *fixture, uint64_t wanted)
{
	int i;

	for (i = 0; i < SETTLE_TRIES && count(fixture) != wanted; i++)
		usleep(SETTLE_US);
	return count(fixture) == wanted;
}

static void test_descriptors(struct fixture *fixture)
{
	int copy, second;

	ok(count(fixture) == 1, "one descriptor is one reference");
	copy = dup(fixture->fd);
	ok(count(fixture) == 1, "a copy of it is no other");
	close(copy);
	second = bpf_prog_get_fd_by_id(fixture->id);
	ok(count(fixture) == 2, "one of its own is");
	close(second);
	ok(count(fixture) == 1, "until it is closed");
}

static void test_attached(struct fixture *fixture)
{
	int err;

	if (unshare(CLONE_NEWNET))
		bail("no network namespace: %d", errno);
	err = bpf_xdp_attach(LOOPBACK, fixture->fd, XDP_FLAGS_SKB_MODE, NULL);
	ok(!err && count(fixture) > 1, "an interface that runs it holds it");
	if (unshare(CLONE_NEWNET))
		bail("no network namespace: %d", errno);
	ok(settles_at(fixture, 1), "until it ends with its namespace, which nobody needs to see");
}

static void test_errors(struct fixture *fixture)
{
	uint64_t counted = 77;

	ok(references_to_program(fixture->ctx, &fixture->references, fixture->fd, fixture->id + 1,
				 &counted) == -EIO &&
		   counted == 77,
	   "an answer about another program is none");
	ok(references_to_program(fixture->ctx, &fixture->references, -1, fixture->id, &counted) &&
		   counted == 77,
	   "nor is one about no program");
}

int main(void)
{
	struct fixture fixture = { 0 };

	make_fixture(&fixture);
	test_descriptors(&fixture);
	test_attached(&fixture);
	test_errors(&fixture);

	references_close(&fixture.references);
	xdp_action_probe_bpf__destroy(fixture.skel);
	xdpaction_free(fixture.ctx);
	return finish();
}
