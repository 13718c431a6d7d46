// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Rates and events of instances that are followed over time. */
#include <string.h>

#include "forms/forms.h"
#include "support/tap.h"

#define SEC UINT64_C(1000000000)

static struct tracker tracker;
static bool interface_exists;

static bool exists(unsigned int ifindex)
{
	return interface_exists;
}

static struct sample sample_of(const char *name, unsigned int ifindex, uint32_t id, uint64_t ns,
			       uint64_t packets)
{
	struct sample sample = { .ifindex = ifindex, .program_id = id, .monotonic_ns = ns };

	strcpy(sample.ifname, name);
	sample.counters[XDPACTION_DROP].packets = packets;
	sample.counters[XDPACTION_DROP].bytes = packets * 100;
	return sample;
}

static void update(const struct sample *samples, size_t count)
{
	if (tracker_update(&tracker, samples, count, NULL, 0, exists))
		bail("no memory");
}

static bool one_event(enum event_kind kind, const char *name)
{
	return tracker.event_count == 1 && tracker.events[0].kind == kind &&
	       !strcmp(tracker.events[0].ifname, name);
}

static void check_rates(void)
{
	struct sample sample = sample_of("a", 1, 10, 5 * SEC, 1000);
	const struct track *track;
	struct rate rate;

	update(&sample, 1);
	ok(!tracker.event_count, "what is there at first is no event");
	track = &tracker.tracks[0];
	ok(tracker.track_count == 1 && !track->rated, "it has no rate yet");

	sample = sample_of("a", 1, 10, 7 * SEC, 1500);
	update(&sample, 1);
	track = &tracker.tracks[0];
	rate = track_rate(track, XDPACTION_DROP);
	ok(track->rated && rate.packets == 250 && rate.bits == 200000,
	   "the rate is over the time that went by");
	rate = track_rate(track, XDPACTION_PASS);
	ok(rate.packets == 0 && rate.bits == 0, "another verdict has its own");

	sample = sample_of("a", 1, 10, 9 * SEC, 1500);
	update(&sample, 1);
	track = &tracker.tracks[0];
	ok(track_rate(track, XDPACTION_DROP).packets == 0, "nothing came");
	ok(track_average(track, XDPACTION_DROP).packets == 125, "the average is over all the time");
	ok(track_sum(track, XDPACTION_DROP).packets == 500 &&
		   track_sum(track, XDPACTION_DROP).bytes == 50000,
	   "the sum is since the first sample");
	ok(track_elapsed_ns(track) == 2 * SEC && track_lifetime_ns(track) == 4 * SEC,
	   "both times are known");

	sample = sample_of("a", 1, 10, 10 * SEC, 30);
	update(&sample, 1);
	ok(track_rate(&tracker.tracks[0], XDPACTION_DROP).packets == 30,
	   "a counter that was set to zero gives no huge rate");
	tracker_free(&tracker);
}

