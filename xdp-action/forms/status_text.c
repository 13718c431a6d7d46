// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "forms.h"

/* The column in which the text after a label starts. */
#define TEXT_COLUMN 11
/* What a line about a counter takes, unless that is too much. */
#define COUNTER_COLUMNS 49

/* How a page looks. */
struct style {
	/* Escape sequences that start and end a colour; "" when colours are off. */
	const char *heading;
	const char *good;
	const char *bad;
	const char *end;
	/* Columns of a line; 0: of any length. */
	size_t width;
};

/* Colours are on for a terminal that is not dumb, unless NO_COLOR is set. */
static struct style style_for(FILE *out, size_t width)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (!isatty(fileno(out)) || (no_color && *no_color) || !term || !strcmp(term, "dumb"))
		return (struct style){ "", "", "", "", width };
	return (struct style){ "\033[1m", "\033[32m", "\033[31m", "\033[0m", width };
}

/* The colour of a verdict. */
static const char *verdict_colour(const struct style *style, enum xdpaction_verdict verdict)
{
	return verdict == XDPACTION_PASS ? style->good : style->bad;
}

static void print_label(FILE *out, const char *label)
{
	fprintf(out, "  %-*s", TEXT_COLUMN - 2, label);
}

static void print_paragraph(FILE *out, const struct style *style, const char *text)
{
	words_wrap(out, text, TEXT_COLUMN, TEXT_COLUMN, style->width);
}

static void print_heading(FILE *out, const struct style *style, const struct view *view)
{
	const struct xdpaction_chain *chain = &view->status.chain;
	char name[4 * XDPACTION_IFNAME_SIZE], line[DESCRIBE_SIZE + 32];
	struct words words = words_in(line, sizeof(line));

	escape_text(name, sizeof(name), chain->ifname);
	words_add(&words, "ifindex %u, %s", chain->ifindex, view->attachment);
	fprintf(out, "%s%s%s  ", style->heading, name, style->end);
	words_wrap(out, line, strlen(name) + 2, TEXT_COLUMN, style->width);
}

static void print_setting(FILE *out, const struct style *style, const struct view *view)
{
	const char *colour = style->bad;

	if (view->setting_known)
		colour = verdict_colour(style, view->setting.rule.rule->verdict);
	print_label(out, "setting");
	fputs(colour, out);
	print_paragraph(out, style, view->setting_words);
	fputs(style->end, out);
}

static void print_since(FILE *out, const struct style *style, const struct view *view)
{
	if (!view->setting_known)
		return;
	print_label(out, "since");
	print_paragraph(out, style, view->since);
}

/* The widths of the columns of a chain. */
struct widths {
	int priority, name;
};

static const char *priority_text(char out[16], const struct xdpaction_chain *chain,
				 const struct xdpaction_program *program)
{
	/* In single mode there is no chain, so a priority means nothing. */
	if (chain->dispatcher)
		snprintf(out, 16, "%u", program->priority);
	else
		strcpy(out, "-");
	return out;
}

static struct widths chain_widths(const struct xdpaction_chain *chain)
{
	struct widths widths = { 0 };
	char priority[16];
	size_t i;

	for (i = 0; i < chain->count; i++) {
		int length = strlen(priority_text(priority, chain, &chain->programs[i]));

		if (length > widths.priority)
			widths.priority = length;
		length = strlen(chain->programs[i].name);
		if (length > widths.name)
			widths.name = length;
	}
	return widths;
}

static void print_chain(FILE *out, const struct style *style, const struct view *view)
{
	const struct xdpaction_chain *chain = &view->status.chain;
	struct widths widths = chain_widths(chain);
	size_t i;

	for (i = 0; i < chain->count; i++) {
		const struct xdpaction_program *program = &chain->programs[i];
		char priority[16], line[DESCRIBE_SIZE];
		struct words words = words_in(line, sizeof(line));

		words_add(&words, "%*s %-*s  id %u%s", widths.priority,
			  priority_text(priority, chain, program), widths.name, program->name,
			  program->id, program->self ? "  this program" : "");
		print_label(out, i ? "" : "chain");
		fputs(program->self ? style->heading : "", out);
		print_paragraph(out, style, line);
		fputs(program->self ? style->end : "", out);
	}
	if (*view->onward) {
		print_label(out, "");
		print_paragraph(out, style, view->onward);
	}
}

static void print_counter(FILE *out, const struct style *style, const char *name,
			  const struct xdpaction_counter *counter)
{
	bool narrow = style->width && style->width < COUNTER_COLUMNS;
	char packets[UNITS_SIZE], bytes[UNITS_SIZE];

	fprintf(out, "  %-12s %*s pkts %*s\n", name, narrow ? 8 : 16,
		units_count(packets, counter->packets), narrow ? 10 : 12,
		units_bytes(bytes, counter->bytes));
}

