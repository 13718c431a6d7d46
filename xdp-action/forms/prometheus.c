// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <inttypes.h>
#include <stdlib.h>

#include "clock.h"
#include "forms.h"

/* Prints name="value" and escapes what the format requires. */
static void print_label(FILE *out, const char *name, const char *value)
{
	char safe[4 * XDPACTION_EXPRESSION_SIZE];
	const char *p;

	fprintf(out, "%s=\"", name);
	for (p = escape_text(safe, sizeof(safe), value); *p; p++) {
		if (*p == '"' || *p == '\\')
			fputc('\\', out);
		fputc(*p, out);
	}
	fputc('"', out);
}

/* Where the samples go, and from which network namespace they are. */
struct exposition {
	FILE *out;
	const char *netns;	/* "" without a label */
};

/* The label that a name of an interface, or a version, does not make unique. */
static void print_netns(const struct exposition *to)
{
	if (!*to->netns)
		return;
	fputc(',', to->out);
	print_label(to->out, "netns", to->netns);
}

/* Starts a sample: its name and the labels that all of ours have. */
static void print_start(const struct exposition *to, const char *metric, const struct view *view)
{
	fprintf(to->out, "%s{", metric);
	print_label(to->out, "interface", view->status.chain.ifname);
	print_netns(to);
}

static void print_seconds(FILE *out, uint64_t ns)
{
	fprintf(out, "%" PRIu64 ".%09" PRIu64 "\n", ns / NSEC_PER_SEC, ns % NSEC_PER_SEC);
}

static void print_build(const struct exposition *to)
{
	fprintf(to->out, "xdp_action_build_info{");
	print_label(to->out, "version", xdpaction_version());
	fputc(',', to->out);
	print_label(to->out, "libxdp", xdpaction_libxdp_version());
	fputc(',', to->out);
	print_label(to->out, "libbpf", xdpaction_libbpf_version());
	print_netns(to);
	fprintf(to->out, "} 1\n");
}

static void print_counter(const struct exposition *to, const char *metric, const struct view *view,
			  enum xdpaction_verdict verdict, uint64_t value)
{
	print_start(to, metric, view);
	fprintf(to->out, ",verdict=\"%s\"} %" PRIu64 "\n", verdict_key(verdict), value);
}

static void print_packets(const struct exposition *to, const char *metric, const struct view *view)
{
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		print_counter(to, metric, view, verdict, view->status.counters[verdict].packets);
}

static void print_bytes(const struct exposition *to, const char *metric, const struct view *view)
{
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		print_counter(to, metric, view, verdict, view->status.counters[verdict].bytes);
}

/* Of packets that were asked whether they match, while any are. */
static void print_asked(const struct exposition *to, const char *metric, const struct view *view,
			uint64_t value)
{
	if (!view_has_match(view))
		return;
	print_start(to, metric, view);
	fprintf(to->out, "} %" PRIu64 "\n", value);
}

static void print_matched(const struct exposition *to, const char *metric, const struct view *view)
{
	print_asked(to, metric, view, view->status.matched.packets);
}

static void print_matched_bytes(const struct exposition *to, const char *metric,
				const struct view *view)
{
	print_asked(to, metric, view, view->status.matched.bytes);
}

static void print_missed(const struct exposition *to, const char *metric, const struct view *view)
{
	print_asked(to, metric, view, view->status.missed.packets);
}

static void print_missed_bytes(const struct exposition *to, const char *metric,
			       const struct view *view)
{
	print_asked(to, metric, view, view->status.missed.bytes);
}

static void print_instance(const struct exposition *to, const char *metric, const struct view *view)
{
	const struct xdpaction_chain *chain = &view->status.chain;
	const char *mode = xdpaction_mode_name(chain->mode);

	print_start(to, metric, view);
	fprintf(to->out, ",mode=\"%s\",dispatcher=\"%s\",frags=\"%s\"} 1\n", mode ? mode : "unknown",
		chain->dispatcher ? "true" : "false", chain->frags ? "true" : "false");
}

static void print_loaded(const struct exposition *to, const char *metric, const struct view *view)
{
	if (!view->status.loaded_ns)
		return;
	print_start(to, metric, view);
	fprintf(to->out, "} ");
	print_seconds(to->out, view->status.loaded_ns);
}

