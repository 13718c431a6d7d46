// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "forms.h"

void sample_take(struct sample *sample, const struct xdpaction_status *status,
		 uint64_t monotonic_ns)
{
	*sample = (struct sample){
		.ifindex = status->chain.ifindex,
		.program_id = status->program_id,
		.counters_id = status->counters_id,
		.monotonic_ns = monotonic_ns,
		.has_match = status_has_match(status),
	};
	size_t i;

	for (i = 0; i < status->problem_count; i++)
		sample->substitute |= status->problems[i].kind == XDPACTION_PROBLEM_UNFINISHED;
	strcpy(sample->ifname, status->chain.ifname);
	memcpy(sample->counters, status->counters, sizeof(status->counters));
	sample->counters[COUNT_MATCHED] = status->matched;
	sample->counters[COUNT_MISSED] = status->missed;
}

/* What was last known of the program on an interface. */
static const struct track *track_on(const struct tracker *tracker, unsigned int ifindex)
{
	size_t i;

	for (i = 0; i < tracker->track_count; i++)
		if (tracker->tracks[i].alive && tracker->tracks[i].now.ifindex == ifindex)
			return &tracker->tracks[i];
	return NULL;
}

/* Whether a program goes on with what another one counts, or is the same. */
static bool goes_on(const struct sample *before, const struct sample *after)
{
	return before->program_id == after->program_id ||
	       (before->counters_id && before->counters_id == after->counters_id);
}

static struct track *find_track(const struct tracker *tracker, const struct sample *sample)
{
	size_t i;

	for (i = 0; i < tracker->track_count; i++) {
		struct track *track = &tracker->tracks[i];

		if (track->alive && track->now.ifindex == sample->ifindex &&
		    goes_on(&track->now, sample))
			return track;
	}
	return NULL;
}

static void add_event(struct tracker *tracker, enum event_kind kind, const struct sample *sample,
		      const char *old_name)
{
	struct event *event = &tracker->events[tracker->event_count++];

	*event = (struct event){
		.kind = kind,
		.ifindex = sample->ifindex,
		.program_id = sample->program_id,
	};
	strcpy(event->ifname, sample->ifname);
	strcpy(event->old_name, old_name);
}

/*
 * Makes room for a track per sample, and for what can happen: two events of a sample
 * or a track, and one of what was missed.
 */
static int grow(struct tracker *tracker, size_t count, size_t missed_count)
{
	size_t most = tracker->track_count + count + 1;
	struct track *tracks = realloc(tracker->tracks, most * sizeof(*tracks));
	struct event *events;
	struct missed *unread;

	if (!tracks)
		return -ENOMEM;
	tracker->tracks = tracks;
	events = realloc(tracker->events, (2 * most + missed_count) * sizeof(*events));
	if (!events)
		return -ENOMEM;
	tracker->events = events;
	unread = realloc(tracker->unread,
			 (tracker->unread_count + missed_count + 1) * sizeof(*unread));
	if (!unread)
		return -ENOMEM;
	tracker->unread = unread;
	return 0;
}

static void follow_track(struct tracker *tracker, struct track *track, const struct sample *sample)
{
	if (strcmp(track->now.ifname, sample->ifname))
		add_event(tracker, EVENT_RENAMED, sample, track->now.ifname);
	if (!sample->substitute && track->program_id != sample->program_id) {
		add_event(tracker, EVENT_UPGRADED, sample, "");
		track->program_id = sample->program_id;
	}
	track->previous = track->now;
	track->now = *sample;
	track->asked |= sample->has_match;
	track->seen = true;
	track->rated = true;
}

static void start_track(struct tracker *tracker, const struct sample *sample)
{
	tracker->tracks[tracker->track_count++] = (struct track){
		.first = *sample,
		.previous = *sample,
		.now = *sample,
		.program_id = sample->program_id,
		.alive = true,
		.asked = sample->has_match,
		.seen = true,
	};
	if (tracker->rounds)
		add_event(tracker, EVENT_LOADED, sample, "");
}

/* Where a number is not known the name has to do. */
static bool is_listed(unsigned int ifindex, const char *ifname, const struct missed *list,
		      size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (ifindex && list[i].ifindex ? list[i].ifindex == ifindex :
						 !strcmp(list[i].ifname, ifname))
			return true;
	return false;
}

