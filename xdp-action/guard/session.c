// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "list.h"
#include "session.h"

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

static bool is_port(unsigned int number)
{
	return number && number <= UINT16_MAX;
}

bool session_parse(const char *text, struct session *session)
{
	struct session parsed = { .pid = session->pid };
	char client[64], server[64], rest;

	if (sscanf(text, "%63s %5u %63s %5u%c", client, &parsed.client_port, server,
		   &parsed.server_port, &rest) != 4 ||
	    !is_port(parsed.client_port) || !is_port(parsed.server_port) ||
	    !parse_address(client, &parsed.client) || !parse_address(server, &parsed.server))
		return false;

	strcpy(parsed.client_text, client);
	*session = parsed;
	return true;
}

static bool same_address(const struct address *a, const struct address *b)
{
	if (a->family != b->family)
		return false;
	if (a->family == AF_INET)
		return a->v4.s_addr == b->v4.s_addr;
	return IN6_ARE_ADDR_EQUAL(&a->v6, &b->v6);
}

bool session_same(const struct session *a, const struct session *b)
{
	return a->client_port == b->client_port && a->server_port == b->server_port &&
	       same_address(&a->client, &b->client) && same_address(&a->server, &b->server);
}

int sessions_add(struct sessions *sessions, const struct session *session)
{
	struct session *grown;
	size_t i;

	for (i = 0; i < sessions->count; i++)
		if (session_same(&sessions->list[i], session))
			return 0;
	grown = list_grow(sessions->list, sessions->count, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	sessions->list = grown;
	grown[sessions->count++] = *session;
	return 0;
}

void sessions_free(struct sessions *sessions)
{
	free(sessions->list);
	*sessions = (struct sessions){ 0 };
}

/* Which connections of an sshd are the caller's. */
struct choice {
	const struct caller *caller;
	struct session named;		/* by SSH_CONNECTION */
	bool has_named;
	bool named_leads_here;		/* this process descends from the server's */
	struct sessions of_login, all;
};

static int consider(const struct sshd_connection *connection, void *data)
{
	struct choice *choice = data;
	int err;

	if (choice->has_named && session_same(&connection->session, &choice->named) &&
	    caller_descends_from(choice->caller, connection->session.pid))
		choice->named_leads_here = true;
	err = sessions_add(&choice->all, &connection->session);
	if (!err && login_same(&connection->login, &choice->caller->login))
		err = sessions_add(&choice->of_login, &connection->session);
	return err;
}

static int take_all(struct sessions *to, const struct sessions *from)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < from->count; i++)
		err = sessions_add(to, &from->list[i]);
	return err;
}

static int choose(const struct choice *choice, struct sessions *sessions)
{
	int err = 0;

	if (choice->has_named)
		err = sessions_add(sessions, &choice->named);
	else if (choice->of_login.count)
		return take_all(sessions, &choice->of_login);
	if (err || choice->named_leads_here || !choice->caller->terminal)
		return err;
	sessions->perhaps_mosh = sshd_has_mosh();
	return take_all(sessions, &choice->all);
}

/*
 * Says what could not be looked at if it may have been a session of the caller.
 * Returns 0 when there was nothing of the kind.
 */
static int check_seen(const struct caller *caller, int caller_err, int sshd_err,
		      const struct choice *choice, char *why, size_t size)
{
	if (sshd_err == -ENOMEM) {
		snprintf(why, size, "out of memory");
		return sshd_err;
	}
	if (choice->has_named || choice->of_login.count)
		return 0;

	if (caller_err == -ELOOP)
		snprintf(why, size, "too many processes lead to this one");
	else if (caller_err)
		snprintf(why, size, "cannot read /proc: %s", strerror(-caller_err));
	else if (caller->unread)
		snprintf(why, size, "cannot read /proc/%d/environ: %s", (int)caller->unread,
			 strerror(-caller->unread_err));
	else if (sshd_err && (caller->terminal || login_exists(&caller->login)))
		snprintf(why, size, "cannot look at the connections of sshd: %s",
			 strerror(-sshd_err));
	return *why ? -EIO : 0;
}

int sessions_find(struct sessions *sessions, char *why, size_t size)
{
	struct choice choice = { 0 };
	struct caller caller;
	int caller_err, err;

	*sessions = (struct sessions){ 0 };
	*why = '\0';
	caller_err = caller_find(&caller);
	caller.login = login_of(getpid());
	choice.caller = &caller;
	choice.named.pid = caller.holder;
	choice.has_named = caller.connection && session_parse(caller.connection, &choice.named);
	if (caller.connection && !choice.has_named) {
		snprintf(why, size, "SSH_CONNECTION is '%.64s'", caller.connection);
		err = -EINVAL;
	} else {
		err = sshd_for_each(consider, &choice);
		err = check_seen(&caller, caller_err, err, &choice, why, size);
	}
	if (!err) {
		err = choose(&choice, sessions);
		if (err)
			snprintf(why, size, "out of memory");
	}
	sessions_free(&choice.of_login);
	sessions_free(&choice.all);
	caller_free(&caller);
	return err;
}

int session_netns(const struct session *session, int home_netns)
{
	int fd;

	if (session->pid != getpid() || !home_netns)
		return proc_open(session->pid, "ns/net");
	fd = fcntl(home_netns, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}