/* What is in force: since it was set, or since what was set before it ended. */
static void print_changed(const struct exposition *to, const char *metric, const struct view *view)
{
	const struct xdpaction_status *status = &view->status;
	uint64_t changed_ns = status->end ? status->ended_ns : status->origin.time_ns;

	if (!view->setting_known || !changed_ns)
		return;
	print_start(to, metric, view);
	fprintf(to->out, "} ");
	print_seconds(to->out, changed_ns);
}

static void print_setting(const struct exposition *to, const char *metric, const struct view *view)
{
	const struct named_setting *setting = &view->setting;

	if (!view->setting_known)
		return;
	print_start(to, metric, view);
	fprintf(to->out, ",verdict=\"%s\",otherwise=\"%s\",",
		verdict_key(setting->rule.rule->verdict),
		verdict_key(setting->rule.rule->otherwise));
	print_label(to->out, "target", setting->rule.target);
	fprintf(to->out, ",then=\"%s\",",
		setting->has_base ? verdict_key(setting->base.rule->verdict) : "");
	print_label(to->out, "match", setting->rule.rule->match);
	fputc(',', to->out);
	print_label(to->out, "except", setting->rule.rule->except);
	fputc(',', to->out);
	print_label(to->out, "spares", setting->rule.rule->spares);
	fprintf(to->out, "} 1\n");
}

static void print_probability(const struct exposition *to, const char *metric,
			      const struct view *view)
{
	char fraction[UNITS_SIZE];

	if (!view->setting_known)
		return;
	print_start(to, metric, view);
	fprintf(to->out, "} %s\n", units_fraction(fraction, view->status.setting.rule.probability));
}

static void print_seconds_left(const struct exposition *to, const char *metric,
			       const struct view *view)
{
	if (!view->setting_known || !view->setting.duration_ns)
		return;
	print_start(to, metric, view);
	fprintf(to->out, "} ");
	print_seconds(to->out, view->setting.duration_ns);
}

static void print_packets_left(const struct exposition *to, const char *metric,
			       const struct view *view)
{
	if (!view->setting_known || !view->setting.packets)
		return;
	print_start(to, metric, view);
	fprintf(to->out, "} %" PRIu64 "\n", view->setting.packets);
}

static void print_packets_of(const struct exposition *to, const char *metric,
			     const struct view *view, double packets)
{
	if (!view->setting_known || packets == 0)
		return;
	print_start(to, metric, view);
	fprintf(to->out, "} %.13g\n", packets);
}

static void print_skip(const struct exposition *to, const char *metric, const struct view *view)
{
	print_packets_of(to, metric, view, view->status.setting.rule.skip);
}

static void print_every(const struct exposition *to, const char *metric, const struct view *view)
{
	print_packets_of(to, metric, view, view->status.setting.rule.every);
}

static void print_burst(const struct exposition *to, const char *metric, const struct view *view)
{
	print_packets_of(to, metric, view, view->status.setting.rule.burst / 1000.0);
}

static void print_pulse(const struct exposition *to, const char *metric, const struct view *view)
{
	const struct xdpaction_rule *rule = &view->status.setting.rule;

	if (!view->setting_known || !rule->pulse_on_ns)
		return;
	print_start(to, metric, view);
	fprintf(to->out, ",phase=\"on\"} ");
	print_seconds(to->out, rule->pulse_on_ns);
	print_start(to, metric, view);
	fprintf(to->out, ",phase=\"off\"} ");
	print_seconds(to->out, rule->pulse_off_ns);
}

static void print_flows(const struct exposition *to, const char *metric, const struct view *view)
{
	const struct xdpaction_rule *rule = &view->status.setting.rule;

	if (!view->setting_known || !rule->per_flow)
		return;
	print_start(to, metric, view);
	fprintf(to->out, ",seed=\"%" PRIu64 "\"} 1\n", rule->seed);
}

static void print_problems(const struct exposition *to, const char *metric, const struct view *view)
{
	print_start(to, metric, view);
	fprintf(to->out, "} %zu\n", view->status.problem_count);
}

