// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The kernel's count of who uses a program, for users of every kind. Needs root. */
#include <errno.h>
#include <linux/if_link.h>
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
	struct references references;
	int fd;
	uint32_t id;
};

static void make_fixture(struct fixture *fixture)
{
	if (xdpaction_new(&fixture->ctx))
		bail("no context");
	fixture->fd = pass_program_load(&fixture->id);
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

	netns_enter_new();
	err = bpf_xdp_attach(LOOPBACK, fixture->fd, XDP_FLAGS_SKB_MODE, NULL);
	ok(!err && count(fixture) > 1, "an interface that runs it holds it");
	netns_enter_new();
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
	xdpaction_free(fixture.ctx);
	return finish();
}