static void tell_unread(struct tracker *tracker, const struct missed *missed)
{
	const struct track *track = track_on(tracker, missed->ifindex);
	struct event *event = &tracker->events[tracker->event_count++];

	*event = (struct event){
		.kind = EVENT_UNREAD,
		.ifindex = missed->ifindex,
		.program_id = track ? track->now.program_id : 0,
	};
	strcpy(event->ifname, missed->ifname);
	strcpy(event->why, missed->why);
	tracker->unread[tracker->unread_count++] = *missed;
}

/* Tells of each that cannot be read once, until it was read again. */
static void update_unread(struct tracker *tracker, const struct missed *missed,
			  size_t missed_count)
{
	size_t i, kept = 0;

	for (i = 0; i < tracker->unread_count; i++)
		if (is_listed(tracker->unread[i].ifindex, tracker->unread[i].ifname, missed,
			      missed_count))
			tracker->unread[kept++] = tracker->unread[i];
	tracker->unread_count = kept;
	for (i = 0; i < missed_count; i++)
		if (*missed[i].why && !is_listed(missed[i].ifindex, missed[i].ifname,
						 tracker->unread, tracker->unread_count))
			tell_unread(tracker, &missed[i]);
}

int tracker_update(struct tracker *tracker, const struct sample *samples, size_t count,
		   const struct missed *missed, size_t missed_count,
		   bool (*exists)(unsigned int ifindex))
{
	size_t i;

	if (grow(tracker, count, missed_count))
		return -ENOMEM;
	tracker->event_count = 0;
	for (i = 0; i < tracker->track_count; i++)
		tracker->tracks[i].seen = tracker->tracks[i].rated = false;

	for (i = 0; i < count; i++) {
		struct track *track = find_track(tracker, &samples[i]);

		if (track)
			follow_track(tracker, track, &samples[i]);
	}
	for (i = 0; i < tracker->track_count; i++) {
		struct track *track = &tracker->tracks[i];

		if (!track->alive || track->seen ||
		    is_listed(track->now.ifindex, track->now.ifname, missed, missed_count))
			continue;
		track->alive = false;
		add_event(tracker, exists(track->now.ifindex) ? EVENT_UNLOADED : EVENT_DELETED,
			  &track->now, "");
	}
	for (i = 0; i < count; i++)
		if (!find_track(tracker, &samples[i]))
			start_track(tracker, &samples[i]);
	update_unread(tracker, missed, missed_count);
	tracker->rounds++;
	return 0;
}

void tracker_free(struct tracker *tracker)
{
	free(tracker->tracks);
	free(tracker->events);
	free(tracker->unread);
	*tracker = (struct tracker){ 0 };
}

/* If a counter went down, somebody has reset it to zero. */
static uint64_t grown_by(uint64_t from, uint64_t to)
{
	return to >= from ? to - from : to;
}

static struct xdpaction_counter difference(const struct sample *from, const struct sample *to,
					   unsigned int count)
{
	return (struct xdpaction_counter){
		.packets = grown_by(from->counters[count].packets, to->counters[count].packets),
		.bytes = grown_by(from->counters[count].bytes, to->counters[count].bytes),
	};
}

static struct rate rate_between(const struct sample *from, const struct sample *to,
				unsigned int count)
{
	struct xdpaction_counter counter = difference(from, to, count);
	double seconds = (to->monotonic_ns - from->monotonic_ns) / (double)NSEC_PER_SEC;

	if (seconds <= 0)
		return (struct rate){ 0 };
	return (struct rate){
		.packets = counter.packets / seconds,
		.bits = counter.bytes * 8.0 / seconds,
	};
}

struct rate track_rate(const struct track *track, unsigned int count)
{
	return rate_between(&track->previous, &track->now, count);
}

struct rate track_average(const struct track *track, unsigned int count)
{
	return rate_between(&track->first, &track->now, count);
}

struct xdpaction_counter track_sum(const struct track *track, unsigned int count)
{
	return difference(&track->first, &track->now, count);
}

uint64_t track_elapsed_ns(const struct track *track)
{
	return track->now.monotonic_ns - track->previous.monotonic_ns;
}

uint64_t track_lifetime_ns(const struct track *track)
{
	return track->now.monotonic_ns - track->first.monotonic_ns;
}
