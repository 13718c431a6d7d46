// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "forms/forms.h"
#include "say/say.h"

static const struct option_def options[] = {
	OPTION_JSON,
	OPTIONS_END,
};

struct monitor {
	const struct cli *cli;
	const struct event_form *form;
	struct xdpaction_watch *watch;
	/* A descriptor of the signals that end it. */
	int signals;
	/* A line had no memory. */
	bool failed;
};

static void print_event(void *data, const struct xdpaction_event *event)
{
	struct monitor *monitor = data;

	monitor->failed |= !monitor->form->event(stdout, event);
	output_flush();
}

static int read_events(struct monitor *monitor)
{
	int err = xdpaction_watch_read(monitor->cli->ctx, monitor->watch, print_event, monitor);

	if (err)
		return report_library(monitor->cli, NULL, err);
	return monitor->failed ? report_failure(monitor->cli, -ENOMEM, "out of memory") :
				 EXIT_DONE;
}

/* Ends with the number of a signal in *signal, or when nobody reads on. */
static int watch(struct monitor *monitor, int *signal)
{
	struct pollfd fds[] = {
		{ .fd = xdpaction_watch_fd(monitor->watch), .events = POLLIN },
		{ .fd = monitor->signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO },
	};
	struct signalfd_siginfo info;
	int status = EXIT_DONE;

	monitor->failed = !monitor->form->start(stdout, xdpaction_watch_instances(monitor->watch),
						clock_ns(CLOCK_REALTIME));
	while (status == EXIT_DONE && !output_flush() && !(fds[2].revents & POLLERR)) {
		if (poll(fds, 3, -1) < 0)
			continue;
		if (fds[1].revents && read(monitor->signals, &info, sizeof(info)) == sizeof(info)) {
			*signal = info.ssi_signo;
			break;
		}
		status = read_events(monitor);
	}
	return status;
}

static int begin_watch(struct monitor *monitor, const struct interfaces *interfaces)
{
	const char **names = calloc(interfaces->count + 1, sizeof(*names));
	size_t i;
	int err;

	if (!names)
		return report_failure(monitor->cli, -ENOMEM, "out of memory");
	for (i = 0; i < interfaces->count; i++)
		names[i] = interfaces->list[i];
	err = xdpaction_watch_new(monitor->cli->ctx, names, interfaces->count, &monitor->watch);
	free(names);
	return err ? report_library(monitor->cli, NULL, err) : EXIT_DONE;
}

static int run_monitor(struct cli *cli, void *data, struct interfaces *interfaces)
{
	struct monitor monitor = { .cli = cli, .form = cli->json ? &events_json : &events_text };
	static const int also[] = { SIGHUP };
	int err = signals_take(also, 1, &monitor.signals), status, signal = 0;

	(void)data;
	if (err)
		return report_failure(cli, err, "cannot wait for signals: %s", strerror(-err));
	status = begin_watch(&monitor, interfaces);
	if (status == EXIT_DONE)
		status = watch(&monitor, &signal);
	xdpaction_watch_free(monitor.watch);
	close(monitor.signals);
	if (signal)
		die_of(signal);
	return status;
}

const struct command monitor_command = {
	.name = "monitor",
	.synopsis = "[-j] [IFNAME...]",
	.summary = "Shows what happens to instances, a line each",
	.examples = "monitor\n"
		    "monitor -j eth0 eth1\n",
	.notes = "Without IFNAME: every instance, and those that come later. A line says so where "
		 "something was missed.\n"
		 "With --json it prints one object per line.\n",
	.options = options,
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INTERFACES,
	.looks = true,
	.run = run_monitor,
};
