// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "asked.h"
#include "child.h"
#include "clock.h"
#include "commands.h"
#include "say/say.h"
#include "setter.h"

/* How long the setting holds when it is not renewed any more. */
#define TERM_NS (3 * NSEC_PER_SEC)
#define RENEWAL_S 1

static const struct option_def options[] = {
	ASKED_OPTIONS,
	OPTIONS_END,
};

/* One call of run. */
struct runner {
	struct cli *cli;
	struct xdpaction_lease *lease;
	struct child child;
	int timer;
	bool failed;		/* a renewal has, which was said */
};

static void check_run(const struct cli *cli, const void *data, struct words *wrong)
{
	asked_check(cli, data, true, wrong);
}

static void tell_state(void *data, const char *ifname, enum xdpaction_lease_state state)
{
	const struct runner *runner = data;
	const struct cli *cli = runner->cli;

	switch (state) {
	case XDPACTION_LEASE_HELD:
		report_warning(cli, ifname,
			       "the setting had ended, as it was not renewed in time; it is set again");
		return;
	case XDPACTION_LEASE_LAPSED:
		report_warning(cli, ifname,
			       "the setting ended before the command, as it was not renewed in time");
		return;
	case XDPACTION_LEASE_CHANGED:
		report_warning(cli, ifname,
			       "somebody else changed the setting meanwhile; theirs stays");
		return;
	case XDPACTION_LEASE_GONE:
		report_warning(cli, ifname, "the interface is gone, or the program was unloaded");
		return;
	case XDPACTION_LEASE_OVER:
		return;
	}
}

/* ---- while the command runs ---- */

static void renew(struct runner *runner)
{
	uint64_t times;
	int err;

	if (read(runner->timer, &times, sizeof(times)) != sizeof(times))
		return;
	err = xdpaction_lease_renew(runner->cli->ctx, runner->lease, tell_state, runner);
	if (err && !runner->failed)
		report_library(runner->cli, NULL, err);
	runner->failed = err;
}

/* Waits until something is to be done. Returns false when that is impossible. */
static bool attend(struct runner *runner)
{
	struct pollfd fds[] = {
		{ .fd = runner->timer, .events = POLLIN },
		{ .fd = runner->child.signals, .events = POLLIN },
	};

	if (poll(fds, 2, -1) < 0)
		return errno == EINTR;
	if (fds[0].revents)
		renew(runner);
	if (fds[1].revents)
		child_pass_signal(&runner->child);
	return true;
}

/* The exit status of the command, or says why it could not be executed. */
static int finish_child(struct runner *runner, int status)
{
	int err = child_failure(&runner->child);
	char quoted[QUOTE_SIZE];

	runner->cli->final_status = true;
	if (!err)
		return status;
	report_failure(runner->cli, err, "cannot run '%s': %s",
		       quote_text(quoted, *runner->cli->program), strerror(-err));
	return err == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

static int start_timer(struct runner *runner)
{
	/* At once, since it may have taken a while to set all. */
	struct itimerspec each = { .it_value.tv_nsec = 1, .it_interval.tv_sec = RENEWAL_S };

	/* This one goes on while the machine is suspended, as the deadlines do. */
	runner->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);
	if (runner->timer < 0 || timerfd_settime(runner->timer, 0, &each, NULL))
		return -errno;
	return 0;
}

static int run_child(struct runner *runner)
{
	int status, err = start_timer(runner);

	if (!err)
		err = child_start(&runner->child, runner->cli);
	if (err)
		return report_failure(runner->cli, err, "cannot start the command: %s",
				      strerror(-err));
	while (!child_has_ended(&runner->child, &status))
		if (!attend(runner))
			return report_failure(runner->cli, -errno, "cannot wait for the command: %s",
					      strerror(errno));
	return finish_child(runner, status);
}

/* ---- before and after ---- */

static void end_lease(struct runner *runner)
{
	int err = xdpaction_lease_end(runner->cli->ctx, runner->lease, tell_state, runner);

	if (err)
		report_library(runner->cli, NULL, err);
}

/* Sets all of the interfaces, and holds what was set even where not all could be. */
static int begin_lease(struct runner *runner, struct setter *setter,
		       const struct interfaces *interfaces)
{
	int status = setter_set(setter, interfaces), err;

	if (!setter->change)
		return status;
	err = xdpaction_lease_begin(runner->cli->ctx, setter->change, setter->guarded_ns,
				    &runner->lease);
	return err && status == EXIT_DONE ? report_library(runner->cli, NULL, err) : status;
}

static int run_held(struct runner *runner, struct setter *setter,
		    const struct interfaces *interfaces)
{
	int status = begin_lease(runner, setter, interfaces);

	xdpaction_change_end(setter->change);
	if (status == EXIT_DONE)
		status = run_child(runner);
	if (runner->lease)
		end_lease(runner);
	xdpaction_lease_free(runner->lease);
	return status;
}

/* Without the signals nothing is begun: what they would interrupt has to be undone. */
static int run_prepared(struct runner *runner, struct setter *setter,
			const struct interfaces *interfaces)
{
	int err = child_prepare(&runner->child), status;

	if (err)
		return report_failure(runner->cli, err, "cannot wait for signals: %s",
				      strerror(-err));
	status = run_held(runner, setter, interfaces);
	child_close(&runner->child);
	close(runner->timer);
	return status;
}

static int run_run(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct asked *asked = data;
	struct guard guard = asked_guard(asked);
	struct xdpaction_setting setting;
	struct setter setter = {
		.cli = cli,
		.asked = &setting,
		.guard = &guard,
		.guarded_ns = asked->duration_ns,
		.silent = true,
	};
	struct runner runner = { .cli = cli, .timer = -1 };
	int status = asked_setting(cli, asked, &setting);

	if (status != EXIT_DONE)
		return status;
	if (!setting.duration_ns || setting.duration_ns > TERM_NS)
		setting.duration_ns = TERM_NS;
	status = guard_spare(cli, &guard, &setting) ?
			 run_prepared(&runner, &setter, interfaces) : EXIT_NOT_DONE;
	guard_free(&guard);
	return status;
}

const struct command run_command = {
	.name = "run",
	.synopsis = "VERDICT " ASKED_SYNOPSIS " -- COMMAND [ARG...]",
	.summary = "Changes what happens to packets while a command runs",
	.examples = "run DROP -p 10% -- ./integration-test\n"
		    "run DROP eth0 --match 'udp port 53' -- dig example.org\n",
	.notes = "COMMAND runs as if it had been typed alone, and its exit status is that of run: 128 "
		 "plus the number of a signal that ended it, 127 when it is not found, 126 when it "
		 "cannot be executed, 125 when it was not started. When it ends the base is in force "
		 "again, unless somebody else changed the setting meanwhile.\n"
		 "The setting is renewed each second and ends by itself after three, also if this "
		 PROGRAM " is killed. With --for it ends then, and COMMAND goes on. SIGINT, SIGTERM, "
		 "SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 are handed on.\n"
		 "'help set' says more of VERDICT and of the conditions.\n",
	.options = options,
	.first = &value_verdict,
	.first_offset = offsetof(struct asked, verdict),
	.operands = OPERANDS_INTERFACES,
	.program = true,
	.instead_of_json = "its standard output is COMMAND's; 'monitor --json' tells what it sets",
	.candidates = CANDIDATES_INSTANCES,
	.looks = true,
	.values_size = sizeof(struct asked),
	.init = asked_init,
	.check = check_run,
	.changes = true,
	.told = true,
	.run = run_run,
};
