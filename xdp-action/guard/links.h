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
	bool elsewhere;		/* what it sits on, or its peer, is in another namespace */
	bool loopback;
	bool ethernet;		/* its packets begin with an Ethernet header */
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

#endif /* LINKS_H */
