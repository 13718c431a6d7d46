// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "say.h"

#define ENTER "\033[?1049h\033[?25l\033[?7l"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"
/* For a terminal that does not know its size. */
#define ROWS 24

bool screen_possible(void)
{
	const char *term = getenv("TERM");

	/* In the background it would draw over what the shell shows. */
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") &&
	       tcgetpgrp(STDOUT_FILENO) == getpgrp();
}

void screen_enter(struct screen *screen)
{
	struct termios quiet;

	screen->keys = isatty(STDIN_FILENO) && !tcgetattr(STDIN_FILENO, &screen->before);
	if (screen->keys) {
		quiet = screen->before;
		quiet.c_lflag &= ~(ICANON | ECHO);
		quiet.c_cc[VMIN] = 0;
		quiet.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
	}
	fputs(ENTER, stdout);
	screen->entered = true;
	fflush(stdout);
}

void screen_leave(struct screen *screen)
{
	if (!screen->entered)
		return;
	screen->entered = false;
	fputs(LEAVE, stdout);
	fflush(stdout);
	if (screen->keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &screen->before);
}

void screen_size(unsigned int *rows, unsigned int *columns)
{
	struct winsize size;
	bool known = !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);

	*rows = known && size.ws_row ? size.ws_row : ROWS;
	*columns = known && size.ws_col ? size.ws_col : LINE_WIDTH;
}

bool screen_quit_pressed(const struct screen *screen)
{
	char keys[64];
	ssize_t count;

	if (!screen->keys)
		return false;
	count = read(STDIN_FILENO, keys, sizeof(keys));
	return count > 0 && (memchr(keys, 'q', count) || memchr(keys, 'Q', count));
}
