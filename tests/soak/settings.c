// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Settings of every kind, and the commands that set them. */
#include <stdio.h>
#include <string.h>

#include "faults/util.h"
#include "soak.h"
#include "support/clock.h"

#define LATE_S 7200

static void random_rule(struct xdpaction_rule *rule, bool probable)
{
	*rule = (struct xdpaction_rule){
		.verdict = soak_random(XDPACTION_VERDICTS),
		.otherwise = XDPACTION_PASS,
		.probability = XDPACTION_ALWAYS,
	};
	if (probable) {
		rule->probability = soak_random(5) * (XDPACTION_ALWAYS / 4);
		rule->otherwise = soak_random(XDPACTION_TX + 1);
	}
	if (rule->verdict == XDPACTION_REDIRECT)
		rule->target_ifindex = soak.target_ifindex;
}

/* One of each and none, or both of them. */
static void random_match(struct xdpaction_rule *rule)
{
	static const char *const expressions[] = { "", "", MATCH_EACH, MATCH_NONE };

	strcpy(rule->match, expressions[soak_random(ARRAY_SIZE(expressions))]);
	strcpy(rule->except, expressions[soak_random(ARRAY_SIZE(expressions))]);
	if (*rule->match || *rule->except)
		rule->otherwise = soak_random(XDPACTION_TX + 1);
}

/* Frames in runs, flows, or each Nth frame, in place of a share of all. */
static void random_share(struct xdpaction_rule *rule)
{
	static const uint32_t bursts[] = { 1000, 2000, 4000 };

	rule->probability = (1 + soak_random(2)) * (XDPACTION_ALWAYS / 4);
	switch (soak_random(3)) {
	case 0:
		rule->burst = bursts[soak_random(ARRAY_SIZE(bursts))];
		break;
	case 1:
		rule->per_flow = true;
		rule->seed = 1 + soak_random(1000);
		break;
	case 2:
		rule->probability = XDPACTION_ALWAYS;
		rule->every = 2 + soak_random(20);
		break;
	}
}

static void random_more(struct xdpaction_rule *rule, bool budget)
{
	if (soak_random(4) && !budget)
		random_share(rule);
	if (!soak_random(3))
		rule->skip = 1 + soak_random(150);
	if (!soak_random(3)) {
		rule->pulse_on_ns = soak_random(3) ? PULSE_LONG_NS : PULSE_SHORT_NS;
		rule->pulse_off_ns = PULSE_LONG_NS;
	}
	if (rule->burst || rule->per_flow || rule->every || rule->skip || rule->pulse_on_ns)
		rule->otherwise = soak_random(XDPACTION_TX + 1);
}

void setting_random(struct xdpaction_setting *setting)
{
	*setting = (struct xdpaction_setting){ .size = sizeof(*setting) };
	if (!soak_random(3))
		setting->packets = 1 + soak_random(200);
	if (!soak_random(3))
		setting->duration_ns = soak_random(2) ? SOON_MS * MILLISECOND_NS :
							LATE_S * SECOND_NS;
	random_rule(&setting->rule, !setting->packets && soak_random(2));
	if (!soak_random(3))
		random_match(&setting->rule);
	if (soak_random(2))
		random_more(&setting->rule, setting->packets);
	if ((setting->packets || setting->duration_ns) && soak_random(2)) {
		setting->has_base = true;
		random_rule(&setting->base, false);
	}
}

static unsigned int milliseconds(uint64_t ns)
{
	return ns / MILLISECOND_NS;
}

/* The options of what random_more() makes. Returns how long they are. */
static int more_options(const struct xdpaction_rule *rule, char *options, size_t size)
{
	int used = 0;

	options[0] = '\0';
	if (rule->burst)
		used += snprintf(options + used, size - used, " --burst %u", rule->burst / 1000);
	if (rule->per_flow)
		used += snprintf(options + used, size - used, " --per-flow --seed %u",
				 (unsigned int)rule->seed);
	if (rule->every)
		used += snprintf(options + used, size - used, " --every %u",
				 (unsigned int)rule->every);
	if (rule->skip)
		used += snprintf(options + used, size - used, " --skip %u",
				 (unsigned int)rule->skip);
	if (rule->pulse_on_ns)
		used += snprintf(options + used, size - used, " --pulse %ums/%ums",
				 milliseconds(rule->pulse_on_ns), milliseconds(rule->pulse_off_ns));
	return used;
}

void setting_command(const struct xdpaction_setting *setting, char command[COMMAND_MAX])
{
	const struct xdpaction_rule *rule = &setting->rule;
	int used;

	used = snprintf(command, COMMAND_MAX, "%s set %s --force", soak.tool,
			xdpaction_verdict_name(rule->verdict));
	if (*rule->match)
		used += snprintf(command + used, COMMAND_MAX - used, " --match %s", rule->match);
	if (*rule->except)
		used += snprintf(command + used, COMMAND_MAX - used, " --except %s", rule->except);
	/* Something has to leave frames out where there is an --otherwise. */
	if (!rule->every &&
	    (rule->probability != XDPACTION_ALWAYS || rule->otherwise != XDPACTION_PASS))
		used += snprintf(command + used, COMMAND_MAX - used, " -p %u%%",
				 (unsigned int)(100 * rule->probability / XDPACTION_ALWAYS));
	used += more_options(rule, command + used, COMMAND_MAX - used);
	if (rule->otherwise != XDPACTION_PASS)
		used += snprintf(command + used, COMMAND_MAX - used, " --otherwise %s",
				 xdpaction_verdict_name(rule->otherwise));
	if (setting->packets)
		used += snprintf(command + used, COMMAND_MAX - used, " -c %u",
				 (unsigned int)setting->packets);
	if (setting->duration_ns)
		used += snprintf(command + used, COMMAND_MAX - used, " -t %ums",
				 milliseconds(setting->duration_ns));
	if (setting->has_base)
		used += snprintf(command + used, COMMAND_MAX - used, " --then %s",
				 xdpaction_verdict_name(setting->base.verdict));
	if (rule->target_ifindex || (setting->has_base && setting->base.target_ifindex))
		used += snprintf(command + used, COMMAND_MAX - used, " --to %s", SCENE_TARGET);
	snprintf(command + used, COMMAND_MAX - used, " %s", soak.ifname);
}
