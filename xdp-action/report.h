/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that goes to stderr: one line for what went wrong and one for
 * what to try, or with --json one JSON object. Nothing else writes there.
 */
#ifndef REPORT_H
#define REPORT_H

#include "cli.h"
#include "words.h"

/* Room for a message. */
#define REPORT_SIZE 1024

enum report_kind {
	REPORT_ERROR,
	REPORT_WARNING,
	REPORT_INFO,
	REPORT_DEBUG,
};

struct report {
	enum report_kind kind;
	const char *message;	/* one line without a full stop */
	const char *advice;	/* what to try, may be NULL */
	const char *interface;	/* which it is about, may be NULL */
	int err;		/* negative errno value, 0 where there is none */
};

void report(const struct cli *cli, const struct report *report);

/* Reports a wrong command line, and which help to read. Returns EXIT_USAGE. */
int report_usage(const struct cli *cli, const char *fmt, ...) PRINTF(2, 3);

/* Reports a failure of the tool's own. Returns EXIT_NOT_DONE. */
int report_failure(const struct cli *cli, int err, const char *fmt, ...) PRINTF(3, 4);

/* Reports the last error of the library. Returns EXIT_NOT_DONE. */
int report_library(const struct cli *cli, const char *ifname, int err);

/* A warning is not printed with --quiet. */
void report_warning(const struct cli *cli, const char *ifname, const char *fmt, ...) PRINTF(3, 4);

/* The log callback of the library; data is the struct cli. */
void report_log(void *data, enum xdpaction_log_level level, const char *line);

#endif /* REPORT_H */
