// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The forms of output, with the longest and the oddest that can come. */
#include <stdlib.h>
#include <string.h>

#include "forms/forms.h"
#include "json/json.h"
#include "say/say.h"
#include "support/tap.h"

#define LONG_NAME "abcdefghijklmno"
#define LONG_PROGRAM "a_program_with_a_name_as_long_as_btf_lets_it_be_and_no_longer__"

static struct view view;
static const struct views views = { .count = 1 };

static char *printed;
static size_t printed_size;
static FILE *out;

static void start(void)
{
	free(printed);
	out = open_memstream(&printed, &printed_size);
	if (!out)
		bail("no memory");
}

static void fill_longest(void)
{
	struct xdpaction_status *status = &view.status;
	size_t i;

	memset(&view, 0, sizeof(view));
	strcpy(status->chain.ifname, LONG_NAME);
	status->chain.ifindex = INT32_MAX;
	status->chain.dispatcher = status->chain.frags = true;
	status->chain.count = XDPACTION_CHAIN_MAX;
	for (i = 0; i < XDPACTION_CHAIN_MAX; i++)
		status->chain.programs[i] = (struct xdpaction_program){
			.id = UINT32_MAX,
			.name = LONG_PROGRAM,
			.self = i == 4,
			.priority = UINT32_MAX,
			.chain_actions = 0x1f,
		};
	for (i = 0; i < XDPACTION_VERDICTS; i++)
		status->counters[i] = (struct xdpaction_counter){ UINT64_MAX, UINT64_MAX };
	strcpy(status->pins, "/sys/fs/bpf/xdp/xdp-action/4026531840-2147483647");
	status->problem_count = 1;
	status->problems[0].kind = XDPACTION_PROBLEM_SHADOWED;
	memset(status->problems[0].text, 'x', XDPACTION_TEXT_SIZE - 1);
	for (i = 9; i < XDPACTION_TEXT_SIZE; i += 10)
		status->problems[0].text[i] = ' ';
	strcpy(status->problems[0].advice, "do something about it");
	status->now_ns = status->loaded_ns = UINT64_C(1714564800123456789);
	status->setting = (struct xdpaction_setting){
		.rule = { XDPACTION_REDIRECT, XDPACTION_ABORTED, 12345678, UINT32_MAX },
		.base = { XDPACTION_ABORTED, XDPACTION_REDIRECT, 87654321, UINT32_MAX },
		.has_base = true,
		.duration_ns = XDPACTION_DURATION_MAX_NS - 1,
		.packets = XDPACTION_PACKETS_MAX,
	};
	view_describe(&view);
}

/* What is printed has lines of so many columns at most. */
static void check_width(const char *what, size_t width)
{
	const char *line = printed;
	bool fits = true;

	while (*line) {
		size_t length = strcspn(line, "\n");

		/* Only a word longer than a line may stick out, as a program's name does. */
		if (length > width && !strstr(line, LONG_PROGRAM)) {
			note("%zu columns: %.*s", length, (int)length, line);
			fits = false;
		}
		line += length + (line[length] == '\n');
	}
	ok(fits, "%s fits %zu columns", what, width);
}

static void check_text(void)
{
	start();
	text_print_view(out, &view, true, LINE_WIDTH);
	fclose(out);
	check_width("the longest status", LINE_WIDTH);
	ok(!strchr(printed, '\033'), "colour is for terminals");
	ok(strstr(printed, "18,446,744,073,709,551,615 pkts") && strstr(printed, "16.0 EiB"),
	   "the largest counter is whole");
	ok(strstr(printed, "29 d 23 h or 4,294,967,296 packets left, then"),
	   "both limits are there, and stay with their units");

	start();
	text_print_view(out, &view, true, 0);
	fclose(out);
	ok(strstr(printed, "packets left, then ABORTED"), "without a width no line is broken");

	strcpy(view.status.chain.ifname, "a\033[2Jb");
	start();
	text_print_view(out, &view, true, 0);
	fclose(out);
	ok(strstr(printed, "a\\x1b[2Jb  ifindex") && !strchr(printed, '\033'),
	   "the name of an interface cannot write to the terminal");
}

static void check_narrow_text(void)
{
	memset(&view, 0, sizeof(view));
	strcpy(view.status.chain.ifname, LONG_NAME);
	view.status.chain.count = 1;
	strcpy(view.status.chain.programs[0].name, "xdp_action");
	view.status.setting.rule = (struct xdpaction_rule){
		.verdict = XDPACTION_DROP,
		.probability = XDPACTION_ALWAYS,
	};
	view.status.counters[XDPACTION_REDIRECT] = (struct xdpaction_counter){ 1234567, 1234567 };
	view_describe(&view);
	start();
	text_print_view(out, &view, true, 40);
	fclose(out);
	check_width("a status", 40);
	fill_longest();
}

