/* SPDX-License-Identifier: GPL-2.0-only */
/* How the interfaces of a network namespace stand on each other; rtnetlink. */
#ifndef LINKS_H
#define LINKS_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "session.h"

struct link {
	unsigned int ifindex;
	unsigned int master;	/* ifindex of the bridge or bond it is in, or 0 */
	unsigned int lower;	/* ifindex of what it sits on, in this namespace, or 0 */
	bool loopback;
	char name[IF_NAMESIZE];
	char kind[16];		/* "vlan"; "" for hardware and lo */
};

struct links {
	struct link *list;
	size_t count;
};

/*
 * All interfaces; free them with links_free(), also after an error. Returns 0
 * or a negative errno value.
 */
int links_read(struct links *links);
void links_free(struct links *links);

struct route {
	unsigned int ifindex;	/* the interface by which packets leave */
	bool local;		/* the address is this host's own */
};

/* The way that packets to an address take. 0 or a negative errno value. */
int links_route(const struct address *to, struct route *route);

#endif /* LINKS_H */
