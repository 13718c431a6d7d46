// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <net/if.h>

#include "forms.h"
#include "spare/spare.h"

struct named_rule describe_target(const struct xdpaction_rule *rule)
{
	struct named_rule named = { .rule = rule };

	if (rule->target_ifindex && !if_indextoname(rule->target_ifindex, named.target))
		named.target[0] = '\0';
	return named;
}

static void add_target(struct words *words, enum xdpaction_verdict verdict, const char *target)
{
	if (verdict != XDPACTION_REDIRECT)
		return;
	if (*target)
		words_add(words, " to %s", target);
	else
		words_add(words, " to an interface that is gone");
}

/* " that match 'tcp' and not 'port 22'"; `spares` is what is not said in other words. */
static void add_match(struct words *words, const struct xdpaction_rule *rule, const char *spares)
{
	const char *not = *rule->match ? " and not" : " that do not match";

	if (*rule->match)
		words_add(words, " that match '%s'", rule->match);
	if (*rule->except) {
		words_add(words, "%s '%s'", not, rule->except);
		not = " nor";
	}
	if (*spares)
		words_add(words, "%s '%s'", not, spares);
}

static const char *ordinal_end(uint64_t number)
{
	static const char *const ends[] = { "th", "st", "nd", "rd" };
	uint64_t last = number % 10;

	return last < 4 && number % 100 / 10 != 1 ? ends[last] : "th";
}

/* " 5% of packets", " every 3rd of packets" */
static void add_share(struct words *words, const struct xdpaction_rule *rule)
{
	char number[UNITS_SIZE];

	if (rule->every)
		words_add(words, " every %s%s of", units_count(number, rule->every),
			  ordinal_end(rule->every));
	else if (rule->probability < XDPACTION_ALWAYS)
		words_add(words, " %s of", units_percent(number, rule->probability));
	words_add(words, rule->per_flow ? " flows" : " packets");
}

/* ", in runs of 4 on average, after the next 2" */
static void add_further(struct words *words, const struct xdpaction_rule *rule)
{
	char text[UNITS_SIZE], other[UNITS_SIZE];

	if (rule->burst)
		words_add(words, ", in runs of %.10g on average", rule->burst / 1000.0);
	/* A load does not tell which one it made. */
	if (rule->per_flow && rule->seed)
		words_add(words, ", by seed %llu", (unsigned long long)rule->seed);
	if (rule->pulse_on_ns)
		words_add(words, ", on for %s and off for %s",
			  units_duration(text, rule->pulse_on_ns),
			  units_duration(other, rule->pulse_off_ns));
	if (rule->skip)
		words_add(words, ", after the next %s", units_count(text, rule->skip));
}

/* Conditions beside the match. */
static bool has_conditions(const struct xdpaction_rule *rule)
{
	return rule->probability < XDPACTION_ALWAYS || rule->every || rule->skip ||
	       rule->pulse_on_ns;
}

void describe_rule(struct words *words, const struct named_rule *named)
{
	const struct xdpaction_rule *rule = named->rule;
	bool sometimes = has_conditions(rule), has_match;
	const char *spares = rule->spares;
	struct spared spared;

	if (spared_read(spares, &spared))
		spares = "";
	has_match = *rule->match || *rule->except || *spares;
	words_add(words, "%s", xdpaction_verdict_name(rule->verdict));
	if (sometimes || has_match)
		add_share(words, rule);
	add_match(words, rule, spares);
	add_further(words, rule);
	add_target(words, rule->verdict, named->target);
	if (spares != rule->spares) {
		words_add(words, ", sparing ");
		spared_describe(words, &spared);
	}

	if (sometimes || has_match ||
	    (rule->verdict == XDPACTION_TX && rule->otherwise != XDPACTION_PASS)) {
		words_add(words, ", otherwise %s", xdpaction_verdict_name(rule->otherwise));
		add_target(words, rule->otherwise, named->target);
	}
}

struct named_setting describe_names(const struct xdpaction_setting *setting)
{
	struct named_setting named = {
		.rule = describe_target(&setting->rule),
		.has_base = setting->has_base,
		.duration_ns = setting->duration_ns,
		.packets = setting->packets,
	};

	if (setting->has_base)
		named.base = describe_target(&setting->base);
	return named;
}

static void add_packets(struct words *words, uint64_t packets)
{
	char count[UNITS_SIZE];

	words_add(words, "%s packet%s", units_count(count, packets), packets == 1 ? "" : "s");
}

