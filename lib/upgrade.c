// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Puts the program of this version in the place of the one that runs, with its
 * setting and its counters, and without a moment in which a packet meets neither
 * or is counted by both.
 */
#include <string.h>

#include <bpf/libbpf.h>

#include "attach/attach.h"
#include "bpffs/bpffs.h"
#include "heal/heal.h"

/* What one upgrade finds out once, however often it tries. */
struct upgrade {
	bool force;
	bool found;		/* the features are */
	struct features features;
	bool warned;		/* of what cannot be kept */
	bool changed;
	struct looked before;
};

/* What the program hands on in a chain that a substitute can stand in. */
#define ONLY_PASS (1U << XDPACTION_PASS)
/* The attempts to end what has begun. */
#define FINISH_TRIES 3

/* A program that is to come in the place of one that runs. */
struct heir {
	const struct upgrade *upgrade;
	const struct instance *before;
	struct bpf_object *object;
	struct program_info info;
	/* The data that it begins with, where that is not shared. */
	struct xdp_action_data first;
};

static void heir_close(struct heir *heir)
{
	object_close(&heir->object);
}

static int find_once(struct xdpaction *ctx, struct upgrade *upgrade)
{
	int err = upgrade->found ? 0 : features_find(ctx, &upgrade->features);

	upgrade->found = !err;
	return err;
}

/*
 * The program of others that would run between the program and a substitute next to
 * it: of one priority libxdp sorts by the names. NULL where there is none. What has
 * the name of the one that comes is put before that.
 */
static const struct member *between(const struct instance *instance)
{
	const struct chain *chain = &instance->chain;
	const struct member *self = &chain->members[instance->self];
	bool alone = !instance->copies;
	const struct member *next = alone ? self - 1 : self + 1;

	if (alone ? !instance->self : instance->self + 1 == chain->count)
		return NULL;
	if (next->priority != self->priority)
		return NULL;
	if (alone ? strcmp(next->program.name, XDP_ACTION_PROG_NAME) <= 0 :
		    strcmp(next->program.name, XDP_ACTION_SUB_NAME) > 0)
		return NULL;
	return next;
}

static int fail_between(struct xdpaction *ctx, const struct chain *chain,
			const struct member *other)
{
	fail_on(ctx, chain->link.name, -EBUSY, NULL,
		"the program %u, %s, has the same priority %u and a name by which it would come between the program and a substitute for it",
		other->program.id, other->program.name, other->priority);
	advise(ctx, "load that program with another priority; or unload xdp-action and load it with another one, which leaves a gap");
	return -EBUSY;
}

/* Whether there is room for a substitute, and whether it would see what it has to. */
static int check_chain(struct xdpaction *ctx, const struct instance *instance)
{
	const struct chain *chain = &instance->chain;
	const struct member *other = between(instance);
	const char *name = chain->link.name;

	if (other)
		return fail_between(ctx, chain, other);
	if (!chain->pinned)
		return fail_on(ctx, name, -EBUSY, "upgrade it where its bpffs is mounted",
			       "the pins of the dispatcher cannot be seen, so its programs cannot be changed");
	if (chain->members[instance->self].chain_actions != ONLY_PASS)
		return fail_on(ctx, name, -EOPNOTSUPP,
			       "unload it and load it again, which leaves a gap",
			       "it hands on to the next program other packets than those that it passes, and cannot be exchanged without a gap");
	if (chain->count >= XDPACTION_CHAIN_MAX)
		return fail_on(ctx, name, -E2BIG,
			       "unload one of the others meanwhile; to unload and load it leaves a gap",
			       "the chain is full, and an exchange without a gap needs room for one more program");
	return 0;
}

/* Whether it can be known what is to go on. */
static int check_instance(struct xdpaction *ctx, const struct instance *instance)
{
	CLEANUP(data_unmap) struct xdp_action_data *data = NULL;
	int err = data_map(ctx, instance, false, &data);

	return err ? err : instance_check_single(ctx, instance);
}

/* Looks for what stands in the way of an exchange before it is begun. */
static int check_before_upgrade(struct xdpaction *ctx, const struct instance *instance)
{
	int err = check_before_unload(ctx, instance);

	return err || !instance->chain.dispatcher ? err : check_chain(ctx, instance);
}

