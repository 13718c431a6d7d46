// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Expressions, compiled by libpcap. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "match/match.h"

/* Messages quote this much of an expression. */
#define QUOTED 200
/* The longest packet; no expression loads a byte behind it. */
#define SNAPLEN 262144

_Static_assert(XDP_ACTION_MATCH_TEXT == XDP_ACTION_MATCH_PARTS * XDPACTION_EXPRESSION_SIZE,
	       "room for the longest expressions");

/*
 * Writes why an expression fails, and quotes only so much of it that the reason
 * stays visible.
 */
static int fail_about(struct xdpaction *ctx, int err, const char *expression, const char *why)
{
	return fail_kind(ctx, "", err, XDPACTION_ADVICE_EXPRESSION, "'%.*s%s': %s", QUOTED,
			 expression, strlen(expression) > QUOTED ? "..." : "", why);
}

/*
 * A line of a program. A number that may be an address of IPv4 is shown as one, too:
 * names are gone, and what a server said they are is nowhere else.
 */
static void tell_instruction(struct xdpaction *ctx, const struct library *library,
			     const struct bpf_insn *insn, int number)
{
	char address[INET_ADDRSTRLEN + 3] = "", line[160], *at;
	uint32_t k = htonl(insn->k);

	if (insn->code == (BPF_JMP | BPF_JEQ | BPF_K) && insn->k > UINT16_MAX) {
		strcpy(address, "  ");
		inet_ntop(AF_INET, &k, address + 2, INET_ADDRSTRLEN);
	}
	snprintf(line, sizeof(line), "%s", library->image(insn, number));
	for (at = line; *at; at++)
		*at = *at == '\t' ? ' ' : *at;
	log_line(ctx, XDPACTION_LOG_INFO, "%s%s", line, address);
}

static void tell_program(struct xdpaction *ctx, const struct library *library,
			 const char *expression, const struct bpf_program *program)
{
	unsigned int i;

	log_line(ctx, XDPACTION_LOG_INFO, "libpcap makes %u instruction%s of '%.*s'%s:",
		 program->bf_len, program->bf_len == 1 ? "" : "s", QUOTED, expression,
		 strlen(expression) > QUOTED ? "..." : "");
	for (i = 0; i < program->bf_len; i++)
		tell_instruction(ctx, library, &program->bf_insns[i], i);
}

/* The word "vlan" shifts what follows it, to the end of the expression. */
char *match_tagged(const char *expression)
{
	char *tagged;

	if (asprintf(&tagged, "(%s) or (vlan and ((%s) or (vlan and (%s))))", expression,
		     expression, expression) < 0)
		return NULL;
	return tagged;
}

static void free_text(char **text)
{
	free(*text);
}

/* One expression, as the next part; `typed` is what it was made of. */
static int add_part(struct xdpaction *ctx, const struct library *library, pcap_t *pcap,
		    const struct match_request *request, const char *typed,
		    const char *expression, struct xdp_action_match *match)
{
	struct bpf_program program = { 0 };
	char why[160];
	int err;

	if (library->compile(pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN))
		return fail_about(ctx, -EINVAL, typed, library->geterr(pcap));
	err = match_translate(&program, request->room, match, why, sizeof(why));
	if (!err && request->tell)
		tell_program(ctx, library, typed, &program);
	library->freecode(&program);
	return err ? fail_about(ctx, err, typed, why) : 0;
}

/* Keeps the expressions as they were typed, one after the other. */
static int keep_text(struct xdpaction *ctx, const struct match_request *request,
		     struct xdp_action_match *match)
{
	const char *const texts[] = { request->match, request->except, request->spare };
	size_t length, used = 0, i;
	char why[80];

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		length = texts[i] ? strlen(texts[i]) : 0;
		if (length >= XDPACTION_EXPRESSION_SIZE) {
			snprintf(why, sizeof(why), "it has %zu characters, and %d fit", length,
				 XDPACTION_EXPRESSION_SIZE - 1);
			return fail_about(ctx, -E2BIG, texts[i], why);
		}
		strcpy(match->text + used, texts[i] ?: "");
		used += length + 1;
	}
	return 0;
}

static int add_spare(struct xdpaction *ctx, const struct library *library, pcap_t *pcap,
		     const struct match_request *request, struct xdp_action_match *match)
{
	CLEANUP(free_text) char *tagged = NULL;

	if (request->link != MATCH_LINK_ETHERNET)
		return add_part(ctx, library, pcap, request, request->spare, request->spare, match);
	tagged = match_tagged(request->spare);
	if (!tagged)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	return add_part(ctx, library, pcap, request, request->spare, tagged, match);
}

int match_compile(struct xdpaction *ctx, const struct match_request *request,
		  struct xdp_action_match *match)
{
	const char *const expressions[] = { request->match, request->except };
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
			err = add_part(ctx, &library, pcap, request, expressions[i],
				       expressions[i], match);
	if (!err && request->spare)
		err = add_spare(ctx, &library, pcap, request, match);
	library.close(pcap);
	return err;
}
