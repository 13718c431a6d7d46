// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What this kernel can do, found by trying and never by its version. */
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "private.h"
#include "xdp_action_probe.skel.h"

#define PROBE_NAME "xdp_action_probe"

static void close_probe(struct xdp_action_probe_bpf **probe)
{
	xdp_action_probe_bpf__destroy(*probe);
}

/* Replaces the function of one program by another, in no interface's way. */
static int try_replacement(void)
{
	CLEANUP(close_probe) struct xdp_action_probe_bpf *target = NULL;
	CLEANUP(close_probe) struct xdp_action_probe_bpf *extension = NULL;
	CLEANUP(close_fd) int link = -1;
	struct bpf_program *program;
	int err;

	target = xdp_action_probe_bpf__open_and_load();
	if (!target)
		return -errno;
	extension = xdp_action_probe_bpf__open();
	if (!extension)
		return -errno;

	program = extension->progs.xdp_action_probe;
	bpf_program__set_type(program, BPF_PROG_TYPE_EXT);
	bpf_program__set_expected_attach_type(program, 0);
	err = bpf_program__set_attach_target(
		program, bpf_program__fd(target->progs.xdp_action_probe), PROBE_NAME);
	if (!err)
		err = xdp_action_probe_bpf__load(extension);
	if (err)
		return err;

	link = bpf_raw_tracepoint_open(NULL, bpf_program__fd(program));
	return link < 0 ? link : 0;
}

/* Errors by which a kernel says that it does not know or allow a thing. */
static bool says_no(int err)
{
	return err == -EPERM || err == -EACCES || err == -EINVAL || err == -EOPNOTSUPP ||
	       err == -ENOSYS || err == -E2BIG || err == -524 /* ENOTSUPP of the kernel */;
}

int feature_dispatcher(struct xdpaction *ctx, bool *supported)
{
	/* Twice, so that a no is not a passing failure that looks like one. */
	int err = try_replacement() ? try_replacement() : 0;

	if (err && !says_no(err))
		return fail_kernel(ctx, err, "find out whether the kernel has a dispatcher");
	*supported = !err;
	return 0;
}

int feature_frags(struct xdpaction *ctx, bool *supported)
{
	int has = libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_get_buff_len, NULL);

	if (has < 0)
		return fail_kernel(ctx, has, "find out what the kernel can do");
	*supported = has;
	return 0;
}
