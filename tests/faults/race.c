// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <linux/bpf.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "look.h"
#include "race.h"

#define LIMIT_S 240

struct race race = { .tool = "xdp-action/xdp-action" };

static const struct job *next(const struct job *job)
{
	return job + 1 < race.crowd.jobs + race.crowd.count ? job + 1 : NULL;
}

static const struct job *first(void)
{
	return race.crowd.count ? race.crowd.jobs : NULL;
}

void race_begin(void)
{
	race.good = true;
	race.crowd.count = 0;
}

void race_end(const char *name)
{
	ok(race.good, "%s", name);
}

void race_complain(const char *fmt, ...)
{
	va_list args;

	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	race.good = false;
}

/* ---- commands ---- */

const char *race_interface(unsigned int interface)
{
	static char name[IF_NAMESIZE];

	if (!interface)
		return SCENE_IFNAME;
	snprintf(name, sizeof(name), "r%u", interface);
	return name;
}

void race_add(enum kind kind, unsigned int interface, unsigned int number)
{
	const char *ifname = race_interface(interface);
	struct job *job;

	if (kind == SET)
		job = crowd_add(&race.crowd, "%s set DROP -p 0.%u --packets %u %s", race.tool,
				number + 1, 1000 + number, ifname);
	else
		job = crowd_add(&race.crowd, "%s %s %s", race.tool,
				kind == LOAD ? "load" : "unload", ifname);
	job->interface = interface;
	job->kind = kind;
}

void race_run(void)
{
	const struct job *job;

	if (!crowd_run(&race.crowd, LIMIT_S))
		race_complain("not all were done within %d s", LIMIT_S);
	for (job = first(); job; job = next(job))
		if (job->kind < KINDS && (job->status < 0 || job->status > 1))
			race_complain("exit status %d of '%s': %s", job->status, job->command,
				      job->message);
}

/* ---- what came of them ---- */

unsigned int race_succeeded(enum kind kind, unsigned int interface)
{
	const struct job *job;
	unsigned int count = 0;

	for (job = first(); job; job = next(job))
		count += job->kind == kind && job->interface == interface && !job->status;
	return count;
}

void race_complain_of_all(enum kind kind)
{
	const struct job *job;

	for (job = first(); job; job = next(job))
		if (job->kind == kind)
			printf("#   %d '%s': %s", job->status, job->command, job->message);
	race.good = false;
}

void race_expect(enum kind kind, unsigned int interface, unsigned int expected)
{
	unsigned int count = race_succeeded(kind, interface);

	if (count == expected)
		return;
	race_complain("%u of them succeeded on %s in place of %u", count,
		      race_interface(interface), expected);
	race_complain_of_all(kind);
}

void race_expect_reason(enum kind kind, const char *reason)
{
	const struct job *job;

	for (job = first(); job; job = next(job))
		if (job->kind == kind && job->status == 1 && !strstr(job->message, reason))
			race_complain("'%s' failed: %s", job->command, job->message);
}

static bool is_loaded(unsigned int interface)
{
	struct look look;
	size_t copies;
	__u32 id;

	look_at(race_interface(interface), false, &look);
	copies = look_find(&look, OURS, &id);
	if (copies > 1)
		race_complain("%zu copies on %s", copies, race_interface(interface));
	return copies;
}

/* Whether a job that succeeded asked for this. */
static bool asked_for(const struct job *job, const struct xdpaction_setting *setting)
{
	const char *budget = strstr(job->command, "--packets");
	unsigned int number;

	return job->kind == SET && !job->status &&
	       sscanf(budget, "--packets %u", &number) == 1 && number == setting->packets &&
	       setting->has_base && setting->base.verdict == XDPACTION_PASS &&
	       setting->rule.verdict == XDPACTION_DROP &&
	       setting->rule.probability != XDPACTION_ALWAYS;
}

void race_check_setting(unsigned int interface)
{
	const char *ifname = race_interface(interface);
	struct xdpaction_status status = { .size = sizeof(status) };
	const struct job *job;

	if (xdpaction_status(race.scene.ctx, ifname, &status)) {
		race_complain("status: %s", xdpaction_error(race.scene.ctx));
		return;
	}
	if (status.problem_count)
		race_complain("%s: %s", ifname, status.problems[0].text);
	if (!status.setting.packets && status.setting.rule.verdict == XDPACTION_PASS &&
	    race_succeeded(LOAD, interface))
		return;
	for (job = first(); job; job = next(job))
		if (job->interface == interface && asked_for(job, &status.setting))
			return;
	race_complain("nobody asked for what is in force on %s", ifname);
}

void race_check_interface(unsigned int interface, bool before)
{
	unsigned int loads = race_succeeded(LOAD, interface);
	unsigned int unloads = race_succeeded(UNLOAD, interface);
	bool after = is_loaded(interface);

	if (before + loads - unloads == after) {
		if (after)
			race_check_setting(interface);
		return;
	}
	race_complain("%u loads and %u unloads succeeded on %s, but %s loaded", loads, unloads,
		      race_interface(interface), after ? "it is" : "nothing is");
	race_complain_of_all(LOAD);
	race_complain_of_all(UNLOAD);
}

void race_clear(void)
{
	struct look look;

	shell("%s unload --all >/dev/null", race.tool);
	look_at(SCENE_IFNAME, false, &look);
	if (strstr(look.listing, "xdp/xdp-action") || strstr(look.listing, "xdp/dispatch"))
		race_complain("left behind:\n%s", look.listing);
}
