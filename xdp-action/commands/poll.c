// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "forms/forms.h"
#include "list.h"
#include "say/say.h"

#define DEFAULT_INTERVAL_MS 1000

struct poll_values {
	uint64_t interval_ms;
	uint64_t count;		/* 0: no end */
};

static const struct option_def options[] = {
	OPTION_VALUE('i', "interval", "MS", value_interval, struct poll_values, interval_ms,
		     "milliseconds between two reports; default 1000"),
	OPTION_VALUE('n', "count", "COUNT", value_count, struct poll_values, count,
		     "stop after this many reports"),
	OPTION_JSON,
	OPTIONS_END,
};

/* The samples of a round. */
struct round {
	struct sample *samples;
	size_t count;
	/* Read next time. */
	struct missed *missed;
	size_t missed_count;
};

struct poll {
	struct cli *cli;
	struct interfaces *interfaces;
	const struct poll_form *form;
	struct tracker tracker;
	struct round round;
	uint64_t interval_ns;
	uint64_t start_ns;
	/* Reports still to print; 0: no limit. */
	uint64_t reports_left;
	/* Where the whole of a terminal is drawn on, and what is on it. */
	struct screen screen;
	struct poll_page page;
	/* A descriptor of the signals that it waits for. */
	int signals;
	/* It is to end, and if this is not 0, of this signal. */
	bool ending;
	int died_of;
};

/* Unless the kernel says that it does not: to ask takes a descriptor. */
static bool interface_exists(unsigned int ifindex)
{
	char name[IF_NAMESIZE];

	return if_indextoname(ifindex, name) || (errno != ENXIO && errno != ENODEV);
}

/* Replaces a given name when its interface has been renamed. */
static void follow_names(struct poll *poll)
{
	size_t i, t;

	for (i = 0; i < poll->interfaces->count; i++) {
		char *name = poll->interfaces->list[i];

		if (if_nametoindex(name))
			continue;
		for (t = 0; t < poll->tracker.track_count; t++) {
			const struct track *track = &poll->tracker.tracks[t];

			if (track->alive && !strcmp(track->now.ifname, name))
				if_indextoname(track->now.ifindex, name);
		}
	}
}

/* What is reported would vanish with the screen. */
static int report_no_memory(struct poll *poll)
{
	screen_leave(&poll->screen);
	return report_failure(poll->cli, -ENOMEM, "out of memory");
}

static int report_unread(struct poll *poll, const char *ifname, int err)
{
	screen_leave(&poll->screen);
	return report_library(poll->cli, ifname, err);
}

static int take_sample(struct poll *poll, const struct xdpaction_status *status)
{
	struct round *round = &poll->round;
	struct sample *grown = list_grow(round->samples, round->count, sizeof(*grown));

	if (!grown)
		return report_no_memory(poll);
	round->samples = grown;
	sample_take(&grown[round->count++], status, clock_ns(CLOCK_MONOTONIC));
	return EXIT_DONE;
}

/* Each is noted once. */
static int note_missed(struct poll *poll, unsigned int ifindex, const char *ifname,
		       const char *why)
{
	struct round *round = &poll->round;
	struct missed *grown;
	size_t i;

	for (i = 0; i < round->missed_count; i++)
		if (ifindex ? round->missed[i].ifindex == ifindex :
			      !strcmp(round->missed[i].ifname, ifname))
			return EXIT_DONE;
	grown = list_grow(round->missed, round->missed_count, sizeof(*grown));
	if (!grown)
		return report_no_memory(poll);
	round->missed = grown;
	grown += round->missed_count++;
	grown->ifindex = ifindex;
	snprintf(grown->ifname, sizeof(grown->ifname), "%s", ifname);
	snprintf(grown->why, sizeof(grown->why), "%s", why);
	return EXIT_DONE;
}

/* One that keeps changing is read next time without a word. */
static int note_unread(struct poll *poll, const char *ifname, int err)
{
	bool changing = err == -EBUSY && poll->tracker.rounds;

	return note_missed(poll, if_nametoindex(ifname), ifname,
			   changing ? "" : xdpaction_error(poll->cli->ctx));
}

/*
 * No interface has this listed name any more. If its interface was renamed, then
 * it exists under another name: in the last round it had this name, or one that is
 * not listed.
 */