static bool print_json(void)
{
	json_t *list = NULL;

	return json_add_view(&list, &view) && json_print_views(out, list, &views);
}

static void print_metrics(void)
{
	struct metrics *metrics = metrics_begin("");

	if (!metrics || !metrics_add_view(metrics, &view))
		bail("no memory");
	metrics_print(out, metrics, &views);
	metrics_free(metrics);
}

static json_t *load(void)
{
	json_error_t error;
	json_t *root = json_loads(printed, 0, &error);

	if (!ok(root, "the output is JSON"))
		bail("%s", error.text);
	return root;
}

static void check_json(void)
{
	json_t *root, *instance;
	json_int_t remaining_ns = 0;
	double packets = 0, probability = 0;
	const char *name = "";

	strcpy(view.status.chain.ifname, "a\xff\"b");
	view.status.counters[XDPACTION_DROP].packets = UINT64_C(1) << 62;
	start();
	ok(print_json(), "the longest status has a JSON form");
	fclose(out);
	root = load();
	instance = json_array_get(json_object_get(root, "instances"), 0);
	ok(!json_unpack(instance, "{s:s, s:{s:{s:F}}, s:{s:I, s:F}}", "interface", &name,
			"counters", "aborted", "packets", &packets, "setting", "remaining_ns",
			&remaining_ns, "probability", &probability),
	   "members are where the schema has them");
	ok(!strcmp(name, "a\\xff\"b"), "a name that is not UTF-8 is escaped");
	ok(packets > 1.8446744e19, "a number past 2^63 is a real");
	ok(remaining_ns == (json_int_t)XDPACTION_DURATION_MAX_NS - 1, "nanoseconds are exact");
	ok(probability * 4294967296 > 12345677.5 && probability * 4294967296 < 12345678.5,
	   "the probability is what it was");
	ok(strstr(printed, "\"packets\": 4611686018427387904"), "2^62 is an integer");
	json_decref(root);
}

static void check_unknown_setting(void)
{
	json_t *root;

	fill_longest();
	view.status.problems[0].kind = XDPACTION_PROBLEM_VERSION;
	view_describe(&view);
	start();
	ok(print_json(), "an instance of another version has a JSON form");
	fclose(out);
	root = load();
	ok(json_is_null(json_object_get(json_array_get(json_object_get(root, "instances"), 0),
					"setting")),
	   "in which the setting is null");
	json_decref(root);

	start();
	print_metrics();
	fclose(out);
	ok(!strstr(printed, "xdp_action_setting_info{"), "metrics say nothing of it");
	start();
	text_print_view(out, &view, true, 0);
	fclose(out);
	ok(strstr(printed, "setting  unknown"), "text says so");
}

static void check_metrics(void)
{
	fill_longest();
	strcpy(view.status.chain.ifname, "a\"\\b");
	start();
	print_metrics();
	fclose(out);
	ok(strstr(printed, "xdp_action_packets_total{interface=\"a\\\"\\\\b\",verdict=\"drop\"} "
			   "18446744073709551615\n"),
	   "labels are escaped, counters are whole");
	ok(strstr(printed, "} 2591999.999999999\n"), "seconds are exact");
	ok(printed[strlen(printed) - 1] == '\n', "the last line has an end");
}

static bool gone(unsigned int ifindex)
{
	return false;
}

static void check_poll(void)
{
	struct sample sample = { .ifname = LONG_NAME, .ifindex = 1, .program_id = UINT32_MAX };
	struct tracker tracker = { 0 };
	json_t *root;
	size_t i;

	tracker_update(&tracker, &sample, 1, NULL, 0, gone);
	sample.monotonic_ns = 1000000000;
	for (i = 0; i < XDPACTION_VERDICTS; i++)
		sample.counters[i] = (struct xdpaction_counter){ 99999999, 999999999999 };
	tracker_update(&tracker, &sample, 1, NULL, 0, gone);

	start();
	ok(poll_text.report(out, &tracker, 0, false), "poll has a text form");
	fclose(out);
	ok(strstr(printed, "  REDIRECT 99,999,999 pkts/s "), "with the rates");

	start();
	ok(poll_text.summary(out, &tracker, 0, 1), "and a summary");
	fclose(out);
	check_width("the summary of poll", LINE_WIDTH);

	start();
	ok(poll_json.report(out, &tracker, 0, false), "poll has a JSON form");
	fclose(out);
	root = load();
	ok(strchr(printed, '\n') == printed + strlen(printed) - 1, "in one line");
	json_decref(root);
	tracker_free(&tracker);
}

