/* SPDX-License-Identifier: GPL-2.0-only */
/* Who calls: what the process and its ancestors tell of the login they belong to. */
#ifndef CALLER_H
#define CALLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a process keeps of its login, whatever becomes of its environment and its parents. */
struct login {
	uint32_t audit_session;	/* LOGIN_NO_AUDIT without one */
	char scope[64];		/* "session-4.scope" of logind; "" without one */
};

#define LOGIN_NO_AUDIT UINT32_MAX

/* The login of a process. Where a kernel keeps none of it there is none. */
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
	struct login login;
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

#endif /* CALLER_H */
