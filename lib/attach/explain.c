// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Says why a load or an unload is not possible, and what to do about it. */
#include <string.h>

#include <xdp/prog_dispatcher.h>

#include "attach/attach.h"
#include "bpffs/bpffs.h"

/* libxdp's own default, which is also the size of its dispatcher. */
_Static_assert(XDPACTION_CHAIN_MAX == MAX_DISPATCHER_ACTIONS, "as many slots as libxdp has");

static int fail_other_mode(struct xdpaction *ctx, const struct chain *chain,
			   enum xdpaction_mode wanted)
{
	fail_on(ctx, chain->link.name, -EBUSY, NULL,
		"the dispatcher runs in %s mode, and %s mode was asked for",
		xdpaction_mode_name(chain->link.mode), xdpaction_mode_name(wanted));
	advise_kind(ctx, chain->link.mode == XDPACTION_MODE_SKB ? XDPACTION_ADVICE_SKB :
							  XDPACTION_ADVICE_NATIVE);
	return -EBUSY;
}

/* libxdp takes a dispatcher whose pins it cannot read for a foreign program. */
static int fail_unpinned(struct xdpaction *ctx, const struct chain *chain)
{
	char command[TAKE_OFF_SIZE];

	fail_on(ctx, chain->link.name, -EBUSY, NULL,
		"the pins of the dispatcher %u are not all there, so its programs cannot be changed",
		chain->dispatcher_id);
	advise(ctx, "unload them where its bpffs is mounted; where the interface has moved and has another index since, all of them have to go, with %s",
	       take_off_command(&chain->link, command));
	return -EBUSY;
}

/* The kernel changes nothing on an interface while one directly above it has a program. */
static int fail_above(struct xdpaction *ctx, const struct link *link, const struct link *above)
{
	if (!above->ifindex)
		return fail_on(ctx, link->name, -EBUSY, "look for it in the other network namespaces, and unload what it runs first",
			       "an interface above it that cannot be seen from here has an XDP program, and the kernel changes nothing below an interface that has one");
	fail_on(ctx, link->name, -EBUSY, NULL,
		"%s, which is above it, has an XDP program, and the kernel changes nothing below an interface that has one",
		above->name);
	advise(ctx, "unload what runs on %s first; it can be loaded again after that", above->name);
	return -EBUSY;
}

static int fail_port(struct xdpaction *ctx, const struct link *link, const struct link *port)
{
	fail_on(ctx, link->name, -EBUSY, NULL,
		"%s, which is in it, has an XDP program, and the driver gives the bond's own program to all ports",
		port->name);
	advise(ctx, "unload what runs on %s first", port->name);
	return -EBUSY;
}

/* Checks what runs on the interfaces around it; `ports`: also on those in it. */
static int check_around(struct xdpaction *ctx, const struct link *link, bool ports)
{
	struct link found;
	int err;

	err = ports ? link_find_in_way(ctx, link, true, &found) :
		      link_find_above(ctx, link, &found);
	if (err || !found.ifindex)
		return err;
	return found.master_ifindex == link->ifindex ? fail_port(ctx, link, &found) :
						       fail_above(ctx, link, &found);
}

/* A bond runs its program in its ports' drivers. */
static bool uses_ports(const struct link *link, enum xdpaction_mode mode)
{
	return mode == XDPACTION_MODE_NATIVE && !strcmp(link->kind, "bond");
}

/* A load cannot end what an upgrade has begun, since its setting is not that of the instance. */
static int fail_loaded(struct xdpaction *ctx, const struct instance *instance)
{
	const char *name = instance->chain.link.name;

	if (instance->substitute_id)
		return fail_kind(ctx, name, -EEXIST, XDPACTION_ADVICE_UPGRADE,
				 "xdp-action is loaded already, and an upgrade of it was broken off");
	return fail_kind(ctx, name, -EEXIST, XDPACTION_ADVICE_LOADED,
			 "xdp-action is loaded already");
}