#define MANY 50

/* Takes escape sequences out of what is printed. */
static void strip_escapes(void)
{
	char *to = printed, *from = printed;

	while (*from) {
		if (*from == '\033')
			from += 2 + strcspn(from + 2, "HJK") + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
}

static unsigned int count_rows(void)
{
	unsigned int rows = 1;
	char *at;

	for (at = printed; (at = strchr(at, '\n')); at++)
		rows++;
	return rows;
}

/* Behind the last column of a row the cursor still stands on it. */
static bool erases_text(unsigned int columns)
{
	unsigned int column = 0;
	const char *at = printed;

	while (*at) {
		if (*at == '\033') {
			at += 2 + strcspn(at + 2, "HJK");
			if (*at != 'H' && column >= columns)
				return true;
		} else {
			column = *at == '\n' ? 0 : column + 1;
		}
		at++;
	}
	return false;
}

static void draw(const struct tracker *tracker, unsigned int rows, unsigned int columns, bool all)
{
	struct poll_page page = {
		.rows = rows,
		.columns = columns,
		.all = all,
		.interval_ns = 1000000000,
	};

	start();
	ok(text_draw_page(out, tracker, &page), "a page of %u rows and %u columns", rows, columns);
	fclose(out);
	ok(!erases_text(columns), "erases nothing of what it has drawn");
	strip_escapes();
	ok(count_rows() <= rows, "has no more rows");
	check_width("it", columns);
}

static void check_pages(void)
{
	struct sample samples[MANY] = { 0 };
	struct tracker tracker = { 0 };
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		samples[i].ifindex = i + 1;
		snprintf(samples[i].ifname, sizeof(samples[i].ifname), "eth%u", i);
	}
	tracker_update(&tracker, samples, MANY, NULL, 0, gone);
	draw(&tracker, 10, 40, false);
	ok(!strcmp(printed, "50 interfaces  00:00:00Z\nmeasuring: first rates after 1 s\n"),
	   "at first says how many there are, and when there are rates");
	draw(&tracker, 1, 10, false);
	for (i = 0; i < MANY; i++) {
		samples[i].monotonic_ns = 1000000000;
		samples[i].counters[XDPACTION_DROP].packets = 1000 * i;
		samples[i].counters[XDPACTION_PASS].packets = i % 2;
	}
	tracker_update(&tracker, samples, MANY, NULL, 0, gone);

	draw(&tracker, 10, 40, false);
	ok(strstr(printed, "50 interfaces, 41 not shown  00:00:00Z\n"), "which says how many have no place");
	ok(strstr(printed, "\neth49  DROP 49,000/s  PASS 1.0/s\neth48  DROP 48,000/s\n"),
	   "has the busiest first, without bits where these do not fit");
	draw(&tracker, 60, 200, false);
	ok(strstr(printed, "\neth49  DROP       49,000 pkts/s") &&
		   strstr(printed, "\neth0   no packets"),
	   "has all in full where there is room");
	ok(!strstr(printed, "REDIRECT") && !strstr(printed, "not shown"), "and no more");
	draw(&tracker, 60, 300, true);
	ok(strstr(printed, "REDIRECT"), "has all verdicts where they are wanted");
	draw(&tracker, 1, 10, false);
	draw(&tracker, 2, 1, false);
	tracker_free(&tracker);
}

static void check_reports(void)
{
	const struct report error = {
		.message = "a\n\"b\" \xff",
		.interface = "eth0",
		.err = -2,
	};
	const struct cli cli = { .json = true };
	const char *message = "", *name = "";
	FILE *real_stderr = stderr;
	json_t *root;

	start();
	stderr = out;
	report_print(&cli, &error);
	stderr = real_stderr;
	fclose(out);
	root = load();
	ok(!json_unpack(root, "{s:{s:s, s:s, s:n}}", "error", "message", &message, "errno", &name,
			"advice") &&
		   !strcmp(message, "a\\x0a\"b\" \\xff") && !strcmp(name, "ENOENT"),
	   "an error has a JSON form with its name");
	json_decref(root);
}

int main(void)
{
	fill_longest();
	check_text();
	check_narrow_text();
	check_json();
	check_unknown_setting();
	check_metrics();
	check_poll();
	check_pages();
	check_reports();
	free(printed);
	return finish();
}
