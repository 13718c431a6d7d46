// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "faults/util.h"
#include "flood.h"
#include "growth.h"
#include "onlookers.h"
#include "pressure.h"
#include "soak.h"
#include "support/clock.h"
#include "visitors.h"

/* Between two settings. */
#define PACE_NS MILLISECOND_NS
#define SETTER_NICE (-5)
/* Between two accounts of the frames. */
#define ROUND_NS (2 * SECOND_NS)
/* Frames come in a little after they were sent. */
#define LOOKS 500
#define LOOK_PAUSE_NS (10 * MILLISECOND_NS)
/* One round in so many asks for ABORTED. */
#define ROUNDS_FOR_ABORTED 4
/* What the kernel keeps at hand. */
#define KERNEL_KIB_MAX 4096

static struct {
	uint64_t settings, rounds, begin_ns, set_ns;
	uint64_t generation;
	/* Frames that were asked to be ABORTED in this round, at most. */
	uint64_t aborted_most;
	struct xdpaction_status first, last;
	struct flood_account account;
	char wrong[512], aborted_wrong[256];
} pressure;

static const char *say(const char *fmt, ...) PRINTF(1, 2);
static const char *say(const char *fmt, ...)
{
	static char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return text;
}

static void pause_ns(uint64_t ns)
{
	const struct timespec time = { .tv_sec = ns / SECOND_NS, .tv_nsec = ns % SECOND_NS };

	nanosleep(&time, NULL);
}

/* ---- settings ---- */

static void forget_aborted(enum xdpaction_verdict *verdict)
{
	if (*verdict == XDPACTION_ABORTED)
		*verdict = XDPACTION_DROP;
}

static void random_expression(char expression[XDPACTION_EXPRESSION_SIZE])
{
	static const char *const expressions[] = { FLOOD_MATCHES };

	if (*expression)
		strcpy(expression, expressions[soak_random(ARRAY_SIZE(expressions))]);
}

/* ABORTED is asked for by number alone, so that it is known how many there may be. */
static void next_setting(struct xdpaction_setting *setting, bool aborted)
{
	setting_random(setting);
	forget_aborted(&setting->rule.verdict);
	forget_aborted(&setting->rule.otherwise);
	forget_aborted(&setting->base.verdict);
	random_expression(setting->rule.match);
	random_expression(setting->rule.except);
	if (!aborted || !setting->packets)
		return;
	setting->rule.verdict = XDPACTION_ABORTED;
	setting->rule.target_ifindex = 0;
	pressure.aborted_most += setting->packets;
}

static void note_effect(void *data, const struct xdpaction_effect *effect)
{
	(void)data;
	pressure.generation = effect->generation;
}

static bool set(const struct xdpaction_setting *setting)
{
	int err;

	onlookers_before_set();
	err = xdpaction_set(soak.scene.ctx, soak.ifname, setting, NULL);
	onlookers_after_set(pressure.generation, err ? NULL : setting);
	pressure.settings++;
	if (err)
		snprintf(pressure.wrong, sizeof(pressure.wrong), "setting %" PRIu64 ": %s",
			 pressure.settings, xdpaction_error(soak.scene.ctx));
	return !err;
}

static bool set_pass(void)
{
	const struct xdpaction_setting setting = {
		.size = sizeof(setting),
		.rule = { .verdict = XDPACTION_PASS,
			  .otherwise = XDPACTION_PASS,
			  .probability = XDPACTION_ALWAYS },
	};

	return set(&setting);
}

static bool anything_wrong(void)
{
	return *pressure.wrong || *visitors_wrong();
}

/* Who sends at full speed takes all that is left of the CPUs. */
static void go_first(void)
{
	setpriority(PRIO_PROCESS, 0, SETTER_NICE);
}

/* Once a millisecond. No more than a second is made up for. */
static void set_until(uint64_t end_ns, bool aborted)
{
	struct xdpaction_setting setting;
	uint64_t now_ns = clock_ns(CLOCK_MONOTONIC), next_ns = now_ns;

	for (; now_ns < end_ns && !anything_wrong(); now_ns = clock_ns(CLOCK_MONOTONIC)) {
		if (now_ns < next_ns) {
			pause_ns(next_ns - now_ns);
			continue;
		}
		next_setting(&setting, aborted);
		if (!set(&setting))
			return;
		next_ns += PACE_NS;
		if (next_ns + SECOND_NS < now_ns)
			next_ns = now_ns;
	}
}

/* ---- accounts ---- */

