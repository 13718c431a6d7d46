// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The names of verdicts and modes, and the versions. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "context.h"

#define STRING(x) #x
#define EXPANDED(x) STRING(x)

#define VERDICT_PREFIX "XDP_"

static const char *const verdict_names[] = {
	[XDPACTION_ABORTED] = "ABORTED",
	[XDPACTION_DROP] = "DROP",
	[XDPACTION_PASS] = "PASS",
	[XDPACTION_TX] = "TX",
	[XDPACTION_REDIRECT] = "REDIRECT",
};
_Static_assert(ARRAY_SIZE(verdict_names) == XDPACTION_VERDICTS, "a name for each verdict");

static const char *const mode_names[] = {
	[XDPACTION_MODE_NATIVE] = "native",
	[XDPACTION_MODE_SKB] = "skb",
	[XDPACTION_MODE_HW] = "hw",
};

const char *xdpaction_verdict_name(enum xdpaction_verdict verdict)
{
	return (size_t)verdict < ARRAY_SIZE(verdict_names) ? verdict_names[verdict] : NULL;
}

int xdpaction_verdict_parse(const char *name, enum xdpaction_verdict *verdict)
{
	size_t i;

	if (!strncasecmp(name, VERDICT_PREFIX, strlen(VERDICT_PREFIX)))
		name += strlen(VERDICT_PREFIX);
	for (i = 0; i < ARRAY_SIZE(verdict_names); i++) {
		if (!strcasecmp(name, verdict_names[i])) {
			*verdict = (enum xdpaction_verdict)i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *xdpaction_mode_name(enum xdpaction_mode mode)
{
	return (size_t)mode < ARRAY_SIZE(mode_names) ? mode_names[mode] : NULL;
}

const char *xdpaction_version(void)
{
	return EXPANDED(XDPACTION_VERSION_MAJOR) "." EXPANDED(XDPACTION_VERSION_MINOR) "."
	       EXPANDED(XDPACTION_VERSION_PATCH);
}

/*
 * libxdp cannot be asked for its version, but the file of the loaded shared
 * object has it in its name, as in libbpf.so.1.1.2. This many of its numbers are
 * kept.
 */
static const char *library_version(const void *function, const char *prefix, int numbers,
				   char *buffer, size_t size)
{
	char real[PATH_MAX];
	const char *version;
	Dl_info info;
	char *end;

	if (!dladdr(function, &info) || !realpath(info.dli_fname, real))
		return "unknown";
	version = strrchr(real, '/');
	if (!version || strncmp(version + 1, prefix, strlen(prefix)))
		return "unknown";
	snprintf(buffer, size, "%s", version + 1 + strlen(prefix));
	for (end = strchr(buffer, '.'); end && --numbers; end = strchr(end + 1, '.'))
		;
	if (end)
		*end = '\0';
	return buffer;
}

const char *xdpaction_libxdp_version(void)
{
	static char version[32];

	/* All releases of 1.3 call their file libxdp.so.1.3.0. */
	return library_version((const void *)libxdp_strerror, "libxdp.so.", 2, version,
			       sizeof(version));
}

const char *xdpaction_libbpf_version(void)
{
	static char version[32];

	return library_version((const void *)libbpf_version_string, "libbpf.so.", 3, version,
			       sizeof(version));
}
