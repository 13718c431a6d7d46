// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The command runs under a seccomp filter that asks us about each call that
 * matters: we count it and say whether it is made. Counting begins when the
 * tool ignores SIGPIPE, which it does first of all: what the dynamic loader
 * does is no matter of ours.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inject.h"
#include "util.h"

#define TIME_LIMIT_MS 60000

static const struct {
	int number;
	enum call_class class;
} calls[] = {
	{ SYS_bpf, CALL_BPF },
	{ SYS_sendto, CALL_NETLINK },
	{ SYS_sendmsg, CALL_NETLINK },
	{ SYS_recvfrom, CALL_NETLINK },
	{ SYS_recvmsg, CALL_NETLINK },
	{ SYS_socket, CALL_SOCKET },
	{ SYS_bind, CALL_SOCKET },
#ifdef SYS_mkdir
	{ SYS_mkdir, CALL_MKDIR },
	{ SYS_rmdir, CALL_RMDIR },
	{ SYS_unlink, CALL_UNLINK },
	{ SYS_open, CALL_OPEN },
	{ SYS_stat, CALL_STAT },
	{ SYS_lstat, CALL_STAT },
	{ SYS_readlink, CALL_STAT },
#endif
	{ SYS_mkdirat, CALL_MKDIR },
	{ SYS_unlinkat, CALL_UNLINK },
	{ SYS_openat, CALL_OPEN },
	{ SYS_flock, CALL_FLOCK },
	{ SYS_mmap, CALL_MMAP },
#ifdef SYS_newfstatat
	{ SYS_newfstatat, CALL_STAT },
#endif
	{ SYS_fstat, CALL_STAT },
	{ SYS_statfs, CALL_STAT },
	{ SYS_readlinkat, CALL_STAT },
	{ SYS_read, CALL_READ },
	{ SYS_getdents64, CALL_READ },
	/* It marks the beginning. */
	{ SYS_rt_sigaction, CALL_CLASSES },
};

static const char *const class_names[CALL_CLASSES] = {
	[CALL_BPF] = "bpf",	   [CALL_NETLINK] = "netlink", [CALL_SOCKET] = "socket",
	[CALL_MKDIR] = "mkdir",	   [CALL_UNLINK] = "unlink",   [CALL_RMDIR] = "rmdir",
	[CALL_OPEN] = "open",	   [CALL_FLOCK] = "flock",     [CALL_MMAP] = "mmap",
	[CALL_STAT] = "stat",	   [CALL_READ] = "read",       [CALL_MALLOC] = "malloc",
	[CALL_ANY] = "any",
};

const char *call_class_name(enum call_class class)
{
	return class_names[class];
}

bool call_class_parse(const char *name, enum call_class *class)
{
	size_t i;

	for (i = 0; i < CALL_CLASSES; i++) {
		if (strcmp(name, class_names[i]))
			continue;
		*class = (enum call_class)i;
		return true;
	}
	return false;
}

static enum call_class class_of(int number)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].number == number)
			return calls[i].class;
	return CALL_CLASSES;
}

/* ---- the child ---- */

/* Returns the descriptor that its parent takes over. */
static int install_filter(void)
{
	struct sock_filter code[ARRAY_SIZE(calls) + 3];
	struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };
	size_t i;

	code[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					       offsetof(struct seccomp_data, nr));
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		code[i + 1] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, ARRAY_SIZE(calls) - i, 0);
	code[i + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[i + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
		       &program);
}

static void child(char *const argv[], const struct fault *fault, int out, int err, int ready)
{
	char number[16];
	int listener = -1;

	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	if (fault->class == CALL_MALLOC) {
		snprintf(number, sizeof(number), "%u", fault->n);
		setenv("FAULTS_MALLOC", number, 1);
	} else {
		listener = install_filter();
	}
	/* Not through stdio: what it opens now is subject to the filter. */
	if (write(ready, &listener, sizeof(listener)) != sizeof(listener))
		_exit(127);
	/* Wait, in a call that we are asked about, until the listener was taken over. */
	if (listener >= 0)
		close(openat(AT_FDCWD, "", O_RDONLY));
	execv(argv[0], argv);
	_exit(127);
}

/* ---- the parent ---- */

struct tracer {
	const struct fault *fault;
	struct run *run;
	pid_t pid;
	bool begun;
};