static const char *read_status(struct xdpaction_status *status)
{
	*status = (struct xdpaction_status){ .size = sizeof(*status) };
	return xdpaction_status(soak.scene.ctx, soak.ifname, status) ?
		       xdpaction_error(soak.scene.ctx) :
		       "";
}

static uint64_t counted(const struct xdpaction_status *status, enum xdpaction_verdict verdict)
{
	return status->counters[verdict].packets - pressure.first.counters[verdict].packets;
}

static const char *compare(const char *what, uint64_t a, uint64_t b)
{
	return a == b ? "" : say("%s: %" PRIu64 " and %" PRIu64, what, a, b);
}

static const char *compare_bytes(const struct xdpaction_status *status)
{
	const struct xdpaction_counter *first = pressure.first.counters;
	const char *wrong = "";
	int i;

	for (i = 0; i < XDPACTION_VERDICTS && !*wrong; i++)
		wrong = compare("bytes counted, and those of so many frames",
				status->counters[i].bytes - first[i].bytes,
				counted(status, i) * FLOOD_FRAME_BYTES);
	return wrong;
}

/* What was sent was counted, once, as what the driver did with it. */
static const char *compare_account(const struct flood_account *account,
				   const struct xdpaction_status *status)
{
	uint64_t aborted = counted(status, XDPACTION_ABORTED);
	uint64_t dropped = counted(status, XDPACTION_DROP) + aborted;
	uint64_t passed = counted(status, XDPACTION_PASS);
	uint64_t sent_on = counted(status, XDPACTION_TX) + counted(status, XDPACTION_REDIRECT);
	const char *wrong;

	wrong = compare("frames sent, and come in or refused", account->sent,
			account->received + account->refused);
	if (!*wrong)
		wrong = compare("frames come in, and counted", account->received,
				dropped + passed + sent_on);
	if (!*wrong)
		wrong = compare("frames dropped, and counted as DROP or ABORTED", account->dropped,
				dropped);
	if (!*wrong)
		wrong = compare("frames sent on, and counted as TX or REDIRECT", account->sent_on,
				sent_on);
	if (!*wrong)
		wrong = compare("frames seen by the network stack, and counted as PASS",
				account->passed, passed);
	return *wrong ? wrong : compare_bytes(status);
}

/* When none is sent any more. The last come in a little later. */
static const char *judge_account(struct xdpaction_status *status)
{
	const char *wrong;
	unsigned int looks;

	for (looks = 0; looks < LOOKS; looks++) {
		flood_account(&pressure.account);
		wrong = read_status(status);
		if (!*wrong)
			wrong = compare_account(&pressure.account, status);
		if (!*wrong)
			return "";
		pause_ns(LOOK_PAUSE_NS);
	}
	return wrong;
}

static void judge_aborted(uint64_t before, uint64_t after)
{
	if (after - before > pressure.aborted_most && !*pressure.aborted_wrong)
		snprintf(pressure.aborted_wrong, sizeof(pressure.aborted_wrong),
			 "in round %" PRIu64 " %" PRIu64 " frames were ABORTED, and %" PRIu64
			 " at most were asked for",
			 pressure.rounds, after - before, pressure.aborted_most);
}

/* Settings while it flows, and then an account. */
static void make_round(void)
{
	uint64_t before = counted(&pressure.last, XDPACTION_ABORTED), begin_ns;
	bool aborted = pressure.rounds % ROUNDS_FOR_ABORTED == ROUNDS_FOR_ABORTED - 1;
	const char *wrong;

	/* No budget of the round before goes on in this one. */
	pressure.aborted_most = 0;
	if (!set_pass())
		return;
	begin_ns = clock_ns(CLOCK_MONOTONIC);
	flood_flow(true);
	set_until(begin_ns + ROUND_NS, aborted);
	pressure.set_ns += clock_ns(CLOCK_MONOTONIC) - begin_ns;
	flood_flow(false);
	pressure.rounds++;
	if (anything_wrong())
		return;
	wrong = judge_account(&pressure.last);
	if (*wrong)
		snprintf(pressure.wrong, sizeof(pressure.wrong), "round %" PRIu64 ": %s",
			 pressure.rounds, wrong);
	judge_aborted(before, counted(&pressure.last, XDPACTION_ABORTED));
}

/* Rounds with visitors, who are gone in the end. */
static void make_rounds(uint64_t seconds)
{
	uint64_t end_ns = clock_ns(CLOCK_MONOTONIC) + seconds * SECOND_NS;

	visitors_start();
	while (!anything_wrong() && clock_ns(CLOCK_MONOTONIC) < end_ns)
		make_round();
	visitors_stop();
}

