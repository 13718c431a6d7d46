// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

static const int handed_on[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT,
};

int child_prepare(struct child *child)
{
	struct sigaction as_usual = { .sa_handler = SIG_DFL }, ignored = { .sa_handler = SIG_IGN };
	sigset_t taken;
	size_t i;

	*child = (struct child){ .failure = -1 };
	sigemptyset(&taken);
	sigaddset(&taken, SIGCHLD);
	for (i = 0; i < sizeof(handed_on) / sizeof(handed_on[0]); i++)
		sigaddset(&taken, handed_on[i]);
	child->signals = signalfd(-1, &taken, SFD_CLOEXEC);
	if (child->signals < 0)
		return -errno;
	sigprocmask(SIG_BLOCK, &taken, &child->mask);
	/* Children of who ignores it leave no status behind. */
	sigaction(SIGCHLD, &as_usual, &child->sigchld);
	/* What is said must not stop the renewing while the child has the terminal for itself. */
	sigaction(SIGTTOU, &ignored, &child->sigttou);
	return 0;
}

/* Undoes what the tool has changed for itself. Returns 0 or a negative errno value. */
static int give_back(const struct child *child, const struct cli *cli)
{
	const struct inheritance *inheritance = &cli->inheritance;

	if (cli->home_netns && setns(cli->home_netns, CLONE_NEWNET))
		return -errno;
	if (inheritance->posixly_correct)
		setenv("POSIXLY_CORRECT", inheritance->posixly_correct, true);
	setrlimit(RLIMIT_NOFILE, &inheritance->nofile);
	setrlimit(RLIMIT_MEMLOCK, &inheritance->memlock);
	if (!inheritance->ignores_sigpipe)
		signal(SIGPIPE, SIG_DFL);
	if (!inheritance->ignores_sigxfsz)
		signal(SIGXFSZ, SIG_DFL);
	sigaction(SIGCHLD, &child->sigchld, NULL);
	sigaction(SIGTTOU, &child->sigttou, NULL);
	sigprocmask(SIG_SETMASK, &child->mask, NULL);
	return 0;
}

/*
 * The parent may have been sent signals before there was a child, which only the parent knows
 * of, and others since, which may have reached both. Each comes to the child once, since it
 * is blocked until now.
 */
static bool take_early(int parent)
{
	sigset_t early;
	size_t i;

	if (recv(parent, &early, sizeof(early), 0) != sizeof(early))
		return false;
	for (i = 0; i < sizeof(handed_on) / sizeof(handed_on[0]); i++)
		if (sigismember(&early, handed_on[i]))
			raise(handed_on[i]);
	return true;
}

static void execute(const struct child *child, const struct cli *cli, int parent)
{
	int err = take_early(parent) ? give_back(child, cli) : -ECANCELED;

	if (!err) {
		execvp(cli->program[0], cli->program);
		err = -errno;
	}
	/* The parent takes it for executed if this fails, and has the exit status. */
	_exit(send(parent, &err, sizeof(err), MSG_NOSIGNAL) == sizeof(err) && err == -ENOENT ?
		      EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

int child_start(struct child *child, const struct cli *cli)
{
	int ends[2], err = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	child->pid = fork();
	if (!child->pid) {
		close(ends[0]);
		execute(child, cli, ends[1]);
	}
	if (child->pid < 0)
		err = -errno;
	close(ends[1]);
	sigpending(&child->early);
	send(ends[0], &child->early, sizeof(child->early), MSG_NOSIGNAL);
	child->failure = ends[0];
	return err;
}

int child_failure(const struct child *child)
{
	int err;

	return recv(child->failure, &err, sizeof(err), 0) == sizeof(err) ? err : 0;
}

/*
 * The terminal sends these to all of its foreground processes. It tells only the leader of
 * the session that it has hung up, so that this is handed on.
 */
static bool reached_both(const struct signalfd_siginfo *info)
{
	return info->ssi_code == SI_KERNEL &&
	       (info->ssi_signo == SIGINT || info->ssi_signo == SIGQUIT ||
		info->ssi_signo == SIGTSTP);
}

/* As SIGTSTP does where it is not blocked, until somebody continues this process. */
static void stop(void)
{
	sigset_t stopping;

	sigemptyset(&stopping);
	sigaddset(&stopping, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stopping, NULL);
	sigprocmask(SIG_BLOCK, &stopping, NULL);
}

void child_pass_signal(struct child *child)
{
	struct signalfd_siginfo info;

	if (read(child->signals, &info, sizeof(info)) != sizeof(info) || info.ssi_signo == SIGCHLD)
		return;
	if (!sigismember(&child->early, info.ssi_signo) && !reached_both(&info))
		kill(child->pid, info.ssi_signo);
	sigdelset(&child->early, info.ssi_signo);
	if (info.ssi_signo == SIGTSTP)
		stop();
}

bool child_has_ended(const struct child *child, int *status)
{
	int ended;

	if (waitpid(child->pid, &ended, WNOHANG) != child->pid)
		return false;
	*status = WIFSIGNALED(ended) ? EXIT_SIGNAL + WTERMSIG(ended) : WEXITSTATUS(ended);
	return true;
}

void child_close(struct child *child)
{
	close(child->failure);
	close(child->signals);
}
