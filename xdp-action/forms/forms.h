/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What is shown of instances, and how it looks as text, JSON and metrics. */
#ifndef FORMS_H
#define FORMS_H

#include <stdio.h>

#include "words/words.h"
#include "xdpaction.h"

/* ------------------------------------------------------------------------
 * Rules, settings and chains in words, for every form.
 */

/* Room for any of these sentences ... */
#define DESCRIBE_SIZE 512
/* ... but those about a rule or a setting, with the expressions of two rules. */
#define SETTING_SIZE (DESCRIBE_SIZE + 6 * XDPACTION_EXPRESSION_SIZE)
/* And for the name of a network namespace, which is that of a file. */
#define NETNS_NAME_SIZE 256

/* A rule, which lives elsewhere, and the current name of its target, "" when that is gone. */
struct named_rule {
	const struct xdpaction_rule *rule;
	char target[XDPACTION_IFNAME_SIZE];
};

/* Looks up the name of the target in the network namespace of the thread. */
struct named_rule describe_target(const struct xdpaction_rule *rule);

/* "DROP 5% of packets, otherwise PASS" */
void describe_rule(struct words *words, const struct named_rule *named);

/* A setting, whose rules live elsewhere, and the names in it. */
struct named_setting {
	struct named_rule rule;
	struct named_rule base;		/* with has_base */
	bool has_base;
	uint64_t duration_ns;
	uint64_t packets;
};

struct named_setting describe_names(const struct xdpaction_setting *setting);

/* A setting in force: "DROP; 23 s or 4 packets left, then PASS" */
void describe_in_force(struct words *words, const struct named_setting *setting);

/* A setting as requested: "DROP, for 30 s or 5 packets; then PASS" */
void describe_asked(struct words *words, const struct named_setting *setting);

/*
 * Since when it is in force and who set it: "2024-05-01 14:00:00, by alice (uid 0
 * through sudo): ticket 42"; or what ended then, and who had set that.
 */
void describe_since(struct words *words, const struct xdpaction_status *status);

/* Where the packets of the instance go: "a packet that passes goes on to ..." */
void describe_onward(struct words *words, const struct xdpaction_chain *chain,
		     const struct xdpaction_rule *rule);

/* The place of the instance: "after a, before b", "alone" */
void describe_place(struct words *words, const struct xdpaction_chain *chain);

/* "native mode, dispatcher, frags" */
void describe_attachment(struct words *words, const struct xdpaction_chain *chain);

/* ------------------------------------------------------------------------
 * A view is what status and metrics show of an instance: the facts from the
 * library and the words for them. No form shows anything else.
 */

struct view {
	struct xdpaction_status status;
	/* False for an instance of another version, whose setting cannot be read. */
	bool setting_known;
	struct named_setting setting;	/* of `status`: describe the view where it stays */
	char attachment[DESCRIBE_SIZE];
	char setting_words[SETTING_SIZE];
	char since[SETTING_SIZE];
	char onward[DESCRIBE_SIZE];
};

/* Of several views, which are given to a form one after the other and not kept. */
struct views {
	size_t count;
	/* The interfaces were named on the command line. */
	bool given;
	/* An interface could not be looked at, which was said. */
	bool partial;
	/* How much is left over and proven to be unused; -1: that cannot be told. */
	long leftovers;
};

/* Whether the setting of an instance can be read: it is no other version's. */
bool status_has_setting(const struct xdpaction_status *status);
/* Whether the setting in force or its base has a match, so that packets are asked. */
bool status_has_match(const struct xdpaction_status *status);
bool view_has_match(const struct view *view);

/* Fills in the words of a view from its status. */
void view_describe(struct view *view);

/* The name of a problem in JSON and metrics: "target-gone". Static. */
const char *problem_key(enum xdpaction_problem_kind kind);

/*
 * Text: each view, and what is to be said after the last one. The lines have up to
 * `width` columns, 0: any length.
 */
void text_print_view(FILE *out, const struct view *view, bool first, size_t width);
void text_print_end(FILE *out, const struct views *views);

/*
 * JSON: adds each view to a list, which is NULL at first; prints it and frees it.
 * They return false when out of memory.
 */
struct json_t;
bool json_add_view(struct json_t **list, const struct view *view);
bool json_print_views(FILE *out, struct json_t *list, const struct views *views);

/*
 * Metrics of the instances, and of the tool itself when these are all that there
 * are. The samples of a metric stand together, so each has a text to which views
 * are added.
 */
struct metrics;