void describe_in_force(struct words *words, const struct named_setting *setting)
{
	char time[UNITS_SIZE];

	describe_rule(words, &setting->rule);
	if (!setting->has_base)
		return;

	words_add(words, "; ");
	if (setting->duration_ns)
		words_add(words, "%s", units_time_left(time, setting->duration_ns));
	if (setting->duration_ns && setting->packets)
		words_add(words, " or ");
	if (setting->packets)
		add_packets(words, setting->packets);
	words_add(words, " left, then ");
	describe_rule(words, &setting->base);
}

void describe_asked(struct words *words, const struct named_setting *setting)
{
	char time[UNITS_SIZE];

	describe_rule(words, &setting->rule);
	if (!setting->duration_ns && !setting->packets)
		return;

	words_add(words, ", for ");
	if (setting->duration_ns)
		words_add(words, "%s", units_duration(time, setting->duration_ns));
	if (setting->duration_ns && setting->packets)
		words_add(words, " or ");
	if (setting->packets)
		add_packets(words, setting->packets);
	if (setting->has_base) {
		words_add(words, "; then ");
		describe_rule(words, &setting->base);
	}
}

/* "DROP, for 30 s ended"; what was asked for is not known without a record. */
static void add_ended(struct words *words, const struct xdpaction_status *status)
{
	struct named_setting ended = {
		.rule = describe_target(&status->ended),
		.duration_ns = status->origin.duration_ns,
		.packets = status->origin.packets,
	};
	char time[UNITS_SIZE];

	if (status->ended_ns)
		words_add(words, "%s, when ", units_local_time(time, status->ended_ns));
	else
		words_add(words, "the end of ");
	describe_asked(words, &ended);
	words_add(words, status->ended_ns ? " ended; that was set " : "; that was set ");
}

void describe_since(struct words *words, const struct xdpaction_status *status)
{
	if (status->end != XDPACTION_END_NONE)
		add_ended(words, status);
	if (status->origin.known)
		words_add_origin(words, &status->origin);
	else if (status->end != XDPACTION_END_NONE)
		words_add(words, "by something that keeps no record");
	else
		words_add(words, "a change that nobody recorded");
}

static size_t self_index(const struct xdpaction_chain *chain)
{
	size_t i;

	for (i = 0; i < chain->count && !chain->programs[i].self; i++)
		;
	return i;
}

/*
 * After the last program the dispatcher passes every packet that reaches its end,
 * so a verdict on which the last program chains on is not final. The verdict of a
 * single program is taken as final.
 */
void describe_onward(struct words *words, const struct xdpaction_chain *chain,
		     const struct xdpaction_rule *rule)
{
	size_t self = self_index(chain);
	uint32_t goes_on = chain->count > 1 && self < chain->count ?
				   chain->programs[self].chain_actions : 0;
	const char *next = self + 1 < chain->count ? chain->programs[self + 1].name :
						     "the network stack";
	enum xdpaction_verdict verdict;
	size_t start = words->length;

	if (xdpaction_rule_can_give(rule, XDPACTION_PASS))
		words_add(words, "a packet that passes goes on to %s",
			  goes_on & 1U << XDPACTION_PASS ? next : "the network stack");

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++) {
		if (verdict == XDPACTION_PASS || !(goes_on & 1U << verdict) ||
		    !xdpaction_rule_can_give(rule, verdict))
			continue;
		words_add(words, "%sa packet with %s goes on to %s",
			  words->length > start ? "; " : "", xdpaction_verdict_name(verdict), next);
	}
	if (words->length == start)
		words_add(words, "no packet passes");
}

void describe_place(struct words *words, const struct xdpaction_chain *chain)
{
	size_t self = self_index(chain);
	bool has_previous = self && self < chain->count;
	bool has_next = self + 1 < chain->count;

	if (has_previous)
		words_add(words, "after %s", chain->programs[self - 1].name);
	if (has_previous && has_next)
		words_add(words, " and ");
	if (has_next)
		words_add(words, "before %s", chain->programs[self + 1].name);
	if (!has_previous && !has_next)
		words_add(words, "alone");
}

void describe_attachment(struct words *words, const struct xdpaction_chain *chain)
{
	const char *mode = xdpaction_mode_name(chain->mode);

	words_add(words, "%s mode, %s%s", mode ? mode : "unknown",
		  chain->dispatcher ? "dispatcher" : "single mode", chain->frags ? ", frags" : "");
}
