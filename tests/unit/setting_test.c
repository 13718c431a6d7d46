// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the library writes a setting into the map, as xdp_action_maps.h says, and
 * reads it back. The map is a piece of memory here.
 */
#include <string.h>
#include <time.h>

#include "instance/instance.h"
#include "support/clock.h"
#include "support/tap.h"

#define HOUR_NS	   (3600 * NSEC_PER_SEC)

static struct xdpaction *ctx;
static struct xdp_action_data data;
static struct setting_place place = { .data = &data };
static const struct compiled none;

static const struct xdpaction_rule drop = {
	.verdict = XDPACTION_DROP,
	.otherwise = XDPACTION_PASS,
	.probability = XDPACTION_ALWAYS,
};
static const struct xdpaction_rule aborted = {
	.verdict = XDPACTION_ABORTED,
	.otherwise = XDPACTION_PASS,
	.probability = XDPACTION_ALWAYS,
};
static const struct xdpaction_rule sometimes = {
	.verdict = XDPACTION_DROP,
	.otherwise = XDPACTION_PASS,
	.probability = 0x0ccccccc,
};

static void reset(void)
{
	memset(&data, 0, sizeof(data));
	data.action = XDPACTION_PASS;
	data.features = XDP_ACTION_FEATURE_BUDGET;
	data.sequence = 6;
}

static struct xdp_action_slot *slot_of(uint64_t word)
{
	return &data.slots[(word >> XDP_ACTION_SEQUENCE_SHIFT) % XDP_ACTION_SLOTS];
}

static bool store(const struct xdpaction_setting *setting)
{
	struct xdpaction_setting copy = *setting;

	return !setting_store(ctx, &place, &none, &copy);
}

static struct xdpaction_setting load(void)
{
	struct xdpaction_setting setting = { 0 };

	if (setting_load(ctx, &place, &setting))
		bail("a setting cannot be read: %s", xdpaction_error(ctx));
	return setting;
}

static bool same(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return a->verdict == b->verdict && a->otherwise == b->otherwise &&
	       a->probability == b->probability;
}

static void check_words(void)
{
	reset();
	ok(store(&(struct xdpaction_setting){ .rule = drop }) && data.action == 1 &&
		   data.sequence == 6,
	   "DROP is the plain word 1 and takes no slot");
	ok(store(&(struct xdpaction_setting){ .rule = sometimes }) &&
		   data.action == 0x0ccccccc00000121,
	   "DROP 5%% is 0x0ccccccc00000121");
	ok(store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS }) &&
		   data.action == 0x70201 && data.sequence == 7,
	   "DROP for an hour is 0x70201, in slot 7");
	ok(slot_of(data.action)->base == 0x0ccccccc00000121,
	   "its base is what was in force, with the probability");
	ok(store(&(struct xdpaction_setting){ .rule = drop,
					      .packets = 5,
					      .has_base = true,
					      .base = aborted }) &&
		   data.action == 0x80401 && slot_of(data.action)->budget == 5 &&
		   slot_of(data.action)->base == 0,
	   "DROP of 5 packets, then ABORTED, is 0x80401 with a base of 0");
}

static void check_gate(void)
{
	reset();
	/* As the setting with number 7 left it, 65,536 settings ago. */
	data.clock_gate = 7ULL << 48 | 0xffffffffffff;
	store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
	ok(data.clock_gate == 0, "a new deadline clears what was said of an old one");
}

static void check_bases(void)
{
	struct xdpaction_setting setting;

	reset();
	store(&(struct xdpaction_setting){ .rule = sometimes });
	store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
	store(&(struct xdpaction_setting){ .rule = aborted, .packets = 5 });
	setting = load();
	ok(setting.packets == 5 && setting.has_base && same(&setting.base, &sometimes),
	   "a temporary setting on a temporary one keeps the first one's base");

	slot_of(data.action)->budget = 0;
	setting = load();
	ok(!setting.has_base && !setting.packets && same(&setting.rule, &sometimes),
	   "what is used up reads as its base");
	store(&(struct xdpaction_setting){ .rule = drop, .packets = 1 });
	setting = load();
	ok(same(&setting.rule, &drop) && same(&setting.base, &sometimes),
	   "and the base of the next one is that base");

	slot_of(data.action)->budget = -3;
	ok(!load().has_base, "a budget below 0 is used up");
}

static void check_time_left(void)
{
	struct xdpaction_setting setting;
	uint64_t now_ns;

	reset();
	store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
	now_ns = clock_ns(CLOCK_BOOTTIME);
	ok(slot_of(data.action)->deadline_ns <= now_ns + HOUR_NS &&
		   slot_of(data.action)->deadline_ns > now_ns + HOUR_NS - 60 * NSEC_PER_SEC,
	   "the deadline is an hour away");
	setting = load();
	ok(setting.duration_ns <= HOUR_NS && setting.duration_ns > HOUR_NS - 60 * NSEC_PER_SEC,
	   "and so it reads");
	slot_of(data.action)->deadline_ns = now_ns;
	ok(!load().has_base, "a deadline that has passed reads as the base");
}

/* Without a map of targets REDIRECT fails late, when its slot is taken. */
static void check_failures(void)
{
	const struct xdpaction_setting redirect = {
		.rule = { .verdict = XDPACTION_REDIRECT,
			  .otherwise = XDPACTION_PASS,
			  .probability = XDPACTION_ALWAYS,
			  .target_ifindex = 1 },
	};
	struct xdpaction_setting setting = { .size = sizeof(setting) };
	uint32_t behind;
	uint64_t word;
	int i;

	reset();
	store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
	word = data.action;
	for (i = 0; i < 2 * XDP_ACTION_SLOTS; i++)
		if (store(&redirect))
			bail("REDIRECT without a map of targets was stored");
	behind = (data.sequence - (uint32_t)(word >> XDP_ACTION_SEQUENCE_SHIFT)) & 0xffff;
	ok(data.action == word && behind < XDP_ACTION_SLOTS,
	   "however often a set fails, what is in force is not overtaken");

	setting.packets = 1;
	ok(setting_check_features(ctx, 0, &setting) == -EOPNOTSUPP,
	   "a number of packets is refused where the program cannot count them down");
}

int main(void)
{
	if (xdpaction_new(&ctx))
		bail("no context");
	check_words();
	check_gate();
	check_bases();
	check_time_left();
	check_failures();
	xdpaction_free(ctx);
	return finish();
}
