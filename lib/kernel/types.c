// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The kernel's types (BTF), by which programs read the kernel's structures. */
#include <string.h>
#include <unistd.h>

#include "kernel/kernel.h"

int fail_question(struct xdpaction *ctx, int err, const char *question)
{
	/* libbpf looked elsewhere as well, and in all places says only this. */
	if (err == -ESRCH && access(TYPES_FILE, R_OK))
		return fail(ctx, err, "mount a sysfs at /sys, in which a kernel built with CONFIG_DEBUG_INFO_BTF has the file",
			    "the kernel cannot be asked %s: its types (BTF) cannot be read from " TYPES_FILE ": %s",
			    question, strerror(errno));
	fail(ctx, err, NULL,
	     "the kernel cannot be asked %s (%s): this takes BTF, the JIT, CAP_PERFMON and no lockdown",
	     question, strerror(-err));
	if (memlock_limits(err))
		advise_refused(ctx, err);
	return err;
}
