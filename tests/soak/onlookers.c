// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "faults/util.h"
#include "flood.h"
#include "onlookers.h"
#include "soak.h"

/* Lines that were read and not yet understood. */
#define TEXT_MAX 65536
/* An onlooker is never so many changes behind. */
#define CHANGES 65536
#define PATIENCE_S 300

struct onlooker {
	pid_t pid;
	pthread_t thread;
	int out;
	void (*read_line)(json_t *line);
	bool begun, ended;
	char text[TEXT_MAX], wrong[256];
};

/* What is common to the thread that acts and those that read. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news = PTHREAD_COND_INITIALIZER;

/* The settings that were made, by their generation. */
static struct change {
	uint64_t generation, packets, duration_ns;
	enum xdpaction_verdict verdict;
} changes[CHANGES];

static struct {
	struct onlooker onlooker;
	/* Up to here each change was told, or counted as missed. */
	uint64_t generation;
	uint64_t told, ended, missed;
	/* What was told last is an end; ends with the number of what was set just then. */
	bool ended_last;
	unsigned int same;
	/* Something of the chain was missed. */
	bool blind;
	unsigned int expected[ONLOOKER_EVENTS], seen[ONLOOKER_EVENTS];
} monitor;

static struct {
	struct onlooker onlooker;
	struct xdpaction_counter first[XDPACTION_VERDICTS], last[XDPACTION_VERDICTS];
	struct xdpaction_counter sum[XDPACTION_VERDICTS];
	unsigned int reports, upgraded;
} poll;

static void complain(struct onlooker *onlooker, const char *fmt, ...) PRINTF(2, 3);
static void complain(struct onlooker *onlooker, const char *fmt, ...)
{
	va_list args;

	if (*onlooker->wrong)
		return;
	va_start(args, fmt);
	vsnprintf(onlooker->wrong, sizeof(onlooker->wrong), fmt, args);
	va_end(args);
}

/* ---- what monitor tells ---- */

static const struct change *change_of(uint64_t generation)
{
	const struct change *change = &changes[generation % CHANGES];

	return change->generation == generation ? change : NULL;
}

static void told_set(uint64_t generation, json_t *line)
{
	const struct change *change = change_of(generation);
	const char *verdict = NULL, *name;
	json_t *setting = json_object_get(line, "setting");
	json_int_t ns = json_integer_value(json_object_get(setting, "remaining_ns"));
	json_int_t packets = json_integer_value(json_object_get(setting, "remaining_packets"));

	monitor.told++;
	json_unpack(line, "{s:{s:s}}", "setting", "verdict", &verdict);
	if (!change || !verdict) {
		complain(&monitor.onlooker, "it tells of a change %" PRIu64 " that nobody made",
			 generation);
		return;
	}
	name = xdpaction_verdict_name(change->verdict);
	if (strcasecmp(verdict, name) || (uint64_t)ns != change->duration_ns ||
	    (uint64_t)packets != change->packets)
		complain(&monitor.onlooker,
			 "change %" PRIu64 " was %s for %" PRIu64 " ns and %" PRIu64
			 " packets, and it tells of %s for %lld and %lld",
			 generation, name, change->duration_ns, change->packets, verdict,
			 (long long)ns, (long long)packets);
}

/* It was set with an end, and what came next was not set by anybody. */
static void told_ended(uint64_t generation)
{
	const struct change *change = change_of(generation - 1);

	monitor.ended++;
	if (!change || (!change->packets && !change->duration_ns))
		complain(&monitor.onlooker,
			 "it tells of the end of change %" PRIu64 ", which had none",
			 generation - 1);
	/* It ended while the writer of the next one was at work, who gives that number as well. */
	monitor.same += change_of(generation) != NULL;
}

