/* SPDX-License-Identifier: GPL-2.0-only */
/* The SSH session in which a command was typed, or those that it may have been typed in. */
#ifndef SESSION_H
#define SESSION_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct address {
	int family;		/* AF_INET or AF_INET6; mapped IPv4 is AF_INET */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
	char scope[IF_NAMESIZE];	/* of a link-local address, or "" */
};

struct session {
	struct address client, server;
	unsigned int client_port, server_port;
	char client_text[64];
	/* A process in the network namespace of the session. */
	pid_t pid;
};

struct sessions {
	struct session *list;
	size_t count;
};

/*
 * Reads the value of SSH_CONNECTION: "CLIENT PORT SERVER PORT".
 * False when it is none, as for a session without a network connection.
 */
bool session_parse(const char *text, struct session *session);

/* True when two are one connection. */
bool session_same(const struct session *a, const struct session *b);

/* Appends a session that is not there yet; returns 0 or -ENOMEM. */
int sessions_add(struct sessions *sessions, const struct session *session);
void sessions_free(struct sessions *sessions);

/*
 * Finds the sessions that the command may have been typed in:
 *
 * - the one that SSH_CONNECTION names in the own environment or, since sudo
 *   drops it, in that of an ancestor;
 * - without it, those of the sshd that have the same login, by the kernel's
 *   audit session or by logind's scope;
 * - all that the sshd here have, where the command comes from a pseudo
 *   terminal and neither is found, or not as a descendant of the server that has
 *   the connection which SSH_CONNECTION names: a tmux may be attached to any.
 *
 * None is found where there is no session, as in a unit, in cron, on a console
 * or in a container. Returns 0, or a negative errno value when that cannot be
 * told, with the reason in `why`. Free with sessions_free() in any case.
 */
int sessions_find(struct sessions *sessions, char *why, size_t size);

/*
 * Opens the network namespace of a session; returns a descriptor or a negative
 * errno value.
 *
 * @home_netns	the network namespace that this process was started in, 0 when
 *		it has not left it
 */
int session_netns(const struct session *session, int home_netns);

#endif /* SESSION_H */
