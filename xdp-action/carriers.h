/* SPDX-License-Identifier: GPL-2.0-only */
/* The interfaces that the packets of an SSH session pass. */
#ifndef CARRIERS_H
#define CARRIERS_H

#include "links.h"

struct carriers {
	struct links links;
	/* For each of links.list: the session passes it. */
	bool *passed;
	/* Why it may pass any other interface as well; "" when it does not. */
	char doubt[80];
};

/*
 * Finds them in the network namespace of the thread: the interface with the
 * server's address, the one of the route to the client, and all below these.
 *
 * Returns 0 or a negative errno value; -EADDRNOTAVAIL when the addresses of
 * the session lead to none. Free with carriers_free() in any case.
 */
int carriers_find(const struct session *session, struct carriers *carriers);
void carriers_free(struct carriers *carriers);

/* True when the session passes the interface, or may do so. */
bool carriers_have(const struct carriers *carriers, const char *ifname);

/*
 * Marks what is below the marked ones, until nothing is added, and looks for
 * tunnels among them. For carriers_find() and its test.
 */
void carriers_descend(struct carriers *carriers);

#endif /* CARRIERS_H */