static int make_heir(struct xdpaction *ctx, struct heir *heir)
{
	const struct features *features = &heir->upgrade->features;
	int err = heir_open(ctx, heir->before, features, XDP_ACTION_PROG_NAME, &heir->object);

	if (!err)
		err = object_data(ctx, heir->object, &heir->first);
	if (features->frags)
		heir->first.features |= XDP_ACTION_FEATURE_FRAGS;
	return err ? err : heir_load(ctx, features, heir->object, &heir->info);
}

/* The kernel's sum of the instructions tells one build of the program from another. */
static bool is_current(const struct heir *heir)
{
	const struct member *member = &heir->before->chain.members[heir->before->self];

	return !memcmp(member->program.tag, heir->info.tag, sizeof(heir->info.tag));
}

/* Whether the data is a copy in which a budget is counted down, and in which slot. */
static bool budget_is_copied(const struct heir *heir, uint32_t *slot)
{
	uint64_t word = heir->first.action;

	*slot = (word >> XDP_ACTION_SEQUENCE_SHIFT & 0xffff) % XDP_ACTION_SLOTS;
	return heir->before->version1 && word >> XDP_ACTION_FLAGS_SHIFT & XDP_ACTION_F_BUDGET;
}

/*
 * What the program of version 1 took from its budget since that was copied is taken
 * from the copy as well.
 */
static int settle_budget(struct xdpaction *ctx, struct heir *heir, struct xdp_action_data *data)
{
	struct xdp_action_data last;
	uint32_t slot;
	int64_t used;
	int err;

	if (!budget_is_copied(heir, &slot))
		return 0;
	err = version1_read(ctx, heir->before, &last);
	if (err)
		return err;
	used = heir->first.slots[slot].budget - last.slots[slot].budget;
	if (used > 0)
		__atomic_sub_fetch(&data->slots[slot].budget, used, __ATOMIC_RELAXED);
	heir->first.slots[slot].budget = last.slots[slot].budget;
	return 0;
}

/* The same when no program runs any more that began with the old one. */
static int settle_last(struct xdpaction *ctx, struct heir *heir, struct xdp_action_data *data)
{
	uint32_t slot;
	int err = budget_is_copied(heir, &slot) ? programs_wait(ctx) : 0;

	return err ? err : settle_budget(ctx, heir, data);
}

/* Puts right what user space keeps of an instance, when the heir runs. */
static int put_right(struct xdpaction *ctx, struct heir *heir)
{
	CLEANUP(data_unmap) struct xdp_action_data *data = NULL;
	CLEANUP(instance_close) struct instance now = { 0 };
	int err = instance_read(ctx, &heir->before->chain.link, &now);

	if (!err)
		err = data_map(ctx, &now, true, &data);
	if (!err)
		err = settle_last(ctx, heir, data);
	if (err)
		return err;
	data->features = heir->first.features;
	err = instance_claim(ctx, &now, data);
	return err ? err : pins_adopt(ctx, &now);
}

/* The answer of the kernel may have been lost, so that what it shows counts. */
static bool runs_alone(const struct link *link, uint32_t id)
{
	struct chain chain;

	return !chain_read(NULL, link, &chain) && chain.link.prog_id == id;
}

static int explain_replace(struct xdpaction *ctx, int err, const struct chain *chain)
{
	const struct xdpaction_load_options options = { .mode = chain->link.mode };

	return explain_attach(ctx, err, chain, &options);
}

static int replace_in_single_mode(struct xdpaction *ctx, const struct heir *heir)
{
	const struct chain *chain = &heir->before->chain;
	int err;

	forget_refusal();
	err = replace_single(ctx, &chain->link, heir->object);
	if (err && !runs_alone(&chain->link, heir->info.id))
		return explain_replace(ctx, err, chain);
	return 0;
}

/* ---- in a chain ---- */

