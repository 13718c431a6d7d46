// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "list.h"
#include "session.h"

/* States of a socket in /proc/net/tcp. */
#define ESTABLISHED 1
#define LISTENING 10

/* A TCP socket of a network namespace. */
struct row {
	struct address local, remote;
	unsigned int local_port, remote_port;
	unsigned int state;
	unsigned long inode;
};

struct rows {
	struct row *list;
	size_t count;
};

/* ---- sockets of a network namespace ---- */

/* "0100007F": words of 32 bits, each as this processor reads it from the packet. */
static bool read_address(const char *text, struct address *address)
{
	size_t words = strlen(text) / 8, i;
	uint32_t word[4];

	if (words != 1 && words != 4)
		return false;
	for (i = 0; i < words; i++)
		if (sscanf(text + 8 * i, "%8x", &word[i]) != 1)
			return false;

	memset(address, 0, sizeof(*address));
	address->family = words == 1 ? AF_INET : AF_INET6;
	memcpy(&address->v6, word, 4 * words);
	if (words == 4 && IN6_IS_ADDR_V4MAPPED(&address->v6)) {
		address->family = AF_INET;
		address->v4.s_addr = word[3];
	}
	return true;
}

static bool read_row(const char *line, struct row *row)
{
	char local[40], remote[40];

	return sscanf(line, " %*u: %39[0-9A-F]:%x %39[0-9A-F]:%x %x %*x:%*x %*x:%*x %*x %*u %*u %lu",
		      local, &row->local_port, remote, &row->remote_port, &row->state,
		      &row->inode) == 6 &&
	       read_address(local, &row->local) && read_address(remote, &row->remote);
}

static int add_rows(pid_t pid, const char *name, struct rows *rows)
{
	struct row row, *grown;
	char line[512];
	FILE *file;
	int err = 0, fd = proc_open(pid, name);

	/* A kernel without IPv6 has no list of its sockets. */
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	file = fdopen(fd, "r");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	while (!err && fgets(line, sizeof(line), file)) {
		if (!read_row(line, &row) || (row.state != ESTABLISHED && row.state != LISTENING))
			continue;
		grown = list_grow(rows->list, rows->count, sizeof(*grown));
		if (!grown) {
			err = -ENOMEM;
			break;
		}
		rows->list = grown;
		grown[rows->count++] = row;
	}
	if (ferror(file))
		err = -EIO;
	fclose(file);
	return err;
}

/* ---- a server's process ---- */

struct tour {
	sshd_fn fn;
	void *data;
	int unseen;	/* why a process could not be looked at */
};

/* sshd with its sshd-session, and dropbear. Their titles vary, but this name does not. */
static bool is_server(pid_t pid)
{
	char name[32];

	return !proc_read(pid, "comm", name, sizeof(name)) &&
	       (!strncmp(name, "sshd", 4) || !strncmp(name, "dropbear", 8));
}

/* The number in a link like "socket:[NUMBER]"; 0 for any other. */
static unsigned long socket_inode(int dir, const char *name)
{
	unsigned long inode = 0;
	char target[64];
	ssize_t length;

	length = readlinkat(dir, name, target, sizeof(target) - 1);
	if (length < 0)
		return 0;
	target[length] = '\0';
	return sscanf(target, "socket:[%lu]", &inode) == 1 ? inode : 0;
}

/* What a server forwards for a session goes out from a port on which nobody listens. */
static bool came_in(const struct rows *rows, const struct row *row)
{
	size_t i;

	for (i = 0; i < rows->count; i++)
		if (rows->list[i].state == LISTENING && rows->list[i].local_port == row->local_port)
			return true;
	return false;
}

static const struct row *find_row(const struct rows *rows, unsigned long inode)
{
	size_t i;

	for (i = 0; inode && i < rows->count; i++)
		if (rows->list[i].inode == inode && rows->list[i].state == ESTABLISHED)
			return &rows->list[i];
	return NULL;
}

static int tell(const struct tour *tour, pid_t pid, const struct row *row)
{
	struct sshd_connection connection = {
		.session = {
			.client = row->remote,
			.server = row->local,
			.client_port = row->remote_port,
			.server_port = row->local_port,
			.pid = pid,
		},
		.login = login_of(pid),
	};

	inet_ntop(row->remote.family, &row->remote.v6, connection.session.client_text,
		  sizeof(connection.session.client_text));
	return tour->fn(&connection, tour->data);
}

/* Reports the open sockets of a process; only connections that came in, if there are any. */
static int tell_sockets(const struct tour *tour, pid_t pid, DIR *dir, const struct rows *rows)
{
	const struct dirent *entry;
	const struct row *row;
	bool any_came_in = false;
	int err = 0, pass;

	for (pass = 0; pass < 2 && !any_came_in; pass++) {
		rewinddir(dir);
		while (!err && (entry = readdir(dir))) {
			row = find_row(rows, socket_inode(dirfd(dir), entry->d_name));
			if (!row || (!pass && !came_in(rows, row)))
				continue;
			any_came_in = true;
			err = tell(tour, pid, row);
		}
	}
	return err;
}

static void note_unseen(struct tour *tour, int err)
{
	if (err && !proc_is_gone(err) && !tour->unseen)
		tour->unseen = err;
}

static int look_at_server(struct tour *tour, pid_t pid)
{
	struct rows rows = { 0 };
	DIR *dir = NULL;
	int fd, err;

	err = add_rows(pid, "net/tcp", &rows);
	if (!err)
		err = add_rows(pid, "net/tcp6", &rows);
	fd = err ? err : proc_open(pid, "fd");
	note_unseen(tour, fd < 0 ? fd : 0);
	err = err == -ENOMEM ? err : 0;
	if (fd >= 0)
		dir = fdopendir(fd);
	if (dir)
		err = tell_sockets(tour, pid, dir, &rows);
	else if (fd >= 0)
		close(fd);
	if (dir)
		closedir(dir);
	free(rows.list);
	return err;
}

int sshd_for_each(sshd_fn fn, void *data)
{
	struct tour tour = { .fn = fn, .data = data };
	const struct dirent *entry;
	int err = 0;
	DIR *dir;

	dir = opendir("/proc");
	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir))) {
		pid_t pid = strtol(entry->d_name, NULL, 10);

		if (pid > 0 && is_server(pid))
			err = look_at_server(&tour, pid);
	}
	closedir(dir);
	return err ? err : tour.unseen;
}

bool sshd_has_mosh(void)
{
	const struct dirent *entry;
	bool found = false;
	char name[32];
	DIR *dir;

	dir = opendir("/proc");
	while (dir && !found && (entry = readdir(dir))) {
		pid_t pid = strtol(entry->d_name, NULL, 10);

		found = pid > 0 && !proc_read(pid, "comm", name, sizeof(name)) &&
			!strncmp(name, "mosh-server", 11);
	}
	if (!dir)
		return true;
	closedir(dir);
	return found;
}
