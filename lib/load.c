// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Loading, all or nothing: under the lock, look, clean up what a
 * killed command left, try, and then look again, since what the chain shows
 * counts and not what a call returned.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attach.h"
#include "bpffs/bpffs.h"
#include "heal/heal.h"

#define SKIP_DISPATCHER_ENV "LIBXDP_SKIP_DISPATCHER"

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
	bool temporary = setting_is_temporary(setting);

	if (options->mode != XDPACTION_MODE_NATIVE && options->mode != XDPACTION_MODE_SKB)
		return fail(ctx, -EINVAL, NULL, "a program can be loaded in native or skb mode");
	if (setting->rule.verdict == XDPACTION_REDIRECT ||
	    setting->rule.otherwise == XDPACTION_REDIRECT ||
	    (temporary && (setting->base.verdict == XDPACTION_REDIRECT ||
			   setting->base.otherwise == XDPACTION_REDIRECT)))
		return fail_kind(ctx, link->name, -EINVAL, XDPACTION_ADVICE_REDIRECT_LATER,
				 "REDIRECT cannot be the first setting");
	if (temporary && !setting->has_base)
		return fail(ctx, -EINVAL, NULL, "a temporary first setting needs a base");
	return setting_check(ctx, link, setting);
}

typedef int (*attach_fn)(struct xdpaction *ctx, const struct plan *plan, uint32_t *id);

static int attempt_attach(struct xdpaction *ctx, const struct plan *plan, attach_fn attach)
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
	/* The kernel may still be at freeing the program, so they would seem to be used. */
	pins_remove(NULL, plan->pins);
	tidy_up(ctx, plan->before->link.ifindex);
	return explain_attach(ctx, err, plan->before, plan->options);
}

/*
 * After an attempt with the dispatcher failed: whether the kernel has none, so
 * that the program may be attached alone, where nothing else runs.
 */
static int check_single_mode(struct xdpaction *ctx, const struct plan *plan, bool *single)
{
	const char *ifname = plan->before->link.name;
	bool supported;
	int err;

	*single = false;
	err = probe_dispatcher(ctx, &supported);
	if (err || supported)
		return err;
	if (plan->options->require_dispatcher)
		return fail_kind(ctx, ifname, -EOPNOTSUPP, XDPACTION_ADVICE_SINGLE_MODE,
				 "this kernel cannot attach programs to programs, so it has no dispatcher");

	log_line(ctx, XDPACTION_LOG_WARN,
		 "%s: this kernel cannot attach programs to programs, so it has no dispatcher",
		 ifname);
	*single = true;
	return 0;
}

static int attempt_dispatcher(struct xdpaction *ctx, const struct plan *plan)
{
	int err, probe_err;
	bool single;

	err = attempt_attach(ctx, plan, attach_dispatcher);
	if (!err || plan->before->link.attached || (err != -EINVAL && err != -EOPNOTSUPP))
		return err;

	probe_err = check_single_mode(ctx, plan, &single);
	if (probe_err)
		return probe_err;
	if (single)
		return attempt_attach(ctx, plan, attach_single);
	if (err == -EINVAL && !*driver_refusal())
		return fail_kind(ctx, plan->before->link.name, -EIO, XDPACTION_ADVICE_LOG,
				 "libxdp could not use its dispatcher, though the kernel has what it takes");
	return err;
}

static int attempt_any(struct xdpaction *ctx, const struct plan *plan)
{
	const char *skip = secure_getenv(SKIP_DISPATCHER_ENV);

	if (!skip || strcmp(skip, "1"))
		return attempt_dispatcher(ctx, plan);
	if (plan->before->dispatcher || plan->options->require_dispatcher)
		return fail_on(ctx, plan->before->link.name, -EOPNOTSUPP, "unset it",
			       SKIP_DISPATCHER_ENV " forbids the dispatcher");
	log_line(ctx, XDPACTION_LOG_WARN, "%s: " SKIP_DISPATCHER_ENV " forbids the dispatcher",
		 plan->before->link.name);
	return attempt_attach(ctx, plan, attach_single);
}

/* *again: another attempt may succeed. */
static int load_try(struct xdpaction *ctx, const char *ifname,
		    struct xdpaction_load_options *options, struct xdpaction_chain *after,
		    bool *again)
{
	char pins[XDPACTION_PATH_SIZE];
	struct features features;
	struct chain chain;
	struct plan plan = {
		.before = &chain, .options = options, .features = &features, .pins = pins,
		.after = after,
	};
	int err;

	*again = false;
	err = chain_read(ctx, ifname, &chain);
	if (!err)
		err = check_options(ctx, &chain.link, options);
	if (!err)
		err = heal_empty_dispatcher(ctx, &chain);
	if (err)
		return err;

	/* Even if it is loaded already: by one that was killed before it had cleaned up. */
	tidy_up(ctx, chain.link.ifindex);
	err = check_before_load(ctx, &chain, options);
	if (!err)
		err = pins_path(ctx, chain.link.ifindex, pins);
	if (!err)
		err = bpffs_check_writable(ctx, chain.link.name);
	/* libbpf would take over a map that is pinned there. */
	if (!err)
		err = pins_remove(ctx, pins);
	if (err)
		return err;

	err = features_find(ctx, &features);
	if (!err)
		err = attempt_any(ctx, &plan);
	*again = err && error_is_passing(err) && !format_is_foreign(&chain);
	return err;
}

/* What is known where the chain cannot be read again. */
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
	struct xdpaction_load_options wanted = { .size = sizeof(wanted) };
	CLEANUP(lock_drop) int lock = -1;
	struct xdpaction_chain after;
	struct retry retry = { 0 };
	bool again;
	int err = 0;

	forget_error(ctx);
	xdpaction_load_options_init(&wanted);
	if (options)
		err = sized_read(ctx, &wanted, sizeof(wanted), options);
	if (!err && chain)
		err = sized_check(ctx, chain);
	if (!err)
		err = need_privileges(ctx, "load");
	if (!err)
		err = lock_take(ctx, &lock);
	if (err)
		return err;
	after = unread_chain(ifname, &wanted);
	do {
		err = load_try(ctx, ifname, &wanted, &after, &again);
	} while (again && retry_again(&retry));
	if (!err && chain)
		sized_write(chain, &after);
	return err;
}