static int note_renamed(struct poll *poll, const char *ifname)
{
	int status = EXIT_DONE;
	size_t i;

	for (i = 0; status == EXIT_DONE && i < poll->tracker.track_count; i++) {
		const struct track *track = &poll->tracker.tracks[i];
		const char *before = track->now.ifname;

		if (track->alive && interface_exists(track->now.ifindex) &&
		    (!strcmp(before, ifname) || !interfaces_have(poll->interfaces, before)))
			status = note_missed(poll, track->now.ifindex, before, "");
	}
	return status;
}

/* After the first round, what cannot be read is no error, nor is what is not there. */
static int read_one(struct poll *poll, const char *ifname)
{
	struct xdpaction_status status = { .size = sizeof(status) };
	int err = xdpaction_status(poll->cli->ctx, ifname, &status);
	bool first = !poll->tracker.rounds;

	if (!err)
		return take_sample(poll, &status);
	if (first && (poll->interfaces->given || (err != -ENOENT && err != -ENODEV)))
		return report_unread(poll, ifname, err);
	if (err == -ENODEV)
		return note_renamed(poll, ifname);
	return err == -ENOENT ? EXIT_DONE : note_unread(poll, ifname, err);
}

static void round_free(struct round *round)
{
	free(round->samples);
	free(round->missed);
	*round = (struct round){ 0 };
}

static int take_instance(void *data, const char *ifname, int err,
			 const struct xdpaction_status *status)
{
	struct poll *poll = data;

	return err ? note_unread(poll, ifname, err) : take_sample(poll, status);
}

/*
 * One that cannot be read keeps nobody from the others. Where nothing at all could be at
 * first, the first of them says why.
 */
static int read_instances(struct poll *poll)
{
	const struct round *round = &poll->round;
	int status = xdpaction_each(poll->cli->ctx, take_instance, poll);

	if (status < 0)
		return report_unread(poll, NULL, status);
	if (status == EXIT_DONE && !poll->tracker.rounds && !round->count && round->missed_count)
		return read_one(poll, round->missed[0].ifname);
	return status;
}

static int read_all(struct poll *poll)
{
	int status = EXIT_DONE;
	size_t i;

	if (!poll->interfaces->given)
		return read_instances(poll);

	follow_names(poll);
	for (i = 0; status == EXIT_DONE && i < poll->interfaces->count; i++)
		status = read_one(poll, poll->interfaces->list[i]);
	return status;
}

/* Draws what was read last, as large as the terminal is now. */
static int draw(struct poll *poll)
{
	screen_size(&poll->page.rows, &poll->page.columns);
	if (!text_draw_page(stdout, &poll->tracker, &poll->page))
		return report_no_memory(poll);
	return EXIT_DONE;
}

static int show(struct poll *poll)
{
	uint64_t realtime_ns = clock_ns(CLOCK_REALTIME);

	if (poll->screen.entered) {
		page_keep_events(&poll->page, &poll->tracker);
		poll->page.realtime_ns = realtime_ns;
		return draw(poll);
	}
	if (!poll->form->report(stdout, &poll->tracker, realtime_ns, poll->page.all))
		return report_no_memory(poll);
	return EXIT_DONE;
}

static int one_round(struct poll *poll)
{
	int status = read_all(poll);

	if (status == EXIT_DONE &&
	    tracker_update(&poll->tracker, poll->round.samples, poll->round.count,
			   poll->round.missed, poll->round.missed_count, interface_exists))
		status = report_no_memory(poll);
	round_free(&poll->round);
	return status == EXIT_DONE ? show(poll) : status;
}

/* ---- waiting ---- */

/* The signals that have to do with a screen. */
static const int screen_signals[] = { SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH };

/* Gives the terminal back while it is stopped. */
static int stop(struct poll *poll)
{
	screen_leave(&poll->screen);
	raise(SIGSTOP);
	screen_enter(&poll->screen);
	return draw(poll);
}

static int obey(struct poll *poll, int signal_number)
{
	switch (signal_number) {
	case SIGWINCH:
		return draw(poll);
	case SIGTSTP:
		return stop(poll);
	case SIGCONT:
		/* Who stopped it may have used the terminal. */
		screen_leave(&poll->screen);
		screen_enter(&poll->screen);
		return draw(poll);
	case SIGHUP:
	case SIGQUIT:
		poll->died_of = signal_number;
		break;
	}
	poll->ending = true;
	return EXIT_DONE;
}

/* What is left until a time of CLOCK_MONOTONIC. */
static struct timespec left_until(uint64_t then_ns)
{
	uint64_t now_ns = clock_ns(CLOCK_MONOTONIC);
	uint64_t left_ns = then_ns > now_ns ? then_ns - now_ns : 0;

