// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Capabilities, named one by one. */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "kernel/kernel.h"

/* A program that is attached to nothing needs the first of these only. */
#define FOR_PROGRAMS 3

/* The kernel accepts CAP_SYS_ADMIN in place of CAP_BPF and of CAP_PERFMON. */
static const struct {
	unsigned int capability;
	bool implied_by_sys_admin;
	const char *name;
	const char *reason;
} needed[] = {
	{ CAP_NET_ADMIN, false, "CAP_NET_ADMIN", "for XDP programs" },
	{ CAP_BPF, true, "CAP_BPF", "to load a program" },
	{ CAP_PERFMON, true, "CAP_PERFMON", "to load a program that reads packets" },
	{ CAP_SYS_ADMIN, false, "CAP_SYS_ADMIN", "to look at the programs of others" },
};

static bool holds(const struct __user_cap_data_struct *data, unsigned int capability)
{
	return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

static int read_capabilities(struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capget, &header, data) ? -errno : 0;
}

/* Names those of the first `wanted` that are missing; returns their number. */
static int missing_names(size_t wanted, char *names, size_t size)
{
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	bool sys_admin;
	size_t i, used = 0;
	int count = 0, err;

	err = read_capabilities(data);
	if (err)
		return err;

	names[0] = '\0';
	sys_admin = holds(data, CAP_SYS_ADMIN);
	for (i = 0; i < wanted; i++) {
		if (holds(data, needed[i].capability) ||
		    (sys_admin && needed[i].implied_by_sys_admin))
			continue;
		used += snprintf(names + used, size - used, "%s%s (%s)", count ? ", " : "",
				 needed[i].name, needed[i].reason);
		count++;
	}
	return count;
}

/* Root without them is root in a container, or in a service. */
static const char *advice(void)
{
	return geteuid() ? "run it as root" : "the container or service that runs it must have them";
}

static int need_first(struct xdpaction *ctx, size_t wanted, const char *what)
{
	char names[256];
	int count = missing_names(wanted, names, sizeof(names));

	if (count < 0)
		return fail(ctx, count, NULL, "cannot read the capabilities: %s", strerror(-count));
	if (count)
		return fail(ctx, -EPERM, advice(), "to %s, this process lacks %s", what,
			    names);
	return 0;
}

int need_privileges(struct xdpaction *ctx, const char *what)
{
	return need_first(ctx, ARRAY_SIZE(needed), what);
}

int need_program_privileges(struct xdpaction *ctx, const char *what)
{
	return need_first(ctx, FOR_PROGRAMS, what);
}

int fail_kernel(struct xdpaction *ctx, int err, const char *what)
{
	struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3] = { 0 };

	/* Loads have been through need_privileges(). */
	if (err == -EPERM && !read_capabilities(held) && !holds(held, CAP_SYS_ADMIN))
		return fail(ctx, err, advice(),
			    "cannot %s: this process lacks CAP_SYS_ADMIN", what);
	fail(ctx, err, NULL, "cannot %s: %s", what, strerror(-err));
	advise_refused(ctx, err);
	return err;
}