/* Attaches a program of ours next to an instance, or in its place, with its maps. */
static int attach_heir(struct xdpaction *ctx, const struct heir *heir,
		       const struct instance *from, const char *name, uint32_t *id)
{
	const struct chain *chain = &from->chain;
	const struct xdpaction_load_options options = {
		.mode = chain->link.mode,
		.priority = chain->members[from->self].priority,
	};
	const struct plan plan = {
		.before = chain,
		.options = &options,
		.features = &heir->upgrade->features,
		.name = name,
		.from = from,
	};
	int err;

	forget_refusal();
	err = attach_dispatcher(ctx, &plan, id);
	return err ? explain_attach(ctx, err, chain, &options) : 0;
}

/*
 * Attaches a program before or behind one with an id that the chain has, which is
 * read again. Where it runs in another place, or cannot be seen, it is taken off.
 */
static int attach_beside(struct xdpaction *ctx, const struct heir *heir,
			 const struct instance *from, const char *name, bool before, uint32_t *id,
			 struct chain *now)
{
	const struct link *link = &from->chain.link;
	uint32_t other = instance_id(from);
	size_t place, other_place;
	int err = attach_heir(ctx, heir, from, name, id), look_err;

	if (!*id)
		return err;
	look_err = chain_read(err ? NULL : ctx, link, now);
	if (!look_err && chain_find(now, *id, &place) && chain_find(now, other, &other_place) &&
	    place + before == other_place + !before)
		return 0;
	if (!err)
		err = look_err;
	if (!err)
		err = fail_on(ctx, link->name, -EBUSY, "try again",
			      "others changed the chain meanwhile");
	member_detach(NULL, link, *id);
	return err;
}

/* The substitute has a copy of its own, which it does not count down before it decides. */
static void begin_budget(struct heir *heir, const struct xdp_action_data *data)
{
	uint32_t slot;

	if (budget_is_copied(heir, &slot))
		heir->first.slots[slot].budget = data->slots[slot].budget;
}

/* Lets the substitute decide in the place of the program, which it comes right behind. */
static int hand_to_substitute(struct xdpaction *ctx, struct heir *heir, const struct chain *chain,
			      uint32_t id)
{
	CLEANUP(data_unmap) struct xdp_action_data *data = NULL;
	CLEANUP(instance_close) struct instance substitute = { 0 };
	int err = instance_find_program(ctx, chain, id, &substitute);

	if (!err)
		err = data_map(ctx, &substitute, true, &data);
	if (!err)
		err = substitute_watch(ctx, &substitute);
	if (err)
		return err;
	begin_budget(heir, data);
	err = settle_budget(ctx, heir, data);
	if (!err)
		err = member_detach(ctx, &chain->link, instance_id(heir->before));
	return err ? err : settle_last(ctx, heir, data);
}

/* A substitute in the place of the program; or the program stays as it was. */
static int put_substitute(struct xdpaction *ctx, struct heir *heir)
{
	const struct link *link = &heir->before->chain.link;
	struct error kept;
	struct chain chain;
	uint32_t id = 0;
	size_t place;
	int err = attach_beside(ctx, heir, heir->before, XDP_ACTION_SUB_NAME, false, &id, &chain);

	if (err)
		return err;
	err = hand_to_substitute(ctx, heir, &chain, id);
	if (!err)
		return 0;
	kept = error_keep(ctx);
	if (!chain_read(NULL, link, &chain) &&
	    chain_find(&chain, instance_id(heir->before), &place))
		member_detach(NULL, link, id);
	error_put_back(ctx, &kept);
	return err;
}

/* The heir in the place of a substitute. */
static int replace_substitute(struct xdpaction *ctx, const struct heir *heir)
{
	CLEANUP(instance_close) struct instance substitute = { 0 };
	const struct link *link = &heir->before->chain.link;
	struct chain chain;
	uint32_t id = 0;
	int err = instance_read(ctx, link, &substitute);

	if (!err)
		err = attach_beside(ctx, heir, &substitute, XDP_ACTION_PROG_NAME, true, &id,
				    &chain);
	return err ? err : member_detach(ctx, link, substitute.substitute_id);
}

static int replace_in_chain(struct xdpaction *ctx, struct heir *heir)
{
	const char *name = heir->before->chain.link.name;
	int tries = FINISH_TRIES, err = 0;

	if (heir->before->copies)
		err = put_substitute(ctx, heir);
	if (err)
		return err;
	do {
		err = not_gone(replace_substitute(ctx, heir));
	} while (err && --tries);
	if (err)
		log_line(ctx, XDPACTION_LOG_WARN,
			 "%s: a substitute decides in the place of the program, with its setting and its counters; the next upgrade goes on from there",
			 name);
	return err;
}

