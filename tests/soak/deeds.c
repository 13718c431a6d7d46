// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "faults/crowd.h"
#include "faults/util.h"
#include "soak.h"
#include "support/clock.h"
#include "traffic.h"

#define COMMAND_LIMIT_S 120
#define OTHER_NAME "soak.renamed"
/* How long the stream flows after what it flows through. */
#define STREAM_NS (20 * MILLISECOND_NS)

const char *const deed_names[DEEDS] = {
	[DEED_LOAD] = "load",	   [DEED_UNLOAD] = "unload",	   [DEED_SET] = "set",
	[DEED_RENAME] = "rename",  [DEED_NEIGHBOUR] = "neighbour", [DEED_DOWN_UP] = "down, up",
	[DEED_READ] = "read",
};

static void sleep_ns(uint64_t ns)
{
	const struct timespec time = { .tv_sec = ns / SECOND_NS, .tv_nsec = ns % SECOND_NS };

	nanosleep(&time, NULL);
}

static const char *say(const char *fmt, ...) PRINTF(1, 2);
static const char *say(const char *fmt, ...)
{
	static char text[MESSAGE_MAX + 256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return text;
}

/* ---- commands ---- */

/* A command that must succeed, or must fail with `refusal` in what it says. */
static const char *run(const char *command, const char *refusal)
{
	static struct crowd crowd;
	const struct job *job = &crowd.jobs[0];

	snprintf(soak.deed, sizeof(soak.deed), "%s", command);
	crowd.count = 0;
	crowd_add(&crowd, "%s", command);
	if (!crowd_run(&crowd, COMMAND_LIMIT_S))
		return "it did not end";
	if (job->status != (refusal ? 1 : 0))
		return say("exit status %d: %s", job->status, job->message);
	if (refusal && !strstr(job->message, refusal))
		return say("it does not say '%s' but: %s", refusal, job->message);
	return "";
}

/* The same for a call of the library. */
static const char *called(const char *what, int err, int expected)
{
	snprintf(soak.deed, sizeof(soak.deed), "by the library: %s", what);
	if (err == expected)
		return "";
	return say("%d: %s", err, err ? xdpaction_error(soak.scene.ctx) : "");
}

/*
 * libxdp leaves descriptors of the programs of a dispatcher open, and with them
 * the programs alive: there each load and unload is in a process of its own.
 */
static bool by_library(void)
{
	return !soak.dispatcher && soak_random(2);
}

/* ---- loading and unloading ---- */

static const char *load(void)
{
	static const enum xdpaction_verdict verdicts[] = { XDPACTION_PASS, XDPACTION_PASS,
							   XDPACTION_DROP, XDPACTION_TX };
	struct xdpaction_load_options options = { .size = sizeof(options) };
	const char *wrong;
	char command[COMMAND_MAX];

	xdpaction_load_options_init(&options);
	options.setting.rule.verdict = verdicts[soak_random(ARRAY_SIZE(verdicts))];
	snprintf(command, sizeof(command), "%s load -a %s %s", soak.tool,
		 xdpaction_verdict_name(options.setting.rule.verdict), soak.ifname);
	if (by_library())
		wrong = called(command, xdpaction_load(soak.scene.ctx, soak.ifname, &options, NULL),
			       soak.model.loaded ? -EEXIST : 0);
	else
		wrong = run(command, soak.model.loaded ? "loaded already" : NULL);
	if (*wrong || soak.model.loaded)
		return wrong;
	model_load(&soak.model, &options.setting.rule);
	soak.program_id = 0;
	return "";
}

static const char *unload(void)
{
	const char *wrong;
	char command[COMMAND_MAX];

	snprintf(command, sizeof(command), "%s unload %s", soak.tool, soak.ifname);
	if (by_library())
		wrong = called(command, xdpaction_unload(soak.scene.ctx, soak.ifname),
			       soak.model.loaded ? 0 : -ENOENT);
	else
		wrong = run(command, soak.model.loaded ? NULL : "not loaded");
	soak.model.loaded = false;
	return wrong;
}

/* ---- settings ---- */

static const char *set(const struct xdpaction_setting *setting)
{
	uint64_t before_ns = clock_ns(CLOCK_BOOTTIME);
	const char *wrong;
	char command[COMMAND_MAX];

	setting_command(setting, command);
	if (soak_random(2))
		wrong = called(command, xdpaction_set(soak.scene.ctx, soak.ifname, setting, NULL),
			       soak.model.loaded ? 0 : -ENOENT);
	else
		wrong = run(command, soak.model.loaded ? NULL : "not loaded");
	if (*wrong || !soak.model.loaded)
		return wrong;
	model_set(&soak.model, setting, before_ns, clock_ns(CLOCK_BOOTTIME));
	return "";
}

/* ---- the world ---- */

/* xdp-filter knows its interface by its name. */
static const char *rename_interface(void)
{
	const char *other = strcmp(soak.ifname, SCENE_IFNAME) ? SCENE_IFNAME : OTHER_NAME;

	snprintf(soak.deed, sizeof(soak.deed), "%s becomes %s", soak.ifname, other);
	shell("ip link set %s down && ip link set %s name %s && ip link set %s up", soak.ifname,
	      soak.ifname, other, other);
	snprintf(soak.ifname, sizeof(soak.ifname), "%s", other);
	return "";
}

void soak_rename_back(void)
{
	if (strcmp(soak.ifname, SCENE_IFNAME))
		rename_interface();
}

static const char *down_up(void)
{
	snprintf(soak.deed, sizeof(soak.deed), "%s goes down and up", soak.ifname);
	shell("ip link set %s down && ip link set %s up", soak.ifname, soak.ifname);
	return "";
}

static const char *toggle_neighbour(void)
{
	const char *wrong;
	char command[COMMAND_MAX];

	snprintf(command, sizeof(command), "xdp-filter %s %s",
		 soak.model.neighbour ? "unload" : "load -m native -p allow", soak.ifname);
	wrong = run(command, NULL);
	soak.model.neighbour = !soak.model.neighbour;
	return wrong;
}

static const char *read_it(void)
{
	static const char *const commands[] = { "status", "status -j", "metrics",
						"poll -i 5 -n 2" };
	char command[COMMAND_MAX];

	snprintf(command, sizeof(command), "%s %s", soak.tool,
		 commands[soak_random(ARRAY_SIZE(commands))]);
	return run(command, NULL);
}

/* ---- once ---- */

void soak_warm_up(void)
{
	struct xdpaction_setting setting = { .size = sizeof(setting) };
	int err = 0;

	setting.rule = (struct xdpaction_rule){ .verdict = XDPACTION_REDIRECT,
						.otherwise = XDPACTION_PASS,
						.probability = XDPACTION_ALWAYS,
						.target_ifindex = soak.target_ifindex,
						.match = MATCH_EACH };
	if (soak.dispatcher)
		shell("%s load %s >/dev/null", soak.tool, soak.ifname);
	else
		err = xdpaction_load(soak.scene.ctx, soak.ifname, NULL, NULL);
	if (!err)
		err = xdpaction_set(soak.scene.ctx, soak.ifname, &setting, NULL);
	if (!err && soak.dispatcher)
		shell("%s unload %s >/dev/null", soak.tool, soak.ifname);
	else if (!err)
		err = xdpaction_unload(soak.scene.ctx, soak.ifname);
	/* One that fails makes words. */
	if (err || xdpaction_set(soak.scene.ctx, soak.ifname, &setting, NULL) != -ENOENT)
		bail("the library does not work: %s", xdpaction_error(soak.scene.ctx));
}

/* ---- one of them ---- */

static bool is_possible(enum deed deed)
{
	if (deed == DEED_NEIGHBOUR)
		return soak.dispatcher && !strcmp(soak.ifname, SCENE_IFNAME);
	return deed != DEED_RENAME || !soak.model.neighbour;
}

static enum deed choose(enum deed wanted)
{
	static const enum deed deeds[] = {
		DEED_LOAD, DEED_LOAD, DEED_UNLOAD, DEED_SET, DEED_SET, DEED_SET, DEED_SET, DEED_SET,
		DEED_RENAME, DEED_NEIGHBOUR, DEED_NEIGHBOUR, DEED_DOWN_UP, DEED_READ,
	};
	enum deed deed;

	if (wanted != DEEDS && is_possible(wanted))
		return wanted;
	do
		deed = deeds[soak_random(ARRAY_SIZE(deeds))];
	while (!is_possible(deed));
	return deed;
}

const char *soak_do(enum deed *deed)
{
	struct xdpaction_setting setting;
	const char *wrong = "";
	bool stream;

	*deed = choose(*deed);
	setting_random(&setting);
	/* Nobody can tell how many of a stream there were before a count began. */
	stream = soak_random(2) && !model_counts(&soak.model) &&
		 !(*deed == DEED_SET &&
		   (setting.packets || setting.rule.skip || setting.rule.every));
	soak.went_down = stream && (*deed == DEED_RENAME || *deed == DEED_DOWN_UP);
	if (stream)
		traffic_flow(true);
	switch (*deed) {
	case DEED_LOAD: wrong = load(); break;
	case DEED_UNLOAD: wrong = unload(); break;
	case DEED_SET: wrong = set(&setting); break;
	case DEED_RENAME: wrong = rename_interface(); break;
	case DEED_NEIGHBOUR: wrong = toggle_neighbour(); break;
	case DEED_DOWN_UP: wrong = down_up(); break;
	case DEED_READ: wrong = read_it(); break;
	case DEEDS: break;
	}
	if (stream) {
		sleep_ns(STREAM_NS);
		traffic_flow(false);
		strcat(soak.deed, ", in a stream of frames");
	}
	if (*deed == DEED_SET && (setting.duration_ns == SOON_MS * MILLISECOND_NS ||
				  setting.rule.pulse_on_ns == PULSE_SHORT_NS))
		sleep_ns(2 * SOON_MS * MILLISECOND_NS);
	model_wait(&soak.model, clock_ns(CLOCK_BOOTTIME));
	return wrong;
}