/* ---- growth ---- */

struct usages {
	struct usage library, monitor, poll;
	struct objects objects;
	size_t kernel_kib;
};

static void read_usages(struct usages *usages)
{
	usage_read(0, &usages->library);
	onlookers_usage(&usages->monitor, &usages->poll);
	if (!soak.scene.alone)
		return;
	objects_count(&usages->objects);
	usages->kernel_kib = kernel_memory_kib();
}

static const char *compare_kernel(const struct usages *before)
{
	const char *wrong = objects_compare(&before->objects);
	size_t now_kib = kernel_memory_kib();

	note("the kernel: %zu and then %zu KiB", before->kernel_kib, now_kib);
	if (!*wrong && now_kib > before->kernel_kib + KERNEL_KIB_MAX)
		wrong = say("%zu and then %zu KiB", before->kernel_kib, now_kib);
	return wrong;
}

static void judge_growth(const struct usages *before, const struct usages *after)
{
	soak_result(usage_compare(&before->library, &after->library),
		    "under pressure the library does not grow");
	soak_result(usage_compare(&before->monitor, &after->monitor),
		    "under pressure monitor does not grow");
	soak_result(usage_compare(&before->poll, &after->poll),
		    "under pressure poll does not grow");
}

/* ---- all of it ---- */

static void begin(const char *from)
{
	const char *wrong;

	soak_rename_back();
	shell("%s load %s >/dev/null", soak.tool, soak.ifname);
	wrong = read_status(&pressure.first);
	if (*wrong)
		bail("status: %s", wrong);
	objects_note(&pressure.first);
	pressure.last = pressure.first;
	xdpaction_set_effects(soak.scene.ctx, note_effect, NULL);
	flood_start(from, soak.ifname);
	onlookers_start(&pressure.first);
}

static void end(void)
{
	const char *wrong;

	if (set_pass()) {
		wrong = read_status(&pressure.last);
		if (*wrong)
			snprintf(pressure.wrong, sizeof(pressure.wrong), "%s", wrong);
	}
	onlookers_stop(&pressure.last);
	flood_stop();
	xdpaction_set_effects(soak.scene.ctx, NULL, NULL);
	objects_note(&pressure.last);
	shell("%s unload %s >/dev/null", soak.tool, soak.ifname);
}

static void print_numbers(void)
{
	const struct flood_account *account = &pressure.account;
	double seconds = (double)pressure.set_ns / SECOND_NS;

	note("pressure: %.0f s, %" PRIu64 " settings, %.0f a second; %.0f frames a second: %" PRIu64
	     " sent, %" PRIu64 " refused, %" PRIu64 " counted",
	     seconds, pressure.settings, pressure.settings / seconds, account->sent / seconds,
	     account->sent, account->refused, account->received);
	note("ABORTED %" PRIu64 ", DROP %" PRIu64 ", PASS %" PRIu64 ", TX %" PRIu64
	     ", REDIRECT %" PRIu64,
	     counted(&pressure.last, XDPACTION_ABORTED), counted(&pressure.last, XDPACTION_DROP),
	     counted(&pressure.last, XDPACTION_PASS), counted(&pressure.last, XDPACTION_TX),
	     counted(&pressure.last, XDPACTION_REDIRECT));
	visitors_print();
	onlookers_print();
}

void pressure_run(const char *from, unsigned int seconds)
{
	struct usages before, after;
	const char *kernel = "";

	begin(from);
	/* What is made once is there when everything has happened once. */
	go_first();
	make_rounds(seconds / 4);
	read_usages(&before);
	make_rounds(seconds - seconds / 4);
	read_usages(&after);
	if (soak.scene.alone)
		kernel = compare_kernel(&before);
	end();
	print_numbers();
	soak_result(pressure.wrong,
		    "under pressure each frame is counted once, as what became of it");
	soak_result(pressure.aborted_wrong,
		    "under pressure none is ABORTED that was not asked for");
	soak_result(visitors_wrong(),
		    "neighbours come and go, upgrades are made, metrics are right");
	soak_result(onlookers_monitor_wrong(),
		    "monitor tells or counts each change, and nothing else");
	soak_result(onlookers_poll_wrong(), "poll tells what was counted, and ends in order");
	judge_growth(&before, &after);
	if (soak.scene.alone)
		soak_result(kernel, "under pressure the kernel's memory does not grow");
	soak_result(objects_gone(), "after the pressure nothing is left of the instance");
}
