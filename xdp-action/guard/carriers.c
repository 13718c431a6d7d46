// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#define _GNU_SOURCE
#include <errno.h>
#include <ifaddrs.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

static struct device *link_at(const struct carriers *carriers, unsigned int ifindex, size_t *index)
{
	size_t i;

	for (i = 0; ifindex && i < carriers->links.count; i++) {
		if (carriers->links.list[i].ifindex == ifindex) {
			*index = i;
			return &carriers->links.list[i];
		}
	}
	return NULL;
}

static struct crossing crossing_at(const struct carriers *carriers, unsigned int ifindex)
{
	size_t i;

	return link_at(carriers, ifindex, &i) ? carriers->crossings[i] : (struct crossing){ 0 };
}

/* Keeps the worst of what is known. Returns true when something is new. */
static bool mark_crossing(struct carriers *carriers, unsigned int ifindex, struct crossing crossing)
{
	struct crossing *known;
	bool added = false;
	size_t i;

	if (!crossing.passage || !link_at(carriers, ifindex, &i))
		return false;
	known = &carriers->crossings[i];
	if (known->passage < crossing.passage) {
		known->passage = crossing.passage;
		added = true;
	}
	if (known->wrap < crossing.wrap) {
		known->wrap = crossing.wrap;
		added = true;
	}
	return added;
}

static bool mark_link(struct carriers *carriers, unsigned int ifindex, enum passage passage)
{
	return mark_crossing(carriers, ifindex, (struct crossing){ .passage = passage });
}

/*
 * True for an interface that wraps its packets in those of another one, or hands
 * them to a program: any kind that is not known to pass frames to what rtnetlink
 * shows below it. A tap in a bridge leads to a virtual machine.
 */
static bool is_tunnel(const struct device *link)
{
	static const char known[] = " bond bridge dummy ifb ipvlan ipvtap macsec macvlan macvtap "
				    "netdevsim team veth vlan vrf ";
	char kind[sizeof(link->kind) + 2];

	snprintf(kind, sizeof(kind), " %s ", link->kind);
	if (!*link->kind || strstr(known, kind))
		return false;
	return strcmp(link->kind, "tun") || !link->master;
}

/* True for an interface through which nothing comes in from outside. */
static bool is_inside(const struct device *link)
{
	return link->loopback || !strcmp(link->kind, "dummy");
}

/* What is around packets in the interface below one, which a veth has in its peer. */
static struct crossing crossing_below(const struct device *link, struct crossing crossing)
{
	if (is_tunnel(link) || !strcmp(link->kind, "macsec"))
		crossing.wrap = WRAP_INSIDE;
	else if (!strcmp(link->kind, "vlan") && crossing.wrap < WRAP_MORE_TAGS)
		crossing.wrap++;
	else if (!strcmp(link->kind, "veth") && crossing.wrap != WRAP_INSIDE)
		crossing.wrap = crossing.wrap == WRAP_AWAY ? WRAP_NONE : WRAP_AWAY;
	return crossing;
}

/* And in the bridge of a veth's peer, where they come in as they do in the veth. */
static struct crossing crossing_beyond(const struct device *link, const struct carriers *carriers,
				       struct crossing crossing)
{
	struct crossing peer = crossing_at(carriers, link->lower);

	if (peer.passage && peer.wrap < crossing.wrap)
		crossing.wrap = peer.wrap;
	return crossing;
}

void carriers_descend(struct carriers *carriers)
{
	bool added;
	size_t i;

	do {
		added = false;
		for (i = 0; i < carriers->links.count; i++) {
			const struct device *link = &carriers->links.list[i];
			const struct crossing *here = &carriers->crossings[i];

			added |= mark_crossing(carriers, link->ifindex,
					       crossing_at(carriers, link->master));
			added |= mark_crossing(carriers, link->lower, crossing_below(link, *here));
			/*
			 * What comes out of a veth went in at its peer, through
			 * the bridge of the peer.
			 */
			if (!strcmp(link->kind, "veth"))
				added |= mark_crossing(carriers, link->master,
						       crossing_beyond(link, carriers, *here));
		}
	} while (added);

	for (i = 0; i < carriers->links.count; i++)
		if (carriers->crossings[i].passage && is_tunnel(&carriers->links.list[i]))
			snprintf(carriers->doubt, sizeof(carriers->doubt),
				 "what carries %s is not known", carriers->links.list[i].name);
}

static bool same_address(const struct sockaddr *have, const struct address *want)
{
	if (!have || have->sa_family != want->family)
		return false;
	if (want->family == AF_INET)
		return !memcmp(&((const struct sockaddr_in *)have)->sin_addr, &want->v4,
			       sizeof(want->v4));
	return !memcmp(&((const struct sockaddr_in6 *)have)->sin6_addr, &want->v6,
		       sizeof(want->v6));
}

static int mark_owners(struct carriers *carriers, const struct address *address)
{
	/* An interface that was renamed meanwhile is no longer known by its scope. */
	bool scoped = *address->scope && if_nametoindex(address->scope);
	struct ifaddrs *list, *entry;
	unsigned int ifindex;
	int err = 0;

	if (getifaddrs(&list))
		return -errno;
	for (entry = list; entry && !err; entry = entry->ifa_next) {
		if (!same_address(entry->ifa_addr, address) ||
		    (scoped && strcmp(address->scope, entry->ifa_name)))
			continue;
		ifindex = if_nametoindex(entry->ifa_name);
		if (ifindex)
			mark_link(carriers, ifindex, PASSAGE_SURE);
		else
			err = -errno;
	}
	freeifaddrs(list);
	return err;
}