int check_before_load(struct xdpaction *ctx, const struct chain *chain,
		      const struct xdpaction_load_options *options)
{
	CLEANUP(instance_close) struct instance instance = { 0 };
	int err;

	err = instance_find(ctx, chain, &instance);
	if (!err)
		return fail_loaded(ctx, &instance);
	if (err == -ENOENT)
		err = check_around(ctx, &chain->link, uses_ports(&chain->link, options->mode));
	if (err || !chain->link.attached)
		return err;
	if (!chain->dispatcher)
		return fail_attached_bare(ctx, -EBUSY, "", chain);
	if (!chain->pinned)
		return fail_unpinned(ctx, chain);
	if (chain->link.mode != options->mode)
		return fail_other_mode(ctx, chain, options->mode);
	if (chain->count >= XDPACTION_CHAIN_MAX)
		return fail_on(ctx, chain->link.name, -E2BIG, "unload one of them first",
			       "the chain is full: it has %zu programs already", chain->count);
	return 0;
}

int check_before_unload(struct xdpaction *ctx, const struct instance *instance)
{
	const struct chain *chain = &instance->chain;
	int err = check_around(ctx, &chain->link, false);

	if (!err && chain->dispatcher && !chain->pinned && chain->count > 1)
		return fail_unpinned(ctx, chain);
	return err;
}

static int fail_other_format(struct xdpaction *ctx, int err, const struct chain *chain)
{
	fail_on(ctx, chain->link.name, err, NULL,
		"the dispatcher %u has format %u, and libxdp %s works with format %u",
		chain->dispatcher_id, chain->format, xdpaction_libxdp_version(),
		XDP_DISPATCHER_VERSION);
	advise(ctx, "unload its programs with the tools of the libxdp that loaded them: format 1 is libxdp 1.2, 2 is 1.3 to 1.5, 3 is 1.6");
	return err;
}

/* The first program of a chain that is not ours. */
static const char *neighbour_name(const struct chain *chain)
{
	size_t i;

	for (i = 0; i < chain->count; i++)
		if (strcmp(chain->members[i].program.name, XDP_ACTION_PROG_NAME))
			return chain->members[i].program.name;
	return NULL;
}

/* A chain has one mode, so skb mode is a way out for all of it or for the first program. */
static void advise_mtu(struct xdpaction *ctx, const struct chain *chain, enum xdpaction_mode mode)
{
	const char *neighbour = neighbour_name(chain);

	if (neighbour)
		advise(ctx, "%s, which is in the chain, does not support frags: unload it, lower the MTU, or load all of them in skb mode",
		       neighbour);
	else if (mode == XDPACTION_MODE_NATIVE && !chain->link.attached)
		advise_kind(ctx, XDPACTION_ADVICE_MTU_OR_SKB);
	else
		advise(ctx, "lower the MTU");
}

/*
 * The MTU needs frags, and a program in the chain has none. The MTU of a veth is
 * that of its peer.
 */
static int fail_mtu(struct xdpaction *ctx, const struct chain *chain)
{
	const char *name = chain->link.name;
	bool veth = !strcmp(chain->link.kind, "veth");
	struct link peer;

	if (veth && !link_peer(NULL, &chain->link, &peer))
		fail_on(ctx, name, -ERANGE, NULL,
			"the MTU %u of its peer %s is too large for native mode without frags",
			peer.mtu, peer.name);
	else if (veth)
		fail_on(ctx, name, -ERANGE, NULL,
			"the MTU of its peer is too large for native mode without frags");
	else
		fail_on(ctx, name, -ERANGE, NULL,
			"the MTU %u is too large for native mode without frags", chain->link.mtu);
	advise_mtu(ctx, chain, XDPACTION_MODE_NATIVE);
	return -ERANGE;
}

/*
 * The driver refuses the chain as a whole, which can do only what all of its
 * programs can do.
 */
static int fail_driver(struct xdpaction *ctx, int err, const struct chain *chain, const char *what,
		       enum xdpaction_mode mode)
{
	const char *neighbour = neighbour_name(chain);

	fail_on(ctx, chain->link.name, err, NULL, "the driver refuses %s: %s", what,
		driver_refusal());
	if (strstr(driver_refusal(), "MTU"))
		advise_mtu(ctx, chain, mode);
	else if (neighbour)
		advise(ctx, "%s, which is in the chain, may be the reason: unload it, or load all of them in skb mode",
		       neighbour);
	else if (mode == XDPACTION_MODE_NATIVE)
		advise_kind(ctx, XDPACTION_ADVICE_SKB);
	return err;
}

static bool driver_refused(int err)
{
	return *driver_refusal() && (err == -EINVAL || err == -EOPNOTSUPP || err == -ENOMEM);
}

