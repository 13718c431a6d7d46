// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "list.h"
#include "session.h"

#define VARIABLE "SSH_CONNECTION"
/* More ancestors than the kernel lets anybody have. */
#define ANCESTORS_MAX 65536

/* The major numbers of pseudo terminals: those of devpts, and the old one. */
#define DEVPTS_FIRST 136
#define DEVPTS_LAST 143
#define OLD_PTY 3

/* ---- logins ---- */

/* The part of a control group's path that logind calls a session. */
static void find_scope(const char *cgroups, char *scope, size_t size)
{
	const char *start = cgroups, *end;

	while ((start = strstr(start, "/session-"))) {
		start++;
		end = start + strcspn(start, "/\n");
		if (end - start > 6 && !strncmp(end - 6, ".scope", 6)) {
			snprintf(scope, size, "%.*s", (int)(end - start), start);
			return;
		}
	}
}

struct login login_of(pid_t pid)
{
	struct login login = { .audit_session = LOGIN_NO_AUDIT };
	char text[4096];

	if (!proc_read(pid, "sessionid", text, sizeof(text)))
		login.audit_session = strtoul(text, NULL, 10);
	if (!proc_read(pid, "cgroup", text, sizeof(text)))
		find_scope(text, login.scope, sizeof(login.scope));
	return login;
}

bool login_exists(const struct login *login)
{
	return login->audit_session != LOGIN_NO_AUDIT || *login->scope;
}

bool login_same(const struct login *a, const struct login *b)
{
	return (a->audit_session != LOGIN_NO_AUDIT && a->audit_session == b->audit_session) ||
	       (*a->scope && !strcmp(a->scope, b->scope));
}

/* ---- ancestors ---- */

static bool is_pty(dev_t device)
{
	unsigned int number = major(device);

	return number == OLD_PTY || (number >= DEVPTS_FIRST && number <= DEVPTS_LAST);
}

struct process {
	pid_t parent;		/* 0 for the first one */
	dev_t terminal;		/* the controlling one */
	bool ended;		/* its first thread has; others may run on */
};

static int read_process(pid_t pid, struct process *process)
{
	int err, parent, terminal;
	const char *behind_name;
	char stat[512], state;

	err = proc_read(pid, "stat", stat, sizeof(stat));
	if (err)
		return err;
	/* The name of the process may have parentheses and blanks in it. */
	behind_name = strrchr(stat, ')');
	if (!behind_name ||
	    sscanf(behind_name, ") %c %d %*d %*d %d", &state, &parent, &terminal) != 3)
		return -EIO;
	*process = (struct process){
		.parent = parent,
		.terminal = terminal,
		.ended = state == 'Z',
	};
	return 0;
}

/* The variable in the environment of a process, malloced; NULL in *value: none. */
static int variable_of(pid_t pid, char **value)
{
	size_t room = 0;
	char *entry = NULL;
	FILE *file;
	int fd, err = 0;

	*value = NULL;
	fd = proc_open(pid, "environ");
	if (fd < 0)
		return fd;
	file = fdopen(fd, "r");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}

	errno = 0;
	while (getdelim(&entry, &room, '\0', file) > 0) {
		if (strncmp(entry, VARIABLE "=", sizeof(VARIABLE)))
			continue;
		*value = strdup(entry + sizeof(VARIABLE));
		break;
	}
	if (ferror(file))
		err = errno ? -errno : -EIO;
	free(entry);
	fclose(file);
	return err;
}

/*
 * Of a process whose first thread has ended the environment cannot be read, and
 * some kernels show an empty one.
 */
static void look_at(struct caller *caller, pid_t pid, bool ended)
{
	char *value = NULL;
	int err = ended ? -ESRCH : variable_of(pid, &value);

	if (err) {
		caller->unread = pid;
		caller->unread_err = err;
	} else if (value && !caller->connection) {
		caller->connection = value;
		caller->holder = pid;
		return;
	} else if (value && !strcmp(value, caller->connection)) {
		caller->holder = pid;
	}
	free(value);
}

/* A process that has left its terminal may still read from it. */
static bool streams_on_pty(void)
{
	struct stat st;
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (!fstat(fd, &st) && S_ISCHR(st.st_mode) && is_pty(st.st_rdev))
			return true;
	return false;
}

static int add_ancestor(struct caller *caller, pid_t pid)
{
	pid_t *grown = list_grow(caller->ancestors, caller->ancestor_count, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	caller->ancestors = grown;
	grown[caller->ancestor_count++] = pid;
	return 0;
}

bool caller_descends_from(const struct caller *caller, pid_t pid)
{
	size_t i;

	for (i = 0; i < caller->ancestor_count; i++)
		if (caller->ancestors[i] == pid)
			return true;
	return false;
}

static int climb_up(struct caller *caller)
{
	struct process process;
	pid_t pid = getpid();
	int i, err;

	for (i = 0; i < ANCESTORS_MAX; i++) {
		err = read_process(pid, &process);
		if (err)
			return err;
		caller->terminal |= is_pty(process.terminal);
		if (i)
			look_at(caller, pid, process.ended);
		pid = process.parent;
		/* 1 is init, and 0 is outside the PID namespace. */
		if (pid <= 1)
			return 0;
		err = add_ancestor(caller, pid);
		if (err)
			return err;
	}
	return -ELOOP;
}

int caller_find(struct caller *caller)
{
	const char *own = secure_getenv(VARIABLE);

	*caller = (struct caller){
		.login.audit_session = LOGIN_NO_AUDIT,
		.terminal = streams_on_pty(),
	};
	if (own) {
		caller->connection = strdup(own);
		caller->holder = getpid();
		if (!caller->connection)
			return -ENOMEM;
	}
	return climb_up(caller);
}

void caller_free(struct caller *caller)
{
	free(caller->connection);
	free(caller->ancestors);
	*caller = (struct caller){ 0 };
}