/* The format requires the samples of a metric, of all interfaces, to be adjacent. */
static const struct family {
	const char *name;
	const char *type;
	const char *help;
	void (*print)(const struct exposition *to, const char *metric, const struct view *view);
} families[] = {
	{ "xdp_action_packets_total", "counter",
	  "Packets that got the verdict since the program was loaded.", print_packets },
	{ "xdp_action_bytes_total", "counter",
	  "Bytes of the packets that got the verdict, from the MAC header on.", print_bytes },
	{ "xdp_action_matched_packets_total", "counter",
	  "Packets that matched the expressions of a setting.", print_matched },
	{ "xdp_action_matched_bytes_total", "counter", "Bytes of these packets.",
	  print_matched_bytes },
	{ "xdp_action_missed_packets_total", "counter",
	  "Packets that did not match the expressions of a setting.", print_missed },
	{ "xdp_action_missed_bytes_total", "counter", "Bytes of these packets.",
	  print_missed_bytes },
	{ "xdp_action_instance_info", "gauge", "How the program is attached; the value is 1.",
	  print_instance },
	{ "xdp_action_loaded_timestamp_seconds", "gauge",
	  "When the program was loaded, in Unix time.", print_loaded },
	{ "xdp_action_setting_changed_timestamp_seconds", "gauge",
	  "Since when the setting has been in force, in Unix time; nothing where nobody recorded it.",
	  print_changed },
	{ "xdp_action_setting_info", "gauge",
	  "The setting in force; the label then has the verdict that follows it; the value is 1.",
	  print_setting },
	{ "xdp_action_setting_probability_ratio", "gauge",
	  "The chance, from 0 to 1, that a packet gets the verdict of the setting.",
	  print_probability },
	{ "xdp_action_setting_remaining_seconds", "gauge",
	  "Time until the temporary setting ends.", print_seconds_left },
	{ "xdp_action_setting_remaining_packets", "gauge",
	  "Packets until the temporary setting ends.", print_packets_left },
	{ "xdp_action_setting_skip_packets", "gauge",
	  "Packets that the setting still leaves out first.", print_skip },
	{ "xdp_action_setting_every_packets", "gauge",
	  "The setting gives its verdict to each packet of this number.", print_every },
	{ "xdp_action_setting_burst_packets", "gauge",
	  "The mean run of packets that get the verdict of the setting.", print_burst },
	{ "xdp_action_setting_pulse_seconds", "gauge",
	  "How long the setting is on, and off.", print_pulse },
	{ "xdp_action_setting_per_flow", "gauge",
	  "The setting chooses flows; the value is 1.", print_flows },
	{ "xdp_action_problems", "gauge",
	  "Problems of the instance, as status shows them.", print_problems },
};

#define FAMILIES (sizeof(families) / sizeof(families[0]))

/* The samples of a metric, which grow with each view. */
struct samples {
	char *text;
	size_t size;
	FILE *to;
};

struct metrics {
	const char *netns;
	struct samples samples[FAMILIES];
};

struct metrics *metrics_begin(const char *netns)
{
	struct metrics *metrics = calloc(1, sizeof(*metrics));
	size_t i;

	if (!metrics)
		return NULL;
	metrics->netns = netns;
	for (i = 0; i < FAMILIES; i++) {
		struct samples *samples = &metrics->samples[i];

		samples->to = open_memstream(&samples->text, &samples->size);
		if (!samples->to) {
			metrics_free(metrics);
			return NULL;
		}
	}
	return metrics;
}

bool metrics_add_view(struct metrics *metrics, const struct view *view)
{
	struct exposition to = { .netns = metrics->netns };
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		to.out = metrics->samples[i].to;
		families[i].print(&to, families[i].name, view);
		/* A stream into memory fails here when there is none. */
		if (fflush(to.out))
			return false;
	}
	return true;
}

static void print_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Once a namespace: not in each of the files that are about some interfaces. */
static void print_tool(FILE *out, const struct metrics *metrics)
{
	struct exposition to = { .out = out, .netns = metrics->netns };

	print_head(out, "xdp_action_build_info", "gauge",
		   "The versions of xdp-action and its libraries; the value is 1.");
	print_build(&to);
}

void metrics_print(FILE *out, const struct metrics *metrics, const struct views *views)
{
	size_t i;

	if (!views->given)
		print_tool(out, metrics);
	for (i = 0; views->count && i < FAMILIES; i++) {
		print_head(out, families[i].name, families[i].type, families[i].help);
		fputs(metrics->samples[i].text, out);
	}
}

void metrics_free(struct metrics *metrics)
{
	size_t i;

	if (!metrics)
		return;
	for (i = 0; i < FAMILIES && metrics->samples[i].to; i++) {
		fclose(metrics->samples[i].to);
		free(metrics->samples[i].text);
	}
	free(metrics);
}