static void told_of_chain(enum onlooker_event event, json_t *line)
{
	const char *name = "";

	if (++monitor.seen[event] > monitor.expected[event])
		complain(&monitor.onlooker, "it tells for the %uth time: %s", monitor.seen[event],
			 json_string_value(json_object_get(line, "text")));
	json_unpack(line, "{s:{s:s}}", "program", "name", &name);
	if (event != ONLOOKER_UPGRADED && strcmp(name, NEIGHBOUR) && strcmp(name, NEIGHBOUR_BEHIND))
		complain(&monitor.onlooker, "it tells of a program %s in the chain", name);
}

static void told_missed(json_t *line)
{
	json_int_t missed = json_integer_value(json_object_get(line, "missed"));

	monitor.missed += missed;
	monitor.generation += missed;
	monitor.blind |= !missed;
}

/* The next one; `again`: or the same, where a setting ended in the moment of the next. */
static void take_generation(uint64_t generation, bool again)
{
	if (again && generation == monitor.generation)
		return;
	if (++monitor.generation != generation)
		complain(&monitor.onlooker,
			 "it tells of change %" PRIu64 " where %" PRIu64 " comes next", generation,
			 monitor.generation);
}

static void monitor_line(json_t *line)
{
	const char *event = json_string_value(json_object_get(line, "event"));
	uint64_t generation = json_integer_value(json_object_get(line, "generation"));

	if (!event)
		event = "nothing";
	if (!strcmp(event, "watching"))
		monitor.onlooker.begun = true;
	else if (!strcmp(event, "missed"))
		told_missed(line);
	else if (!strcmp(event, "joined"))
		told_of_chain(ONLOOKER_JOINED, line);
	else if (!strcmp(event, "left"))
		told_of_chain(ONLOOKER_LEFT, line);
	else if (!strcmp(event, "upgraded"))
		told_of_chain(ONLOOKER_UPGRADED, line);
	else if (!strcmp(event, "set") || !strcmp(event, "ended")) {
		take_generation(generation, !strcmp(event, "set") && monitor.ended_last);
		monitor.ended_last = !strcmp(event, "ended");
		if (!strcmp(event, "set"))
			told_set(generation, line);
		else
			told_ended(generation);
	} else {
		complain(&monitor.onlooker, "it tells what did not happen: %s",
			 json_string_value(json_object_get(line, "text")));
	}
}

/* ---- what poll tells ---- */

/* The counters of the only instance; false where it is not there. */
static bool read_counters(json_t *line, struct xdpaction_counter counters[XDPACTION_VERDICTS])
{
	static const char *const keys[] = { "aborted", "drop", "pass", "tx", "redirect" };
	json_t *list = json_object_get(line, "instances");
	json_t *all = json_object_get(json_array_get(list, 0), "counters");
	json_int_t packets, bytes;
	int i;

	if (json_array_size(list) != 1)
		return false;
	for (i = 0; i < XDPACTION_VERDICTS; i++) {
		if (json_unpack(all, "{s:{s:I, s:I}}", keys[i], "packets", &packets, "bytes",
				&bytes))
			return false;
		counters[i] = (struct xdpaction_counter){ packets, bytes };
	}
	return true;
}

static uint64_t sum_packets(const struct xdpaction_counter counters[XDPACTION_VERDICTS])
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < XDPACTION_VERDICTS; i++)
		sum += counters[i].packets;
	return sum;
}

static void told_report(json_t *line)
{
	struct xdpaction_counter now[XDPACTION_VERDICTS];
	int i;

	poll.onlooker.begun = true;
	poll.reports++;
	if (!read_counters(line, now)) {
		complain(&poll.onlooker, "report %u is not of one instance", poll.reports);
		return;
	}
	for (i = 0; i < XDPACTION_VERDICTS; i++)
		if (now[i].packets < poll.last[i].packets || now[i].bytes < poll.last[i].bytes)
			complain(&poll.onlooker, "a counter of %s goes back",
				 xdpaction_verdict_name(i));
	/* Each was sent before it was counted. */
	if (sum_packets(now) > sum_packets(poll.first) + flood_sent())
		complain(&poll.onlooker, "it tells of more frames than were sent");
	memcpy(poll.last, now, sizeof(now));
}

