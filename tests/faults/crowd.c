// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"
#include "util.h"

#define LOOK_PAUSE_NS 5000000

struct job *crowd_add(struct crowd *crowd, const char *fmt, ...)
{
	struct job *job;
	va_list args;

	if (crowd->count == CROWD_MAX)
		bail("a crowd of more than %d", CROWD_MAX);
	job = &crowd->jobs[crowd->count++];
	memset(job, 0, sizeof(*job));
	va_start(args, fmt);
	vsnprintf(job->command, sizeof(job->command), fmt, args);
	va_end(args);
	return job;
}

static void child(const struct job *job, int output, int gate)
{
	char copy[sizeof(job->command)], *argv[32] = { NULL }, *next, c;
	size_t i;

	strcpy(copy, job->command);
	argv[0] = strtok_r(copy, " ", &next);
	for (i = 1; i < ARRAY_SIZE(argv) - 1; i++)
		argv[i] = strtok_r(NULL, " ", &next);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	/* The parent opens the gate by closing its end. */
	while (read(gate, &c, 1) < 0 && errno == EINTR)
		;
	execvp(argv[0], argv);
	_exit(127);
}

/* True as long as one of them runs. */
static bool reap(struct crowd *crowd, bool end)
{
	bool running = false;
	size_t i;
	int status;

	for (i = 0; i < crowd->count; i++) {
		struct job *job = &crowd->jobs[i];

		if (!job->pid)
			continue;
		if (end)
			kill(job->pid, SIGKILL);
		if (waitpid(job->pid, &status, end ? 0 : WNOHANG) != job->pid) {
			running = true;
			continue;
		}
		job->pid = 0;
		job->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		if (job->status == 127)
			bail("cannot run: %s", job->command);
	}
	return running;
}

static bool wait_for_all(struct crowd *crowd, unsigned int limit_s)
{
	struct timespec pause = { .tv_nsec = LOOK_PAUSE_NS };
	time_t deadline = time(NULL) + limit_s;

	while (reap(crowd, false)) {
		if (time(NULL) > deadline) {
			reap(crowd, true);
			return false;
		}
		nanosleep(&pause, NULL);
	}
	return true;
}

bool crowd_run(struct crowd *crowd, unsigned int limit_s)
{
	int outputs[CROWD_MAX], gate[2];
	ssize_t length;
	size_t i;
	bool ended;

	if (pipe2(gate, O_CLOEXEC))
		bail("pipe: %s", strerror(errno));
	fflush(NULL);
	for (i = 0; i < crowd->count; i++) {
		outputs[i] = memfd_create("output", MFD_CLOEXEC);
		crowd->jobs[i].pid = fork();
		if (outputs[i] < 0 || crowd->jobs[i].pid < 0)
			bail("cannot fork: %s", strerror(errno));
		if (!crowd->jobs[i].pid) {
			close(gate[1]);
			child(&crowd->jobs[i], outputs[i], gate[0]);
		}
	}
	close(gate[1]);
	ended = wait_for_all(crowd, limit_s);
	close(gate[0]);

	for (i = 0; i < crowd->count; i++) {
		length = pread(outputs[i], crowd->jobs[i].message, MESSAGE_MAX - 1, 0);
		crowd->jobs[i].message[length > 0 ? length : 0] = '\0';
		close(outputs[i]);
	}
	return ended;
}
