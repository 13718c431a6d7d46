/* SPDX-License-Identifier: GPL-2.0-only */
/* The connections that the SSH servers of this machine have now. */
#ifndef SSHD_H
#define SSHD_H

#include "caller.h"
#include "session.h"

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

#endif /* SSHD_H */