static void check_events(void)
{
	struct sample two[] = { sample_of("a", 1, 10, SEC, 0), sample_of("b", 2, 20, SEC, 0) };
	struct missed missed = { .ifindex = 2, .ifname = "c" };

	update(two, 1);
	update(two, 2);
	ok(one_event(EVENT_LOADED, "b"), "a new instance is loaded");
	ok(!tracker.tracks[1].rated, "and has no rate yet");

	strcpy(two[1].ifname, "c");
	update(two, 2);
	ok(one_event(EVENT_RENAMED, "c") && !strcmp(tracker.events[0].old_name, "b"),
	   "an interface is renamed");

	if (tracker_update(&tracker, two, 1, &missed, 1, exists))
		bail("no memory");
	ok(!tracker.event_count && tracker.tracks[1].alive && !tracker.tracks[1].rated,
	   "what kept changing is not gone");

	strcpy(missed.why, "refused");
	if (tracker_update(&tracker, two, 1, &missed, 1, exists))
		bail("no memory");
	ok(one_event(EVENT_UNREAD, "c") && !strcmp(tracker.events[0].why, "refused") &&
		   tracker.events[0].program_id == 20 && tracker.tracks[1].alive,
	   "nor is what could not be read, which is told");
	*missed.why = '\0';
	if (tracker_update(&tracker, two, 1, &missed, 1, exists))
		bail("no memory");
	strcpy(missed.why, "refused");
	if (tracker_update(&tracker, two, 1, &missed, 1, exists))
		bail("no memory");
	ok(!tracker.event_count, "once");
	update(two, 2);
	ok(!tracker.event_count && tracker.tracks[1].rated, "it goes on when it can be read");
	missed.ifindex = 3;
	if (tracker_update(&tracker, two, 2, &missed, 1, exists))
		bail("no memory");
	ok(one_event(EVENT_UNREAD, "c") && !tracker.events[0].program_id,
	   "that is told of one that never could be read as well");

	missed.ifindex = 0;
	update(two, 2);
	if (tracker_update(&tracker, two, 1, &missed, 1, exists))
		bail("no memory");
	ok(one_event(EVENT_UNREAD, "c") && tracker.tracks[1].alive,
	   "one whose number could not be asked for is known by its name");
	missed.ifindex = 2;
	if (tracker_update(&tracker, two, 1, &missed, 1, exists))
		bail("no memory");
	ok(!tracker.event_count, "also from one round to the next");

	two[1].program_id = 21;
	interface_exists = true;
	update(two, 2);
	ok(tracker.event_count == 2 && tracker.events[0].kind == EVENT_UNLOADED &&
		   tracker.events[0].program_id == 20 && tracker.events[1].kind == EVENT_LOADED &&
		   tracker.events[1].program_id == 21,
	   "another program is unloaded and loaded, in this order");

	interface_exists = false;
	update(two, 1);
	ok(one_event(EVENT_DELETED, "c"), "an interface is gone");
	update(two, 1);
	ok(!tracker.event_count, "once");
	update(NULL, 0);
	ok(one_event(EVENT_DELETED, "a"), "nothing is left");
	ok(tracker.track_count == 3, "all are kept for the summary");
	tracker_free(&tracker);
}

static void check_upgrades(void)
{
	struct sample sample = sample_of("a", 1, 10, SEC, 100);

	sample.counters_id = 7;
	update(&sample, 1);
	sample = sample_of("a", 1, 11, 2 * SEC, 200);
	sample.counters_id = 7;
	sample.substitute = true;
	update(&sample, 1);
	ok(!tracker.event_count && tracker.tracks[0].rated, "what only stands in is not told");

	sample = sample_of("a", 1, 12, 3 * SEC, 300);
	sample.counters_id = 7;
	update(&sample, 1);
	ok(one_event(EVENT_UPGRADED, "a") && tracker.events[0].program_id == 12,
	   "a program that goes on with the counters is an upgrade");
	ok(tracker.track_count == 1 &&
		   track_rate(&tracker.tracks[0], XDPACTION_DROP).packets == 100 &&
		   track_sum(&tracker.tracks[0], XDPACTION_DROP).packets == 200,
	   "and its rates go on");
	update(&sample, 1);
	ok(!tracker.event_count, "it is told once");

	strcpy(sample.ifname, "b");
	sample.program_id = 13;
	update(&sample, 1);
	ok(tracker.event_count == 2 && tracker.events[0].kind == EVENT_RENAMED &&
		   tracker.events[1].kind == EVENT_UPGRADED,
	   "it may be renamed at the same time");

	sample.program_id = 14;
	sample.counters_id = 8;
	interface_exists = true;
	update(&sample, 1);
	ok(tracker.event_count == 2 && tracker.events[0].kind == EVENT_UNLOADED &&
		   tracker.events[1].kind == EVENT_LOADED,
	   "with other counters it is another instance");
	tracker_free(&tracker);
}

int main(void)
{
	check_rates();
	check_events();
	check_upgrades();
	return finish();
}
