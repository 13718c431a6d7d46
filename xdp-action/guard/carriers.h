/* SPDX-License-Identifier: GPL-2.0-only */
/* The interfaces that the packets of SSH sessions pass. */
#ifndef CARRIERS_H
#define CARRIERS_H

#include "links.h"

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
 * Adds what is known of a session of another namespace, of which netns is a
 * descriptor: when what it passes there leads into others, it may pass any
 * interface here. Returns 0 or a negative errno value.
 */
int carriers_add_from(struct carriers *carriers, const struct session *session, int netns);

/* How the sessions pass the interface; perhaps where it cannot be told. */
struct crossing carriers_crossing(const struct carriers *carriers, const char *ifname);

/* True when packets of the interface begin with an Ethernet header. */
bool carriers_ethernet(const struct carriers *carriers, const char *ifname);

/*
 * Marks what is below the marked ones, until nothing is added, and looks for
 * tunnels among them. For carriers_add() and its test.
 */
void carriers_descend(struct carriers *carriers);

#endif /* CARRIERS_H */
