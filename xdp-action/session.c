// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session.h"

#define VARIABLE "SSH_CONNECTION"
/* A longer chain of ancestors than anyone has. */
#define ANCESTORS_MAX 256

static bool parse_address(const char *text, struct address *address)
{
	char copy[INET6_ADDRSTRLEN + 1 + IF_NAMESIZE];
	char *scope;

	if (strlen(text) >= sizeof(copy))
		return false;
	strcpy(copy, text);
	memset(address, 0, sizeof(*address));

	scope = strchr(copy, '%');
	if (scope) {
		*scope++ = '\0';
		if (strlen(scope) >= sizeof(address->scope))
			return false;
		strcpy(address->scope, scope);
	}

	if (inet_pton(AF_INET, copy, &address->v4) == 1) {
		address->family = AF_INET;
		return true;
	}
	if (inet_pton(AF_INET6, copy, &address->v6) != 1)
		return false;
	address->family = AF_INET6;
	if (IN6_IS_ADDR_V4MAPPED(&address->v6)) {
		struct in_addr v4;

		memcpy(&v4, &address->v6.s6_addr[12], sizeof(v4));
		address->v4 = v4;
		address->family = AF_INET;
	}
	return true;
}

bool session_parse(const char *text, struct session *session)
{
	char client[64], server[64], rest;
	unsigned int client_port, server_port;
	struct session parsed = { .pid = session->pid };

	if (sscanf(text, "%63s %5u %63s %5u%c", client, &client_port, server, &server_port,
		   &rest) != 4 ||
	    !parse_address(client, &parsed.client) || !parse_address(server, &parsed.server))
		return false;

	strcpy(parsed.client_text, client);
	*session = parsed;
	return true;
}

/* Opens a file of a process; returns a descriptor or a negative errno value. */
static int open_proc(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The parent of a process, 0 for the first; or a negative errno value. */
static int parent_of(pid_t pid, pid_t *parent)
{
	char stat[512];
	const char *behind_name;
	ssize_t length;
	int fd, number;

	fd = open_proc(pid, "stat");
	if (fd < 0)
		return fd;
	length = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	if (length <= 0)
		return -EIO;
	stat[length] = '\0';

	/* The name of the process may have parentheses and blanks in it. */
	behind_name = strrchr(stat, ')');
	if (!behind_name || sscanf(behind_name, ") %*c %d", &number) != 1)
		return -EIO;
	*parent = number;
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
	fd = open_proc(pid, "environ");
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

/* What was seen on the way up through the ancestors. */
struct climb {
	char *connection;	/* the nearest process's, malloced */
	pid_t holder;		/* the farthest process that has the same */
	pid_t unread;		/* a process whose environment is closed to us */
	int unread_err;
};

static void look_at(struct climb *climb, pid_t pid)
{
	char *value;
	int err = variable_of(pid, &value);

	if (err) {
		climb->unread = pid;
		climb->unread_err = err;
	} else if (value && !climb->connection) {
		climb->connection = value;
		climb->holder = pid;
		return;
	} else if (value && !strcmp(value, climb->connection)) {
		climb->holder = pid;
	}
	free(value);
}

static int climb_up(struct climb *climb)
{
	const char *own = secure_getenv(VARIABLE);
	pid_t pid = getpid();
	int i, err;

	if (own) {
		climb->connection = strdup(own);
		climb->holder = pid;
		if (!climb->connection)
			return -ENOMEM;
	}
	for (i = 0; i < ANCESTORS_MAX; i++) {
		err = parent_of(pid, &pid);
		if (err)
			return err;
		/* 1 is init, 0 is outside of the pid namespace. */
		if (pid <= 1)
			return 0;
		look_at(climb, pid);
	}
	return 0;
}

int session_find(struct session *session, char *why, size_t size)
{
	struct climb climb = { 0 };
	int err, found = 0;

	err = climb_up(&climb);
	if (climb.connection) {
		session->pid = climb.holder;
		found = 1;
		if (!session_parse(climb.connection, session)) {
			snprintf(why, size, VARIABLE " is '%.64s'", climb.connection);
			found = -EINVAL;
		}
	} else if (err) {
		snprintf(why, size, "cannot read /proc: %s", strerror(-err));
		found = err;
	} else if (climb.unread) {
		snprintf(why, size, "cannot read /proc/%d/environ: %s", (int)climb.unread,
			 strerror(-climb.unread_err));
		found = climb.unread_err;
	}
	free(climb.connection);
	return found;
}

int session_here(const struct session *session, uint64_t home_netns)
{
	struct stat here, there;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)session->pid);
	if (stat("/proc/thread-self/ns/net", &here) || stat(path, &there))
		return -errno;
	if (session->pid == getpid() && home_netns)
		return here.st_ino == home_netns;
	return here.st_ino == there.st_ino;
}
