// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdlib.h>

#include "commands.h"
#include "forms/forms.h"
#include "say/say.h"

struct match_values {
	const char *expression;
};

static const struct option_def options[] = {
	OPTION_JSON,
	OPTIONS_END,
};

/* What is gathered of a capture while it is read. */
struct reading {
	struct matched_capture *capture;
	/* Of each reason for which the kernel cannot be asked. */
	struct number_set unable[XDPACTION_ANSWER_LINK + 1];
	char link_name[32];
	bool no_memory;
};

static int take_packet(void *data, const struct xdpaction_packet *packet)
{
	struct reading *reading = data;
	struct number_set *set = &reading->capture->matched;

	reading->capture->packets++;
	if (packet->answer == XDPACTION_ANSWER_MISSED)
		return 0;
	if (packet->answer != XDPACTION_ANSWER_MATCHED) {
		reading->capture->unable++;
		set = &reading->unable[packet->answer];
		snprintf(reading->link_name, sizeof(reading->link_name), "%s", packet->link_name);
	}
	reading->no_memory = !number_set_add(set, packet->number);
	return reading->no_memory ? -ENOMEM : 0;
}

static void describe_unable(struct words *words, enum xdpaction_answer answer,
			    const char *link_name)
{
	switch (answer) {
	case XDPACTION_ANSWER_SHORT:
		words_add(words, "shorter than an Ethernet header");
		break;
	case XDPACTION_ANSWER_CUT:
		words_add(words, "cut by the snap length of the capture");
		break;
	case XDPACTION_ANSWER_LONG:
		words_add(words, "longer than it runs a program on");
		break;
	case XDPACTION_ANSWER_LINK:
		words_add(words, "of the link type %s, which is not Ethernet", link_name);
		break;
	case XDPACTION_ANSWER_MISSED:
	case XDPACTION_ANSWER_MATCHED:
		break;
	}
}

static void warn_of_unable(const struct cli *cli, const struct reading *reading)
{
	char message[REPORT_SIZE];
	enum xdpaction_answer answer;

	for (answer = XDPACTION_ANSWER_SHORT; answer <= XDPACTION_ANSWER_LINK; answer++) {
		const struct number_set *set = &reading->unable[answer];
		struct words words = words_in(message, sizeof(message));

		if (!set->count)
			continue;
		describe_unable(&words, answer, reading->link_name);
		words_add(&words, ": ");
		number_set_describe(&words, set);
		report_warning(cli, NULL, "%s: the kernel cannot be asked about packets %s",
			       reading->capture->path, message);
	}
}

static void free_reading(struct reading *reading)
{
	size_t i;

	for (i = 0; i < sizeof(reading->unable) / sizeof(reading->unable[0]); i++)
		number_set_free(&reading->unable[i]);
}

/* Nothing is shown of a capture that cannot be read to its end. */
static int read_capture(const struct cli *cli, const struct xdpaction_matcher *matcher,
			struct matched_capture *capture)
{
	struct reading reading = { .capture = capture };
	int err = xdpaction_matcher_run(cli->ctx, matcher, capture->path, take_packet, &reading);
	int status = EXIT_DONE;

	if (reading.no_memory)
		status = report_failure(cli, -ENOMEM, "out of memory");
	else if (err)
		status = report_library(cli, NULL, err);
	else
		warn_of_unable(cli, &reading);
	free_reading(&reading);
	capture->valid = status == EXIT_DONE;
	return status;
}

/* The text of a capture comes at once; the document of JSON is for all of them. */
static int show_captures(const struct cli *cli, const struct xdpaction_matcher *matcher,
			 struct matched_capture *captures, size_t count)
{
	int status = EXIT_DONE;
	size_t i;

	for (i = 0; i < count; i++) {
		captures[i].path = cli->operands.words[i];
		if (read_capture(cli, matcher, &captures[i]) != EXIT_DONE)
			status = EXIT_NOT_DONE;
		else if (!cli->json && !cli->quiet)
			text_print_matched(stdout, &captures[i], cli->verbose);
	}
	if (cli->json && !json_print_matched(stdout, captures, count, cli->verbose))
		return report_failure(cli, -ENOMEM, "out of memory");
	return status;
}

static int match_captures(const struct cli *cli, const struct xdpaction_matcher *matcher)
{
	size_t i, count = cli->operands.count;
	struct matched_capture *captures = calloc(count, sizeof(*captures));
	int status;

	if (!captures)
		return report_failure(cli, -ENOMEM, "out of memory");
	status = show_captures(cli, matcher, captures, count);
	for (i = 0; i < count; i++)
		number_set_free(&captures[i].matched);
	free(captures);
	return status;
}

static void check_match(const struct cli *cli, const void *data, struct words *wrong)
{
	if (!cli->operands.count)
		words_add(wrong, "name a capture: a file of pcap or pcapng, or '-'");
}

static int run_match(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct match_values *values = data;
	struct xdpaction_matcher *matcher = NULL;
	int status, err = xdpaction_matcher_new(cli->ctx, values->expression, &matcher);

	if (err)
		return report_library(cli, NULL, err);
	status = match_captures(cli, matcher);
	xdpaction_matcher_free(matcher);
	return status;
}

const struct command match_command = {
	.name = "match",
	.synopsis = "[-j] EXPR CAPTURE...",
	.summary = "Shows which packets of a capture an expression matches",
	.examples = "match 'tcp port 80' web.pcap\n"
		    "match -v 'tcp[tcpflags] & tcp-syn != 0' web.pcap\n",
	.notes = "EXPR is an expression of pcap-filter(7). The program in the kernel is asked about each packet of each CAPTURE, a file of pcap or pcapng, or '-' for the standard input. With -v the numbers of the packets that match are shown.\n"
		 "No interface is touched, and nothing is left behind. Packets that the kernel cannot be asked about are named on standard error.\n",
	.options = options,
	.first = &value_expression,
	.first_offset = offsetof(struct match_values, expression),
	.operands = OPERANDS_OTHER,
	.candidates = CANDIDATES_FILES,
	.values_size = sizeof(struct match_values),
	.check = check_match,
	.run = run_match,
};