/* Where it cannot be read nothing is told of it. */
static void look_before(struct xdpaction *ctx, const struct instance *instance,
			struct looked *before)
{
	if (instance_look(ctx, instance, before))
		forget_error(ctx);
}

/* Says before it is done what of the setting does not go on as it is. */
static void warn_once(struct xdpaction *ctx, const struct heir *heir, struct upgrade *upgrade)
{
	const struct xdpaction_setting *setting = looked_setting(&upgrade->before);
	const char *name = heir->before->chain.link.name;

	if (upgrade->warned || !setting)
		return;
	upgrade->warned = true;
	if (setting->rule.burst)
		log_line(ctx, XDPACTION_LOG_WARN,
			 "%s: a run of losses that goes on just now ends with the upgrade", name);
	if (setting->packets && heir->before->version1)
		log_line(ctx, XDPACTION_LOG_WARN,
			 "%s: if its number of packets is used up in the moment of the upgrade, a few more can get the verdict",
			 name);
}

/* *again: another try may succeed. */
static int upgrade_try(struct xdpaction *ctx, const struct link *link, struct upgrade *upgrade,
		       bool *again)
{
	CLEANUP(instance_close) struct instance instance = { 0 };
	CLEANUP(heir_close) struct heir heir = { .upgrade = upgrade, .before = &instance };
	int err = instance_read_healed(ctx, link, &instance);

	*again = false;
	if (!err)
		err = check_instance(ctx, &instance);
	if (!err)
		err = find_once(ctx, upgrade);
	if (!err)
		look_before(ctx, &instance, &upgrade->before);
	if (!err)
		err = make_heir(ctx, &heir);
	if (err)
		return err;
	if (is_current(&heir) && !upgrade->force)
		return pins_adopt(ctx, &instance);
	err = check_before_upgrade(ctx, &instance);
	if (err)
		return err;

	warn_once(ctx, &heir, upgrade);
	err = instance.chain.dispatcher ? replace_in_chain(ctx, &heir) :
					  replace_in_single_mode(ctx, &heir);
	*again = err && error_is_passing(err) && !format_is_foreign(&instance.chain) &&
		 !refusal_lasts();
	if (err)
		return err;
	upgrade->changed = true;
	/* It is upgraded, even if its pins stay wrong: the next change tries again. */
	if (put_right(ctx, &heir) && put_right(ctx, &heir))
		log_line(ctx, XDPACTION_LOG_WARN, "%s: upgraded, but %s", link->name,
			 xdpaction_error(ctx));
	return 0;
}

static void tell_upgraded(const struct xdpaction *ctx, const char *ifname,
			  const struct upgrade *upgrade)
{
	const struct effects effects = effects_of(ctx);
	const struct looked *before = &upgrade->before;
	const struct xdpaction_effect effect = {
		.kind = XDPACTION_EFFECT_UPGRADED,
		.before = looked_setting(before),
		.after = looked_setting(before),
		.generation = before->known ? before->history.generation : 0,
		.origin = origin_now(ctx),
	};

	if (upgrade->changed)
		effect_tell(&effects, ifname, &effect);
	else
		looked_tell_kept(&effects, ifname, before);
}

int xdpaction_upgrade(struct xdpaction *ctx, const char *ifname, bool force, bool *changed)
{
	struct upgrade upgrade = { .force = force };
	struct retry retry = { .timeout_ns = CHANGE_TIMEOUT_NS };
	CLEANUP(lock_drop) int lock = -1;
	struct link link;
	bool again;
	int err;

	forget_error(ctx);
	err = need_privileges(ctx, "upgrade");
	if (!err)
		err = not_gone(lock_take(ctx, &lock));
	if (!err)
		err = link_by_name(ctx, ifname, &link);
	if (err)
		return err;
	do {
		err = upgrade_try(ctx, &link, &upgrade, &again);
	} while (again && retry_again(&retry));
	if (err)
		return err;
	if (changed)
		*changed = upgrade.changed;
	tell_upgraded(ctx, ifname, &upgrade);
	return 0;
}
