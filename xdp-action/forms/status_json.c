// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "spare/spare.h"

static json_t *target_json(const struct named_rule *named)
{
	if (!named->rule->target_ifindex)
		return json_null();
	return json_pack("{s:o, s:o}", "interface", json_text_or_null(named->target),
			 "ifindex", json_number(named->rule->target_ifindex));
}

static json_t *session_json(const struct spared_session *session)
{
	char client[INET6_ADDRSTRLEN], server[INET6_ADDRSTRLEN];

	inet_ntop(session->family, &session->client, client, sizeof(client));
	inet_ntop(session->family, &session->server, server, sizeof(server));
	return json_pack("{s:s, s:i, s:s, s:i}", "client", client,
			 "client_port", session->client_port, "server", server,
			 "server_port", session->server_port);
}

/* What is spared, and the sessions in it where it is what --spare-session writes. */
static json_t *spares_json(const char *spares)
{
	struct spared spared = { 0 };
	json_t *list;
	size_t i;

	if (!*spares)
		return json_null();
	spared_read(spares, &spared);
	list = json_array();
	for (i = 0; i < spared.count; i++)
		list = json_append(list, session_json(&spared.sessions[i]));
	return json_pack("{s:o, s:o}", "expression", json_text(spares), "sessions", list);
}

static json_t *pulse_json(const struct xdpaction_rule *rule)
{
	if (!rule->pulse_on_ns)
		return json_null();
	return json_pack("{s:o, s:o}", "on_ns", json_number(rule->pulse_on_ns),
			 "off_ns", json_number(rule->pulse_off_ns));
}

/* Conditions that are asked after the match. */
static json_t *further_json(const struct xdpaction_rule *rule)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:b, s:o}",
			 "skip", json_number_or_null(rule->skip), "pulse", pulse_json(rule),
			 "every", json_number_or_null(rule->every),
			 "burst", rule->burst ? json_real(rule->burst / 1000.0) : json_null(),
			 "per_flow", rule->per_flow,
			 "seed", rule->per_flow ? json_number(rule->seed) : json_null());
}

static json_t *rule_json(const struct named_rule *named)
{
	const struct xdpaction_rule *rule = named->rule;
	char fraction[UNITS_SIZE];
	double probability = strtod(units_fraction(fraction, rule->probability), NULL);

	return json_joined(json_pack("{s:s, s:f, s:s, s:o, s:o, s:o, s:o}",
				     "verdict", verdict_key(rule->verdict),
				     "probability", probability,
				     "otherwise", verdict_key(rule->otherwise),
				     "target", target_json(named),
				     "match", json_text_or_null(rule->match),
				     "except", json_text_or_null(rule->except),
				     "spares", spares_json(rule->spares)),
			   further_json(rule));
}

json_t *setting_json(const struct named_setting *setting)
{
	json_t *object = rule_json(&setting->rule);
	json_t *end = json_pack("{s:o, s:o, s:o}", "remaining_ns",
				json_number_or_null(setting->duration_ns), "remaining_packets",
				json_number_or_null(setting->packets), "base",
				setting->has_base ? rule_json(&setting->base) : json_null());

	return json_joined(object, end);
}

const char *end_key(enum xdpaction_end end)
{
	return end == XDPACTION_END_TIME ? "time" : "packets";
}

/* The temporary setting that ended, when its base is in force. */
static json_t *ended_json(const struct xdpaction_status *status)
{
	struct named_rule ended;
	json_t *end;

	if (status->end == XDPACTION_END_NONE)
		return json_null();
	ended = describe_target(&status->ended);
	end = json_pack("{s:s, s:o, s:o, s:o, s:o}", "by", end_key(status->end),
			"time", json_time_or_null(status->ended_ns),
			"time_ns", json_number_or_null(status->ended_ns),
			"duration_ns", json_number_or_null(status->origin.duration_ns),
			"packets", json_number_or_null(status->origin.packets));
	return json_joined(end, rule_json(&ended));
}

