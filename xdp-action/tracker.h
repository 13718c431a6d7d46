/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instances followed over time, from sample to sample: their rates, and what
 * happens to them. Knows no clock and no kernel.
 */
#ifndef TRACKER_H
#define TRACKER_H

#include "xdpaction.h"

/* An instance as it was read once. */
struct sample {
	char ifname[XDPACTION_IFNAME_SIZE];
	unsigned int ifindex;
	uint32_t program_id;
	uint64_t monotonic_ns;	/* when the counters were read */
	struct xdpaction_counter counters[XDPACTION_VERDICTS];
};

/* An instance, from its first sample on: an ifindex and a program id. */
struct track {
	struct sample first, previous, now;
	bool alive;
	/* It has a sample of this round. */
	bool seen;
	/* It was there in the round before as well, so that it has rates. */
	bool rated;
};

struct rate {
	double packets;		/* per second */
	double bits;		/* per second */
};

enum event_kind {
	EVENT_LOADED,
	EVENT_UNLOADED,
	EVENT_DELETED,		/* the interface is gone, or in another namespace */
	EVENT_RENAMED,
};

struct event {
	enum event_kind kind;
	char ifname[XDPACTION_IFNAME_SIZE];
	char old_name[XDPACTION_IFNAME_SIZE];	/* of EVENT_RENAMED */
	unsigned int ifindex;
	uint32_t program_id;
};

struct tracker {
	struct track *tracks;
	size_t track_count;
	/* What happened in the last round. */
	struct event *events;
	size_t event_count;
	unsigned int rounds;
};

/*
 * Takes the samples of a round. An instance that has none is gone, unless its
 * ifindex is in `missed`: that could not be read this time. `exists` says
 * whether there still is an interface of that number. Returns 0 or -ENOMEM.
 */
int tracker_update(struct tracker *tracker, const struct sample *samples, size_t count,
		   const unsigned int *missed, size_t missed_count,
		   bool (*exists)(unsigned int ifindex));
void tracker_free(struct tracker *tracker);

/* The rate of a verdict in the last round, or from the first sample on. */
struct rate track_rate(const struct track *track, enum xdpaction_verdict verdict);
struct rate track_average(const struct track *track, enum xdpaction_verdict verdict);
/* What was counted from the first sample on. */
struct xdpaction_counter track_sum(const struct track *track, enum xdpaction_verdict verdict);
/* Nanoseconds that the rate, or the average, is over. */
uint64_t track_elapsed_ns(const struct track *track);
uint64_t track_lifetime_ns(const struct track *track);

#endif /* TRACKER_H */