static void poll_line(json_t *line)
{
	const char *type = json_string_value(json_object_get(line, "type")), *event;

	if (type && !strcmp(type, "report")) {
		told_report(line);
	} else if (type && !strcmp(type, "summary")) {
		if (!read_counters(line, poll.sum))
			complain(&poll.onlooker, "the summary is not of one instance");
	} else {
		event = json_string_value(json_object_get(line, "event"));
		if (!event || strcmp(event, "upgraded") ||
		    ++poll.upgraded > monitor.expected[ONLOOKER_UPGRADED])
			complain(&poll.onlooker, "it tells what did not happen: %s",
				 event ? event : "nothing");
	}
}

/* ---- processes ---- */

static void take_line(struct onlooker *onlooker, const char *text)
{
	json_t *line = json_loads(text, 0, NULL);

	pthread_mutex_lock(&mutex);
	if (line)
		onlooker->read_line(line);
	else
		complain(onlooker, "not JSON: %.100s", text);
	pthread_cond_broadcast(&news);
	pthread_mutex_unlock(&mutex);
	json_decref(line);
}

/* What is left after the last whole line stays for the next time. */
static size_t take_lines(struct onlooker *onlooker, char *text, size_t length)
{
	char *next;

	while ((next = memchr(text, '\n', length))) {
		*next++ = '\0';
		length -= next - text;
		take_line(onlooker, text);
		text = next;
	}
	memmove(onlooker->text, text, length);
	return length;
}

/* Not by a stream, which others could not flush while it waits. */
static void *reader(void *data)
{
	struct onlooker *onlooker = data;
	size_t length = 0;
	ssize_t more;

	do {
		more = read(onlooker->out, onlooker->text + length,
			    sizeof(onlooker->text) - length);
		if (more > 0)
			length = take_lines(onlooker, onlooker->text, length + more);
	} while (more > 0);
	pthread_mutex_lock(&mutex);
	onlooker->ended = true;
	pthread_cond_broadcast(&news);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static void start(struct onlooker *onlooker, void (*read_line)(json_t *), const char *const argv[])
{
	int ends[2];

	onlooker->read_line = read_line;
	if (pipe2(ends, O_CLOEXEC))
		bail("pipe: %s", strerror(errno));
	onlooker->out = ends[0];
	onlooker->pid = fork();
	if (onlooker->pid < 0)
		bail("cannot fork: %s", strerror(errno));
	if (!onlooker->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ends[1], STDOUT_FILENO);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(ends[1]);
	if (pthread_create(&onlooker->thread, NULL, reader, onlooker))
		bail("cannot start a thread");
}

/* Waits until it is so, or until something is wrong; the mutex is held. */
static bool wait_until(bool (*is_so)(uint64_t), uint64_t value, const struct onlooker *onlooker)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE_S;
	while (!is_so(value) && !onlooker->ended && !*onlooker->wrong)
		if (pthread_cond_timedwait(&news, &mutex, &end))
			return false;
	return is_so(value);
}

static bool both_look(uint64_t value)
{
	(void)value;
	return monitor.onlooker.begun && poll.onlooker.begun;
}

static bool monitor_is_at(uint64_t generation)
{
	return monitor.generation >= generation;
}

/* Or it said that it cannot. */
static bool monitor_told_all_of_chain(uint64_t value)
{
	(void)value;
	return monitor.blind || !memcmp(monitor.seen, monitor.expected, sizeof(monitor.seen));
}

static bool poll_is_at(uint64_t packets)
{
	return sum_packets(poll.last) >= packets;
}

void onlookers_start(const struct xdpaction_status *status)
{
	const char *const monitor_argv[] = { soak.tool, "monitor", "-j", soak.ifname, NULL };
	const char *const poll_argv[] = { soak.tool, "poll", "-j", "-i", "100", soak.ifname, NULL };

	/* All of it is in use from now on. */
	memset(changes, 0xff, sizeof(changes));
	monitor.generation = status->generation;
	memcpy(poll.first, status->counters, sizeof(poll.first));
	start(&monitor.onlooker, monitor_line, monitor_argv);
	start(&poll.onlooker, poll_line, poll_argv);
	pthread_mutex_lock(&mutex);
	if (!wait_until(both_look, 0, &monitor.onlooker))
		bail("monitor and poll do not begin");
	pthread_mutex_unlock(&mutex);
}

