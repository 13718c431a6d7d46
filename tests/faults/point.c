// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "point.h"
#include "util.h"

#define HOUR_NS UINT64_C(3600000000000)
#define RULE(v) { .verdict = XDPACTION_##v, .otherwise = XDPACTION_PASS, \
		  .probability = XDPACTION_ALWAYS }

/* A setting that has all there is, so that a part that was lost would be seen. */
#define SETTING .size = sizeof(struct xdpaction_setting)
#define MATCHING { .verdict = XDPACTION_ABORTED, .otherwise = XDPACTION_TX, \
		   .probability = XDPACTION_ALWAYS, .match = "not ip6", \
		   .pulse_on_ns = HOUR_NS, .pulse_off_ns = 2 * HOUR_NS }
#define TEMPORARY { SETTING, .rule = RULE(TX), .duration_ns = 2 * HOUR_NS, .has_base = true, \
		    .base = RULE(DROP) }

struct operation operations[OPERATIONS] = {
	{
		.name = "load",
		.args = { "load", "-a", "DROP", SCENE_IFNAME },
		.after = { .loaded = true, .setting = { SETTING, .rule = RULE(DROP) } },
	}, {
		.name = "unload",
		.args = { "unload", SCENE_IFNAME },
		.before = { .loaded = true, .setting = TEMPORARY },
	}, {
		.name = "set",
		.args = { "set", "REDIRECT", "--to", SCENE_TARGET, "--for", "1h", "--then",
			  "REDIRECT", "--force", SCENE_IFNAME },
		.before = { .loaded = true, .setting = TEMPORARY },
		.after = { .loaded = true,
			   .setting = { SETTING, .rule = RULE(REDIRECT), .duration_ns = HOUR_NS,
					.has_base = true, .base = RULE(REDIRECT) } },
	}, {
		/* The first match, with a further condition, and a base that was in force. */
		.name = "match",
		.args = { "set", "ABORTED", "--match", "not ip6", "--pulse", "1h/2h", "--otherwise",
			  "TX", "--for", "1h", "--force", SCENE_IFNAME },
		.before = { .loaded = true, .fresh = true, .setting = TEMPORARY },
		.after = { .loaded = true,
			   .setting = { SETTING, .rule = MATCHING, .duration_ns = HOUR_NS,
					.has_base = true, .base = RULE(DROP) } },
	}, {
		.name = "upgrade",
		.args = { "upgrade", "--force", SCENE_IFNAME },
		.before = { .loaded = true, .setting = TEMPORARY },
		.after = { .loaded = true, .setting = TEMPORARY },
		.single_mode = true,
	}, {
		.name = "status",
		.args = { "status", "-j", SCENE_IFNAME },
		.before = { .loaded = true, .setting = TEMPORARY },
		.after = { .loaded = true, .setting = TEMPORARY },
		.reads = true,
	},
};

const char *const healer_names[HEALERS] = {
	[HEAL_LOAD] = "load",
	[HEAL_UNLOAD] = "unload",
	[HEAL_UNLOAD_ALL] = "unload --all",
};

/* "Unknown" is a true answer to what is left over; here it is nothing. */
static void count_unknown_leftovers(char *out)
{
	static const char unknown[] = "\"leftovers\": null", none[] = "\"leftovers\": 0";
	char *at = strstr(out, unknown);

	if (!at)
		return;
	memcpy(at, none, strlen(none));
	memmove(at + strlen(none), at + strlen(unknown), strlen(at + strlen(unknown)) + 1);
}

/* What a command that only reads printed without a fault. */
static char reference[OUTPUT_MAX];

void operations_init(void)
{
	unsigned int target = if_nametoindex(SCENE_TARGET);
	size_t i;

	for (i = 0; i < OPERATIONS; i++) {
		struct xdpaction_setting *setting = &operations[i].after.setting;

		if (setting->rule.verdict != XDPACTION_REDIRECT)
			continue;
		setting->rule.target_ifindex = target;
		setting->base.target_ifindex = target;
	}
}

static void run_tool(const struct tools *tools, const char *const args[],
		     const struct fault *fault, struct run *run)
{
	char *argv[16];
	size_t i;

	argv[0] = (char *)(fault->class == CALL_MALLOC ? tools->tool_oom : tools->tool);
	for (i = 0; args[i]; i++)
		argv[i + 1] = (char *)args[i];
	argv[i + 1] = NULL;
	run_with_fault(argv, fault, run);
}

static bool is_member(const char *line, const char *begin)
{
	return !strncmp(line + strspn(line, " "), begin, strlen(begin));
}

/*
 * Takes out of the output of status what differs from one moment to the next, and
 * from one way to a state to another.
 */
static void strip_times(char *text)
{
	char *line = text, *end, *kept = text;

	for (; *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end == '\n';
		if (is_member(line, "\"time") || is_member(line, "\"remaining_ns\"") ||
		    is_member(line, "\"generation\"") || is_member(line, "\"pid\""))
			continue;
		memmove(kept, line, end - line);
		kept += end - line;
	}
	*kept = '\0';
}

static void must(const char *what, const char *wrong)
{
	if (*wrong)
		bail("%s: %s", what, wrong);
}

void point_count(struct scene *scene, const struct tools *tools,
		 const struct operation *operation, enum call_class class, struct run *run)
{
	const struct fault none = { .class = class };

	must("before", scene_go_to(scene, &operation->before));
	run_tool(tools, operation->args, &none, run);
	if (run->status)
		bail("%s fails without a fault: %s", operation->name, run->err);
	must(operation->name, scene_compare(scene, &operation->after, false, !operation->reads));
	if (operation->reads) {
		strip_times(run->out);
		strcpy(reference, run->out);
	}
	must("after", scene_go_to(scene, &operation->before));
}

