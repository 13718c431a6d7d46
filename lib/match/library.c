// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * libpcap is loaded with the first expression instead of linked: it brings a
 * dozen libraries along, with which every command would take twice as long to
 * start.
 */
#include <dlfcn.h>
#include <string.h>

#include "library.h"

/* Upstream's name for it, and Debian's. */
static const char *const library_names[] = { "libpcap.so.1", "libpcap.so.0.8" };

void library_close(struct library *library)
{
	if (library->handle)
		dlclose(library->handle);
}

/* C cannot convert an object pointer to a function pointer, so copy it. */
static bool find_function(void *handle, const char *name, void *function, size_t size)
{
	void *address = dlsym(handle, name);

	memcpy(function, &address, size);
	return address;
}

#define FIND(library, name) \
	find_function((library)->handle, "pcap_" #name, &(library)->name, sizeof((library)->name))

int library_open(struct xdpaction *ctx, struct library *library)
{
	size_t i;

	for (i = 0; !library->handle && i < ARRAY_SIZE(library_names); i++)
		library->handle = dlopen(library_names[i], RTLD_LAZY | RTLD_LOCAL);
	if (!library->handle)
		return fail(ctx, -EOPNOTSUPP, "install libpcap (Debian: libpcap0.8, Fedora: libpcap)",
			    "expressions need libpcap: %s", dlerror());
	if (!FIND(library, open_dead) || !FIND(library, compile) || !FIND(library, geterr) ||
	    !FIND(library, freecode) || !FIND(library, close) || !FIND(library, fopen_offline) ||
	    !FIND(library, next_ex) || !FIND(library, datalink) ||
	    !FIND(library, datalink_val_to_name) ||
	    !find_function(library->handle, "bpf_image", &library->image, sizeof(library->image)))
		return fail(ctx, -EOPNOTSUPP, NULL, "libpcap lacks a function: %s", dlerror());
	return 0;
}