/* `netns` is the label of the network namespace, "" for none. NULL without memory. */
struct metrics *metrics_begin(const char *netns);
/* Returns false when out of memory. */
bool metrics_add_view(struct metrics *metrics, const struct view *view);
void metrics_print(FILE *out, const struct metrics *metrics, const struct views *views);
void metrics_free(struct metrics *metrics);

/* ------------------------------------------------------------------------
 * What is attached on the whole machine.
 */

struct attached {
	struct xdpaction_attachment attachment;
	/* A name of its namespace, "" where none is known. */
	char netns[NETNS_NAME_SIZE];
};

void text_print_attached(FILE *out, const struct attached *list, size_t count, size_t width);
/* Returns false without memory. */
bool json_print_attached(FILE *out, const struct attached *list, size_t count);

/* ------------------------------------------------------------------------
 * What came of each interface that a command was to change.
 */

enum outcome_kind {
	OUTCOME_DONE,
	OUTCOME_KEPT,	/* it is as it was */
	OUTCOME_FAILED,
};

/* Room for an error or an advice. */
#define OUTCOME_TEXT_SIZE 1024

struct outcome_error {
	char message[OUTCOME_TEXT_SIZE], advice[OUTCOME_TEXT_SIZE];
	int err;		/* negative errno value, 0 where there is none */
};

struct outcome {
	enum outcome_kind kind;
	char ifname[XDPACTION_IFNAME_SIZE];
	/* The setting before and now, NULL where it is not known or there is none. */
	struct json_t *before, *now;
	/* Of the setting now, or of that which was unloaded. */
	bool has_generation;
	uint64_t generation;
	struct outcome_error error;	/* of what failed */
};

struct outcomes {
	const char *command;
	struct outcome *list;
	size_t count;
	/* The first error that has to do with no interface. */
	bool failed;
	struct outcome_error failure;
};

/*
 * Keeps a setting as JSON, which is shorter, in place of what was kept there; NULL
 * is none. Returns false without memory.
 */
bool outcome_keep_setting(struct json_t **kept, const struct xdpaction_setting *setting);
/* Returns false without memory. */
bool json_print_outcomes(FILE *out, const struct outcomes *outcomes);
void outcomes_free(struct outcomes *outcomes);

/* ------------------------------------------------------------------------
 * What is left over.
 */

enum fate {
	FATE_UNUSED,	/* and not removed */
	FATE_KEPT,	/* since that is not proven */
	FATE_REFUSED,	/* the same, and an error has said so */
	FATE_REMOVED,
};

struct found_leftover {
	struct xdpaction_leftover leftover;
	enum fate fate;
};

void text_print_leftover(FILE *out, const struct xdpaction_leftover *leftover, enum fate fate,
			 size_t width);
/* Returns false without memory. */
bool json_print_leftovers(FILE *out, const struct found_leftover *list, size_t count);

/* ------------------------------------------------------------------------
 * What of captures matches.
 */

struct number_range {
	uint64_t first, last;
};

/* Numbers in rising order; begins as { 0 }. */
struct number_set {
	struct number_range *ranges;
	size_t used;
	uint64_t count;
};

/* Adds a number above all that are in it. Returns false when out of memory. */
bool number_set_add(struct number_set *set, uint64_t number);
/* "2-4, 7 and 12 more" */
void number_set_describe(struct words *words, const struct number_set *set);
void number_set_free(struct number_set *set);

struct matched_capture {
	const char *path;
	bool valid;		/* it was read to its end */
	uint64_t packets;
	uint64_t unable;	/* about which the kernel could not be asked */
	struct number_set matched;
};

/* With the numbers of what matches or without. */
void text_print_matched(FILE *out, const struct matched_capture *capture, bool numbers);
/* Prints those that are valid. Returns false when out of memory. */
bool json_print_matched(FILE *out, const struct matched_capture *captures, size_t count,
			bool numbers);

/* ------------------------------------------------------------------------
 * The tracker follows instances from sample to sample: their rates and what
 * happens to them. It reads neither clocks nor the kernel.
 */

/* What is counted: each verdict, and whether packets that were asked match. */
enum count {
	COUNT_MATCHED = XDPACTION_VERDICTS,
	COUNT_MISSED,
};
#define COUNTS (XDPACTION_VERDICTS + 2)

/* One reading of an instance. */
struct sample {
	char ifname[XDPACTION_IFNAME_SIZE];
	unsigned int ifindex;
	uint32_t program_id;
	uint32_t counters_id;	/* of the map that it counts in; 0: not known */
	bool substitute;	/* it only stands in, until another program comes */
	uint64_t monotonic_ns;	/* when the counters were read */
	struct xdpaction_counter counters[COUNTS];
	bool has_match;		/* of its setting or the base, so that packets are asked */
};

