// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

static _Noreturn void become(const char *const argv[])
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
	    dup2(null, STDERR_FILENO) >= 0)
		execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static uint64_t timeval_ns(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_usec * 1000;
}

int process_run(const char *const argv[], struct usage *usage)
{
	uint64_t start = clock_ns(CLOCK_MONOTONIC);
	struct rusage resources;
	int status;
	/* No vfork(): what this process has resident would count as the command's. */
	pid_t pid = fork();

	if (pid < 0)
		die("cannot fork: %s", strerror(errno));
	if (!pid)
		become(argv);
	if (wait4(pid, &status, 0, &resources) != pid)
		die("wait4: %s", strerror(errno));
	if (usage) {
		usage->wall_ns = clock_ns(CLOCK_MONOTONIC) - start;
		usage->cpu_ns = timeval_ns(resources.ru_utime) + timeval_ns(resources.ru_stime);
		usage->peak_kib = resources.ru_maxrss;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void must_run(const char *const argv[])
{
	int status = process_run(argv, NULL);

	if (status)
		die("%s %s ...: exit status %d", argv[0], argv[1], status);
}
