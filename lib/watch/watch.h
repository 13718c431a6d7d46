/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What happens to instances, found out by comparing a look with the one before. */
#ifndef XDPACTION_WATCH_H
#define XDPACTION_WATCH_H

#include "instance/instance.h"

/* Who is told of events. */
struct listener {
	xdpaction_event_fn fn;
	void *data;
};

/* ---- watched.c: one interface ---- */

/* By which two looks at a setting are compared. */
struct mark {
	uint64_t word;
	uint64_t recorded[2];		/* generations of the last changes */
};

/* An interface that has a program, or had an instance when it left. */
struct watched {
	struct link link;		/* as it was seen last */
	/* It is in another namespace, or gone; the maps can be looked at all the same. */
	bool away;
	/* The chain kept changing and has to be looked at again. */
	bool unsettled;
	bool surveyed;			/* the survey that goes on has seen it */
	/* Its chain as it was seen last, and the maps of an instance in it. */
	struct instance instance;
	/* data is NULL without an instance, or where its setting cannot be read. */
	struct setting_place place;
	/* What was seen of the setting last. */
	struct mark mark;
	uint64_t deadline_ns;		/* CLOCK_REALTIME; means nothing without one */
	struct xdpaction_setting setting;
	struct history history;
};

/* Begins to watch an interface, as if it had no program yet. NULL without memory. */
struct watched *watched_new(const struct link *link);
void watched_free(struct watched *watched);
bool watched_has_instance(const struct watched *watched);
/*
 * Takes a chain with an instance that was not there before, or with none, and reads
 * its setting. What `instance` holds goes over.
 */
int watched_take(struct xdpaction *ctx, struct watched *watched, struct instance *instance);
/*
 * Takes one that goes on in the place of the instance that is known, and tells what was
 * set since the last look.
 */
int watched_take_heir(struct xdpaction *ctx, struct watched *watched,
		      const struct listener *listener, struct instance *instance);
/* Takes what an interface is by now, and tells of a new name of one that has an instance. */
void watched_take_link(struct watched *watched, const struct listener *listener,
		       const struct link *now);
/*
 * Takes a chain with the same instance in it, or with one that goes on in its place, and
 * tells of a new name of the interface, who joined it and who left.
 */
void watched_take_chain(struct watched *watched, const struct listener *listener,
			const struct instance *instance);
/* True while a temporary setting is in force. */
bool watched_can_end(const struct watched *watched);
/* Looks at the mapped setting, which costs no system call while it stays. */
int watched_look(struct xdpaction *ctx, struct watched *watched, const struct listener *listener);
/* The same when an interface, which may be the target of REDIRECT, is gone. */
int watched_look_at_target(struct xdpaction *ctx, struct watched *watched,
			   const struct listener *listener, unsigned int gone);
/* Tells of an event that has no more to it than its kind. */
void watched_tell(const struct watched *watched, const struct listener *listener,
		  enum xdpaction_event_kind kind);
/* Tells of it with the setting in force. */
void watched_tell_setting(const struct watched *watched, const struct listener *listener,
			  enum xdpaction_event_kind kind);
void watched_tell_missed(const struct watched *watched, const struct listener *listener,
			 uint64_t missed);

/* ---- lookout.c: all of them ---- */

/* An interface that is to be watched; the number is 0 as long as there is none. */
struct wanted {
	char name[IFNAMSIZ];
	unsigned int ifindex;
};

struct lookout {
	struct listener listener;
	struct watched **list;
	size_t count;
	/* None: all. */
	struct wanted *wanted;
	size_t wanted_count;
};

/* Takes in what a notice says; data is the struct lookout. */
int lookout_notice(struct xdpaction *ctx, const struct notice *notice, void *data);
/*
 * Compares with what there is. `lost`: notices were lost, so that nobody else tells what
 * is gone, an instance or a target.
 */
int lookout_survey(struct xdpaction *ctx, struct lookout *lookout, bool lost);
/* Looks at the setting of each instance, and again at chains that kept changing. */
int lookout_look(struct xdpaction *ctx, struct lookout *lookout);
/* True while a temporary setting is in force anywhere. */
bool lookout_can_end(const struct lookout *lookout);
void lookout_free(struct lookout *lookout);

#endif /* XDPACTION_WATCH_H */
