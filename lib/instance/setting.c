// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Settings, and the words and slots that stand for them in the map. */
#include <string.h>

#include <bpf/bpf.h>

#include "instance/instance.h"

/* No writer is so quick that this many looks in a row see half of two settings. */
#define OVERTAKEN_TRIES 20

/* The parts of clock_gate. */
#define GATE_SEQUENCE_SHIFT 48
#define GATE_EXPIRED ((UINT64_C(1) << GATE_SEQUENCE_SHIFT) - 1)

#define FIELD(word, shift, mask) (((word) >> (shift)) & (mask))

/* ---- words ---- */

static uint64_t rule_to_word(const struct xdpaction_rule *rule)
{
	uint64_t word = (uint64_t)rule->verdict << XDP_ACTION_VERDICT_SHIFT;

	if (rule->probability == XDPACTION_ALWAYS && rule->verdict <= XDPACTION_PASS)
		return word;

	word |= (uint64_t)rule->otherwise << XDP_ACTION_OTHERWISE_SHIFT;
	if (rule->probability < XDPACTION_ALWAYS) {
		word |= (uint64_t)XDP_ACTION_F_PROBABILITY << XDP_ACTION_FLAGS_SHIFT;
		word |= rule->probability << XDP_ACTION_THRESHOLD_SHIFT;
	}
	return word;
}

static uint32_t word_flags(uint64_t word)
{
	return FIELD(word, XDP_ACTION_FLAGS_SHIFT, 0xff);
}

static uint32_t word_sequence(uint64_t word)
{
	return FIELD(word, XDP_ACTION_SEQUENCE_SHIFT, 0xffff);
}

static uint32_t word_verdict(uint64_t word)
{
	return FIELD(word, XDP_ACTION_VERDICT_SHIFT, 0xf);
}

static uint32_t word_otherwise(uint64_t word)
{
	return FIELD(word, XDP_ACTION_OTHERWISE_SHIFT, 0xf);
}

static bool word_valid(uint64_t word)
{
	return word_verdict(word) < XDP_ACTION_VERDICTS &&
	       word_otherwise(word) < XDP_ACTION_VERDICTS &&
	       !(word_flags(word) & ~XDP_ACTION_F_ALL);
}

/* What the program makes of a word that it does not know. */
static const struct xdpaction_rule aborted = {
	.verdict = XDPACTION_ABORTED,
	.otherwise = XDPACTION_PASS,
	.probability = XDPACTION_ALWAYS,
};

/* What the program makes of a word, but for the conditions. */
static void word_to_rule(uint64_t word, struct xdpaction_rule *rule)
{
	*rule = aborted;
	if (!word_valid(word))
		return;

	rule->verdict = (enum xdpaction_verdict)word_verdict(word);
	if (word_flags(word) & XDP_ACTION_F_PROBABILITY)
		rule->probability = word >> XDP_ACTION_THRESHOLD_SHIFT;
	if (rule->probability < XDPACTION_ALWAYS || rule->verdict == XDPACTION_TX)
		rule->otherwise = (enum xdpaction_verdict)word_otherwise(word);
}

/* ---- targets ---- */

static uint32_t target_key(uint32_t sequence, bool of_base)
{
	return 2 * (sequence % XDP_ACTION_SLOTS) + of_base;
}

static int target_store(struct xdpaction *ctx, const struct held_map *targets, uint32_t key,
			const struct xdpaction_rule *rule)
{
	__u32 ifindex = rule->target_ifindex;
	int err;

	if (!xdpaction_rule_can_give(rule, XDPACTION_REDIRECT))
		return 0;
	if (!targets)
		return fail(ctx, -EPROTO, NULL, "the instance has no map for the targets of REDIRECT");
	/* A base whose target is gone must not find that of an older setting. */
	if (!ifindex)
		err = bpf_map_delete_elem(targets->fd, &key);
	else
		err = bpf_map_update_elem(targets->fd, &key, &ifindex, BPF_ANY);
	if (err)
		return fail(ctx, err, NULL, "cannot redirect to interface %u: %s", ifindex,
			    strerror(-err));
	return 0;
}

