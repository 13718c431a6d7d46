// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Expressions, compiled by libpcap. It is loaded at the first expression, and
 * not linked: it brings a dozen libraries along, and every command would take
 * twice as long to start.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <pcap/pcap.h>

#include "match/match.h"

/* The longest packet: no expression asks for a byte behind it. */
#define SNAPLEN 262144

/* As upstream calls it, and as Debian does. */
static const char *const library_names[] = { "libpcap.so.1", "libpcap.so.0.8" };

struct library {
	void *handle;
	__typeof__(pcap_open_dead) *open_dead;
	__typeof__(pcap_compile) *compile;
	__typeof__(pcap_geterr) *geterr;
	__typeof__(pcap_freecode) *freecode;
	__typeof__(pcap_close) *close;
};

static void library_close(struct library *library)
{
	if (library->handle)
		dlclose(library->handle);
}

/* Through memcpy(), since C knows no way from an object's address to a function's. */
static bool find_function(void *handle, const char *name, void *function, size_t size)
{
	void *address = dlsym(handle, name);

	memcpy(function, &address, size);
	return address;
}

#define FIND(library, name) \
	find_function((library)->handle, "pcap_" #name, &(library)->name, sizeof((library)->name))

static int library_open(struct xdpaction *ctx, struct library *library)
{
	size_t i;

	for (i = 0; !library->handle && i < ARRAY_SIZE(library_names); i++)
		library->handle = dlopen(library_names[i], RTLD_LAZY | RTLD_LOCAL);
	if (!library->handle)
		return fail(ctx, -EOPNOTSUPP, "install libpcap (Debian: libpcap0.8, Fedora: libpcap)",
			    "expressions need libpcap: %s", dlerror());
	if (!FIND(library, open_dead) || !FIND(library, compile) || !FIND(library, geterr) ||
	    !FIND(library, freecode) || !FIND(library, close))
		return fail(ctx, -EOPNOTSUPP, NULL, "libpcap lacks a function: %s", dlerror());
	return 0;
}

/* One expression, as the next part. */
static int add_part(struct xdpaction *ctx, const struct library *library, pcap_t *pcap,
		    const char *expression, unsigned int room, struct xdp_action_match *match)
{
	struct bpf_program program = { 0 };
	char why[160];
	int err;

	if (library->compile(pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN))
		return fail(ctx, -EINVAL, NULL, "'%s': %s", expression, library->geterr(pcap));
	err = match_translate(&program, room, match, why, sizeof(why));
	library->freecode(&program);
	return err ? fail(ctx, err, NULL, "'%s': %s", expression, why) : 0;
}

/* Keeps the expressions as they were typed, one after the other. */
static int keep_text(struct xdpaction *ctx, const struct match_request *request,
		     struct xdp_action_match *match)
{
	const char *const texts[] = { request->match, request->except, request->spare };
	size_t used = 0, length, i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		length = texts[i] ? strlen(texts[i]) : 0;
		if (length >= sizeof(match->text) - used)
			return fail(ctx, -E2BIG, NULL, "the expressions have more than the %zu characters that fit",
				    sizeof(match->text) - ARRAY_SIZE(texts));
		memcpy(match->text + used, texts[i] ? texts[i] : "", length + 1);
		used += length + 1;
	}
	return 0;
}

int match_compile(struct xdpaction *ctx, const struct match_request *request,
		  struct xdp_action_match *match)
{
	const char *const expressions[] = { request->match, request->except, request->spare };
	CLEANUP(library_close) struct library library = { 0 };
	pcap_t *pcap;
	size_t i;
	int err;

	memset(match, 0, sizeof(*match));
	match->wanted = request->match != NULL;
	err = keep_text(ctx, request, match);
	if (!err)
		err = library_open(ctx, &library);
	if (err)
		return err;
	pcap = library.open_dead(request->link == MATCH_LINK_ETHERNET ? DLT_EN10MB : DLT_RAW,
				 SNAPLEN);
	if (!pcap)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	for (i = 0; !err && i < ARRAY_SIZE(expressions); i++)
		if (expressions[i])
			err = add_part(ctx, &library, pcap, expressions[i], request->room, match);
	library.close(pcap);
	return err;
}
