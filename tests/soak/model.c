// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
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

static bool pulse_is_on(const struct xdpaction_rule *rule)
{
	return rule->pulse_on_ns != PULSE_SHORT_NS;
}

enum fate { FATE_LEFT_OUT, FATE_CHOSEN, FATE_CHANCE };

/* What becomes of the next frame, in the order in which the conditions are asked. */
static enum fate next_fate(struct xdpaction_rule *rule)
{
	if (!hits(rule))
		return FATE_LEFT_OUT;
	if (rule->skip) {
		rule->skip--;
		return FATE_LEFT_OUT;
	}
	if (!pulse_is_on(rule))
		return FATE_LEFT_OUT;
	if (rule->every) {
		rule->every_seen = (rule->every_seen + 1) % rule->every;
		return rule->every_seen ? FATE_LEFT_OUT : FATE_CHOSEN;
	}
	return rule->probability < XDPACTION_ALWAYS ? FATE_CHANCE : FATE_CHOSEN;
}

/* By how much runs make the variance of a number of frames larger, at most. */
static double run_factor(const struct xdpaction_rule *rule, double share)
{
	double correlation;

	if (!rule->burst)
		return 1;
	/* Of the simple Gilbert model, from one frame to the next. */
	correlation = 1 - 1000.0 / rule->burst / (1 - share);
	return fmax(1, (1 + correlation) / (1 - correlation));
}

/* So many frames get a verdict by chance. */
static void expect_chance(const struct xdpaction_rule *rule, unsigned int frames,
			  struct expectation *expected)
{
	double share = (double)rule->probability / XDPACTION_ALWAYS;
	double variance = frames * share * (1 - share) * run_factor(rule, share);
	double mean = frames * share, spread = DEVIATIONS * sqrt(variance);

	if (rule->verdict == rule->otherwise) {
		add(expected, rule->verdict, frames, frames);
		return;
	}
	expected->one_flow = frames && rule->per_flow;
	if (rule->per_flow) {
		add(expected, rule->verdict, 0, share > 0 ? frames : 0);
		add(expected, rule->otherwise, share > 0 ? 0 : frames, frames);
		return;
	}
	add(expected, rule->verdict, mean - spread, fmin(mean + spread, frames));
	add(expected, rule->otherwise, frames - mean - spread,
	    fmin(frames - mean + spread, frames));
}

static bool rule_counts(const struct xdpaction_rule *rule)
{
	return rule->skip || rule->every;
}

bool model_counts(const struct model *model)
{
	return rule_counts(&model->rule) ||
	       (model->temporary && (model->packets_left || rule_counts(&model->base)));
}

void model_receive(struct model *model, unsigned int frames, struct expectation *expected)
{
	unsigned int by_chance = 0;

	*expected = (struct expectation){ .least = { 0 } };
	for (; frames; frames--) {
		switch (next_fate(&model->rule)) {
		case FATE_LEFT_OUT:
			add(expected, model->rule.otherwise, 1, 1);
			break;
		case FATE_CHANCE:
			by_chance++;
			break;
		case FATE_CHOSEN:
			add(expected, model->rule.verdict, 1, 1);
			if (model->temporary && model->packets_left && !--model->packets_left)
				end(model);
			break;
		}
	}
	/* Only a rule without a budget has a chance, so it was in force to the end. */
	expect_chance(&model->rule, by_chance, expected);
}

static bool redirects(const struct xdpaction_rule *rule)
{
	return rule->verdict == XDPACTION_REDIRECT && rule->probability;
}

/* Some verdicts leave no packet out. */
static bool leaves_out(const struct xdpaction_rule *rule)
{
	return rule->probability < XDPACTION_ALWAYS || rule->verdict == XDPACTION_TX ||
	       *rule->match || *rule->except || rule->skip || rule->every || rule->pulse_on_ns;
}

/* What goes beside a match and a share. */
static bool same_more(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return a->skip == b->skip && a->every == b->every && a->every_seen == b->every_seen &&
	       a->burst == b->burst && a->per_flow == b->per_flow && a->seed == b->seed &&
	       a->pulse_on_ns == b->pulse_on_ns && a->pulse_off_ns == b->pulse_off_ns;
}

static bool same(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return a->verdict == b->verdict && (!leaves_out(a) || a->otherwise == b->otherwise) &&
	       a->probability == b->probability && !strcmp(a->match, b->match) &&
	       !strcmp(a->except, b->except) && same_more(a, b) &&
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
