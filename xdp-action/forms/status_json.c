// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "forms.h"
#include "json/json.h"

static json_t *verdict_json(enum xdpaction_verdict verdict)
{
	return json_string(verdict_key(verdict));
}

static json_t *number_or_null(uint64_t number)
{
	return number ? json_number(number) : json_null();
}

static json_t *time_or_null(uint64_t realtime_ns)
{
	char time[UNITS_SIZE];

	return realtime_ns ? json_string(units_iso_time(time, realtime_ns)) : json_null();
}

static json_t *target_json(const struct named_rule *named)
{
	json_t *object;

	if (!named->rule.target_ifindex)
		return json_null();
	object = json_with(json_object(), "interface", json_text_or_null(named->target));
	return json_with(object, "ifindex", json_number(named->rule.target_ifindex));
}

static json_t *rule_json(const struct named_rule *named)
{
	const struct xdpaction_rule *rule = &named->rule;
	json_t *object = json_object();
	char fraction[UNITS_SIZE];
	double probability = strtod(units_fraction(fraction, rule->probability), NULL);

	object = json_with(object, "verdict", verdict_json(rule->verdict));
	object = json_with(object, "probability", json_real(probability));
	object = json_with(object, "otherwise", verdict_json(rule->otherwise));
	return json_with(object, "target", target_json(named));
}

static json_t *setting_json(const struct view *view)
{
	const struct named_setting *setting = &view->setting;
	json_t *object;

	if (!view->setting_known)
		return json_null();

	object = rule_json(&setting->rule);
	object = json_with(object, "remaining_ns", number_or_null(setting->duration_ns));
	object = json_with(object, "remaining_packets", number_or_null(setting->packets));
	return json_with(object, "base",
			 setting->has_base ? rule_json(&setting->base) : json_null());
}

static json_t *chain_actions_json(uint32_t chain_actions)
{
	json_t *list = json_array();
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		if (chain_actions & 1U << verdict)
			list = json_append(list, verdict_json(verdict));
	return list;
}

static json_t *program_json(const struct xdpaction_program *program, bool ranked)
{
	json_t *object = json_object();

	object = json_with(object, "priority",
			   ranked ? json_number(program->priority) : json_null());
	object = json_with(object, "name", json_text(program->name));
	object = json_with(object, "id", json_number(program->id));
	object = json_with(object, "self", json_boolean(program->self));
	return json_with(object, "chain_actions", chain_actions_json(program->chain_actions));
}

static json_t *chain_json(const struct xdpaction_chain *chain)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < chain->count; i++)
		list = json_append(list, program_json(&chain->programs[i], chain->dispatcher));
	return list;
}

static json_t *problem_json(const struct xdpaction_problem *problem)
{
	json_t *object = json_object();

	object = json_with(object, "kind", json_string(problem_key(problem->kind)));
	object = json_with(object, "text", json_text(problem->text));
	return json_with(object, "advice", json_text_or_null(problem->advice));
}

static json_t *problems_json(const struct xdpaction_status *status)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < status->problem_count; i++)
		list = json_append(list, problem_json(&status->problems[i]));
	return list;
}

/* How it is attached. */
static json_t *with_chain(json_t *object, const struct xdpaction_chain *chain)
{
	const char *mode = xdpaction_mode_name(chain->mode);

	object = json_with(object, "mode", json_string(mode ? mode : "unknown"));
	object = json_with(object, "dispatcher", json_boolean(chain->dispatcher));
	object = json_with(object, "dispatcher_id", number_or_null(chain->dispatcher_id));
	object = json_with(object, "dispatcher_format", number_or_null(chain->dispatcher_format));
	object = json_with(object, "frags", json_boolean(chain->frags));
	return json_with(object, "chain", chain_json(chain));
}

static json_t *view_json(const struct view *view)
{
	const struct xdpaction_status *status = &view->status;
	json_t *object = json_object();

	object = json_with(object, "interface", json_text(status->chain.ifname));
	object = json_with(object, "ifindex", json_number(status->chain.ifindex));
	object = json_with(object, "netns_inode", json_number(status->netns_inode));
	object = json_with(object, "time", time_or_null(status->now_ns));
	object = json_with(object, "time_ns", json_number(status->now_ns));
	object = json_with(object, "program_id", json_number(status->program_id));
	object = with_chain(object, &status->chain);
	object = json_with(object, "setting", setting_json(view));
	object = json_with(object, "counters", json_counters(status->counters));
	object = json_with(object, "loaded", time_or_null(status->loaded_ns));
	object = json_with(object, "loaded_ns", number_or_null(status->loaded_ns));
	object = json_with(object, "pinned", json_boolean(status->pinned));
	object = json_with(object, "pins", json_text_or_null(status->pins));
	return json_with(object, "problems", problems_json(status));
}

bool json_print_views(FILE *out, const struct views *views)
{
	json_t *root = json_with(json_object(), "version", json_integer(JSON_VERSION));
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < views->count; i++)
		list = json_append(list, view_json(&views->list[i]));
	return json_print(out, json_with(root, "instances", list), false);
}
