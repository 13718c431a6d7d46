// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * What an expression matches: the program is loaded, attached to nothing, and
 * run on packets by BPF_PROG_TEST_RUN. Nothing outlives the process.
 */
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach/attach.h"
#include "match/match.h"

/* The number of the only setting, and that of the only match. */
#define SEQUENCE 1
#define NUMBER 1
/* The kernel runs no program on fewer bytes. */
#define FRAME_LEAST 14
/* This fits into a page, or into all fragments, on any machine. */
#define PAGE_LEAST 3072
#define FRAGMENTS_LEAST 65536

struct xdpaction_matcher {
	struct bpf_object *object;
	struct bpf_program *program;
	struct xdp_action_match match;
};

static void free_matcher(struct xdpaction_matcher **matcher)
{
	xdpaction_matcher_free(*matcher);
}

/* The kernel uses the error numbers of expressions too. */
static int fail_refused(struct xdpaction *ctx, int err, const char *what)
{
	fail_kernel(ctx, err, what);
	return err == -EINVAL || err == -E2BIG ? -EOPNOTSUPP : err;
}

/* DROP for what matches, PASS for the rest. Tells what the program can do. */
static int put_setting(struct xdpaction *ctx, struct bpf_object *object, uint32_t *features)
{
	struct xdp_action_data data;
	int err = object_data(ctx, object, &data);

	if (err)
		return err;
	*features = data.features;
	data.sequence = SEQUENCE;
	data.slots[SEQUENCE].match[0] = NUMBER;
	data.action = (uint64_t)XDP_DROP << XDP_ACTION_VERDICT_SHIFT |
		      (uint64_t)XDP_PASS << XDP_ACTION_OTHERWISE_SHIFT |
		      (uint64_t)XDP_ACTION_F_MATCH << XDP_ACTION_FLAGS_SHIFT |
		      (uint64_t)SEQUENCE << XDP_ACTION_SEQUENCE_SHIFT;
	return object_set_data(ctx, object, &data);
}

static int open_program(struct xdpaction *ctx, struct xdpaction_matcher *matcher,
			uint32_t *features)
{
	struct features kernel;
	int err = features_find(ctx, &kernel);

	if (err)
		return fail_refused(ctx, err, "find out what the kernel can do");
	err = object_open_variant(ctx, &kernel, XDP_ACTION_PROG_NAME, &matcher->object);
	if (err)
		return err;
	matcher->program = object_program(matcher->object);
	if (kernel.frags)
		bpf_program__set_flags(matcher->program, BPF_F_XDP_HAS_FRAGS);
	return put_setting(ctx, matcher->object, features);
}

static int put_match(struct xdpaction *ctx, struct xdpaction_matcher *matcher)
{
	int outer = bpf_object__find_map_fd_by_name(matcher->object, XDP_ACTION_MATCHES_MAP);

	matcher->match.number = NUMBER;
	return matches_begin(ctx, outer, &matcher->match);
}

static int compile_into(struct xdpaction *ctx, struct xdpaction_matcher *matcher,
			const char *expression, unsigned int room)
{
	const struct match_request request = {
		.link = MATCH_LINK_ETHERNET,
		.room = room,
		.match = expression,
	};

	return match_compile(ctx, &request, &matcher->match);
}

static int set_up(struct xdpaction *ctx, struct xdpaction_matcher *matcher, const char *expression)
{
	uint32_t features = 0;
	int err;

	/* Compile first, so that everyone is told of a wrong expression. */
	err = compile_into(ctx, matcher, expression, XDP_ACTION_MATCH_STEPS);
	if (!err)
		err = need_program_privileges(ctx, "run the program");
	if (!err)
		err = open_program(ctx, matcher, &features);
	if (!err && !(features & XDP_ACTION_FEATURE_LONG_MATCH))
		err = compile_into(ctx, matcher, expression, XDP_ACTION_MATCH_STEPS_SHORT);
	if (err)
		return err;
	err = bpf_object__load(matcher->object);
	if (err)
		return fail_refused(ctx, err, "load the program");
	return put_match(ctx, matcher);
}

int xdpaction_matcher_new(struct xdpaction *ctx, const char *expression,
			  struct xdpaction_matcher **matcher)
{
	CLEANUP(free_matcher) struct xdpaction_matcher *new = NULL;
	int err;

	forget_error(ctx);
	new = calloc(1, sizeof(*new));
	if (!new)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	err = set_up(ctx, new, expression);
	if (err)
		return err;
	*matcher = new;
	new = NULL;
	return 0;
}

void xdpaction_matcher_free(struct xdpaction_matcher *matcher)
{
	if (!matcher)
		return;
	bpf_object__close(matcher->object);
	free(matcher);
}

/* Whether the packet was too long for the kernel. */
static bool is_too_long(int err, uint32_t length)
{
	return (err == -EINVAL && length > PAGE_LEAST) ||
	       (err == -ENOMEM && length > FRAGMENTS_LEAST);
}

static int run_program(struct xdpaction *ctx, const struct xdpaction_matcher *matcher,
		       const struct captured *captured, enum xdpaction_answer *answer)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = captured->bytes,
		    .data_size_in = captured->count, .repeat = 1);
	int err = bpf_prog_test_run_opts(bpf_program__fd(matcher->program), &options);

	if (is_too_long(err, captured->count))
		*answer = XDPACTION_ANSWER_LONG;
	else if (err)
		return fail_kernel(ctx, err, "run the program on a packet");
	else if (options.retval != XDP_DROP && options.retval != XDP_PASS)
		return fail(ctx, -EIO, NULL, "the program gave the verdict %u", options.retval);
	else
		*answer = options.retval == XDP_DROP ? XDPACTION_ANSWER_MATCHED :
						       XDPACTION_ANSWER_MISSED;
	return 0;
}

static int answer_for(struct xdpaction *ctx, const struct xdpaction_matcher *matcher,
		      bool ethernet, const struct captured *captured,
		      enum xdpaction_answer *answer)
{
	if (!ethernet)
		*answer = XDPACTION_ANSWER_LINK;
	else if (captured->count < captured->length)
		*answer = XDPACTION_ANSWER_CUT;
	else if (captured->count < FRAME_LEAST)
		*answer = XDPACTION_ANSWER_SHORT;
	else
		return run_program(ctx, matcher, captured, answer);
	return 0;
}

int xdpaction_matcher_run(struct xdpaction *ctx, const struct xdpaction_matcher *matcher,
			  const char *path, xdpaction_packet_fn fn, void *data)
{
	CLEANUP(capture_close) struct capture *capture = NULL;
	struct captured captured;
	struct xdpaction_packet packet = { 0 };
	bool ethernet;
	int err;

	forget_error(ctx);
	err = capture_open(ctx, path, &capture);
	if (err)
		return err;
	ethernet = capture_is_ethernet(capture);
	packet.link_name = capture_link_name(capture);
	while ((err = capture_next(ctx, capture, &captured)) > 0) {
		packet.number++;
		packet.captured_bytes = captured.count;
		packet.bytes = captured.length;
		err = answer_for(ctx, matcher, ethernet, &captured, &packet.answer);
		if (!err)
			err = fn(data, &packet);
		if (err)
			break;
	}
	return err;
}
