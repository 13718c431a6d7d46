// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <signal.h>

#include "clock.h"
#include "say/say.h"
#include "turns.h"

/* What takes less needs no progress shown. */
#define SHOWN_AFTER_NS (2 * NSEC_PER_SEC)

static const int heeded[] = { SIGINT, SIGTERM, SIGHUP };
static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
	interrupted = signal_number;
}

static void heed(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART | SA_RESETHAND };
	struct sigaction before;
	size_t i;

	for (i = 0; i < sizeof(heeded) / sizeof(heeded[0]); i++)
		if (!sigaction(heeded[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(heeded[i], &action, NULL);
}

void turns_begin(struct turns *turns, struct cli *cli, const char *made, size_t total)
{
	*turns = (struct turns){
		.cli = cli,
		.made = made,
		.total = total,
		.began_ns = clock_ns(CLOCK_MONOTONIC),
	};
	if (total > 1)
		heed(interrupt);
}

static void show_progress(const struct turns *turns)
{
	char line[64];

	if (turns->cli->quiet || turns->cli->json ||
	    clock_ns(CLOCK_MONOTONIC) - turns->began_ns < SHOWN_AFTER_NS)
		return;
	snprintf(line, sizeof(line), "%s %zu of %zu", turns->made, turns->done, turns->total);
	progress_show(line);
}

bool turns_next(struct turns *turns, const char *ifname)
{
	char quoted[QUOTE_SIZE];

	if (!interrupted) {
		show_progress(turns);
		return true;
	}
	if (!turns->cli->interrupted)
		report_failure(turns->cli, -EINTR, "interrupted: %s %zu of %zu interfaces, stopped before %s",
			       turns->made, turns->done, turns->total, quote_text(quoted, ifname));
	turns->cli->interrupted = interrupted;
	return false;
}

void turns_end(void)
{
	progress_hide();
	heed(SIG_DFL);
}
