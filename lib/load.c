// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Loads, all or nothing. Under the lock: look, clean up what a killed command
 * left, decide how to attach, attach, and look again, since the result is what
 * the chain shows and not what a call returned.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attach.h"
#include "bpffs/bpffs.h"
#include "heal/heal.h"

#define SKIP_DISPATCHER_ENV "LIBXDP_SKIP_DISPATCHER"

int xdpaction_check_privileges(struct xdpaction *ctx)
{
	forget_error(ctx);
	return need_privileges(ctx, "load and unload");
}

void xdpaction_load_options_init(struct xdpaction_load_options *options)
{
	const struct xdpaction_load_options defaults = {
		.size = sizeof(defaults),
		.mode = XDPACTION_MODE_NATIVE,
		.priority = XDP_ACTION_DEFAULT_PRIO,
		.setting.size = sizeof(defaults.setting),
		.setting.rule = {
			.verdict = XDPACTION_PASS,
			.otherwise = XDPACTION_PASS,
			.probability = XDPACTION_ALWAYS,
		},
	};

	sized_write(options, &defaults);
}

static int check_options(struct xdpaction *ctx, const struct link *link,
			 struct xdpaction_load_options *options)
{
	struct xdpaction_setting *setting = &options->setting;
	bool temporary = xdpaction_setting_is_temporary(setting);

	if (options->mode != XDPACTION_MODE_NATIVE && options->mode != XDPACTION_MODE_SKB)
		return fail(ctx, -EINVAL, NULL, "a program can be loaded in native or skb mode");
	if (xdpaction_rule_can_give(&setting->rule, XDPACTION_REDIRECT) ||
	    (temporary && xdpaction_rule_can_give(&setting->base, XDPACTION_REDIRECT)))
		return fail_kind(ctx, link->name, -EINVAL, XDPACTION_ADVICE_REDIRECT_LATER,
				 "REDIRECT cannot be the first setting");
	if (temporary && !setting->has_base)
		return fail(ctx, -EINVAL, NULL, "a temporary first setting needs a base");
	return setting_check(ctx, link, setting);
}

/* What one load finds out once, however often it tries. */
struct load {
	struct xdpaction_load_options options;
	struct xdpaction_chain after;
	struct first first;
	bool kept;		/* one was there already: */
	struct looked present;
	bool tidy;		/* what others left is cleaned up */
	bool found;		/* the features are */
	struct features features;
	bool made;		/* the expressions are compiled */
	struct compiled compiled;
	bool asked;		/* whether the kernel has a dispatcher */
	bool has_dispatcher;
};

/*
 * Also when it is loaded already: the command that did so may have been killed
 * before it cleaned up.
 */
static void tidy_once(struct xdpaction *ctx, const struct chain *chain, struct load *load)
{
	if (!load->tidy)
		tidy_up(ctx, chain->link.ifindex);
	load->tidy = true;
}

static int find_once(struct xdpaction *ctx, struct load *load)
{
	int err;

	if (load->found)
		return 0;
	err = features_find(ctx, &load->features);
	if (err)
		return err;
	load->found = true;
	log_line(ctx, XDPACTION_LOG_INFO, "this kernel has %s and %s",
		 load->features.frags ? "frags" :
		 load->features.jit   ? "no frags" :
					"no frags without its JIT",
		 load->features.budget ? "packet budgets" : "no packet budgets");
	return 0;
}

static int compile_once(struct xdpaction *ctx, const struct link *link, struct load *load)
{
	/* Of the program that object_open_variant() takes. */
	uint32_t features = (load->features.frags ? XDP_ACTION_FEATURE_LONG_MATCH : 0) |
			    (load->features.budget ? XDP_ACTION_FEATURE_BUDGET : 0);
	const struct xdpaction_setting *setting = &load->options.setting;
	enum match_link type;
	int err;

	if (load->made)
		return 0;
	err = setting_check_features(ctx, features, setting);
	if (!err)
		err = link_match_type(ctx, link, setting, &type);
	if (!err)
		err = setting_compile(ctx, type, setting, &load->compiled);
	if (!err)
		err = compiled_check(ctx, type, features, setting, &load->compiled);
	load->made = !err;
	return err;
}