	return (struct timespec){ left_ns / NSEC_PER_SEC, left_ns % NSEC_PER_SEC };
}

/* Waits until a time of CLOCK_MONOTONIC, or until it is to end. */
static int wait_until(struct poll *poll, uint64_t then_ns)
{
	struct pollfd fds[] = {
		{ .fd = poll->signals, .events = POLLIN },
		{ .fd = poll->screen.keys ? STDIN_FILENO : -1, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	int status = EXIT_DONE, ready = 1;

	while (status == EXIT_DONE && !poll->ending && ready) {
		struct timespec left = left_until(then_ns);

		fds[0].revents = fds[1].revents = 0;
		ready = ppoll(fds, 2, &left, NULL);
		if (fds[1].revents & POLLIN && screen_quit_pressed(&poll->screen))
			poll->ending = true;
		/* A terminal that is gone would always be ready. */
		if (fds[1].revents & ~POLLIN)
			fds[1].fd = -1;
		if (fds[0].revents && read(poll->signals, &info, sizeof(info)) == sizeof(info))
			status = obey(poll, info.ssi_signo);
		output_flush();
	}
	return status;
}

/* The next multiple of the interval since the start. */
static uint64_t next_tick(const struct poll *poll)
{
	uint64_t elapsed_ns = clock_ns(CLOCK_MONOTONIC) - poll->start_ns;

	return poll->start_ns + (elapsed_ns / poll->interval_ns + 1) * poll->interval_ns;
}

static int rounds(struct poll *poll)
{
	int status;

	poll->start_ns = clock_ns(CLOCK_MONOTONIC);
	status = one_round(poll);
	/* main() reports why output failed. */
	while (status == EXIT_DONE && !output_flush()) {
		status = wait_until(poll, next_tick(poll));
		if (status != EXIT_DONE || poll->ending)
			break;
		status = one_round(poll);
		if (poll->reports_left && !--poll->reports_left)
			break;
	}
	return status;
}

static int summarize(struct poll *poll)
{
	if (!output_flush() &&
	    !poll->form->summary(stdout, &poll->tracker, clock_ns(CLOCK_REALTIME),
				 clock_ns(CLOCK_MONOTONIC) - poll->start_ns))
		return report_no_memory(poll);
	return EXIT_DONE;
}

static int run_rounds(struct poll *poll)
{
	bool screen = !poll->cli->json && screen_possible();
	size_t count = screen ? sizeof(screen_signals) / sizeof(screen_signals[0]) : 0;
	int err = signals_take(screen_signals, count, &poll->signals), status;

	if (err)
		return report_failure(poll->cli, err, "cannot wait for signals: %s",
				      strerror(-err));
	if (screen)
		screen_enter(&poll->screen);
	status = rounds(poll);
	screen_leave(&poll->screen);
	if (status == EXIT_DONE)
		status = summarize(poll);
	close(poll->signals);
	return status;
}

static void init_poll(void *data)
{
	struct poll_values *values = data;

	values->interval_ms = DEFAULT_INTERVAL_MS;
}

static int run_poll(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct poll_values *values = data;
	struct poll poll = {
		.cli = cli,
		.interfaces = interfaces,
		.form = cli->json ? &poll_json : &poll_text,
		.interval_ns = values->interval_ms * NSEC_PER_MSEC,
		.reports_left = values->count,
	};
	int status;

	poll.page.all = cli->verbose;
	poll.page.interval_ns = poll.interval_ns;
	status = run_rounds(&poll);
	tracker_free(&poll.tracker);
	if (poll.died_of)
		die_of(poll.died_of);
	return status;
}

const struct command poll_command = {
	.name = "poll",
	.synopsis = "[-i MS] [-n COUNT] [-j] [IFNAME...]",
	.summary = "Shows rates for each instance and verdict",
	.examples = "poll\n"
		    "poll -i 500ms -n 10 eth0\n",
	.notes = "Without IFNAME: every interface that has an instance, and those that get one "
		 "later. A row has the verdicts that packets got, with -v all. On a terminal it "
		 "shows the busiest interfaces that there is room for. Ctrl-C or SIGTERM, and on a "
		 "terminal q, ends it with a summary.\n"
		 "With --json it prints one object per line.\n",
	.options = options,
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INSTANCES,
	.values_size = sizeof(struct poll_values),
	.init = init_poll,
	.looks = true,
	.run = run_poll,
};
