// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * What is read out of a map with anything in it: what the library says of it is
 * what the program in the kernel does with a packet, and what is stored is read
 * as it was. The input is the beginning of a struct xdp_action_data.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "forms/forms.h"
#include "fuzz.h"
#include "instance/instance.h"
#include "xdp_action.skel.h"

static struct xdp_action_bpf *object;
static struct xdp_action_data *data;
static struct xdpaction *ctx;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	must(!xdpaction_new(&ctx));
	object = xdp_action_bpf__open_and_load();
	must(object);
	data = &object->data_action->action_data;
	return 0;
}

/* The verdict of the kernel for a packet to one station. */
static uint32_t run(void)
{
	unsigned char frame[64] = { 2 }, out[128];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame),
		    .data_out = out, .data_size_out = sizeof(out), .repeat = 1);

	must(!bpf_prog_test_run_opts(bpf_program__fd(object->progs.xdp_action), &opts));
	return opts.retval;
}

static bool is_rule(const struct xdpaction_rule *rule)
{
	return (unsigned int)rule->verdict < XDPACTION_VERDICTS &&
	       (unsigned int)rule->otherwise < XDPACTION_VERDICTS &&
	       rule->probability <= XDPACTION_ALWAYS && !rule->target_ifindex;
}

/* Nothing is in the map of targets. */
static uint32_t without_target(enum xdpaction_verdict verdict)
{
	return verdict == XDPACTION_REDIRECT ? XDP_ABORTED : verdict;
}

static void compare_with_kernel(const struct xdpaction_setting *setting, uint32_t verdict)
{
	const struct xdpaction_rule *rule = &setting->rule;

	must((rule->probability && verdict == without_target(rule->verdict)) ||
	     (rule_has_conditions(rule) && verdict == without_target(rule->otherwise)));
}

static void describe(const struct xdpaction_setting *setting)
{
	struct named_setting named = describe_names(setting);
	char text[SETTING_SIZE];
	struct words words = words_in(text, sizeof(text));

	describe_in_force(&words, &named);
	must(words.length && words.length < sizeof(text));
	words = words_in(text, sizeof(text));
	describe_asked(&words, &named);
	must(words.length && words.length < sizeof(text));
}

static bool same_rule(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return a->verdict == b->verdict && a->otherwise == b->otherwise &&
	       a->probability == b->probability;
}

/* No packet comes but by run(), so that there is nothing to wait for. */
static void make_quiet(void)
{
	uint32_t of_word = data->action >> XDP_ACTION_SEQUENCE_SHIFT & 0xffff;
	uint32_t behind = (data->sequence - of_word) & 0xffff;

	data->quiet = behind < XDP_ACTION_SLOTS ? of_word : data->sequence & 0xffff;
}

/* On top of the garbage, as a set would do it. */
static void store_and_load(struct xdpaction_setting *setting)
{
	struct setting_place place = { .data = data };
	const struct compiled none = { 0 };
	struct xdpaction_setting again;

	/* Long enough not to end meanwhile, and within what setting_check() takes. */
	if (setting->duration_ns)
		setting->duration_ns = XDPACTION_DURATION_MAX_NS;
	if (setting->packets > XDPACTION_PACKETS_MAX)
		setting->packets = XDPACTION_PACKETS_MAX;
	/* Without a map for targets there is no REDIRECT. */
	if (setting->rule.verdict == XDPACTION_REDIRECT ||
	    setting->rule.otherwise == XDPACTION_REDIRECT ||
	    setting->base.verdict == XDPACTION_REDIRECT ||
	    setting->base.otherwise == XDPACTION_REDIRECT)
		return;
	data->features |= XDP_ACTION_FEATURE_BUDGET;
	make_quiet();
	must(!setting_store(ctx, &place, &none, setting));
	must(!setting_load(ctx, &place, &again, NULL));
	must(same_rule(&again.rule, &setting->rule) && again.packets == setting->packets &&
	     again.has_base == setting->has_base && same_rule(&again.base, &setting->base) &&
	     again.duration_ns <= setting->duration_ns &&
	     !again.duration_ns == !setting->duration_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct setting_place place = { .data = data };
	struct xdpaction_setting setting;
	size_t i;

	memset(data, 0, sizeof(*data));
	memcpy(data, bytes, size < sizeof(*data) ? size : sizeof(*data));
	/* The program's own: it has no meaning for anybody else. */
	data->clock_gate = 0;
	/* There is no map of matches here. */
	data->action &= ~((uint64_t)XDP_ACTION_F_MATCH << XDP_ACTION_FLAGS_SHIFT);
	for (i = 0; i < XDP_ACTION_SLOTS; i++)
		data->slots[i].base &= ~((uint64_t)XDP_ACTION_F_MATCH << XDP_ACTION_FLAGS_SHIFT);

	must(!setting_load(ctx, &place, &setting, NULL));
	must(is_rule(&setting.rule) && (!setting.has_base || is_rule(&setting.base)));
	compare_with_kernel(&setting, run());
	describe(&setting);
	store_and_load(&setting);
	return 0;
}