static void load_free(struct load *load)
{
	compiled_free(&load->compiled);
}

typedef int (*attach_fn)(struct xdpaction *ctx, const struct plan *plan, uint32_t *id);

static int choose_single(struct xdpaction *ctx, const struct plan *plan, const char *why,
			 enum xdpaction_advice_kind kind, const char *advice, attach_fn *attach)
{
	const char *ifname = plan->before->link.name;

	if (plan->before->dispatcher || plan->options->require_dispatcher) {
		fail_on(ctx, ifname, -EOPNOTSUPP, advice, "%s", why);
		if (!advice)
			advise_kind(ctx, kind);
		return -EOPNOTSUPP;
	}
	log_line(ctx, XDPACTION_LOG_WARN, "%s: %s", ifname, why);
	*attach = attach_single;
	return 0;
}

/*
 * Where nothing is attached yet the kernel is asked first, instead of trying a
 * load that fails.
 */
static int choose_attach(struct xdpaction *ctx, const struct plan *plan, struct load *load,
			 attach_fn *attach)
{
	const char *skip = secure_getenv(SKIP_DISPATCHER_ENV);
	int err;

	if (skip && !strcmp(skip, "1"))
		return choose_single(ctx, plan, SKIP_DISPATCHER_ENV " forbids the dispatcher",
				     XDPACTION_ADVICE_OTHER, "unset it", attach);
	*attach = attach_dispatcher;
	if (plan->before->link.attached)
		return 0;
	if (!load->asked) {
		err = probe_dispatcher(ctx, &load->has_dispatcher);
		if (err)
			return err;
		load->asked = true;
	}
	if (load->has_dispatcher)
		return 0;
	/* Which of the two it is can be seen in the first network namespace only. */
	if (!load->features.jit)
		return choose_single(ctx, plan,
				     "the kernel's JIT is off (net.core.bpf_jit_enable), or it was built without one, "
				     "and without a JIT there is no dispatcher",
				     XDPACTION_ADVICE_OTHER,
				     "switch it on with 'sysctl net.core.bpf_jit_enable=1' in the host's network namespace; "
				     "a kernel that has no such setting has no JIT",
				     attach);
	return choose_single(ctx, plan, "this kernel cannot attach programs to programs, so it has no dispatcher",
			     XDPACTION_ADVICE_SINGLE_MODE, NULL, attach);
}

static int explain_load(struct xdpaction *ctx, int err, const struct plan *plan,
			attach_fn attach)
{
	if (attach == attach_dispatcher && !plan->before->link.attached && err == -EINVAL &&
	    !*driver_refusal() && !load_forbidden())
		return fail_kind(ctx, plan->before->link.name, -EIO, XDPACTION_ADVICE_LOG,
				 "libxdp could not use its dispatcher, though the kernel has what it takes");
	return explain_attach(ctx, err, plan->before, plan->options);
}

static int attach_and_verify(struct xdpaction *ctx, const struct plan *plan, attach_fn attach)
{
	uint32_t id = 0;
	int err;

	forget_refusal();
	err = dir_make(ctx, plan->pins);
	if (!err) {
		err = attach(ctx, plan, &id);
		err = verify_attach(ctx, plan, id, attach == attach_dispatcher, err);
	}
	if (!err)
		return 0;
	/* The kernel may still be freeing the program, so the pins would seem to be in use. */
	pins_remove(NULL, plan->pins);
	tidy_up(ctx, plan->before->link.ifindex);
	return explain_load(ctx, err, plan, attach);
}

/* Leaves the instance that is there as it is; its setting need not be known. */
static int keep_loaded(struct xdpaction *ctx, const struct chain *chain, struct load *load)
{
	CLEANUP(instance_close) struct instance instance = { 0 };
	int err = instance_find(ctx, chain, &instance);

	if (err)
		return err == -ENOENT ? -EAGAIN : err;
	chain_export(chain, instance_id(&instance), &load->after);
	instance_look(ctx, &instance, &load->present);
	load->kept = true;
	forget_error(ctx);
	if (instance.substitute_id)
		log_line(ctx, XDPACTION_LOG_WARN,
			 "%s: kept, but an upgrade of it was broken off; the next upgrade goes on from there",
			 chain->link.name);
	return 0;
}

