// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "faults/util.h"
#include "growth.h"
#include "soak.h"
#include "support/clock.h"
#include "traffic.h"

#define FRAMES_MAX 100
/* So many frames the kernel takes from a queue in one poll, and each sender has its queue. */
#define NAPI_BUDGET 64
#define SENDERS 2

static const char *say(const char *fmt, ...) PRINTF(1, 2);
static const char *say(const char *fmt, ...)
{
	static char text[2 * LISTING_MAX + 256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return text;
}

/* ---- what is there ---- */

/* Our part of a listing of the bpffs. */
static void keep_ours(char listing[LISTING_MAX])
{
	char copy[LISTING_MAX], *line, *next;

	strcpy(copy, listing);
	listing[0] = '\0';
	for (line = strtok_r(copy, "\n", &next); line; line = strtok_r(NULL, "\n", &next))
		if (!strncmp(line, "xdp/xdp-action", strlen("xdp/xdp-action")) ||
		    !strncmp(line, "xdp/dispatch-", strlen("xdp/dispatch-")))
			strcat(strcat(listing, line), "\n");
}

static const char *judge_chain(void)
{
	const struct model *model = &soak.model;
	char expected[LISTING_MAX];
	struct look look;
	__u32 id;

	look_at(soak.ifname, false, &look);
	if (look_find(&look, OURS, &id) != model->loaded)
		return model->loaded ? "the program is not there" : "the program is still there";
	if (look_find(&look, NEIGHBOUR, &id) != model->neighbour)
		return "the neighbour is not as it should be";
	if (look.count != (size_t)model->loaded + model->neighbour)
		return say("%zu programs run", look.count);
	look_expect_listing(&look, model->loaded, "", expected);
	keep_ours(look.listing);
	if (strcmp(look.listing, expected))
		return say("the bpffs holds\n%sin place of\n%s", look.listing, expected);
	return "";
}

static const char *judge_status(struct xdpaction_status *status)
{
	int err = xdpaction_status(soak.scene.ctx, soak.ifname, status);
	const char *wrong;

	if (!soak.model.loaded)
		return err == -ENOENT ? "" : say("status gives %d in place of -ENOENT", err);
	if (err)
		return say("status: %s", xdpaction_error(soak.scene.ctx));
	if (status->problem_count)
		return say("status tells of a problem: %s", status->problems[0].text);
	if (strcmp(status->chain.ifname, soak.ifname))
		return say("status tells of %s", status->chain.ifname);
	if (soak.program_id && status->program_id != soak.program_id)
		return say("it is program %u in place of %u", status->program_id, soak.program_id);
	soak.program_id = status->program_id;
	objects_note(status);
	wrong = model_compare(&soak.model, &status->setting, clock_ns(CLOCK_BOOTTIME));
	return *wrong ? say("%s: %s%s packets left %llu", wrong,
			    xdpaction_verdict_name(status->setting.rule.verdict),
			    status->setting.has_base ? ", then something else," : ",",
			    (unsigned long long)status->setting.packets) :
			"";
}

/* ---- what frames see of it ---- */

/* Since an instance was loaded. */
static uint64_t all_counted(const struct xdpaction_status *status)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < XDPACTION_VERDICTS; i++)
		sum += status->counters[i].packets;
	return sum;
}

/* The kernel's own count and ours, at the end of the step before. */
static struct {
	uint32_t program_id;
	uint64_t received, counted;
} last;

/*
 * Whatever happened meanwhile: what the interface received was counted, once.
 * Only a veth that goes down takes the program from its queues before it stops
 * to poll them.
 */
static const char *judge_stream(const struct xdpaction_status *status)
{
	uint64_t received = traffic_received(soak.ifindex) - last.received;
	uint64_t counted = all_counted(status) - last.counted;
	uint64_t missed = soak.went_down ? SENDERS * NAPI_BUDGET : 0;

	if (last.program_id != status->program_id ||
	    (counted <= received && received - counted <= missed))
		return "";
	return say("the interface received %llu frames, and %llu were counted",
		   (unsigned long long)received, (unsigned long long)counted);
}

static void note_stream(const struct xdpaction_status *status)
{
	last.program_id = soak.model.loaded ? status->program_id : 0;
	last.received = traffic_received(soak.ifindex);
	last.counted = soak.model.loaded ? all_counted(status) : 0;
}

static const char *judge_counters(const struct expectation *expected,
				  const struct xdpaction_status *before,
				  const struct xdpaction_status *after)
{
	uint64_t packets, bytes;
	int i;

	for (i = 0; i < XDPACTION_VERDICTS; i++) {
		packets = after->counters[i].packets - before->counters[i].packets;
		bytes = after->counters[i].bytes - before->counters[i].bytes;
		if (packets < expected->least[i] || packets > expected->most[i])
			return say("%llu frames got %s in place of %u to %u",
				   (unsigned long long)packets, xdpaction_verdict_name(i),
				   expected->least[i], expected->most[i]);
		if (expected->one_flow && packets != expected->least[i] &&
		    packets != expected->most[i])
			return say("%llu frames of one flow got %s in place of %u or %u",
				   (unsigned long long)packets, xdpaction_verdict_name(i),
				   expected->least[i], expected->most[i]);
		if (bytes != packets * FRAME_BYTES)
			return say("%llu frames of %s have %llu bytes", (unsigned long long)packets,
				   xdpaction_verdict_name(i), (unsigned long long)bytes);
	}
	return "";
}

static uint64_t counted(const struct xdpaction_status *before,
			const struct xdpaction_status *after, enum xdpaction_verdict verdict)
{
	return after->counters[verdict].packets - before->counters[verdict].packets;
}

/* A number of frames, known to the last one. */
static const char *judge_frames(struct xdpaction_status *status)
{
	unsigned int frames = 1 + soak_random(FRAMES_MAX), passed, expected_passed = frames;
	uint64_t redirected = traffic_received(soak.behind_ifindex);
	struct xdpaction_status before = *status;
	struct expectation expected;
	const char *wrong;

	traffic_passed();
	if (!traffic_send(frames))
		return "not all frames came in";
	passed = traffic_passed();
	redirected = traffic_received(soak.behind_ifindex) - redirected;

	if (soak.model.loaded) {
		model_receive(&soak.model, frames, &expected);
		wrong = judge_status(status);
		if (!*wrong)
			wrong = judge_counters(&expected, &before, status);
		if (*wrong)
			return wrong;
		expected_passed = counted(&before, status, XDPACTION_PASS);
		if (redirected != counted(&before, status, XDPACTION_REDIRECT))
			return say("%llu frames were redirected and %llu came out of the target",
				   (unsigned long long)counted(&before, status, XDPACTION_REDIRECT),
				   (unsigned long long)redirected);
	}
	return passed == expected_passed ? "" :
					   say("%u frames of %u came to the network stack, not %u",
					       passed, frames, expected_passed);
}

const char *soak_judge(void)
{
	struct xdpaction_status status = { .size = sizeof(status) };
	const char *wrong;

	wrong = judge_chain();
	if (!*wrong)
		wrong = judge_status(&status);
	if (!*wrong && soak.model.loaded)
		wrong = judge_stream(&status);
	if (!*wrong)
		wrong = judge_frames(&status);
	note_stream(&status);
	/* A dispatcher belongs to the neighbour as well. */
	if (!*wrong && !soak.model.loaded && !soak.model.neighbour)
		wrong = objects_gone();
	return wrong;
}
