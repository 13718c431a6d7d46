/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * Where output goes. Reports go to stderr, to which nothing else is written;
 * everything else goes to stdout or into a file.
 */
#ifndef SAY_H
#define SAY_H

#include <limits.h>
#include <stdio.h>
#include <termios.h>

#include "cli.h"
#include "words/words.h"

/* ------------------------------------------------------------------------
 * A report is one line that says what went wrong and one that says what to try,
 * or with --json one JSON object.
 */

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

void report_print(const struct cli *cli, const struct report *report);

/* Reports a wrong command line and points to its help. Returns EXIT_USAGE. */
int report_usage(const struct cli *cli, const char *fmt, ...) PRINTF(2, 3);

/* Reports a failure of the tool itself. Returns EXIT_NOT_DONE. */
int report_failure(const struct cli *cli, int err, const char *fmt, ...) PRINTF(3, 4);

/* Reports the last error of the library. Returns EXIT_NOT_DONE. */
int report_library(const struct cli *cli, const char *ifname, int err);

/* Reports a warning, unless --quiet was given. */
void report_warning(const struct cli *cli, const char *ifname, const char *fmt, ...) PRINTF(3, 4);

/* The log callback of the library; data is the struct cli. */
void report_log(void *data, enum xdpaction_log_level level, const char *line);

/* ------------------------------------------------------------------------
 * The log of the system, as of syslog(3).
 */

/* As LOG_NOTICE and LOG_WARNING. */
enum syslog_level {
	SYSLOG_WARNING = 4,
	SYSLOG_NOTICE = 5,
};

/*
 * Writes one line, if there is somebody who takes it now: where nobody reads
 * the log the line is lost, and nothing waits.
 */
void syslog_send(enum syslog_level level, const char *line);
/* Whether somebody reads it; a container may have none. */
bool syslog_exists(void);

/* ------------------------------------------------------------------------
 * The standard output, whose failures must not go unnoticed.
 */

/*
 * Flushes stdout. Returns 0, or the negative errno value of the first failure,
 * also on every later call.
 */
int output_flush(void);

/* True when stdout is a pipe or a socket whose reader is gone. */
bool output_unwanted(void);

/* ------------------------------------------------------------------------
 * A line at the foot of the terminal that tells how far something is. Who prints on
 * either stream hides it before.
 */

/* Does nothing where stderr is no terminal that can do it. */
void progress_show(const char *line);
void progress_hide(void);

/* ------------------------------------------------------------------------
 * The whole of a terminal, in place of lines. Who enters it leaves it on every way
 * out, before anything else is printed.
 */

/* Begins as { 0 }. */
struct screen {
	bool entered;
	bool keys;		/* they are read from the standard input */
	struct termios before;
};

/* True when stdout is a terminal that can do it and is the caller's. */
bool screen_possible(void);
/* What stood on the terminal comes back when it is left. */
void screen_enter(struct screen *screen);
void screen_leave(struct screen *screen);
void screen_size(unsigned int *rows, unsigned int *columns);
/* Reads the keys that were pressed; true when `q` was. */
bool screen_quit_pressed(const struct screen *screen);

/* ------------------------------------------------------------------------
 * A file that is replaced as a whole or not at all.
 */

struct replacement {
	FILE *out;		/* what goes here ends up in the file */
	const char *path;
	char temporary[PATH_MAX];
};

/*
 * Opens a temporary file beside path, mode 0644. An existing path must be a
 * regular file: a device or a link is never replaced (-EINVAL).
 * End with replacement_commit() or replacement_abort().
 */
int replacement_begin(struct replacement *replacement, const char *path);

/* Puts the new content in place. After an error the old file is unchanged. */
int replacement_commit(struct replacement *replacement);
void replacement_abort(struct replacement *replacement);

#endif /* SAY_H */
