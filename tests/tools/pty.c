// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Runs a command on a terminal of a given size, and plays what is done there.
 *
 *	pty ROWSxCOLUMNS [DEED]... -- COMMAND [ARG]...
 *
 * A DEED is one of these:
 *
 *	see TEXT	wait until it has come since the deed before
 *	key TEXT	press keys
 *	size ROWSxCOLUMNS
 *	signal NUMBER	send it to the command
 *	stopped		wait until the command has stopped, which must have given
 *			the terminal back, and let it go on
 *
 * Prints what came, and ends as the command did, with 128 and its number for a
 * signal. The command must leave the terminal as it found it.
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "support/die.h"

#define OUTPUT_MAX (4 << 20)

static char output[OUTPUT_MAX];
static size_t length;
/* Where the next text is looked for. */
static size_t seen;
static int terminal;
static pid_t child;
static struct termios before;

static struct winsize size_of(const char *text)
{
	struct winsize size = { 0 };

	if (sscanf(text, "%hux%hu", &size.ws_row, &size.ws_col) != 2)
		die("'%s' is no size", text);
	return size;
}

/* False when the command has closed the terminal. */
static bool receive(void)
{
	ssize_t count = read(terminal, output + length, OUTPUT_MAX - length - 1);

	if (count <= 0)
		return false;
	length += count;
	return true;
}

static void await_text(const char *text)
{
	const char *found;

	while (!(found = memmem(output + seen, length - seen, text, strlen(text))))
		if (!receive())
			die("'%s' did not come, but: %s", text, output + seen);
	seen = found - output + strlen(text);
}

static void check_given_back(const char *when)
{
	struct termios now;

	if (tcgetattr(terminal, &now))
		die("cannot look at the terminal: %m");
	if (now.c_lflag != before.c_lflag || now.c_iflag != before.c_iflag ||
	    now.c_oflag != before.c_oflag)
		die("%s the terminal is not as it was", when);
}

static void await_stop(void)
{
	int status;

	if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
		die("the command did not stop");
	check_given_back("while it is stopped");
	kill(child, SIGCONT);
}

/* Does one deed, and returns the next. */
static char **play(char **deed)
{
	struct winsize size;

	if (!strcmp(deed[0], "stopped")) {
		await_stop();
		return deed + 1;
	}
	if (!deed[1])
		die("'%s' lacks something", deed[0]);
	if (!strcmp(deed[0], "see")) {
		await_text(deed[1]);
	} else if (!strcmp(deed[0], "key")) {
		if (write(terminal, deed[1], strlen(deed[1])) < 0)
			die("cannot press a key: %m");
	} else if (!strcmp(deed[0], "size")) {
		size = size_of(deed[1]);
		ioctl(terminal, TIOCSWINSZ, &size);
	} else if (!strcmp(deed[0], "signal")) {
		kill(child, atoi(deed[1]));
	} else {
		die("nobody knows what '%s' means", deed[0]);
	}
	return deed + 2;
}

int main(int argc, char **argv)
{
	struct winsize size;
	int status, end, own;

	for (end = 2; end < argc && strcmp(argv[end], "--"); end++)
		;
	if (end + 1 >= argc)
		die("usage: pty ROWSxCOLUMNS [DEED]... -- COMMAND [ARG]...");
	argv[end] = NULL;
	size = size_of(argv[1]);
	if (openpty(&terminal, &own, NULL, NULL, &size) || tcgetattr(own, &before))
		die("cannot open a terminal: %m");
	child = fork();
	if (!child) {
		close(terminal);
		login_tty(own);
		execvp(argv[end + 1], argv + end + 1);
		die("cannot run %s: %m", argv[end + 1]);
	}
	for (argv += 2; *argv;)
		argv = play(argv);
	/* The terminal is open here as well, so nothing is lost when the command ends. */
	while (waitpid(child, &status, WNOHANG) == 0) {
		struct pollfd fd = { .fd = terminal, .events = POLLIN };

		if (poll(&fd, 1, 20) > 0)
			receive();
	}
	while (poll(&(struct pollfd){ .fd = terminal, .events = POLLIN }, 1, 0) > 0 && receive())
		;
	check_given_back("in the end");
	fwrite(output, 1, length, stdout);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