/* A signal ends it: poll with a summary, monitor as any command. */
static void end(struct onlooker *onlooker, int expected_status)
{
	int status;

	kill(onlooker->pid, SIGINT);
	pthread_join(onlooker->thread, NULL);
	close(onlooker->out);
	if (waitpid(onlooker->pid, &status, 0) != onlooker->pid)
		bail("waitpid: %s", strerror(errno));
	if (status != expected_status)
		complain(onlooker, "it ended with status %#x", status);
}

static void compare_monitor(uint64_t generation)
{
	if (monitor.generation != generation)
		complain(&monitor.onlooker,
			 "it told or counted as missed what led to %" PRIu64 ", not to %" PRIu64,
			 monitor.generation, generation);
}

static void compare_poll(const struct xdpaction_status *status)
{
	int i;

	for (i = 0; i < XDPACTION_VERDICTS; i++)
		if (poll.sum[i].packets != status->counters[i].packets - poll.first[i].packets ||
		    poll.sum[i].bytes != status->counters[i].bytes - poll.first[i].bytes)
			complain(&poll.onlooker,
				 "its summary has %" PRIu64 " frames that got %s, not %" PRIu64,
				 poll.sum[i].packets, xdpaction_verdict_name(i),
				 status->counters[i].packets - poll.first[i].packets);
}

void onlookers_stop(const struct xdpaction_status *status)
{
	pthread_mutex_lock(&mutex);
	wait_until(monitor_is_at, status->generation, &monitor.onlooker);
	wait_until(poll_is_at, sum_packets(status->counters), &poll.onlooker);
	pthread_mutex_unlock(&mutex);
	end(&monitor.onlooker, SIGINT);
	end(&poll.onlooker, 0);
	compare_monitor(status->generation);
	compare_poll(status);
}

/* ---- what they are to tell ---- */

void onlookers_before_set(void)
{
	pthread_mutex_lock(&mutex);
}

void onlookers_after_set(uint64_t generation, const struct xdpaction_setting *setting)
{
	if (setting)
		changes[generation % CHANGES] = (struct change){
			.generation = generation,
			.packets = setting->packets,
			.duration_ns = setting->duration_ns,
			.verdict = setting->rule.verdict,
		};
	pthread_mutex_unlock(&mutex);
}

void onlookers_expect(enum onlooker_event event)
{
	pthread_mutex_lock(&mutex);
	monitor.expected[event]++;
	pthread_mutex_unlock(&mutex);
}

bool onlookers_told(void)
{
	bool told;

	pthread_mutex_lock(&mutex);
	told = wait_until(monitor_told_all_of_chain, 0, &monitor.onlooker);
	pthread_mutex_unlock(&mutex);
	return told;
}

const char *onlookers_monitor_wrong(void)
{
	return monitor.onlooker.wrong;
}

const char *onlookers_poll_wrong(void)
{
	return poll.onlooker.wrong;
}

void onlookers_usage(struct usage *of_monitor, struct usage *of_poll)
{
	usage_read_least(monitor.onlooker.pid, of_monitor);
	usage_read_least(poll.onlooker.pid, of_poll);
}

void onlookers_print(void)
{
	note("monitor: %" PRIu64 " settings told, %" PRIu64
	     " ends, %u of them while another was set, %" PRIu64 " counted as missed; "
	     "%u joined, %u left, %u upgraded; poll: %u reports",
	     monitor.told, monitor.ended, monitor.same, monitor.missed,
	     monitor.seen[ONLOOKER_JOINED], monitor.seen[ONLOOKER_LEFT],
	     monitor.seen[ONLOOKER_UPGRADED], poll.reports);
}