/* Words that the core of the kernel uses, and no driver. */
static bool refused_for_above(void)
{
	return strstr(driver_refusal(), "upper device");
}

bool refused_for_link(void)
{
	return strstr(driver_refusal(), "active BPF XDP link");
}

bool refusal_lasts(void)
{
	return refused_for_above() || refused_for_link();
}

static int fail_held(struct xdpaction *ctx, const struct chain *chain)
{
	char command[TAKE_OFF_SIZE];

	fail_on(ctx, chain->link.name, -EBUSY, NULL,
		"a BPF link holds the %s, and the kernel lets nobody else change it",
		chain->dispatcher ? "dispatcher" : "program");
	advise(ctx, "unload it with what loaded it; %s takes off all that it runs",
	       take_off_command(&chain->link, command));
	return -EBUSY;
}

/* The kernel refuses for good, though nothing was seen before the attempt. */
static int fail_refused(struct xdpaction *ctx, const struct chain *chain)
{
	struct link above;

	if (refused_for_link())
		return fail_held(ctx, chain);
	if (link_find_in_way(NULL, &chain->link, false, &above))
		above.ifindex = 0;
	return fail_above(ctx, &chain->link, &above);
}

/* libxdp takes a dispatcher that may not be loaded for one that the kernel does not have. */
static bool forbidden(int err)
{
	return load_forbidden() && (err == -EOPNOTSUPP || err == -EINVAL);
}

static int fail_forbidden(struct xdpaction *ctx, const char *ifname, const char *what)
{
	fail_on(ctx, ifname, -EPERM, NULL, "cannot %s: %s", what, strerror(EPERM));
	advise_refused(ctx, -EPERM);
	return -EPERM;
}

bool format_is_foreign(const struct chain *chain)
{
	return chain->dispatcher && chain->format != XDP_DISPATCHER_VERSION;
}

int explain_attach(struct xdpaction *ctx, int err, const struct chain *chain,
		   const struct xdpaction_load_options *options)
{
	if (format_is_foreign(chain))
		return fail_other_format(ctx, -EBUSY, chain);
	if (refusal_lasts())
		return fail_refused(ctx, chain);
	if (driver_refused(err))
		return fail_driver(ctx, err, chain, "the program", options->mode);
	if (forbidden(err))
		return fail_forbidden(ctx, chain->link.name, "load the program");

	switch (err) {
	case -EOPNOTSUPP:
		fail_on(ctx, chain->link.name, err, NULL,
			"the driver does not support XDP in %s mode",
			xdpaction_mode_name(options->mode));
		if (options->mode == XDPACTION_MODE_NATIVE)
			advise_kind(ctx, XDPACTION_ADVICE_SKB);
		return err;
	case -ERANGE:
		return fail_mtu(ctx, chain);
	case -ENODEV:
		return fail_on(ctx, chain->link.name, err, NULL, "the interface went away");
	case -ENOENT:
		return fail_on(ctx, chain->link.name, err,
			       "reinstall libxdp, or correct LIBXDP_OBJECT_PATH",
			       "libxdp does not find its dispatcher object");
	case -EBUSY:
	case -EAGAIN:
	case -EEXIST:
		return fail_on(ctx, chain->link.name, -EBUSY, "try again",
			       "others kept changing what is attached");
	}
	/* The message of the attempt says the rest. */
	advise_refused(ctx, err);
	return err;
}

int explain_detach(struct xdpaction *ctx, int err, const struct chain *chain)
{
	if (format_is_foreign(chain))
		return fail_other_format(ctx, -EBUSY, chain);
	if (chain->dispatcher && bpffs_check_writable(ctx, chain->link.name))
		return -EROFS;
	if (refusal_lasts())
		return fail_refused(ctx, chain);
	if (driver_refused(err))
		return fail_driver(ctx, err, chain, "the chain without the program",
				   chain->link.mode);
	if (forbidden(err))
		return fail_forbidden(ctx, chain->link.name, "load a dispatcher for the others");
	/* The dispatcher without us is attached anew, under the MTU that is set now. */
	if (err == -ERANGE)
		return fail_mtu(ctx, chain);
	if (err == -EBUSY || err == -EAGAIN || err == -EEXIST)
		return fail_on(ctx, chain->link.name, -EBUSY, "try again",
			       "others kept changing what is attached");
	advise_refused(ctx, err);
	/* What still runs is there, even if libxdp did not find it. */
	return not_gone(err);
}
