// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The map of matches, and what is written into it. */
#include <string.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

#include "instance/instance.h"

#define MATCHES_SIZE (XDP_ACTION_MATCHES * sizeof(struct xdp_action_match))
#define INNER_NAME "action_match"
/* In the place of an expression that is not kept with its match. */
#define UNSAID "?"

/* ---- the map ---- */

static bool has_form(const struct bpf_map_info *info)
{
	return info->type == BPF_MAP_TYPE_ARRAY && info->key_size == sizeof(__u32) &&
	       info->value_size == sizeof(struct xdp_action_match) &&
	       info->max_entries == XDP_ACTION_MATCHES && info->map_flags & BPF_F_MMAPABLE;
}

static int make_inner(struct xdpaction *ctx, int *fd)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	int made = bpf_map_create(BPF_MAP_TYPE_ARRAY, INNER_NAME, sizeof(__u32),
				  sizeof(struct xdp_action_match), XDP_ACTION_MATCHES, &options);

	if (made < 0)
		return fail_kernel(ctx, made, "make a map of matches");
	*fd = made;
	return 0;
}

static int put_inner(struct xdpaction *ctx, int outer, int inner)
{
	__u32 zero = 0;
	int err = bpf_map_update_elem(outer, &zero, &inner, BPF_ANY);

	return err ? fail_kernel(ctx, err, "give the program a map of matches") : 0;
}

/* Opens the map in an outer one; *fd stays as it is where there is none. */
static int open_inner(struct xdpaction *ctx, int outer, int *fd)
{
	CLEANUP(close_fd) int opened = -1;
	struct bpf_map_info info;
	__u32 zero = 0, id;
	int err = bpf_map_lookup_elem(outer, &zero, &id);

	if (err == -ENOENT)
		return 0;
	if (err)
		return fail_kernel(ctx, err, "look for the map of matches");
	/* It stays: no writer puts another into its place. */
	err = map_open(ctx, id, &opened, &info);
	if (err == -ENOENT || (!err && !has_form(&info)))
		return fail(ctx, -EPROTO, NULL, "the map of matches has an unknown form");
	if (err)
		return err;
	*fd = opened;
	opened = -1;
	return 0;
}

int matches_begin(struct xdpaction *ctx, int outer, const struct xdp_action_match *first)
{
	CLEANUP(close_fd) int inner = -1;
	int err = make_inner(ctx, &inner);
	__u32 place;

	if (err)
		return err;
	if (first) {
		place = first->number % XDP_ACTION_MATCHES;
		err = bpf_map_update_elem(inner, &place, first, BPF_ANY);
	}
	return err ? fail_kernel(ctx, err, "store a match") : put_inner(ctx, outer, inner);
}

int matches_provide(struct xdpaction *ctx, int outer)
{
	CLEANUP(close_fd) int inner = -1;
	int err = open_inner(ctx, outer, &inner);

	return err || inner >= 0 ? err : matches_begin(ctx, outer, NULL);
}

int matches_make(struct xdpaction *ctx, int *outer)
{
	LIBBPF_OPTS(bpf_map_create_opts, options);
	CLEANUP(close_fd) int inner = -1, made = -1;
	int err = make_inner(ctx, &inner);

	if (err)
		return err;
	options.inner_map_fd = inner;
	made = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, XDP_ACTION_MATCHES_MAP, sizeof(__u32),
			      sizeof(__u32), 1, &options);
	if (made < 0)
		return fail_kernel(ctx, made, "make a map of matches");
	err = put_inner(ctx, made, inner);
	if (err)
		return err;
	*outer = made;
	made = -1;
	return 0;
}

int matches_map(struct xdpaction *ctx, int outer, bool write, struct xdp_action_match **matches)
{
	CLEANUP(close_fd) int fd = -1;
	void *mapped;
	int err = open_inner(ctx, outer, &fd);

	if (err || fd < 0)
		return err;
	mapped = mmap(NULL, MATCHES_SIZE, write ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED,
		      fd, 0);
	if (mapped == MAP_FAILED) {
		err = -errno;
		return fail(ctx, err, NULL, "cannot map the matches: %s", strerror(-err));
	}
	*matches = mapped;
	return 0;
}

void matches_unmap(struct xdp_action_match **matches)
{
	if (*matches)
		munmap(*matches, MATCHES_SIZE);
	*matches = NULL;
}

/* ---- matches in it ---- */

static uint32_t number_of(const struct xdp_action_match *match)
{
	return __atomic_load_n(&match->number, __ATOMIC_ACQUIRE);
}

/* The number that was given last; numbers may wrap around. 0: none was given. */
static uint32_t last_number(const struct xdp_action_match *matches)
{
	uint32_t last = 0, number;
	size_t i;

	for (i = 0; i < XDP_ACTION_MATCHES; i++) {
		number = number_of(&matches[i]);
		if (number && (!last || (int32_t)(number - last) > 0))
			last = number;
	}
	return last;
}

static bool has_place(uint32_t number, const uint32_t *kept, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (kept[i] && kept[i] % XDP_ACTION_MATCHES == number % XDP_ACTION_MATCHES)
			return true;
	return false;
}

/*
 * Where a CPU does loads in their order, a program sees by the number of a match that what
 * it read meanwhile may be another's. Elsewhere there must be no such program.
 */
static int wait_for_place(struct xdpaction *ctx, const struct xdp_action_match *place)
{
#if defined(__x86_64__) || defined(__s390x__)
	return 0;
#else
	return place->count ? programs_wait(ctx) : 0;
#endif
}

int match_store(struct xdpaction *ctx, struct xdp_action_match *matches,
		const struct xdp_action_match *match, const uint32_t *kept, size_t count,
		uint32_t *stored)
{
	size_t used = offsetof(struct xdp_action_match, steps) +
		      match->count * sizeof(match->steps[0]);
	uint32_t number = last_number(matches);
	struct xdp_action_match *place;
	int err;

	do {
		number++;
	} while (!number || has_place(number, kept, count));

	place = &matches[number % XDP_ACTION_MATCHES];
	err = wait_for_place(ctx, place);
	if (err)
		return err;
	/* Readers of the place's last match must see this before the rest. */
	__atomic_store_n(&place->number, 0, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	memcpy((char *)place + sizeof(place->number), (const char *)match + sizeof(match->number),
	       used - sizeof(match->number));
	__atomic_store_n(&place->number, number, __ATOMIC_RELEASE);
	*stored = number;
	return 0;
}

/* Copies the next of the expressions, whatever stands there, and moves *text behind it. */
static void take_expression(const char **text, const char *end, char out[XDPACTION_EXPRESSION_SIZE])
{
	size_t length = strnlen(*text, end - *text), taken = length;

	if (taken >= XDPACTION_EXPRESSION_SIZE)
		taken = XDPACTION_EXPRESSION_SIZE - 1;
	memcpy(out, *text, taken);
	out[taken] = '\0';
	*text += length + (*text + length < end);
}

bool match_load(const struct xdp_action_match *matches, uint32_t number,
		struct xdpaction_rule *rule)
{
	const struct xdp_action_match *match = &matches[number % XDP_ACTION_MATCHES];
	const char *text = match->text, *end = text + sizeof(match->text);

	if (number_of(match) != number)
		return false;
	take_expression(&text, end, rule->match);
	take_expression(&text, end, rule->except);
	take_expression(&text, end, rule->spares);
	/* Its writer need not have kept them. */
	if (!xdpaction_rule_has_match(rule))
		strcpy(match->wanted ? rule->match : rule->except, UNSAID);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return number_of(match) == number;
}
