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

#define COMMAND_MAX 480
#define COMMAND_LIMIT_S 120
#define OTHER_NAME "soak.renamed"
/* How long the stream flows after what it flows through. */
#define STREAM_NS (20 * MILLISECOND_NS)
/* Settings that end soon are over before anybody looks, the others do not end. */
#define SOON_MS 20
#define LATE_S 7200

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

static void random_rule(struct xdpaction_rule *rule, bool probable)
{
	*rule = (struct xdpaction_rule){
		.verdict = soak_random(XDPACTION_VERDICTS),
		.otherwise = XDPACTION_PASS,
		.probability = XDPACTION_ALWAYS,
	};
	if (probable) {
		rule->probability = soak_random(5) * (XDPACTION_ALWAYS / 4);
		rule->otherwise = soak_random(XDPACTION_TX + 1);
	}
	if (rule->verdict == XDPACTION_REDIRECT)
		rule->target_ifindex = soak.target_ifindex;
}

/* One of each and none, or both of them. */
static void random_match(struct xdpaction_rule *rule)
{
	static const char *const expressions[] = { "", "", MATCH_EACH, MATCH_NONE };

	strcpy(rule->match, expressions[soak_random(ARRAY_SIZE(expressions))]);
	strcpy(rule->except, expressions[soak_random(ARRAY_SIZE(expressions))]);
	if (*rule->match || *rule->except)
		rule->otherwise = soak_random(XDPACTION_TX + 1);
}

/* Frames in runs, flows, or each Nth frame, in place of a share of all. */
static void random_share(struct xdpaction_rule *rule)
{
	static const uint32_t bursts[] = { 1000, 2000, 4000 };

	rule->probability = (1 + soak_random(2)) * (XDPACTION_ALWAYS / 4);
	switch (soak_random(3)) {
	case 0:
		rule->burst = bursts[soak_random(ARRAY_SIZE(bursts))];
		break;
	case 1:
		rule->per_flow = true;
		rule->seed = 1 + soak_random(1000);
		break;
	case 2:
		rule->probability = XDPACTION_ALWAYS;
		rule->every = 2 + soak_random(20);
		break;
	}
}

static void random_more(struct xdpaction_rule *rule, bool budget)
{
	if (soak_random(4) && !budget)
		random_share(rule);
	if (!soak_random(3))
		rule->skip = 1 + soak_random(150);
	if (!soak_random(3)) {
		rule->pulse_on_ns = soak_random(3) ? PULSE_LONG_NS : PULSE_SHORT_NS;
		rule->pulse_off_ns = PULSE_LONG_NS;
	}
	if (rule->burst || rule->per_flow || rule->every || rule->skip || rule->pulse_on_ns)
		rule->otherwise = soak_random(XDPACTION_TX + 1);
}

static void random_setting(struct xdpaction_setting *setting)
{
	*setting = (struct xdpaction_setting){ .size = sizeof(*setting) };
	if (!soak_random(3))
		setting->packets = 1 + soak_random(200);
	if (!soak_random(3))
		setting->duration_ns = soak_random(2) ? SOON_MS * MILLISECOND_NS :
							LATE_S * SECOND_NS;
	random_rule(&setting->rule, !setting->packets && soak_random(2));
	if (!soak_random(3))
		random_match(&setting->rule);
	if (soak_random(2))
		random_more(&setting->rule, setting->packets);
	if ((setting->packets || setting->duration_ns) && soak_random(2)) {
		setting->has_base = true;
		random_rule(&setting->base, false);
	}
}

static unsigned int milliseconds(uint64_t ns)
{
	return ns / MILLISECOND_NS;
}

/* The options of what random_more() makes. Returns how long they are. */
static int more_options(const struct xdpaction_rule *rule, char *options, size_t size)
{
	int used = 0;

	options[0] = '\0';
	if (rule->burst)
		used += snprintf(options + used, size - used, " --burst %u", rule->burst / 1000);
	if (rule->per_flow)
		used += snprintf(options + used, size - used, " --per-flow --seed %u",
				 (unsigned int)rule->seed);
	if (rule->every)
		used += snprintf(options + used, size - used, " --every %u",
				 (unsigned int)rule->every);
	if (rule->skip)
		used += snprintf(options + used, size - used, " --skip %u",
				 (unsigned int)rule->skip);
	if (rule->pulse_on_ns)
		used += snprintf(options + used, size - used, " --pulse %ums/%ums",
				 milliseconds(rule->pulse_on_ns), milliseconds(rule->pulse_off_ns));
	return used;
}

static void setting_command(const struct xdpaction_setting *setting, char command[COMMAND_MAX])
{
	const struct xdpaction_rule *rule = &setting->rule;
	int used;

	used = snprintf(command, COMMAND_MAX, "%s set %s --force", soak.tool,
			xdpaction_verdict_name(rule->verdict));
	if (*rule->match)
		used += snprintf(command + used, COMMAND_MAX - used, " --match %s", rule->match);
	if (*rule->except)
		used += snprintf(command + used, COMMAND_MAX - used, " --except %s", rule->except);
	/* Something has to leave frames out where there is an --otherwise. */
	if (!rule->every &&
	    (rule->probability != XDPACTION_ALWAYS || rule->otherwise != XDPACTION_PASS))
		used += snprintf(command + used, COMMAND_MAX - used, " -p %u%%",
				 (unsigned int)(100 * rule->probability / XDPACTION_ALWAYS));
	used += more_options(rule, command + used, COMMAND_MAX - used);
	if (rule->otherwise != XDPACTION_PASS)
		used += snprintf(command + used, COMMAND_MAX - used, " --otherwise %s",
				 xdpaction_verdict_name(rule->otherwise));
	if (setting->packets)
		used += snprintf(command + used, COMMAND_MAX - used, " -c %u",
				 (unsigned int)setting->packets);
	if (setting->duration_ns)
		used += snprintf(command + used, COMMAND_MAX - used, " -t %ums",
				 milliseconds(setting->duration_ns));
	if (setting->has_base)
		used += snprintf(command + used, COMMAND_MAX - used, " --then %s",
				 xdpaction_verdict_name(setting->base.verdict));
	if (rule->target_ifindex || (setting->has_base && setting->base.target_ifindex))
		used += snprintf(command + used, COMMAND_MAX - used, " --to %s", SCENE_TARGET);
	snprintf(command + used, COMMAND_MAX - used, " %s", soak.ifname);
}

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

/* ---- one of them ---- */

static bool is_possible(enum deed deed)
{
	if (deed == DEED_NEIGHBOUR)
		return soak.dispatcher && !strcmp(soak.ifname, SCENE_IFNAME);
	return deed != DEED_RENAME || !soak.model.neighbour;
}

static enum deed choose(void)
{
	static const enum deed deeds[] = {
		DEED_LOAD, DEED_LOAD, DEED_UNLOAD, DEED_SET, DEED_SET, DEED_SET, DEED_SET, DEED_SET,
		DEED_RENAME, DEED_NEIGHBOUR, DEED_NEIGHBOUR, DEED_DOWN_UP, DEED_READ,
	};
	enum deed deed;

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

	*deed = choose();
	random_setting(&setting);
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
