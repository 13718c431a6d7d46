// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "json.h"
#include "units.h"

static json_t *target_json(const struct named_rule *named)
{
	if (!named->rule.target_ifindex)
		return json_null();
	return json_pack("{s:o, s:o}",
			 "interface", json_text_or_null(named->target),
			 "ifindex", json_number(named->rule.target_ifindex));
}

static json_t *rule_json(const struct named_rule *named)
{
	const struct xdpaction_rule *rule = &named->rule;
	char fraction[UNITS_SIZE];

	return json_pack("{s:s, s:f, s:s, s:o}",
			 "verdict", view_verdict(rule->verdict),
			 "probability", strtod(units_fraction(fraction, rule->probability), NULL),
			 "otherwise", view_verdict(rule->otherwise),
			 "target", target_json(named));
}

static json_t *limit_json(uint64_t limit)
{
	return limit ? json_number(limit) : json_null();
}

static json_t *setting_json(const struct view *view)
{
	const struct named_setting *setting = &view->setting;
	json_t *object;

	if (!view->setting_known)
		return json_null();

	object = rule_json(&setting->rule);
	if (!object ||
	    json_object_set_new(object, "remaining_ns", limit_json(setting->duration_ns)) ||
	    json_object_set_new(object, "remaining_packets", limit_json(setting->packets)) ||
	    json_object_set_new(object, "base",
				setting->has_base ? rule_json(&setting->base) : json_null())) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *chain_actions_json(uint32_t chain_actions)
{
	json_t *list = json_array();
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		if (chain_actions & 1U << verdict)
			json_array_append_new(list, json_string(view_verdict(verdict)));
	return list;
}

static json_t *program_json(const struct xdpaction_chain *chain,
			    const struct xdpaction_program *program)
{
	bool ranked = chain->dispatcher;

	return json_pack("{s:o, s:o, s:o, s:b, s:o}",
			 "priority", ranked ? json_number(program->priority) : json_null(),
			 "name", json_text(program->name),
			 "id", json_number(program->id),
			 "self", program->self,
			 "chain_actions", chain_actions_json(program->chain_actions));
}

static json_t *chain_json(const struct xdpaction_chain *chain)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < chain->count; i++) {
		if (json_array_append_new(list, program_json(chain, &chain->programs[i]))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *problems_json(const struct xdpaction_status *status)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < status->problem_count; i++) {
		const struct xdpaction_problem *problem = &status->problems[i];
		json_t *object = json_pack("{s:s, s:o, s:o}",
					   "kind", view_problem(problem->kind),
					   "text", json_text(problem->text),
					   "advice", json_text_or_null(problem->advice));

		if (json_array_append_new(list, object)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *time_json(uint64_t realtime_ns)
{
	char time[UNITS_SIZE];

	return realtime_ns ? json_string(units_iso_time(time, realtime_ns)) : json_null();
}

static json_t *view_json(const struct view *view)
{
	const struct xdpaction_status *status = &view->status;
	const struct xdpaction_chain *chain = &status->chain;
	const char *mode = xdpaction_mode_name(chain->mode);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o,"
		" s:b, s:o, s:o}",
		"interface", json_text(chain->ifname),
		"ifindex", json_number(chain->ifindex),
		"netns_inode", json_number(status->netns_inode),
		"time", time_json(status->now_ns),
		"time_ns", json_number(status->now_ns),
		"program_id", json_number(status->program_id),
		"mode", mode ? mode : "unknown",
		"dispatcher", chain->dispatcher,
		"dispatcher_id", limit_json(chain->dispatcher_id),
		"dispatcher_format", limit_json(chain->dispatcher_format),
		"frags", chain->frags,
		"setting", setting_json(view),
		"chain", chain_json(chain),
		"counters", json_counters(status->counters),
		"loaded", time_json(status->loaded_ns),
		"loaded_ns", limit_json(status->loaded_ns),
		"pinned", status->pinned,
		"pins", json_text(status->pins),
		"problems", problems_json(status));
}

bool json_print_views(FILE *out, const struct views *views)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < views->count; i++) {
		if (json_array_append_new(list, view_json(&views->list[i]))) {
			json_decref(list);
			return false;
		}
	}
	return json_print(out, json_pack("{s:i, s:o}", "version", JSON_VERSION, "instances", list),
			  false);
}
