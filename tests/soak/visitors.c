// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "faults/crowd.h"
#include "faults/util.h"
#include "onlookers.h"
#include "soak.h"
#include "support/clock.h"
#include "visitors.h"

#define COMMAND_LIMIT_S 300
#define PAUSE_S 1
#define PASS_OBJECT "build/tests/tools/pass.bpf.o"
/* The neighbour behind us. */
#define BEHIND_PRIORITY 90

static struct {
	pthread_t thread;
	pthread_mutex_t mutex;
	bool ends;
	struct xdpaction *ctx;
	struct crowd crowd;
	unsigned int neighbours, upgrades, metrics;
	/* Set when `wrong` has its words. */
	atomic_bool failed;
	char wrong[MESSAGE_MAX + 256];
} visitors = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static bool complain(const char *fmt, ...) PRINTF(1, 2);
static bool complain(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(visitors.wrong, sizeof(visitors.wrong), fmt, args);
	va_end(args);
	visitors.failed = true;
	return false;
}

static bool command(const char *fmt, ...) PRINTF(1, 2);
static bool command(const char *fmt, ...)
{
	struct crowd *crowd = &visitors.crowd;
	char text[COMMAND_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	crowd->count = 0;
	crowd_add(crowd, "%s", text);
	if (!crowd_run(crowd, COMMAND_LIMIT_S))
		return complain("'%s' did not end", text);
	if (crowd->jobs[0].status)
		return complain("'%s' ended with status %d: %s", text, crowd->jobs[0].status,
				crowd->jobs[0].message);
	return true;
}

/* A command that changes the chain, which monitor is to tell. */
static bool change_chain(enum onlooker_event event, const char *fmt, ...) PRINTF(2, 3);
static bool change_chain(enum onlooker_event event, const char *fmt, ...)
{
	char text[COMMAND_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	onlookers_expect(event);
	if (!command("%s", text))
		return false;
	return onlookers_told() || complain("monitor does not tell of '%s'", text);
}

/* ---- neighbours ---- */

static bool come_before(void)
{
	visitors.neighbours++;
	return change_chain(ONLOOKER_JOINED, "xdp-filter load -m native -p allow %s", soak.ifname);
}

static bool leave_before(void)
{
	return change_chain(ONLOOKER_LEFT, "xdp-filter unload %s", soak.ifname);
}

static bool come_behind(void)
{
	visitors.neighbours++;
	return change_chain(ONLOOKER_JOINED, "xdp-loader load -m native -P %d %s %s",
			    BEHIND_PRIORITY, soak.ifname, PASS_OBJECT);
}

static bool leave_behind(void)
{
	struct look look;
	__u32 id;

	look_at(soak.ifname, false, &look);
	if (look_find(&look, NEIGHBOUR_BEHIND, &id) != 1)
		return complain("the neighbour behind us is gone");
	return change_chain(ONLOOKER_LEFT, "xdp-loader unload %s -i %u", soak.ifname, id);
}

/* ---- ours ---- */

static bool upgrade(void)
{
	visitors.upgrades++;
	return change_chain(ONLOOKER_UPGRADED, "%s upgrade -f %s", soak.tool, soak.ifname);
}

static bool read_status(struct xdpaction_status *status)
{
	*status = (struct xdpaction_status){ .size = sizeof(*status) };
	if (xdpaction_status(visitors.ctx, soak.ifname, status))
		return complain("status: %s", xdpaction_error(visitors.ctx));
	if (status->problem_count && status->problems[0].kind != XDPACTION_PROBLEM_UNFINISHED)
		return complain("status tells of a problem: %s", status->problems[0].text);
	return true;
}

/* The verdict of a line of metrics that has a number of packets, or -1. */
static int metric_verdict(const char *line, uint64_t *packets)
{
	static const char series[] = "xdp_action_packets_total{", label[] = "verdict=";
	const char *at = strstr(line, label);
	char verdict[16];
	int i;

	if (!at || strncmp(line, series, strlen(series)) ||
	    sscanf(at + strlen(label), "\"%15[a-z]\"} %" SCNu64, verdict, packets) != 2)
		return -1;
	for (i = 0; i < XDPACTION_VERDICTS; i++)
		if (!strcasecmp(verdict, xdpaction_verdict_name(i)))
			return i;
	return -1;
}

/* What it tells was so between two looks. */
static bool ask_metrics(void)
{
	struct xdpaction_status before, after;
	uint64_t counted[XDPACTION_VERDICTS] = { 0 }, packets;
	char text[COMMAND_MAX], line[1024];
	unsigned int found = 0;
	FILE *output;
	int i, status;

	if (!read_status(&before))
		return false;
	snprintf(text, sizeof(text), "%s metrics %s", soak.tool, soak.ifname);
	output = popen(text, "re");
	if (!output)
		return complain("cannot run '%s': %s", text, strerror(errno));
	while (fgets(line, sizeof(line), output)) {
		i = metric_verdict(line, &packets);
		if (i < 0)
			continue;
		counted[i] = packets;
		found++;
	}
	status = pclose(output);
	if (status || found != XDPACTION_VERDICTS)
		return complain("'%s' ended with status %#x and told of %u verdicts", text, status,
				found);
	visitors.metrics++;
	if (!read_status(&after))
		return false;
	for (i = 0; i < XDPACTION_VERDICTS; i++)
		if (counted[i] < before.counters[i].packets ||
		    counted[i] > after.counters[i].packets)
			return complain("metrics have %" PRIu64 " frames that got %s", counted[i],
					xdpaction_verdict_name(i));
	return true;
}

/* ---- one after the other ---- */

static bool ends(void)
{
	bool ends;

	pthread_mutex_lock(&visitors.mutex);
	ends = visitors.ends;
	pthread_mutex_unlock(&visitors.mutex);
	return ends;
}

/* Each with and without the others, and none at the end. */
static bool visit(void)
{
	if (!soak.dispatcher)
		return upgrade() && ask_metrics();
	return come_before() && ask_metrics() && come_behind() && leave_before() && upgrade() &&
	       ask_metrics() && leave_behind();
}

static void *visit_until_end(void *data)
{
	const struct timespec pause = { .tv_sec = PAUSE_S };

	while (!ends() && visit())
		nanosleep(&pause, NULL);
	return data;
}

void visitors_start(void)
{
	visitors.ends = false;
	if (!visitors.ctx && xdpaction_new(&visitors.ctx))
		bail("out of memory");
	if (pthread_create(&visitors.thread, NULL, visit_until_end, NULL))
		bail("cannot start a thread");
}

void visitors_stop(void)
{
	pthread_mutex_lock(&visitors.mutex);
	visitors.ends = true;
	pthread_mutex_unlock(&visitors.mutex);
	pthread_join(visitors.thread, NULL);
}

const char *visitors_wrong(void)
{
	return visitors.failed ? visitors.wrong : "";
}

void visitors_print(void)
{
	note("beside: %u neighbours came and went, %u upgrades, metrics asked %u times",
	     visitors.neighbours, visitors.upgrades, visitors.metrics);
}