/* The state afterwards goes to *now. */
static const char *judge_exit(struct scene *scene, const struct operation *operation,
			      struct run *run, const struct state **now)
{
	static char text[LISTING_MAX * 3];
	int code = WIFEXITED(run->status) ? WEXITSTATUS(run->status) : -1;
	const char *wrong;

	if (run->timed_out)
		return "it did not end";
	if (code != 0 && code != 1) {
		snprintf(text, sizeof(text), "it ended with status %#x", run->status);
		return text;
	}
	if (code == 1 && !*run->err)
		return "it failed without a word";

	*now = code ? &operation->before : &operation->after;
	wrong = scene_compare(scene, *now, false, !operation->reads);
	if (!*wrong && operation->reads && !code) {
		strip_times(run->out);
		count_unknown_leftovers(run->out);
		if (strcmp(run->out, reference))
			wrong = run->out;
	}
	if (!*wrong)
		return "";
	snprintf(text, sizeof(text), "exit status %d, but %s", code, wrong);
	return text;
}

/* What a kill left behind is put right by the next command. */
static const char *heal(struct scene *scene, const struct tools *tools, enum healer healer,
			const struct state *now)
{
	static const char *const commands[HEALERS][4] = {
		[HEAL_LOAD] = { "load", SCENE_IFNAME },
		[HEAL_UNLOAD] = { "unload", SCENE_IFNAME },
		[HEAL_UNLOAD_ALL] = { "unload", "--all" },
	};
	static const struct state unloaded, loaded = { .loaded = true, .setting.rule = RULE(PASS) };
	const struct fault none = { .class = CALL_BPF };
	bool expected;
	/* Part of it is returned. */
	static struct run run;

	run_tool(tools, commands[healer], &none, &run);
	if (healer == HEAL_LOAD) {
		/* One that is loaded already stays as it is. */
		expected = !now->loaded;
		if (expected)
			now = &loaded;
	} else {
		expected = now->loaded || healer == HEAL_UNLOAD_ALL;
		now = &unloaded;
	}
	if ((run.status == 0) != expected)
		return *run.err ? run.err : "the next command succeeded and should not have";
	return scene_compare(scene, now, false, true);
}

static const char *judge_kill(struct scene *scene, const struct tools *tools, enum healer healer,
			      const struct operation *operation, const struct state **now)
{
	static char text[LISTING_MAX * 3];
	const char *wrong;

	*now = &operation->before;
	wrong = scene_compare(scene, *now, true, true);
	if (*wrong) {
		*now = &operation->after;
		wrong = scene_compare(scene, *now, true, true);
	}
	if (*wrong) {
		snprintf(text, sizeof(text), "neither the old state nor the new one: %s", wrong);
		return text;
	}
	wrong = heal(scene, tools, healer, *now);
	if (!*wrong)
		return "";
	snprintf(text, sizeof(text), "after the next %s: %s", healer_names[healer], wrong);
	return text;
}

/* The next load, set and unload work. */
static const char *go_on(struct scene *scene, const struct operation *operation)
{
	static const struct state states[] = {
		{ .loaded = true, .setting = { SETTING, .rule = RULE(ABORTED) } },
		{ .loaded = false },
	};
	static char text[LISTING_MAX * 3];
	const struct state *state;
	const char *wrong = "";
	size_t i;

	for (i = 0; i <= ARRAY_SIZE(states) && !*wrong; i++) {
		state = i < ARRAY_SIZE(states) ? &states[i] : &operation->before;
		wrong = scene_go_to(scene, state);
		if (!*wrong)
			wrong = scene_compare(scene, state, false, true);
	}
	if (!*wrong)
		return "";
	snprintf(text, sizeof(text), "afterwards: %s", wrong);
	return text;
}

/* The scanner that flex made for libpcap ends the process where it has no memory. */
static bool ended_by_libpcap(const struct run *run)
{
	return WIFEXITED(run->status) && WEXITSTATUS(run->status) == 2 &&
	       strstr(run->err, "out of dynamic memory in yy");
}

/* Some versions of these libraries do not survive a lack of memory. */
static bool crashed_elsewhere(const struct run *run)
{
	const char *place = strstr(run->err, "crashed in ");

	return WIFSIGNALED(run->status) && place &&
	       (strstr(place, "/libbpf.so") || strstr(place, "/libxdp.so") ||
		strstr(place, "/libpcap.so"));
}

enum result point_run(struct scene *scene, const struct tools *tools,
		      const struct operation *operation, const struct fault *fault,
		      enum healer healer, const char **wrong)
{
	const struct state *now = &operation->before;
	struct run run;
	bool crash;

	run_tool(tools, operation->args, fault, &run);
	crash = crashed_elsewhere(&run) || ended_by_libpcap(&run);
	if ((fault->signal && run.reached) || crash)
		*wrong = judge_kill(scene, tools, healer, operation, &now);
	else
		*wrong = judge_exit(scene, operation, &run, &now);
	if (!**wrong && !operation->reads)
		*wrong = go_on(scene, operation);
	if (**wrong) {
		if (*run.err)
			printf("# it said: %s", run.err);
		scene_reset(scene);
		operations_init();
		point_count(scene, tools, operation, fault->class, &run);
		return RESULT_WRONG;
	}
	if (crash)
		return RESULT_CRASH;
	if (!run.reached)
		return RESULT_UNREACHED;
	return now == &operation->before ? RESULT_OLD : RESULT_NEW;
}
