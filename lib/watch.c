// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Tells what happens to instances. */
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "watch/watch.h"

/* How often the settings are looked at; more often while one can end. */
#define LOOK_NS (80 * NSEC_PER_MSEC)
#define LOOK_AT_END_NS (40 * NSEC_PER_MSEC)
/* How often all interfaces are: a survey of a hundred takes some milliseconds. */
#define SURVEY_NS (10 * NSEC_PER_SEC)

struct xdpaction_watch {
	struct lookout lookout;
	struct mnl_socket *notices;
	int timer;
	int epoll;
	uint64_t period_ns;		/* of the timer */
	uint64_t surveyed_ns;
	bool lost;			/* notices, since then */
};

/* Two names of one interface are one. */
static int want(struct xdpaction *ctx, struct lookout *lookout, const char *ifname)
{
	struct wanted *grown;
	struct link link;
	int err = link_by_name(ctx, ifname, &link);
	size_t i;

	if (err)
		return err;
	for (i = 0; i < lookout->wanted_count; i++)
		if (lookout->wanted[i].ifindex == link.ifindex)
			return 0;
	grown = list_grow(lookout->wanted, lookout->wanted_count, sizeof(*grown));
	if (!grown)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	lookout->wanted = grown;
	grown[i] = (struct wanted){ .ifindex = link.ifindex };
	memcpy(grown[i].name, link.name, sizeof(grown[i].name));
	lookout->wanted_count++;
	return 0;
}

static int watch_descriptor(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int set_period(struct xdpaction *ctx, struct xdpaction_watch *watch, uint64_t period_ns)
{
	const struct timespec period = { .tv_nsec = period_ns };
	const struct itimerspec every = { period, period };

	if (watch->period_ns == period_ns)
		return 0;
	if (timerfd_settime(watch->timer, 0, &every, NULL))
		return fail_kernel(ctx, -errno, "set a timer");
	watch->period_ns = period_ns;
	return 0;
}

static int open_clock(struct xdpaction *ctx, struct xdpaction_watch *watch)
{
	int err = 0;

	watch->epoll = epoll_create1(EPOLL_CLOEXEC);
	watch->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (watch->epoll < 0 || watch->timer < 0)
		err = -errno;
	if (!err)
		err = watch_descriptor(watch->epoll, watch->timer);
	if (!err)
		err = watch_descriptor(watch->epoll, notices_fd(watch->notices));
	if (err)
		return fail_kernel(ctx, err, "wait for notices of interfaces");
	watch->surveyed_ns = monotonic_ns();
	return set_period(ctx, watch, LOOK_AT_END_NS);
}

/* Notices come from before the first survey on, so that nothing is between the two. */
static int begin(struct xdpaction *ctx, struct xdpaction_watch *watch,
		 const char *const *ifnames, size_t count)
{
	int err = notices_open(ctx, &watch->notices);
	size_t i;

	for (i = 0; !err && i < count; i++)
		err = want(ctx, &watch->lookout, ifnames[i]);
	if (!err)
		err = lookout_survey(ctx, &watch->lookout, false);
	return err ? err : open_clock(ctx, watch);
}

int xdpaction_watch_new(struct xdpaction *ctx, const char *const *ifnames, size_t count,
			struct xdpaction_watch **watch)
{
	struct xdpaction_watch *new;
	int err;

	forget_error(ctx);
	new = calloc(1, sizeof(*new));
	if (!new)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	new->timer = new->epoll = -1;
	err = begin(ctx, new, ifnames, count);
	if (err)
		xdpaction_watch_free(new);
	else
		*watch = new;
	return err;
}

void xdpaction_watch_free(struct xdpaction_watch *watch)
{
	if (!watch)
		return;
	lookout_free(&watch->lookout);
	notices_close(&watch->notices);
	close_fd(&watch->timer);
	close_fd(&watch->epoll);
	free(watch);
}

int xdpaction_watch_fd(const struct xdpaction_watch *watch)
{
	return watch->epoll;
}

size_t xdpaction_watch_instances(const struct xdpaction_watch *watch)
{
	size_t i, count = 0;

	for (i = 0; i < watch->lookout.count; i++)
		count += watched_has_instance(watch->lookout.list[i]) &&
			 !watch->lookout.list[i]->away;
	return count;
}

static void tell_lost(const struct xdpaction_watch *watch)
{
	const struct xdpaction_event event = {
		.kind = XDPACTION_EVENT_MISSED,
		.time_ns = realtime_ns(),
	};

	watch->lookout.listener.fn(watch->lookout.listener.data, &event);
}

static int read_notices(struct xdpaction *ctx, struct xdpaction_watch *watch)
{
	int err = notices_read(ctx, watch->notices, lookout_notice, &watch->lookout);

	if (err != -ENOBUFS)
		return err;
	tell_lost(watch);
	watch->lost = true;
	return 0;
}

/* Interfaces that kept changing are for the next time. */
static int survey(struct xdpaction *ctx, struct xdpaction_watch *watch)
{
	int err;

	if (!watch->lost && monotonic_ns() - watch->surveyed_ns < SURVEY_NS)
		return 0;
	err = lookout_survey(ctx, &watch->lookout, watch->lost);
	if (err == -EBUSY) {
		forget_error(ctx);
		return 0;
	}
	watch->surveyed_ns = monotonic_ns();
	watch->lost = false;
	return err;
}

int xdpaction_watch_read(struct xdpaction *ctx, struct xdpaction_watch *watch,
			 xdpaction_event_fn fn, void *data)
{
	uint64_t ticks;
	int err;

	forget_error(ctx);
	watch->lookout.listener = (struct listener){ fn, data };
	/* When it is not this that woke the caller there is nothing to read. */
	(void)!read(watch->timer, &ticks, sizeof(ticks));
	err = read_notices(ctx, watch);
	if (!err)
		err = lookout_look(ctx, &watch->lookout);
	if (!err)
		err = survey(ctx, watch);
	if (err)
		return err;
	return set_period(ctx, watch, lookout_can_end(&watch->lookout) ? LOOK_AT_END_NS :
									      LOOK_NS);
}