/* How the setting in force came about. */
static json_t *history_json(const struct view *view)
{
	const struct xdpaction_status *status = &view->status;

	if (!view->setting_known)
		return json_pack("{s:n, s:n, s:n}", "generation", "changed", "ended");
	return json_pack("{s:o, s:o, s:o}", "generation", json_number(status->generation),
			 "changed", json_origin(&status->origin), "ended", ended_json(status));
}

static json_t *chain_actions_json(uint32_t chain_actions)
{
	json_t *list = json_array();
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		if (chain_actions & 1U << verdict)
			list = json_append(list, json_string(verdict_key(verdict)));
	return list;
}

static json_t *program_json(const struct xdpaction_program *program, bool ranked)
{
	return json_pack("{s:o, s:o, s:o, s:b, s:o}",
			 "priority", ranked ? json_number(program->priority) : json_null(),
			 "name", json_text(program->name), "id", json_number(program->id),
			 "self", program->self,
			 "chain_actions", chain_actions_json(program->chain_actions));
}

static json_t *chain_json(const struct xdpaction_chain *chain)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < chain->count; i++)
		list = json_append(list, program_json(&chain->programs[i], chain->dispatcher));
	return list;
}

static json_t *problem_json(const struct xdpaction_problem *problem, const char *ifname)
{
	char advice[DESCRIBE_SIZE];
	struct words words = words_in(advice, sizeof(advice));

	words_add_advice(&words, problem->advice_kind, problem->advice, ifname);
	return json_pack("{s:s, s:o, s:o}", "kind", problem_key(problem->kind),
			 "text", json_words(problem->text), "advice", json_words(advice));
}

static json_t *problems_json(const struct xdpaction_status *status)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < status->problem_count; i++)
		list = json_append(list, problem_json(&status->problems[i], status->chain.ifname));
	return list;
}

/* How it is attached. */
static json_t *attachment_json(const struct xdpaction_chain *chain)
{
	const char *mode = xdpaction_mode_name(chain->mode);

	return json_pack("{s:s, s:b, s:o, s:o, s:b, s:o}", "mode", mode ? mode : "unknown",
			 "dispatcher", chain->dispatcher,
			 "dispatcher_id", json_number_or_null(chain->dispatcher_id),
			 "dispatcher_format", json_number_or_null(chain->dispatcher_format),
			 "frags", chain->frags, "chain", chain_json(chain));
}

/* By verdict, and where a match is set by what was asked of it. */
static json_t *counters_json(const struct view *view)
{
	const struct xdpaction_status *status = &view->status;
	bool asked = view_has_match(view);

	return json_joined(json_counters(status->counters),
			   json_asked(asked ? &status->matched : NULL,
				      asked ? &status->missed : NULL));
}

static json_t *view_json(const struct view *view)
{
	const struct xdpaction_status *status = &view->status;
	json_t *object;

	object = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}",
			   "interface", json_text(status->chain.ifname),
			   "ifindex", json_number(status->chain.ifindex),
			   "netns_inode", json_number(status->netns_inode),
			   "time", json_time_or_null(status->now_ns),
			   "time_ns", json_number(status->now_ns),
			   "program_id", json_number(status->program_id));
	object = json_joined(object, attachment_json(&status->chain));
	object = json_joined(object, json_pack("{s:o}", "setting",
					       view->setting_known ? setting_json(&view->setting) :
								     json_null()));
	object = json_joined(object, history_json(view));
	return json_joined(object,
			   json_pack("{s:o, s:o, s:o, s:b, s:o, s:o}",
				     "counters", counters_json(view),
				     "loaded", json_time_or_null(status->loaded_ns),
				     "loaded_ns", json_number_or_null(status->loaded_ns),
				     "pinned", status->pinned,
				     "pins", json_text_or_null(status->pins),
				     "problems", problems_json(status)));
}

