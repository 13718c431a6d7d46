// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Expressions, compiled by libpcap. */
#include <string.h>

#include "library.h"
#include "match/match.h"

/* So much of an expression do messages quote. */
#define QUOTED 200
/* The longest packet: no expression asks for a byte behind it. */
#define SNAPLEN 262144

/* About an expression, of which not so much is quoted that it hides the reason. */
static int fail_about(struct xdpaction *ctx, int err, const char *expression, const char *why)
{
	return fail(ctx, err, NULL, "'%.*s%s': %s", QUOTED, expression,
		    strlen(expression) > QUOTED ? "..." : "", why);
}

/* One expression, as the next part. */
static int add_part(struct xdpaction *ctx, const struct library *library, pcap_t *pcap,
		    const char *expression, unsigned int room, struct xdp_action_match *match)
{
	struct bpf_program program = { 0 };
	char why[160];
	int err;

	if (library->compile(pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN))
		return fail_about(ctx, -EINVAL, expression, library->geterr(pcap));
	err = match_translate(&program, room, match, why, sizeof(why));
	library->freecode(&program);
	return err ? fail_about(ctx, err, expression, why) : 0;
}

/* Keeps the expressions as they were typed, one after the other. */
static int keep_text(struct xdpaction *ctx, const struct match_request *request,
		     struct xdp_action_match *match)
{
	const char *const texts[] = { request->match, request->except, request->spare };
	size_t length = 0, used = 0, i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		length += texts[i] ? strlen(texts[i]) : 0;
	if (length > sizeof(match->text) - ARRAY_SIZE(texts))
		return fail(ctx, -E2BIG, NULL, "the expressions have %zu characters, and %zu fit",
			    length, sizeof(match->text) - ARRAY_SIZE(texts));
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		strcpy(match->text + used, texts[i] ?: "");
		used += strlen(match->text + used) + 1;
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