/* Counts a call; true when it is the one that is to fail. */
static bool count(struct tracer *tracer, const struct seccomp_data *data)
{
	enum call_class class = class_of(data->nr);
	struct run *run = tracer->run;

	if (class == CALL_CLASSES)
		tracer->begun = tracer->begun || data->args[0] == SIGPIPE;
	if (!tracer->begun || class == CALL_CLASSES)
		return false;

	if (class == CALL_BPF && run->counts[class] < CALLS_MAX)
		run->bpf_commands[run->counts[class]] = data->args[0];
	run->counts[class]++;
	run->counts[CALL_ANY]++;
	return (tracer->fault->class == class || tracer->fault->class == CALL_ANY) &&
	       run->counts[tracer->fault->class] == tracer->fault->n;
}

static void answer(struct tracer *tracer, int listener)
{
	struct seccomp_notif request = { 0 };
	struct seccomp_notif_resp response = { 0 };

	/* The process may have died meanwhile. */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request))
		return;

	response.id = request.id;
	if (!count(tracer, &request.data)) {
		response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	} else if (tracer->fault->signal) {
		tracer->run->reached = true;
		kill(tracer->pid, tracer->fault->signal);
		/* Or the call may still be made before the signal is seen. */
		response.error = -EINTR;
	} else {
		tracer->run->reached = true;
		response.error = -tracer->fault->error;
	}
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* Answers until the process ends. */
static void watch(struct tracer *tracer, int pidfd, int listener)
{
	struct pollfd fds[] = {
		{ .fd = pidfd, .events = POLLIN },
		{ .fd = listener, .events = POLLIN },
	};
	int events;

	for (;;) {
		events = poll(fds, ARRAY_SIZE(fds), TIME_LIMIT_MS);
		if (events < 0 && errno == EINTR)
			continue;
		if (events <= 0) {
			tracer->run->timed_out = true;
			kill(tracer->pid, SIGKILL);
			return;
		}
		if (fds[0].revents)
			return;
		if (fds[1].revents & POLLIN)
			answer(tracer, listener);
		else if (fds[1].revents)
			fds[1].fd = -1;
	}
}

static int fetch_listener(int pidfd, int ready)
{
	int theirs, listener;

	if (read(ready, &theirs, sizeof(theirs)) != sizeof(theirs))
		bail("the child did not start");
	if (theirs < 0)
		bail("cannot install a seccomp filter with a listener");
	listener = syscall(SYS_pidfd_getfd, pidfd, theirs, 0);
	if (listener < 0)
		bail("cannot get the listener of the seccomp filter: %s", strerror(errno));
	return listener;
}

static void read_output(int fd, char output[OUTPUT_MAX])
{
	ssize_t length = pread(fd, output, OUTPUT_MAX - 1, 0);

	output[length > 0 ? length : 0] = '\0';
	close(fd);
}

/* The tool that counts its requests for memory says on its last line how many. */
static void read_malloc_count(struct run *run, unsigned int n)
{
	const char *mark = strstr(run->err, "malloc calls: ");

	run->counts[CALL_MALLOC] = mark ? atoi(mark + strlen("malloc calls: ")) : 0;
	run->reached = n && strstr(run->err, "malloc failed");
}

void run_with_fault(char *const argv[], const struct fault *fault, struct run *run)
{
	struct tracer tracer = { .fault = fault, .run = run };
	int out = memfd_create("out", MFD_CLOEXEC), err = memfd_create("err", MFD_CLOEXEC);
	int ready[2], pidfd, listener = -1;

	memset(run, 0, sizeof(*run));
	if (out < 0 || err < 0 || pipe2(ready, O_CLOEXEC))
		bail("cannot make files for the output: %s", strerror(errno));
	fflush(NULL);
	tracer.pid = fork();
	if (tracer.pid < 0)
		bail("cannot fork: %s", strerror(errno));
	if (!tracer.pid)
		child(argv, fault, out, err, ready[1]);
	close(ready[1]);

	pidfd = syscall(SYS_pidfd_open, tracer.pid, 0);
	if (pidfd < 0)
		bail("pidfd_open: %s", strerror(errno));
	if (fault->class != CALL_MALLOC)
		listener = fetch_listener(pidfd, ready[0]);
	watch(&tracer, pidfd, listener);
	if (waitpid(tracer.pid, &run->status, 0) != tracer.pid)
		bail("waitpid: %s", strerror(errno));

	close(ready[0]);
	close(pidfd);
	if (listener >= 0)
		close(listener);
	read_output(out, run->out);
	read_output(err, run->err);
	if (fault->class == CALL_MALLOC)
		read_malloc_count(run, fault->n);
	if (WIFEXITED(run->status) && WEXITSTATUS(run->status) == 127)
		bail("cannot run %s", argv[0]);
}
