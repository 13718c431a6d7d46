// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Whether the scene is in a state, whole. */
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "scene.h"
#include "util.h"

/* The kernel frees what was unloaded a little later. */
#define FREE_TRIES 200
#define FREE_PAUSE_NS 10000000

static const char *say(const char *fmt, ...) PRINTF(1, 2);
static const char *say(const char *fmt, ...)
{
	static char text[LISTING_MAX * 2 + 256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return text;
}

static const char *compare_chain(const struct scene *scene, const struct state *state,
				 const struct look *look)
{
	size_t ours, count = state->loaded + scene->neighbour;
	__u32 id;

	ours = look_find(look, OURS, &id);
	if (ours != state->loaded)
		return say("%zu copies of our program run", ours);
	if (scene->neighbour && (look_find(look, NEIGHBOUR, &id) != 1 || id != scene->neighbour_id))
		return say("the neighbour does not run any more");
	if (look->count != count)
		return say("%zu programs run in place of %zu", look->count, count);
	return "";
}

static const char *compare_verdicts(const struct scene *scene, const struct state *state,
				    const struct look *look)
{
	int ours = state->loaded ? (int)state->setting.rule.verdict : XDP_PASS;
	int expected[PACKETS] = {
		[PACKET_NEIGHBOURS] = scene->neighbour ? XDP_DROP : ours,
		[PACKET_OTHER] = ours,
	};
	int i;

	for (i = 0; i < PACKETS; i++)
		if (look->verdicts[i] >= 0 && look->verdicts[i] != expected[i])
			return say("packet %d gets the verdict %d in place of %d", i,
				   look->verdicts[i], expected[i]);
	return "";
}

/* What goes beside a match and a share; `skip` and `every_seen` change with each packet. */
static bool same_more(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return a->every == b->every && a->burst == b->burst && a->per_flow == b->per_flow &&
	       a->seed == b->seed && a->pulse_on_ns == b->pulse_on_ns &&
	       a->pulse_off_ns == b->pulse_off_ns;
}

static bool same_rule(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return a->verdict == b->verdict && a->otherwise == b->otherwise &&
	       a->probability == b->probability && a->target_ifindex == b->target_ifindex &&
	       !strcmp(a->match, b->match) && !strcmp(a->except, b->except) && same_more(a, b);
}

/* Some of the time may have passed. */
static bool same_setting(const struct xdpaction_setting *is, const struct xdpaction_setting *should)
{
	const uint64_t minute_ns = 60000000000;

	return same_rule(&is->rule, &should->rule) && is->packets == should->packets &&
	       is->duration_ns <= should->duration_ns &&
	       is->duration_ns + minute_ns >= should->duration_ns &&
	       is->has_base == should->has_base &&
	       (!is->has_base || same_rule(&is->base, &should->base));
}

static const char *compare_status(const struct scene *scene, const struct state *state)
{
	struct xdpaction_status status = { .size = sizeof(status) };
	int err = xdpaction_status(scene->ctx, SCENE_IFNAME, &status);

	if (!state->loaded)
		return err == -ENOENT ? "" : say("status tells of an instance that is not there");
	if (err)
		return say("status: %s", xdpaction_error(scene->ctx));
	if (!same_setting(&status.setting, &state->setting))
		return say("another setting is in force");
	return "";
}

static const char *compare_listing(const struct scene *scene, const struct state *state,
				   const struct look *look)
{
	char expected[LISTING_MAX];

	look_expect_listing(look, state->loaded, scene->rest, expected);
	if (strcmp(look->listing, expected))
		return say("the bpffs holds\n%sin place of\n%s", look->listing, expected);
	return "";
}

static const char *compare_objects(const struct scene *scene, const struct state *state)
{
	const struct objects *expected = &scene->objects[state->loaded];
	struct timespec pause = { .tv_nsec = FREE_PAUSE_NS };
	struct objects now, matching = *expected;
	int i;

	/* The first match makes a map, which stays as long as the instance. */
	matching.maps += state->loaded;

	for (i = 0; i < FREE_TRIES; i++) {
		objects_count(&now);
		if (!memcmp(&now, expected, sizeof(now)) ||
		    !memcmp(&now, &matching, sizeof(now)))
			return "";
		nanosleep(&pause, NULL);
	}
	return say("the kernel has %u programs, %u maps and %u links in place of %u, %u and %u",
		   now.programs, now.maps, now.links, expected->programs, expected->maps,
		   expected->links);
}

const char *scene_compare(struct scene *scene, const struct state *state, bool leftovers, bool run)
{
	const char *wrong;
	struct look look;

	look_at(SCENE_IFNAME, run, &look);
	wrong = compare_chain(scene, state, &look);
	if (!*wrong)
		wrong = compare_verdicts(scene, state, &look);
	if (!*wrong)
		wrong = compare_status(scene, state);
	if (!*wrong && !leftovers)
		wrong = compare_listing(scene, state, &look);
	if (!*wrong && !leftovers && scene->alone)
		wrong = compare_objects(scene, state);
	return wrong;
}
