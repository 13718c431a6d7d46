// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <string.h>

#include "model.h"

/* Less often than once in a million million times a share is further from what it should be. */
#define DEVIATIONS 7

void model_load(struct model *model, const struct xdpaction_rule *rule)
{
	bool neighbour = model->neighbour;

	*model = (struct model){ .loaded = true, .neighbour = neighbour, .rule = *rule };
}

void model_set(struct model *model, const struct xdpaction_setting *setting,
	       uint64_t earliest_ns, uint64_t latest_ns)
{
	/* What was in force before, or what would have come after it. */
	struct xdpaction_rule before = model->temporary ? model->base : model->rule;

	model->rule = setting->rule;
	model->temporary = setting->duration_ns || setting->packets;
	if (!model->temporary)
		return;
	model->base = setting->has_base ? setting->base : before;
	model->packets_left = setting->packets;
	model->earliest_end_ns = model->latest_end_ns = 0;
	if (setting->duration_ns) {
		model->earliest_end_ns = earliest_ns + setting->duration_ns;
		model->latest_end_ns = latest_ns + setting->duration_ns;
	}
}

static void end(struct model *model)
{
	model->rule = model->base;
	model->temporary = false;
}

void model_wait(struct model *model, uint64_t now_ns)
{
	if (model->temporary && model->latest_end_ns && now_ns >= model->latest_end_ns)
		end(model);
}

static void add(struct expectation *expected, enum xdpaction_verdict verdict, double least,
		double most)
{
	expected->least[verdict] += least > 0 ? (unsigned int)least : 0;
	expected->most[verdict] += (unsigned int)ceil(most);
}

/* Whether frames match a rule: each of them, or none. */
static bool hits(const struct xdpaction_rule *rule)
{
	return strcmp(rule->match, MATCH_NONE) && strcmp(rule->except, MATCH_EACH);
}

static void expect_rule(const struct xdpaction_rule *rule, unsigned int frames,
			struct expectation *expected)
{
	double share = (double)rule->probability / XDPACTION_ALWAYS;
	double mean = frames * share, spread = DEVIATIONS * sqrt(frames * share * (1 - share));

	if (!hits(rule)) {
		add(expected, rule->otherwise, frames, frames);
		return;
	}
	if (rule->verdict == rule->otherwise || rule->probability == XDPACTION_ALWAYS) {
		add(expected, rule->verdict, frames, frames);
		return;
	}
	add(expected, rule->verdict, mean - spread, fmin(mean + spread, frames));
	add(expected, rule->otherwise, frames - mean - spread,
	    fmin(frames - mean + spread, frames));
}

void model_receive(struct model *model, unsigned int frames, struct expectation *expected)
{
	bool counts = model->temporary && model->packets_left && hits(&model->rule);
	unsigned int taken = frames;

	*expected = (struct expectation){ .least = { 0 } };
	if (counts && model->packets_left < frames)
		taken = model->packets_left;
	expect_rule(&model->rule, taken, expected);
	if (!counts)
		return;
	model->packets_left -= taken;
	if (model->packets_left)
		return;
	end(model);
	expect_rule(&model->rule, frames - taken, expected);
}

static bool redirects(const struct xdpaction_rule *rule)
{
	return rule->verdict == XDPACTION_REDIRECT && rule->probability;
}

/* Some verdicts leave no packet out. */
static bool leaves_out(const struct xdpaction_rule *rule)
{
	return rule->probability < XDPACTION_ALWAYS || rule->verdict == XDPACTION_TX ||
	       *rule->match || *rule->except;
}

static bool same(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return a->verdict == b->verdict && (!leaves_out(a) || a->otherwise == b->otherwise) &&
	       a->probability == b->probability && !strcmp(a->match, b->match) &&
	       !strcmp(a->except, b->except) &&
	       (!redirects(a) || a->target_ifindex == b->target_ifindex);
}

const char *model_compare(const struct model *model, const struct xdpaction_setting *setting,
			  uint64_t now_ns)
{
	if (!same(&setting->rule, &model->rule))
		return "another rule is in force";
	if (setting->has_base != model->temporary)
		return model->temporary ? "it has no end" : "it has an end";
	if (!model->temporary)
		return "";
	if (!same(&setting->base, &model->base))
		return "another base comes after it";
	if (setting->packets != model->packets_left)
		return "another number of packets is left";
	if (!model->latest_end_ns)
		return setting->duration_ns ? "it ends at a time" : "";
	/* It was read a little before now. */
	if (now_ns + setting->duration_ns < model->earliest_end_ns ||
	    setting->duration_ns > model->latest_end_ns)
		return "it ends at another time";
	return "";
}