static void tell_loaded(const struct xdpaction *ctx, const char *ifname, const struct load *load)
{
	const struct effects effects = effects_of(ctx);
	const struct xdpaction_effect effect = {
		.kind = XDPACTION_EFFECT_LOADED,
		.after = &load->first.setting,
		.generation = load->first.origin.generation,
		.origin = load->first.origin,
	};

	if (load->kept)
		looked_tell_kept(&effects, ifname, &load->present);
	else
		effect_tell(&effects, ifname, &effect);
}

/* *again: another try may succeed. */
static int load_try(struct xdpaction *ctx, const struct link *link, struct load *load, bool *again)
{
	char pins[XDPACTION_PATH_SIZE];
	struct chain chain;
	struct plan plan = {
		.before = &chain,
		.options = &load->options,
		.features = &load->features,
		.compiled = &load->compiled,
		.pins = pins,
		.name = XDP_ACTION_PROG_NAME,
		.after = &load->after,
		.first = &load->first,
	};
	attach_fn attach;
	int err;

	*again = false;
	err = chain_read(ctx, link, &chain);
	if (!err)
		err = check_options(ctx, &chain.link, &load->options);
	if (!err)
		err = heal_empty_dispatcher(ctx, &chain);
	if (err)
		return err;

	tidy_once(ctx, &chain, load);
	err = check_before_load(ctx, &chain, &load->options);
	if (err == -EEXIST && load->options.keep) {
		err = keep_loaded(ctx, &chain, load);
		*again = err == -EAGAIN;
		return err;
	}
	if (!err)
		err = pins_path(ctx, chain.link.ifindex, pins);
	if (!err)
		err = bpffs_check_writable(ctx, chain.link.name);
	/* libbpf would take over a map that is pinned there. */
	if (!err)
		err = pins_remove(ctx, pins);
	if (err)
		return err;

	err = find_once(ctx, load);
	if (!err)
		err = compile_once(ctx, &chain.link, load);
	if (!err)
		err = choose_attach(ctx, &plan, load, &attach);
	if (!err)
		err = attach_and_verify(ctx, &plan, attach);
	*again = err && error_is_passing(err) && !format_is_foreign(&chain) && !refusal_lasts();
	return err;
}

/* What is known if the chain cannot be read again. */
static struct xdpaction_chain unread_chain(const char *ifname,
					   const struct xdpaction_load_options *options)
{
	struct xdpaction_chain chain = {
		.size = sizeof(chain),
		.attached = true,
		.mode = options->mode,
	};

	snprintf(chain.ifname, sizeof(chain.ifname), "%s", ifname);
	return chain;
}

int xdpaction_load(struct xdpaction *ctx, const char *ifname,
		   const struct xdpaction_load_options *options, struct xdpaction_chain *chain)
{
	CLEANUP(load_free) struct load load = { .options.size = sizeof(load.options) };
	CLEANUP(lock_drop) int lock = -1;
	struct retry retry = { .timeout_ns = CHANGE_TIMEOUT_NS };
	struct link link;
	bool again;
	int err = 0;

	forget_error(ctx);
	xdpaction_load_options_init(&load.options);
	if (options)
		err = sized_read(ctx, &load.options, sizeof(load.options), options);
	if (!err && chain)
		err = sized_check(ctx, chain);
	if (!err)
		err = need_privileges(ctx, "load");
	if (!err)
		err = lock_take(ctx, &lock);
	if (!err)
		err = link_by_name(ctx, ifname, &link);
	if (err)
		return err;
	load.after = unread_chain(ifname, &load.options);
	do {
		err = load_try(ctx, &link, &load, &again);
	} while (again && retry_again(&retry));
	if (err)
		return err;
	if (chain)
		sized_write(chain, &load.after);
	tell_loaded(ctx, ifname, &load);
	return 0;
}
