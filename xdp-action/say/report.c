// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <string.h>

#include "json/json.h"
#include "say.h"

static const char *kind_prefix(enum report_kind kind)
{
	return kind == REPORT_WARNING ? "warning: " : "";
}

static void print_text(const struct report *report)
{
	char line[REPORT_SIZE + 64], safe[REPORT_SIZE * 4];
	struct words words = words_in(line, sizeof(line));

	words_add(&words, "%s: %s", PROGRAM, kind_prefix(report->kind));
	if (report->interface)
		words_add(&words, "%s: ", report->interface);
	words_add(&words, "%s", report->message);
	fprintf(stderr, "%s\n", escape_text(safe, sizeof(safe), line));
	if (report->advice)
		fprintf(stderr, "  %s\n", escape_text(safe, sizeof(safe), report->advice));
}

static const char *report_member(enum report_kind kind)
{
	static const char *const names[] = {
		[REPORT_ERROR] = "error",
		[REPORT_WARNING] = "warning",
		[REPORT_INFO] = "info",
		[REPORT_DEBUG] = "debug",
	};

	return names[kind];
}

static void print_json(const struct report *report)
{
	const char *err = report->err ? strerrorname_np(-report->err) : NULL;

	json_print(stderr,
		   json_pack("{s:i, s:{s:o, s:o, s:o, s:o}}", "version", JSON_VERSION,
			     report_member(report->kind), "message", json_words(report->message),
			     "advice", json_words(report->advice),
			     "interface", json_text_or_null(report->interface),
			     "errno", json_text_or_null(err)),
		   true);
}

void report_print(const struct cli *cli, const struct report *report)
{
	if (report->kind == REPORT_ERROR && cli->on_error)
		cli->on_error(cli->on_error_data, report);
	/* Keep the order of events when both streams go to the same file. */
	output_flush();
	progress_hide();
	if (cli->json)
		print_json(report);
	else
		print_text(report);
}

int report_usage(const struct cli *cli, const char *fmt, ...)
{
	char message[REPORT_SIZE], advice[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	snprintf(advice, sizeof(advice), "see '%s help%s%s'", PROGRAM, cli->command ? " " : "",
		 cli->command ? cli->command : "");

	report_print(cli, &(struct report){ .message = message, .advice = advice });
	return EXIT_USAGE;
}

int report_failure(const struct cli *cli, int err, const char *fmt, ...)
{
	char message[REPORT_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);

	report_print(cli, &(struct report){ .message = message, .err = err });
	return EXIT_NOT_DONE;
}

/* The change that was met where none was expected. */
static void add_change(struct words *words, const struct cli *cli)
{
	const struct xdpaction_origin *origin = xdpaction_error_origin(cli->ctx);

	words_add(words, "%s", xdpaction_error(cli->ctx));
	if (!origin) {
		words_add(words, "; nobody recorded the change");
	} else if (origin->generation == cli->expected.generation) {
		words_add(words, "; it has ended by itself");
	} else {
		words_add(words, "; it was set ");
		words_add_origin(words, origin);
	}
}

/* Whether two names have the same digits: eth1 is no slip for eth0. */
static bool same_digits(const char *a, const char *b)
{
	static const char digits[] = "0123456789";

	for (;; a++, b++) {
		a += strcspn(a, digits);
		b += strcspn(b, digits);
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

/* Whether it is a word of an expression, all but the first of which was taken for interfaces. */
static bool is_of_expression(const char *typed)
{
	static const char *const usual[] = {
		"and", "arp", "dst", "host", "icmp", "icmp6", "ip", "ip6", "net", "not", "or",
		"port", "portrange", "proto", "src", "tcp", "udp", "vlan",
	};
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (!strcmp(typed, usual[i]))
			return true;
	return false;
}

/* Adds what was probably meant by a name that no interface has. */
static void add_meant(struct words *words, const struct cli *cli, const char *typed)
{
	struct if_nameindex *all = if_nameindex();
	struct nearest nearest = nearest_to(typed);
	size_t i;

	if (cli->expression && is_of_expression(typed))
		words_add(words, "quote an expression, as in --match 'tcp port 22'; ");
	if (!all)
		return;
	for (i = 0; all[i].if_name; i++)
		if (same_digits(typed, all[i].if_name))
			nearest_offer(&nearest, all[i].if_name);
	if (nearest.name)
		words_add(words, "did you mean '%s'? ", nearest.name);
	if_freenameindex(all);
}

int report_library(const struct cli *cli, const char *ifname, int err)
{
	const char *about = xdpaction_error_ifname(cli->ctx), *words = xdpaction_advice(cli->ctx);
	struct report error = {
		.message = xdpaction_error(cli->ctx),
		.interface = *about ? about : ifname,
		.err = err,
	};
	char advice[REPORT_SIZE], change[REPORT_SIZE];
	struct words text = words_in(advice, sizeof(advice));
	struct words changed = words_in(change, sizeof(change));

	if (err == -ESTALE) {
		add_change(&changed, cli);
		error.message = change;
	}
	if (words) {
		if (err == -ENODEV && *about && !if_nametoindex(about))
			add_meant(&text, cli, about);
		words_add_advice(&text, xdpaction_error_advice(cli->ctx), words,
				 error.interface ?: "IFNAME");
		error.advice = advice;
	}
	report_print(cli, &error);
	/* The expression was given on the command line. */
	return xdpaction_error_advice(cli->ctx) == XDPACTION_ADVICE_EXPRESSION ? EXIT_USAGE :
										 EXIT_NOT_DONE;
}

void report_warning(const struct cli *cli, const char *ifname, const char *fmt, ...)
{
	char message[REPORT_SIZE];
	struct report warning = {
		.kind = REPORT_WARNING,
		.message = message,
		.interface = ifname,
	};
	va_list args;

	if (cli->quiet)
		return;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);

	report_print(cli, &warning);
}

void report_log(void *data, enum xdpaction_log_level level, const char *line)
{
	static const enum report_kind kinds[] = {
		[XDPACTION_LOG_WARN] = REPORT_WARNING,
		[XDPACTION_LOG_INFO] = REPORT_INFO,
		[XDPACTION_LOG_DEBUG] = REPORT_DEBUG,
	};

	report_print(data, &(struct report){ .kind = kinds[level], .message = line });
}