/* Fills in what the library says of an instance at a time. */
void sample_take(struct sample *sample, const struct xdpaction_status *status,
		 uint64_t monotonic_ns);

/* An interface that was not read in a round. */
struct missed {
	unsigned int ifindex;	/* 0: it is gone by now, or cannot be asked for */
	char ifname[XDPACTION_IFNAME_SIZE];
	/* Why it could not be; "": it kept changing or was renamed meanwhile. */
	char why[XDPACTION_TEXT_SIZE];
};

/*
 * An instance since its first sample. Its ifindex and what it counts in identify it,
 * which stay when it is upgraded.
 */
struct track {
	struct sample first, previous, now;
	/* The last program that was no substitute. */
	uint32_t program_id;
	bool alive;
	/* A sample of it had a match. */
	bool asked;
	/* It has a sample in this round. */
	bool seen;
	/* It had one in the round before as well, so it has rates. */
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
	EVENT_UPGRADED,
	EVENT_UNREAD,		/* what is on the interface could not be read */
};

struct event {
	enum event_kind kind;
	char ifname[XDPACTION_IFNAME_SIZE];
	char old_name[XDPACTION_IFNAME_SIZE];	/* of EVENT_RENAMED */
	char why[XDPACTION_TEXT_SIZE];		/* of EVENT_UNREAD */
	unsigned int ifindex;
	uint32_t program_id;	/* 0: it is not known */
};

struct tracker {
	struct track *tracks;
	size_t track_count;
	/* What happened in the last round. */
	struct event *events;
	size_t event_count;
	/* The interfaces of which it was told that they cannot be read, since they could. */
	struct missed *unread;
	size_t unread_count;
	unsigned int rounds;
};

/*
 * Takes the samples of a round. An instance without a sample is gone, unless its
 * interface is in `missed`. That one could not be read is an event the first time.
 * `exists` tells whether an interface still exists. Returns 0 or -ENOMEM.
 */
int tracker_update(struct tracker *tracker, const struct sample *samples, size_t count,
		   const struct missed *missed, size_t missed_count,
		   bool (*exists)(unsigned int ifindex));
void tracker_free(struct tracker *tracker);

/* The rate of what is counted, a verdict or one of enum count, in the last round ... */
struct rate track_rate(const struct track *track, unsigned int count);
/* ... or from the first sample on. */
struct rate track_average(const struct track *track, unsigned int count);
/* What was counted from the first sample on. */
struct xdpaction_counter track_sum(const struct track *track, unsigned int count);
/* The nanoseconds that the rate, or the average, covers. */
uint64_t track_elapsed_ns(const struct track *track);
uint64_t track_lifetime_ns(const struct track *track);

/* The forms in which poll prints. */
struct poll_form {
	/*
	 * Prints what happened in the last round and, unless it was the first,
	 * the rates; with `all` also of verdicts that no packet got. Returns false
	 * when out of memory.
	 */
	bool (*report)(FILE *out, const struct tracker *tracker, uint64_t realtime_ns, bool all);
	/* Prints the totals; elapsed_ns is the time since the first round. */
	bool (*summary)(FILE *out, const struct tracker *tracker, uint64_t realtime_ns,
			uint64_t elapsed_ns);
};

extern const struct poll_form poll_text, poll_json;

/* Events that stay on a page. */
#define PAGE_EVENTS 3

/* What a report on the whole of a terminal is like. */
struct poll_page {
	unsigned int rows, columns;
	bool all;
	uint64_t interval_ns;
	uint64_t realtime_ns;
	/* What happened last. */
	char events[PAGE_EVENTS][DESCRIBE_SIZE];
	size_t event_count;
};

/* Keeps what happened in the last round. */
void page_keep_events(struct poll_page *page, const struct tracker *tracker);
/*
 * Draws the rates of the last round over what stands on the terminal, those of the
 * busiest instance first, and says how many are not shown, or that there are no rates
 * before the first interval has passed. Returns false when out of memory.
 */
bool text_draw_page(FILE *out, const struct tracker *tracker, const struct poll_page *page);

/* ------------------------------------------------------------------------
 * What happens to instances, as the library tells it.
 */

/* The forms in which monitor prints. Both return false when out of memory. */
struct event_form {
	/* The first line: how many instances there are. */
	bool (*start)(FILE *out, size_t instances, uint64_t realtime_ns);
	bool (*event)(FILE *out, const struct xdpaction_event *event);
};

extern const struct event_form events_text, events_json;

#endif /* FORMS_H */