/* The route that counts, and a tour of the others that cover the client. */
struct other_routes {
	struct carriers *carriers;
	struct route first;
};

/* Routers may send packets over any of these routes; a direct neighbour uses no router. */
static void mark_other(const struct route *route, void *data)
{
	struct other_routes *others = data;

	if (route->direct || !others->first.direct)
		mark_link(others->carriers, route->ifindex, PASSAGE_PERHAPS);
}

/* The errors with which the kernel says that it has no route to an address. */
static bool no_route(int err)
{
	return err == -ENETUNREACH || err == -EHOSTUNREACH || err == -EACCES || err == -EINVAL;
}

/*
 * Marks the routes back to the client, since packets may come in through one
 * interface and leave through another. Also says where these tell less than they
 * seem to: a client on this host is a process that relays, as for a forwarded
 * port, and packets to an address that is on no outer interface may come in
 * through any.
 */
static int mark_routes(struct carriers *carriers, const struct session *session)
{
	struct other_routes others = { .carriers = carriers };
	size_t i;
	int err;

	for (i = 0; i < carriers->links.count; i++)
		if (carriers->crossings[i].passage == PASSAGE_SURE &&
		    is_inside(&carriers->links.list[i]))
			snprintf(carriers->doubt, sizeof(carriers->doubt),
				 "its address here is on %s", carriers->links.list[i].name);

	err = links_route(&session->client, &others.first);
	if (err)
		return no_route(err) ? 0 : err;
	mark_link(carriers, others.first.ifindex, PASSAGE_SURE);
	if (others.first.local) {
		strcpy(carriers->doubt, "a process on this host relays it");
		carriers->relayed = true;
		return 0;
	}
	/* Each interface has routes to link-local addresses, and the scope says which is meant. */
	if (*session->client.scope && if_nametoindex(session->client.scope))
		return 0;
	return links_routes(&session->client, mark_other, &others);
}

static bool any_marked(const struct carriers *carriers)
{
	size_t i;

	for (i = 0; i < carriers->links.count; i++)
		if (carriers->crossings[i].passage)
			return true;
	return false;
}

int carriers_begin(struct carriers *carriers)
{
	int err;

	*carriers = (struct carriers){ 0 };
	err = links_read(&carriers->links);
	if (err)
		return err;
	carriers->crossings = calloc(carriers->links.count + 1, sizeof(*carriers->crossings));
	return carriers->crossings ? 0 : -ENOMEM;
}

int carriers_add(struct carriers *carriers, const struct session *session)
{
	int err;

	err = mark_owners(carriers, &session->server);
	if (!err)
		err = mark_routes(carriers, session);
	if (err)
		return err;
	if (!any_marked(carriers))
		return -EADDRNOTAVAIL;
	carriers_descend(carriers);
	return 0;
}

/* A look at another network namespace, which only a thread of its own can enter. */
struct visit {
	const struct session *session;
	int netns;
	bool leads_on;		/* what it passes there leads into other namespaces */
	int err;
};

static int look_there(struct visit *visit, struct carriers *carriers)
{
	size_t i;
	int err;

	if (setns(visit->netns, CLONE_NEWNET))
		return -errno;
	err = carriers_begin(carriers);
	if (!err)
		err = carriers_add(carriers, visit->session);
	visit->leads_on = *carriers->doubt;
	for (i = 0; !err && i < carriers->links.count; i++)
		if (carriers->crossings[i].passage && carriers->links.list[i].elsewhere)
			visit->leads_on = true;
	return err;
}

static void *visitor(void *data)
{
	struct carriers carriers = { 0 };
	struct visit *visit = data;

	visit->err = look_there(visit, &carriers);
	carriers_free(&carriers);
	return NULL;
}

int carriers_add_from(struct carriers *carriers, const struct session *session, int netns)
{
	struct visit visit = { .session = session, .netns = netns };
	pthread_t thread;
	int err;

	err = -pthread_create(&thread, NULL, visitor, &visit);
	if (!err)
		err = -pthread_join(thread, NULL);
	if (!err)
		err = visit.err;
	if (!err && visit.leads_on)
		strcpy(carriers->doubt, "it is in another network namespace, and leads out of it");
	return err;
}

struct crossing carriers_crossing(const struct carriers *carriers, const char *ifname)
{
	unsigned int ifindex = if_nametoindex(ifname);
	struct crossing crossing = { 0 };

	if (ifindex)
		crossing = crossing_at(carriers, ifindex);
	/* Nothing is set where no interface has that name. */
	else if (errno == ENODEV)
		return crossing;
	if (!crossing.passage && (!ifindex || *carriers->doubt))
		crossing.passage = PASSAGE_PERHAPS;
	return crossing;
}

bool carriers_need_lacp(const struct carriers *carriers, const char *ifname)
{
	const struct device *link, *master;
	size_t i;

	link = link_at(carriers, if_nametoindex(ifname), &i);
	master = link ? link_at(carriers, link->master, &i) : NULL;
	return (link && link->lacp) || (master && master->lacp);
}

void carriers_free(struct carriers *carriers)
{
	free(carriers->crossings);
	links_free(&carriers->links);
	*carriers = (struct carriers){ 0 };
}