static void print_counters(FILE *out, const struct style *style, const struct view *view)
{
	enum xdpaction_verdict verdict;
	char name[16];

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++) {
		snprintf(name, sizeof(name), "XDP_%s", xdpaction_verdict_name(verdict));
		print_counter(out, style, name, &view->status.counters[verdict]);
	}
	if (!view_has_match(view))
		return;
	print_counter(out, style, "matched", &view->status.matched);
	print_counter(out, style, "missed", &view->status.missed);
}

static void print_problems(FILE *out, const struct style *style, const struct view *view)
{
	size_t i;

	for (i = 0; i < view->status.problem_count; i++) {
		const struct xdpaction_problem *problem = &view->status.problems[i];
		char line[DESCRIBE_SIZE];
		struct words words = words_in(line, sizeof(line));

		words_add(&words, "%s%s", problem->text, *problem->advice ? "; " : "");
		words_add_advice(&words, problem->advice_kind, problem->advice,
				 view->status.chain.ifname);
		fputs(style->bad, out);
		print_label(out, "problem");
		print_paragraph(out, style, line);
		fputs(style->end, out);
	}
}

static void print_facts(FILE *out, const struct style *style, const struct view *view)
{
	char line[DESCRIBE_SIZE];
	struct words pins = words_in(line, sizeof(line));

	print_heading(out, style, view);
	print_setting(out, style, view);
	print_since(out, style, view);
	print_chain(out, style, view);
	print_label(out, "pins");
	words_add(&pins, "%s%s", *view->status.pins ? view->status.pins : "out of reach",
		  view->status.pinned || !*view->status.pins ? "" : " (missing)");
	print_paragraph(out, style, line);
	print_counters(out, style, view);
	print_problems(out, style, view);
}

void text_print_view(FILE *out, const struct view *view, bool first, size_t width)
{
	const struct style style = style_for(out, width);

	if (!first)
		fputc('\n', out);
	print_facts(out, &style, view);
}

void text_print_end(FILE *out, const struct views *views)
{
	if (!views->count && !views->given && !views->partial)
		fprintf(out, "No interface has an instance.\n");
	if (views->leftovers > 0)
		fprintf(out, "%sLeft over and unused: %ld; 'xdp-action clean' shows and removes it.\n",
			views->count ? "\n" : "", views->leftovers);
}

/* The names of targets are those of another namespace. */
static void number_target(struct named_rule *rule)
{
	if (rule->rule->target_ifindex)
		snprintf(rule->target, sizeof(rule->target), "ifindex %u",
			 rule->rule->target_ifindex % 10000000);
}

static void describe_attached(const struct xdpaction_attachment *attachment, struct view *view)
{
	struct words words = words_in(view->attachment, sizeof(view->attachment));
	struct words setting = words_in(view->setting_words, sizeof(view->setting_words));

	view->status.chain = attachment->chain;
	describe_attachment(&words, &attachment->chain);
	view->setting_known = attachment->has_setting;
	if (!view->setting_known)
		return;
	view->setting = describe_names(&attachment->setting);
	number_target(&view->setting.rule);
	if (view->setting.has_base)
		number_target(&view->setting.base);
	describe_in_force(&setting, &view->setting);
}

static void print_attached(FILE *out, const struct style *style, const struct attached *attached)
{
	const struct xdpaction_attachment *attachment = &attached->attachment;
	char safe[4 * NETNS_NAME_SIZE];
	struct view view = { 0 };

	describe_attached(attachment, &view);
	print_heading(out, style, &view);
	print_label(out, "netns");
	fprintf(out, "%" PRIu64 "%s%s\n", attachment->netns_inode, *attached->netns ? " " : "",
		escape_text(safe, sizeof(safe), attached->netns));
	if (view.setting_known)
		print_setting(out, style, &view);
	print_chain(out, style, &view);
	if (*attachment->unknown) {
		print_label(out, "chain");
		print_paragraph(out, style, attachment->unknown);
	}
	if (attachment->by_link) {
		print_label(out, "");
		print_paragraph(out, style, "held by a bpf_link");
	}
}

void text_print_attached(FILE *out, const struct attached *list, size_t count, size_t width)
{
	const struct style style = style_for(out, width);
	size_t i;

	if (!count)
		fprintf(out, "No interface of the machine has an XDP program.\n");
	for (i = 0; i < count; i++) {
		if (i)
			fputc('\n', out);
		print_attached(out, &style, &list[i]);
	}
}