/* The kernel empties an entry when its interface goes away. */
static int target_load(struct xdpaction *ctx, const struct held_map *targets, uint32_t key,
		       struct xdpaction_rule *rule)
{
	__u32 ifindex = 0;
	int err;

	rule->target_ifindex = 0;
	if (!xdpaction_rule_can_give(rule, XDPACTION_REDIRECT) || !targets)
		return 0;
	err = bpf_map_lookup_elem(targets->fd, &key, &ifindex);
	if (err && err != -ENOENT)
		return fail_kernel(ctx, err, "read the target of REDIRECT");
	rule->target_ifindex = ifindex;
	return 0;
}

/* ---- settings ---- */

static uint64_t data_word(const struct xdp_action_data *data)
{
	return __atomic_load_n(&data->action, __ATOMIC_ACQUIRE);
}

/* Fills in the name of the target; "" where there is none, or it is gone. */
static int name_target(struct xdpaction *ctx, struct xdpaction_rule *rule)
{
	struct link target = { 0 };
	int err = 0;

	if (rule->target_ifindex)
		err = link_by_index(ctx, rule->target_ifindex, &target);
	if (err == -ENODEV)
		forget_error(ctx);
	else if (err)
		return err;
	memcpy(rule->target_ifname, target.name, sizeof(rule->target_ifname));
	return 0;
}

/* What was in force when nothing temporary was. */
static int load_base(struct xdpaction *ctx, const struct xdp_action_data *data,
		     const struct held_map *targets, struct xdpaction_rule *base)
{
	uint64_t word = data_word(data);
	uint32_t sequence = word_sequence(word);
	bool temporary = word_flags(word) & XDP_ACTION_F_TEMPORARY;
	int err;

	if (temporary)
		word = data->slots[sequence % XDP_ACTION_SLOTS].base;
	word_to_rule(word, base);
	err = target_load(ctx, targets, target_key(sequence, temporary), base);
	return err ? err : name_target(ctx, base);
}

int setting_complete(struct xdpaction *ctx, const struct xdp_action_data *data,
		     const struct held_map *targets, struct xdpaction_setting *setting)
{
	int err = 0;

	if (setting->packets && !(data->features & XDP_ACTION_FEATURE_BUDGET))
		return fail_kind(ctx, "", -EOPNOTSUPP, XDPACTION_ADVICE_DURATION,
				 "this kernel cannot count packets down: it has no atomic instruction that returns a value");

	if (!xdpaction_setting_is_temporary(setting)) {
		setting->has_base = false;
		memset(&setting->base, 0, sizeof(setting->base));
	} else if (!setting->has_base) {
		err = load_base(ctx, data, targets, &setting->base);
		setting->has_base = !err;
	}
	return err;
}

int setting_store(struct xdpaction *ctx, struct xdp_action_data *data,
		  const struct held_map *targets, struct xdpaction_setting *setting)
{
	uint32_t before = data->sequence, sequence = (before + 1) & 0xffff;
	uint64_t word = rule_to_word(&setting->rule);
	struct xdp_action_slot *slot;
	uint64_t now_ns = 0;
	int err = setting_complete(ctx, data, targets, setting);

	if (err)
		return err;
	/* A plain word needs no slot. */
	if (!xdpaction_setting_is_temporary(setting) &&
	    !xdpaction_rule_can_give(&setting->rule, XDPACTION_REDIRECT)) {
		__atomic_store_n(&data->action, word, __ATOMIC_RELEASE);
		return 0;
	}

	if (setting->duration_ns)
		err = boottime_ns(ctx, &now_ns);
	if (err)
		return err;

	/* Readers of the slot's last setting must see this before the rest. */
	__atomic_store_n(&data->sequence, sequence, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);

	slot = &data->slots[sequence % XDP_ACTION_SLOTS];
	word |= (uint64_t)sequence << XDP_ACTION_SEQUENCE_SHIFT;
	err = target_store(ctx, targets, target_key(sequence, false), &setting->rule);
	if (!err && xdpaction_setting_is_temporary(setting)) {
		slot->base = rule_to_word(&setting->base);
		err = target_store(ctx, targets, target_key(sequence, true), &setting->base);
	}
	if (err) {
		/* Or what is in force would seem overtaken, after enough failures. */
		__atomic_store_n(&data->sequence, before, __ATOMIC_RELEASE);
		return err;
	}

	if (setting->duration_ns) {
		slot->deadline_ns = now_ns + setting->duration_ns;
		word |= (uint64_t)XDP_ACTION_F_DEADLINE << XDP_ACTION_FLAGS_SHIFT;
	}
	if (setting->packets) {
		slot->budget = setting->packets;
		word |= (uint64_t)XDP_ACTION_F_BUDGET << XDP_ACTION_FLAGS_SHIFT;
	}
	/* It may still speak of the setting that had this number before. */
	__atomic_store_n(&data->clock_gate, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&data->action, word, __ATOMIC_RELEASE);
	return 0;
}

