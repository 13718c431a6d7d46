/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * The parts of the guard: the SSH sessions in which a command may have been
 * typed, and the interfaces that carry their packets.
 */
#ifndef SESSION_H
#define SESSION_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- proc.c: files below /proc/PID ---- */

/* Opens /proc/PID/NAME for reading; returns a descriptor or a negative errno value. */
int proc_open(pid_t pid, const char *name);

/*
 * Reads a short file as a string, which is cut where it does not fit. Returns 0
 * or a negative errno value.
 */
int proc_read(pid_t pid, const char *name, char *text, size_t size);

/* True for an error with which /proc says that a process has ended. */
bool proc_is_gone(int err);

/* ---- caller.c: who calls, by what the process and its ancestors tell of their login ---- */

/* What a process keeps of its login even if its environment and its parents change. */
struct login {
	uint32_t audit_session;	/* LOGIN_NO_AUDIT without one */
	char scope[64];		/* "session-4.scope" of logind; "" without one */
};

#define LOGIN_NO_AUDIT UINT32_MAX

/* The login of a process; there is none where the kernel keeps nothing of it. */
struct login login_of(pid_t pid);
bool login_exists(const struct login *login);
/* True when two processes have the same login. */
bool login_same(const struct login *a, const struct login *b);

struct caller {
	/* SSH_CONNECTION of the process itself or of the nearest ancestor; malloced or NULL. */
	char *connection;
	pid_t holder;		/* the farthest process that has the same */
	pid_t unread;		/* an ancestor whose environment is closed to us, or 0 */
	int unread_err;
	/*
	 * The process or an ancestor has a pseudo terminal, as of a session that
	 * came in by a network, of tmux or of a window on a desktop.
	 */
	bool terminal;
	struct login login;	/* none, until somebody fills it in with login_of() */
	pid_t *ancestors;
	size_t ancestor_count;
};

/*
 * Looks at this process and its ancestors. Returns 0, or a negative errno value
 * when /proc cannot be read; what was found until then stands. Free with
 * caller_free() in any case.
 */
int caller_find(struct caller *caller);
/* True when a process is an ancestor of this one. */
bool caller_descends_from(const struct caller *caller, pid_t pid);
void caller_free(struct caller *caller);

/* ---- session.c: the session of the caller ---- */

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
	/* It may also be one of mosh, which is none of these. */
	bool perhaps_mosh;
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

/* ---- sshd.c: the connections that the SSH servers of this machine have now ---- */

struct sshd_connection {
	struct session session;
	struct login login;	/* of the server's process */
};

/* An error ends the tour. */
typedef int (*sshd_fn)(const struct sshd_connection *connection, void *data);

/*
 * Calls fn for each established connection that came in to a server's process,
 * in whatever network namespace that is; two processes can have the same one.
 *
 * Returns 0, the error of fn, or, after the tour, why one of them could not be
 * looked at.
 */
int sshd_for_each(sshd_fn fn, void *data);

/*
 * True when a server of mosh runs, by which a command can come without any of
 * these connections; or when that cannot be told.
 */
bool sshd_has_mosh(void);

/* ---- links.c: how the interfaces of a network namespace stand on each other; rtnetlink ---- */

struct device {
	unsigned int ifindex;
	unsigned int master;	/* ifindex of the bridge or bond it is in, or 0 */
	unsigned int lower;	/* ifindex of what it sits on, in this namespace, or 0 */
	bool elsewhere;		/* what it sits on, or its peer, is in another namespace */
	bool loopback;
	bool lacp;		/* a bond whose ports LACP keeps up */
	char name[IF_NAMESIZE];
	char kind[16];		/* "vlan"; "" for hardware and lo */
};

struct links {
	struct device *list;
	size_t count;
};

/*
 * All interfaces; free them with links_free(), also after an error. Returns 0
 * or a negative errno value.
 */
int links_read(struct links *links);
void links_free(struct links *links);

struct route {
	unsigned int ifindex;	/* an interface by which packets can leave */
	bool local;		/* the address is this host's own */
	bool direct;		/* no router is between */
};

/*
 * The way that packets to an address take, and -ENETUNREACH where there is
 * none. 0 or a negative errno value.
 */
int links_route(const struct address *to, struct route *route);

typedef void (*route_fn)(const struct route *route, void *data);
/*
 * Calls fn for each route of each table, and each of its ways, that covers an
 * address. 0 or a negative errno value.
 */
int links_routes(const struct address *to, route_fn fn, void *data);

/* ---- carriers.c: the interfaces that the packets of sessions pass ---- */

/* Whether the packets of a session pass an interface. */
enum passage {
	PASSAGE_NONE,
	PASSAGE_PERHAPS,	/* one of several routes leads there */
	PASSAGE_SURE,
};

/* What is around the packets of a session on an interface, inside of its Ethernet header. */
enum wrap {
	WRAP_NONE,
	WRAP_TAG,		/* perhaps of a VLAN; it may also have been taken out */
	WRAP_TWO_TAGS,
	WRAP_MORE_TAGS,
	WRAP_AWAY,		/* only what goes to the client comes in there */
	WRAP_INSIDE,		/* other packets, or a cipher */
};

struct crossing {
	enum passage passage;
	enum wrap wrap;
};

struct carriers {
	struct links links;
	/* For each of links.list. */
	struct crossing *crossings;
	/* Why a session may pass any other interface as well; "" when none does. */
	char doubt[80];
	/* A session is relayed here, and is not what comes in. */
	bool relayed;
};

/*
 * Reads the interfaces of the network namespace of the thread. Returns 0 or a
 * negative errno value. Free with carriers_free() in any case.
 */
int carriers_begin(struct carriers *carriers);
void carriers_free(struct carriers *carriers);

/*
 * Adds what a session of this namespace passes: the interface with the
 * server's address, those of the routes to the client, and all below these.
 *
 * Returns 0 or a negative errno value; -EADDRNOTAVAIL when the addresses of
 * the session lead to none.
 */
int carriers_add(struct carriers *carriers, const struct session *session);

/*
 * Adds what is known of a session in another namespace, whose descriptor is
 * netns. If what it passes there leads into further namespaces, it may pass any
 * interface here. Returns 0 or a negative errno value.
 */
int carriers_add_from(struct carriers *carriers, const struct session *session, int netns);

/* How the sessions pass the interface; "perhaps" where it cannot be told. */
struct crossing carriers_crossing(const struct carriers *carriers, const char *ifname);

/* True when the interface is a bond that LACP keeps up, or a port of one. */
bool carriers_need_lacp(const struct carriers *carriers, const char *ifname);

/*
 * Marks what is below the marked ones, until nothing is added, and looks for
 * tunnels among them. For carriers_add() and its test.
 */
void carriers_descend(struct carriers *carriers);

/* ---- rewrites.c: packets that are other ones on the wire than at their socket ---- */

/*
 * Gives a session the addresses and ports that its packets come in with, which
 * NAT on this host changes. In the network namespace of the thread. Returns 0 or
 * a negative errno value.
 */
int rewrites_undo_nat(struct session *session);

/*
 * Asks whether a policy of IPsec wants what a session receives to be wrapped, in
 * the network namespace of the thread. Returns 1, 0 or a negative errno value.
 */
int rewrites_ipsec(const struct session *session);

#endif /* SESSION_H */
