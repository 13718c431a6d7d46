// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Runs a command in which one system call fails, or which is killed in place of
 * it. The call is counted over all threads.
 *
 *	fail_call CLASS N ERRNO|KILL COMMAND [ARG...]
 *
 * Exits with the status of the command, or with 125 when that had no such call.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "inject.h"

static const struct {
	const char *name;
	int number;
} errors[] = { { "ENOMEM", ENOMEM }, { "EIO", EIO }, { "ENOENT", ENOENT } };

static int parse_error(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (!strcmp(name, errors[i].name))
			return errors[i].number;
	return 0;
}

int main(int argc, char **argv)
{
	struct fault fault = { 0 };
	static struct run run;

	if (argc > 4) {
		fault.n = strtoul(argv[2], NULL, 10);
		fault.error = parse_error(argv[3]);
		fault.signal = strcmp(argv[3], "KILL") ? 0 : SIGKILL;
	}
	if (!fault.n || (!fault.error && !fault.signal) ||
	    !call_class_parse(argv[1], &fault.class)) {
		fprintf(stderr, "usage: fail_call CLASS N ENOMEM|EIO|ENOENT|KILL COMMAND [ARG...]\n");
		return 2;
	}
	run_with_fault(argv + 4, &fault, &run);
	fputs(run.out, stdout);
	fputs(run.err, stderr);
	if (!run.reached) {
		fprintf(stderr, "fail_call: the command has no such call\n");
		return 125;
	}
	return WIFEXITED(run.status) ? WEXITSTATUS(run.status) : 128 + WTERMSIG(run.status);
}
