// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Settings, and the words and slots that stand for them in the map. */
#include <string.h>

#include <bpf/bpf.h>

#include "instance/instance.h"

/* No writer is so quick that this many looks in a row see half of two settings. */
#define OVERTAKEN_TRIES 20

/* The parts of clock_gate. */
#define GATE_SEQUENCE_SHIFT 48
#define GATE_EXPIRED ((UINT64_C(1) << GATE_SEQUENCE_SHIFT) - 1)

/* With these a setting is in its slot as well. */
#define SLOT_FLAGS (XDP_ACTION_F_TEMPORARY | XDP_ACTION_F_MATCH | XDP_ACTION_F_MORE)

#define FIELD(word, shift, mask) (((word) >> (shift)) & (mask))

/* ---- words ---- */

static uint64_t rule_to_word(const struct xdpaction_rule *rule)
{
	uint64_t word = (uint64_t)rule->verdict << XDP_ACTION_VERDICT_SHIFT;

	if (!rule_has_conditions(rule) && rule->verdict <= XDPACTION_PASS)
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

/*
 * What the program makes of a word, but for its end, with the match of this
 * number and further conditions; NULL for none.
 */
static void word_to_rule(uint64_t word, uint32_t match, const struct xdp_action_more *more,
			 struct xdpaction_rule *rule)
{
	*rule = aborted;
	if (!word_valid(word))
		return;

	rule->verdict = (enum xdpaction_verdict)word_verdict(word);
	if (word_flags(word) & XDP_ACTION_F_PROBABILITY)
		rule->probability = word >> XDP_ACTION_THRESHOLD_SHIFT;
	if (more && !more_load(more, word >> XDP_ACTION_THRESHOLD_SHIFT, rule)) {
		*rule = aborted;
		return;
	}
	if (rule_has_conditions(rule) || rule->verdict == XDPACTION_TX || match)
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
	const char *name = *rule->target_ifname ? rule->target_ifname : "an interface";
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
	/* The kernel says EINVAL of an index that no interface has any more. */
	if (err)
		return fail(ctx, err, NULL, "cannot redirect to %s: %s", name,
			    err == -EINVAL ? "it is gone" : strerror(-err));
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

int rule_name_target(struct xdpaction *ctx, struct xdpaction_rule *rule)
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

/* The numbers of the matches of a word and of its base; 0: none. */
struct numbers {
	uint32_t rule, base;
};

static struct numbers numbers_of(const struct xdp_action_data *data, uint64_t word)
{
	const struct xdp_action_slot *slot = &data->slots[word_sequence(word) % XDP_ACTION_SLOTS];

	if (!word_valid(word) || !(word_flags(word) & XDP_ACTION_F_MATCH))
		return (struct numbers){ 0 };
	return (struct numbers){
		.rule = __atomic_load_n(&slot->match[0], __ATOMIC_RELAXED),
		.base = __atomic_load_n(&slot->match[1], __ATOMIC_RELAXED),
	};
}

/* The further conditions of a word, or of its base; NULL where it has none. */
static const struct xdp_action_more *more_of(const struct xdp_action_data *data, uint64_t word,
					     bool of_base)
{
	if (!word_valid(word) || !(word_flags(word) & XDP_ACTION_F_MORE))
		return NULL;
	return &data->more[word_sequence(word) % XDP_ACTION_SLOTS][of_base];
}

/* Maps the matches, unless that is done, when one of them is wanted. */
static int map_matches(struct xdpaction *ctx, struct setting_place *place, bool wanted)
{
	if (!wanted || place->matches || !place->outer)
		return 0;
	return matches_map(ctx, place->outer->fd, place->write, &place->matches);
}

/*
 * Fills in the expressions of a rule with a match. False where it is another's by
 * now: the program gives ABORTED then.
 */
static bool load_match(const struct setting_place *place, uint32_t number,
		       struct xdpaction_rule *rule)
{
	if (!number || (place->matches && match_load(place->matches, number, rule)))
		return true;
	*rule = aborted;
	return false;
}

/* The number of the match that was in force when nothing temporary was. */
static uint32_t base_number(const struct xdp_action_data *data)
{
	uint64_t word = data_word(data);
	struct numbers numbers = numbers_of(data, word);

	return word_flags(word) & XDP_ACTION_F_TEMPORARY ? numbers.base : numbers.rule;
}

/* What was in force when nothing temporary was. */
static int load_base(struct xdpaction *ctx, struct setting_place *place,
		     struct xdpaction_rule *base)
{
	uint64_t word = data_word(place->data);
	uint32_t sequence = word_sequence(word), match = base_number(place->data);
	bool temporary = word_flags(word) & XDP_ACTION_F_TEMPORARY;
	const struct xdp_action_more *more = more_of(place->data, word, temporary);
	int err = map_matches(ctx, place, match);

	if (err)
		return err;
	if (temporary)
		word = place->data->slots[sequence % XDP_ACTION_SLOTS].base;
	word_to_rule(word, match, more, base);
	load_match(place, match, base);
	err = target_load(ctx, place->targets, target_key(sequence, temporary), base);
	return err ? err : rule_name_target(ctx, base);
}

int setting_complete(struct xdpaction *ctx, struct setting_place *place,
		     struct xdpaction_setting *setting)
{
	int err = 0;

	if (!xdpaction_setting_is_temporary(setting)) {
		setting->has_base = false;
		memset(&setting->base, 0, sizeof(setting->base));
	} else if (!setting->has_base) {
		err = load_base(ctx, place, &setting->base);
		setting->has_base = !err;
	}
	return err;
}

/* Stores what is compiled beside the matches in force; gives the numbers of the setting. */
static int store_matches(struct xdpaction *ctx, const struct setting_place *place,
			 const struct compiled *compiled, const struct xdpaction_setting *setting,
			 struct numbers *new)
{
	struct numbers now = numbers_of(place->data, data_word(place->data));
	uint32_t kept[] = { now.rule, now.base, 0 };
	int err = 0;

	*new = (struct numbers){ 0 };
	if (compiled->rule)
		err = match_store(ctx, place->matches, compiled->rule, kept, ARRAY_SIZE(kept),
				  &new->rule);
	kept[2] = new->rule;
	if (!err && compiled->base)
		err = match_store(ctx, place->matches, compiled->base, kept, ARRAY_SIZE(kept),
				  &new->base);
	else if (setting->has_base && xdpaction_rule_has_match(&setting->base))
		new->base = base_number(place->data);
	return err;
}

/* True when the setting or its base has further conditions. */
static bool store_more(struct xdp_action_more more[2], const struct xdpaction_setting *setting)
{
	more_store(&setting->rule, &more[0]);
	more_store(&setting->base, &more[1]);
	return more[0].asks || more[1].asks;
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

/* What is left of a temporary setting, or how long ago it ended by time. */
struct left {
	uint64_t duration_ns, packets, ago_ns;
};

/*
 * Looks whether the setting of a word has ended. The program does not count the budget
 * down past the deadline, so one that is used up came first.
 */
static int look_at_end(struct xdpaction *ctx, const struct xdp_action_data *data, uint64_t word,
		       struct left *left, enum xdpaction_end *end)
{
	uint32_t flags = word_valid(word) ? word_flags(word) : 0, sequence = word_sequence(word);
	const struct xdp_action_slot *slot = &data->slots[sequence % XDP_ACTION_SLOTS];
	uint64_t deadline_ns = __atomic_load_n(&slot->deadline_ns, __ATOMIC_RELAXED), now_ns;
	int64_t budget = __atomic_load_n(&slot->budget, __ATOMIC_RELAXED);
	int err = flags & XDP_ACTION_F_DEADLINE ? boottime_ns(ctx, &now_ns) : 0;

	if (err)
		return err;
	*left = (struct left){ 0 };
	*end = XDPACTION_END_NONE;
	if (flags & XDP_ACTION_F_BUDGET) {
		left->packets = budget > 0 ? budget : 0;
		if (!left->packets)
			*end = XDPACTION_END_PACKETS;
	}
	if (!(flags & XDP_ACTION_F_DEADLINE))
		return 0;
	if (now_ns < deadline_ns)
		left->duration_ns = deadline_ns - now_ns;
	else
		left->ago_ns = now_ns - deadline_ns;
	if (!*end && (now_ns >= deadline_ns || gate_expired(data, sequence)))
		*end = XDPACTION_END_TIME;
	return 0;
}

/* The record of a word. Some of a writer that was killed is never whole. */
static struct xdpaction_origin origin_of(const struct xdp_action_data *data, uint64_t word)
{
	struct xdpaction_origin origin;
	int i;

	for (i = 0; i < OVERTAKEN_TRIES && !origin_load(data, word, &origin); i++)
		;
	return origin;
}

int setting_generation(struct xdpaction *ctx, const struct xdp_action_data *data,
		       uint64_t *generation)
{
	uint64_t word = data_word(data);
	enum xdpaction_end end;
	struct left left;
	int err = look_at_end(ctx, data, word, &left, &end);

	if (!err)
		*generation = origin_of(data, word).generation + (end != XDPACTION_END_NONE);
	return err;
}

/* A setting whose end cannot be told must not keep the next one from being stored. */
static uint64_t next_generation(const struct xdp_action_data *data)
{
	uint64_t generation;

	if (setting_generation(NULL, data, &generation))
		generation = origin_of(data, data_word(data)).generation + 1;
	return generation + 1;
}

/* Whether a word refers to its slot, or to the target that goes with it. */
static bool word_uses_slot(uint64_t word)
{
	return word_flags(word) & SLOT_FLAGS || word_verdict(word) == XDPACTION_REDIRECT ||
	       word_otherwise(word) == XDPACTION_REDIRECT;
}

/*
 * The sequence number before that of the next setting: of the word in force where it has
 * a slot, so that writers that were killed after they took a number, however many, never
 * lead to this slot.
 */
static uint32_t last_sequence(const struct xdp_action_data *data)
{
	uint64_t word = data_word(data);
	uint32_t behind = (data->sequence - word_sequence(word)) & 0xffff;

	return word_uses_slot(word) && behind < XDP_ACTION_SLOTS ? word_sequence(word) :
								   data->sequence;
}

/*
 * Waits until no program can read what stands in the slot of the number after `last`, which
 * is about to be filled again. Once in some sixty settings, since all slots but that of the
 * word in force are quiet then.
 */
static int wait_for_slot(struct xdpaction *ctx, struct xdp_action_data *data, uint32_t last)
{
	uint32_t ahead = data->quiet - (last + 1 - XDP_ACTION_SLOTS + 1);
	int err;

	if ((ahead & 0xffff) < XDP_ACTION_SLOTS)
		return 0;
	err = programs_wait(ctx);
	if (!err)
		data->quiet = word_uses_slot(data_word(data)) ? last : (last + 1) & 0xffff;
	return err;
}

/* The last step of a writer. */
static void store_word(const struct xdpaction *ctx, struct setting_place *place, uint64_t word,
		       const struct xdpaction_setting *setting)
{
	struct xdp_action_data *data = place->data;

	place->stored = origin_store(ctx, data, word, next_generation(data), setting);
	__atomic_store_n(&data->action, word, __ATOMIC_RELEASE);
}

/* Stores a setting that is complete; its matches have these numbers. */
static int store_numbered(struct xdpaction *ctx, struct setting_place *place,
			  struct numbers numbers, const struct xdpaction_setting *setting)
{
	struct xdp_action_data *data = place->data;
	uint32_t before = last_sequence(data), sequence = (before + 1) & 0xffff;
	uint64_t word = rule_to_word(&setting->rule);
	struct xdp_action_slot *slot;
	uint64_t now_ns = 0;
	int err = 0;

	/* A plain word needs no slot. */
	if (!xdpaction_setting_is_temporary(setting) && !numbers.rule &&
	    !more_asked(&setting->rule) &&
	    !xdpaction_rule_can_give(&setting->rule, XDPACTION_REDIRECT)) {
		store_word(ctx, place, word, setting);
		return 0;
	}

	err = wait_for_slot(ctx, data, before);
	if (!err && setting->duration_ns)
		err = boottime_ns(ctx, &now_ns);
	if (err)
		return err;

	/* Readers of the slot's last setting must see this before the rest. */
	__atomic_store_n(&data->sequence, sequence, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);

	slot = &data->slots[sequence % XDP_ACTION_SLOTS];
	word |= (uint64_t)sequence << XDP_ACTION_SEQUENCE_SHIFT;
	slot->match[0] = numbers.rule;
	slot->match[1] = numbers.base;
	err = target_store(ctx, place->targets, target_key(sequence, false), &setting->rule);
	if (!err && xdpaction_setting_is_temporary(setting)) {
		slot->base = rule_to_word(&setting->base);
		err = target_store(ctx, place->targets, target_key(sequence, true), &setting->base);
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
	if (numbers.rule || numbers.base)
		word |= (uint64_t)XDP_ACTION_F_MATCH << XDP_ACTION_FLAGS_SHIFT;
	if (store_more(data->more[sequence % XDP_ACTION_SLOTS], setting))
		word |= (uint64_t)XDP_ACTION_F_MORE << XDP_ACTION_FLAGS_SHIFT;
	/* It may still speak of the setting that had this number before. */
	__atomic_store_n(&data->clock_gate, 0, __ATOMIC_RELEASE);
	store_word(ctx, place, word, setting);
	return 0;
}

int setting_store(struct xdpaction *ctx, struct setting_place *place,
		  const struct compiled *compiled, struct xdpaction_setting *setting)
{
	struct numbers numbers;
	int err = setting_complete(ctx, place, setting);

	if (!err)
		err = more_complete(ctx, setting);
	if (!err)
		err = map_matches(ctx, place, compiled->rule || compiled->base);
	if (!err)
		err = store_matches(ctx, place, compiled, setting, &numbers);
	return err ? err : store_numbered(ctx, place, numbers, setting);
}

/* The base is in force. */
static void end_setting(struct xdpaction_setting *setting, enum xdpaction_end end, uint64_t ago_ns,
			struct history *history)
{
	history->end = end;
	history->ended = setting->rule;
	if (end == XDPACTION_END_TIME)
		history->ended_ns = realtime_ns() - ago_ns;
	*setting = (struct xdpaction_setting){ .size = sizeof(*setting), .rule = setting->base };
}

/*
 * The setting of a word and its base, as they were stored, without the end. *whole: no
 * match in it was another's by the time it was read.
 */
static int load_stored(struct xdpaction *ctx, struct setting_place *place, uint64_t word,
		       struct xdpaction_setting *setting, bool *whole)
{
	const struct xdp_action_data *data = place->data;
	uint32_t sequence = word_sequence(word);
	struct numbers numbers = numbers_of(data, word);
	int err = map_matches(ctx, place, numbers.rule || numbers.base);

	if (err)
		return err;
	*setting = (struct xdpaction_setting){ .size = sizeof(*setting) };
	word_to_rule(word, numbers.rule, more_of(data, word, false), &setting->rule);
	*whole = load_match(place, numbers.rule, &setting->rule);
	err = target_load(ctx, place->targets, target_key(sequence, false), &setting->rule);
	if (err || !word_valid(word) || !(word_flags(word) & XDP_ACTION_F_TEMPORARY))
		return err;

	word_to_rule(data->slots[sequence % XDP_ACTION_SLOTS].base, numbers.base,
		     more_of(data, word, true), &setting->base);
	*whole &= load_match(place, numbers.base, &setting->base);
	setting->has_base = true;
	return target_load(ctx, place->targets, target_key(sequence, true), &setting->base);
}

/* The same as it is now. */
static int setting_load_once(struct xdpaction *ctx, struct setting_place *place,
			     uint64_t word, struct xdpaction_setting *setting,
			     struct history *history, bool *whole)
{
	enum xdpaction_end end;
	struct left left;
	int err = load_stored(ctx, place, word, setting, whole);

	history->end = XDPACTION_END_NONE;
	history->ended_ns = 0;
	if (!err && setting->has_base)
		err = look_at_end(ctx, place->data, word, &left, &end);
	if (err || !setting->has_base)
		return err;

	setting->duration_ns = left.duration_ns;
	setting->packets = left.packets;
	if (end)
		end_setting(setting, end, left.ago_ns, history);
	return 0;
}

/* The same with its origin. *whole: nothing came between the two. */
static int load_with_origin(struct xdpaction *ctx, struct setting_place *place, uint64_t word,
			    struct xdpaction_setting *setting, struct history *history, bool *whole)
{
	int err = setting_load_once(ctx, place, word, setting, history, whole);

	if (err)
		return err;
	history->origin = origin_of(place->data, word);
	history->generation = history->origin.generation + (history->end != XDPACTION_END_NONE);
	/* The program has counted it down. */
	if (history->end && history->origin.known)
		history->ended.skip = history->origin.skip;
	if (!history->origin.known && data_word(place->data) != word)
		*whole = false;
	return 0;
}

int setting_load(struct xdpaction *ctx, struct setting_place *place,
		 struct xdpaction_setting *setting, struct history *history)
{
	const struct xdp_action_data *data = place->data;
	struct xdpaction_setting loaded;
	struct history came = { 0 };
	uint32_t behind;
	uint64_t word;
	bool whole;
	int i, err;

	/* Once more when so many settings came meanwhile that the slot is another's. */
	for (i = 1; i <= OVERTAKEN_TRIES; i++) {
		word = data_word(data);
		err = load_with_origin(ctx, place, word, &loaded, &came, &whole);
		if (err)
			return err;
		/* What was read before must not be read after this. */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		behind = __atomic_load_n(&data->sequence, __ATOMIC_RELAXED) - word_sequence(word);
		/* A match that stays another's is one of a writer that does not keep the order. */
		if ((whole || i == OVERTAKEN_TRIES) &&
		    (!(word_flags(word) & SLOT_FLAGS) || (behind & 0xffff) < XDP_ACTION_SLOTS)) {
			*setting = loaded;
			if (history)
				*history = came;
			return 0;
		}
	}

	/* A writer that knows nothing of sequences: the program gives up as well. */
	*setting = (struct xdpaction_setting){ .size = sizeof(*setting), .rule = aborted };
	if (history)
		*history = (struct history){ .generation = came.generation, .origin = came.origin };
	return 0;
}

/* ---- a setting that is renewed ---- */

void setting_hold(const struct setting_place *place, struct holding *holding)
{
	const struct xdp_action_data *data = place->data;

	holding->word = data_word(data);
	holding->deadline_ns =
		data->slots[word_sequence(holding->word) % XDP_ACTION_SLOTS].deadline_ns;
}

bool setting_is_held(const struct setting_place *place, const struct holding *holding)
{
	return data_word(place->data) == holding->word;
}

static int look_at_held(struct xdpaction *ctx, const struct setting_place *place,
			const struct holding *holding, enum xdpaction_lease_state *state)
{
	enum xdpaction_end end;
	struct left left;
	int err = look_at_end(ctx, place->data, holding->word, &left, &end);

	if (err)
		return err;
	if (!setting_is_held(place, holding))
		*state = XDPACTION_LEASE_CHANGED;
	else if (!end)
		*state = XDPACTION_LEASE_HELD;
	else if (end == XDPACTION_END_PACKETS ||
		 (holding->until_ns && holding->deadline_ns + left.ago_ns >= holding->until_ns))
		*state = XDPACTION_LEASE_OVER;
	else
		*state = XDPACTION_LEASE_LAPSED;
	return 0;
}

static uint64_t deadline_of(const struct holding *holding, uint64_t now_ns)
{
	uint64_t deadline_ns = now_ns + holding->term_ns;

	if (holding->until_ns && deadline_ns > holding->until_ns)
		return holding->until_ns;
	return deadline_ns;
}

/*
 * No lock: another writer never changes the slot in force, but takes one of its own,
 * and this one is stored to only while the deadline in it is the one that was stored
 * here. So even after a pause between the two a slot that is another's by now, with
 * a deadline that counts, is left alone.
 */
static int move_deadline(struct xdpaction *ctx, const struct setting_place *place,
			 struct holding *holding, enum xdpaction_lease_state *state)
{
	struct xdp_action_slot *slots = place->data->slots;
	uint32_t sequence = word_sequence(holding->word);
	__u64 before_ns = holding->deadline_ns;
	uint64_t now_ns, renewed_ns;
	int err = boottime_ns(ctx, &now_ns);

	if (err)
		return err;
	renewed_ns = deadline_of(holding, now_ns);
	if (!__atomic_compare_exchange_n(&slots[sequence % XDP_ACTION_SLOTS].deadline_ns,
					 &before_ns, renewed_ns, false, __ATOMIC_RELEASE,
					 __ATOMIC_RELAXED)) {
		*state = XDPACTION_LEASE_CHANGED;
		return 0;
	}
	holding->deadline_ns = renewed_ns;
	/* Somebody may have seen the end meanwhile. */
	err = boottime_ns(ctx, &now_ns);
	if (!err && (now_ns >= before_ns || gate_expired(place->data, sequence)))
		*state = XDPACTION_LEASE_LAPSED;
	return err;
}

int setting_renew(struct xdpaction *ctx, const struct setting_place *place,
		  struct holding *holding, enum xdpaction_lease_state *state)
{
	int err = look_at_held(ctx, place, holding, state);

	if (err || *state != XDPACTION_LEASE_HELD)
		return err;
	return move_deadline(ctx, place, holding, state);
}

int setting_resume(struct xdpaction *ctx, struct setting_place *place, struct holding *holding)
{
	const struct xdp_action_slot *slot =
		&place->data->slots[word_sequence(holding->word) % XDP_ACTION_SLOTS];
	struct xdpaction_setting setting;
	uint64_t now_ns;
	bool whole;
	int err = boottime_ns(ctx, &now_ns);

	if (!err)
		err = load_stored(ctx, place, holding->word, &setting, &whole);
	if (err)
		return err;
	setting.duration_ns = deadline_of(holding, now_ns) - now_ns;
	if (word_flags(holding->word) & XDP_ACTION_F_BUDGET)
		setting.packets = __atomic_load_n(&slot->budget, __ATOMIC_RELAXED);
	err = store_numbered(ctx, place, numbers_of(place->data, holding->word), &setting);
	if (!err)
		setting_hold(place, holding);
	return err;
}

int setting_end(struct xdpaction *ctx, struct setting_place *place)
{
	struct xdpaction_setting base = { .size = sizeof(base) };
	enum xdpaction_end end;
	struct left left;
	int err = look_at_end(ctx, place->data, data_word(place->data), &left, &end);

	if (err || end)
		return err;
	err = load_base(ctx, place, &base.rule);
	if (err)
		return err;
	return store_numbered(ctx, place, (struct numbers){ .rule = base_number(place->data) },
			      &base);
}

int setting_open(struct xdpaction *ctx, const struct instance *instance, bool write,
		 struct setting_place *place)
{
	const struct instance_maps *maps = &instance->maps;

	*place = (struct setting_place){
		.targets = maps->targets.id ? &maps->targets : NULL,
		.outer = maps->matches.id ? &maps->matches : NULL,
		.write = write,
	};
	return data_map(ctx, instance, write, &place->data);
}

void setting_close(struct setting_place *place)
{
	data_unmap(&place->data);
	matches_unmap(&place->matches);
}