bool json_add_view(json_t **list, const struct view *view)
{
	if (!*list)
		*list = json_array();
	*list = json_append(*list, view_json(view));
	return *list;
}

bool json_print_views(FILE *out, json_t *list, const struct views *views)
{
	return json_print(out,
			  json_pack("{s:i, s:o, s:o}", "version", JSON_VERSION,
				    "instances", list ? list : json_array(), "leftovers",
				    views->leftovers < 0 ? json_null() :
							   json_number(views->leftovers)),
			  false);
}

/* The names of targets are those of another namespace. */
static json_t *attached_setting_json(const struct xdpaction_attachment *attachment)
{
	struct named_setting setting;

	if (!attachment->has_setting)
		return json_null();
	setting = describe_names(&attachment->setting);
	setting.rule.target[0] = '\0';
	setting.base.target[0] = '\0';
	return setting_json(&setting);
}

static json_t *attached_json(const struct attached *attached)
{
	const struct xdpaction_attachment *attachment = &attached->attachment;
	json_t *object;

	object = json_pack("{s:o, s:o, s:o, s:o, s:b}",
			   "interface", json_text(attachment->chain.ifname),
			   "ifindex", json_number(attachment->chain.ifindex),
			   "netns_inode", json_number(attachment->netns_inode),
			   "netns", json_text_or_null(attached->netns),
			   "link", attachment->by_link);
	object = json_joined(object, attachment_json(&attachment->chain));
	return json_joined(object,
			   json_pack("{s:o, s:o}",
				     "chain_unknown", json_text_or_null(attachment->unknown),
				     "setting", attached_setting_json(attachment)));
}

bool json_print_attached(FILE *out, const struct attached *list, size_t count)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		array = json_append(array, attached_json(&list[i]));
	return json_print(out,
			  json_pack("{s:i, s:o}", "version", JSON_VERSION, "attachments", array),
			  false);
}

/* ---- what came of a command ---- */

bool outcome_keep_setting(json_t **kept, const struct xdpaction_setting *setting)
{
	struct named_setting named;

	json_decref(*kept);
	*kept = NULL;
	if (!setting)
		return true;
	named = describe_names(setting);
	*kept = setting_json(&named);
	return *kept;
}

static json_t *kept_json(json_t *kept)
{
	return kept ? json_incref(kept) : json_null();
}

static json_t *outcome_error_json(bool failed, const struct outcome_error *error)
{
	const char *err = error->err ? strerrorname_np(-error->err) : NULL;

	if (!failed)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "message", json_words(error->message),
			 "advice", json_words(error->advice),
			 "errno", json_text_or_null(err));
}

static json_t *outcome_json(const struct outcome *outcome)
{
	static const char *const keys[] = {
		[OUTCOME_DONE] = "done",
		[OUTCOME_KEPT] = "kept",
		[OUTCOME_FAILED] = "failed",
	};

	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}",
			 "interface", json_text(outcome->ifname),
			 "outcome", keys[outcome->kind],
			 "error",
			 outcome_error_json(outcome->kind == OUTCOME_FAILED, &outcome->error),
			 "generation",
			 outcome->has_generation ? json_number(outcome->generation) : json_null(),
			 "before", kept_json(outcome->before), "setting", kept_json(outcome->now));
}

bool json_print_outcomes(FILE *out, const struct outcomes *outcomes)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < outcomes->count; i++)
		list = json_append(list, outcome_json(&outcomes->list[i]));
	return json_print(out,
			  json_pack("{s:i, s:s, s:o, s:o}", "version", JSON_VERSION,
				    "command", outcomes->command, "outcomes", list, "error",
				    outcome_error_json(outcomes->failed, &outcomes->failure)),
			  false);
}

void outcomes_free(struct outcomes *outcomes)
{
	size_t i;

	for (i = 0; i < outcomes->count; i++) {
		json_decref(outcomes->list[i].before);
		json_decref(outcomes->list[i].now);
	}
	free(outcomes->list);
}