/*
 * Whether the program has seen that the deadline of a setting has passed: it
 * does not look at the clock again after that.
 */
static bool gate_expired(const struct xdp_action_data *data, uint32_t sequence)
{
	uint64_t gate = __atomic_load_n(&data->clock_gate, __ATOMIC_RELAXED);

	return gate == ((uint64_t)sequence << GATE_SEQUENCE_SHIFT | GATE_EXPIRED);
}

/* Fills in what is left; false when the setting is over. */
static bool conditions_load(const struct xdp_action_slot *slot, uint32_t flags, uint64_t now_ns,
			    struct xdpaction_setting *setting)
{
	uint64_t deadline_ns = __atomic_load_n(&slot->deadline_ns, __ATOMIC_RELAXED);
	int64_t budget = __atomic_load_n(&slot->budget, __ATOMIC_RELAXED);

	if (flags & XDP_ACTION_F_DEADLINE) {
		if (now_ns >= deadline_ns)
			return false;
		setting->duration_ns = deadline_ns - now_ns;
	}
	if (flags & XDP_ACTION_F_BUDGET) {
		if (budget <= 0)
			return false;
		setting->packets = budget;
	}
	return true;
}

static int setting_load_once(struct xdpaction *ctx, const struct xdp_action_data *data,
			     const struct held_map *targets, uint64_t word,
			     struct xdpaction_setting *setting)
{
	uint32_t sequence = word_sequence(word), flags = word_flags(word);
	const struct xdp_action_slot *slot = &data->slots[sequence % XDP_ACTION_SLOTS];
	uint64_t now_ns;
	int err;

	*setting = (struct xdpaction_setting){ .size = sizeof(*setting) };
	word_to_rule(word, &setting->rule);
	err = target_load(ctx, targets, target_key(sequence, false), &setting->rule);
	if (err || !word_valid(word) || !(flags & XDP_ACTION_F_TEMPORARY))
		return err;

	word_to_rule(slot->base, &setting->base);
	err = target_load(ctx, targets, target_key(sequence, true), &setting->base);
	if (!err)
		err = boottime_ns(ctx, &now_ns);
	if (err)
		return err;

	setting->has_base = true;
	if ((flags & XDP_ACTION_F_DEADLINE && gate_expired(data, sequence)) ||
	    !conditions_load(slot, flags, now_ns, setting))
		*setting = (struct xdpaction_setting){ .size = sizeof(*setting),
						       .rule = setting->base };
	return 0;
}

int setting_load(struct xdpaction *ctx, const struct xdp_action_data *data,
		 const struct held_map *targets, struct xdpaction_setting *setting)
{
	struct xdpaction_setting loaded;
	uint32_t behind;
	uint64_t word;
	int i, err;

	/* Once more when so many settings came meanwhile that the slot is another's. */
	for (i = 0; i < OVERTAKEN_TRIES; i++) {
		word = data_word(data);
		err = setting_load_once(ctx, data, targets, word, &loaded);
		if (err)
			return err;
		behind = __atomic_load_n(&data->sequence, __ATOMIC_ACQUIRE) - word_sequence(word);
		if (!(word_flags(word) & XDP_ACTION_F_TEMPORARY) ||
		    (behind & 0xffff) < XDP_ACTION_SLOTS) {
			*setting = loaded;
			return 0;
		}
	}

	/* A writer that knows nothing of sequences: the program gives up as well. */
	*setting = (struct xdpaction_setting){ .size = sizeof(*setting), .rule = aborted };
	return 0;
}
