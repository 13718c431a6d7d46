// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "carriers.h"

static struct link *link_at(const struct carriers *carriers, unsigned int ifindex, size_t *index)
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

static bool is_marked(const struct carriers *carriers, unsigned int ifindex)
{
	size_t i;

	return link_at(carriers, ifindex, &i) && carriers->passed[i];
}

/* Returns true when it is a new one. */
static bool mark(struct carriers *carriers, unsigned int ifindex)
{
	size_t i;

	if (!link_at(carriers, ifindex, &i) || carriers->passed[i])
		return false;
	carriers->passed[i] = true;
	return true;
}

/*
 * True for an interface whose packets come out of another one in new packets,
 * or out of a program: anything but the kinds that are known to pass frames to
 * what rtnetlink shows below them. A tap in a bridge leads to a virtual machine.
 */
static bool is_tunnel(const struct link *link)
{
	static const char known[] = " bond bridge dummy ifb ipvlan ipvtap macsec macvlan macvtap "
				    "netdevsim team veth vlan vrf ";
	char kind[sizeof(link->kind) + 2];

	snprintf(kind, sizeof(kind), " %s ", link->kind);
	if (!*link->kind || strstr(known, kind))
		return false;
	return strcmp(link->kind, "tun") || !link->master;
}

/* True for an interface by which nothing comes in from outside. */
static bool is_inside(const struct link *link)
{
	return link->loopback || !strcmp(link->kind, "dummy");
}

void carriers_descend(struct carriers *carriers)
{
	bool added;
	size_t i;

	do {
		added = false;
		for (i = 0; i < carriers->links.count; i++) {
			const struct link *link = &carriers->links.list[i];

			if (is_marked(carriers, link->master))
				added |= mark(carriers, link->ifindex);
			if (carriers->passed[i])
				added |= mark(carriers, link->lower);
			/* What comes out of a veth went in at its peer, by the bridge of that. */
			if (carriers->passed[i] && !strcmp(link->kind, "veth"))
				added |= mark(carriers, link->master);
		}
	} while (added);

	for (i = 0; i < carriers->links.count; i++)
		if (carriers->passed[i] && is_tunnel(&carriers->links.list[i]))
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
	/* An interface that was renamed since is not known by its scope any more. */
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
			mark(carriers, ifindex);
		else
			err = -errno;
	}
	freeifaddrs(list);
	return err;
}

/*
 * The way back to the client: packets may come in by one interface and leave by
 * another. And where that says less than it seems to: a client on this host is
 * a process that relays, as of a forwarded port, and packets to an address that
 * no outer interface has may come in by any.
 */
static void mark_route(struct carriers *carriers, const struct address *client)
{
	struct route route;
	size_t i;

	for (i = 0; i < carriers->links.count; i++)
		if (carriers->passed[i] && is_inside(&carriers->links.list[i]))
			snprintf(carriers->doubt, sizeof(carriers->doubt),
				 "its address here is on %s", carriers->links.list[i].name);
	if (links_route(client, &route))
		return;
	mark(carriers, route.ifindex);
	if (route.local)
		strcpy(carriers->doubt, "a process on this host relays it");
}

static bool any_marked(const struct carriers *carriers)
{
	size_t i;

	for (i = 0; i < carriers->links.count; i++)
		if (carriers->passed[i])
			return true;
	return false;
}

int carriers_find(const struct session *session, struct carriers *carriers)
{
	int err;

	*carriers = (struct carriers){ 0 };
	err = links_read(&carriers->links);
	if (err)
		return err;
	carriers->passed = calloc(carriers->links.count + 1, sizeof(*carriers->passed));
	if (!carriers->passed)
		return -ENOMEM;

	err = mark_owners(carriers, &session->server);
	if (err)
		return err;
	mark_route(carriers, &session->client);
	if (!any_marked(carriers))
		return -EADDRNOTAVAIL;
	carriers_descend(carriers);
	return 0;
}

bool carriers_have(const struct carriers *carriers, const char *ifname)
{
	unsigned int ifindex = if_nametoindex(ifname);

	/* Where there is none of that name nothing is set. */
	if (!ifindex)
		return errno != ENODEV;
	return *carriers->doubt || is_marked(carriers, ifindex);
}

void carriers_free(struct carriers *carriers)
{
	free(carriers->passed);
	links_free(&carriers->links);
	*carriers = (struct carriers){ 0 };
}
