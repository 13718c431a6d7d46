// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* headless COMMAND [ARG...]: runs it from a process whose first thread has ended. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/die.h"

static bool first_thread_has_ended(void)
{
	char stat[512] = "";
	FILE *file = fopen("/proc/self/stat", "re");
	const char *behind_name;

	if (!file || !fgets(stat, sizeof(stat), file))
		die("/proc/self/stat: %m");
	fclose(file);
	behind_name = strrchr(stat, ')');
	return behind_name && !strncmp(behind_name, ") Z", 3);
}

static void *run_command(void *data)
{
	char **command = data;
	int status;
	pid_t pid;

	while (!first_thread_has_ended())
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	pid = fork();
	if (!pid) {
		execvp(*command, command);
		die("%s: %m", *command);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("cannot run %s: %m", *command);
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc < 2) {
		fputs("usage: headless COMMAND [ARG...]\n", stderr);
		return 2;
	}
	if (pthread_create(&thread, NULL, run_command, argv + 1))
		die("cannot start a thread");
	pthread_exit(NULL);
}
