/* SPDX-License-Identifier: GPL-2.0-only */
/* The SSH session in which a command was typed. */
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
	char client_text[64];
	/* The process nearest to sshd that knows of the session. */
	pid_t pid;
};

/*
 * Reads the value of SSH_CONNECTION: "CLIENT PORT SERVER PORT".
 * False when it is none, as for a session without a network connection.
 */
bool session_parse(const char *text, struct session *session);

/*
 * Looks for SSH_CONNECTION in the own environment and, since sudo drops it, in
 * those of the ancestors.
 *
 * Returns 1 when there is a session, 0 when there is none, or a negative
 * errno value when that cannot be told, with the reason in `why`.
 */
int session_find(struct session *session, char *why, size_t size);

/*
 * Whether the session's process is in the network namespace of the thread: 1,
 * 0, or a negative errno value.
 *
 * @home_netns	the inode number of the network namespace that this process was
 *		started in, 0 when that is the thread's
 */
int session_here(const struct session *session, uint64_t home_netns);

#endif /* SESSION_H */
