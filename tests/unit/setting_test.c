// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * How the library writes a setting into the map, as xdp_action_maps.h says, and
 * reads it back. The map is a piece of memory here.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "instance/instance.h"
#include "support/clock.h"
#include "support/tap.h"

#define HOUR_NS	   (3600 * NSEC_PER_SEC)

static struct xdpaction *ctx;
static struct xdp_action_data data;
static struct setting_place place = { .data = &data };
static const struct compiled none;

/* In place of a grace period. The word that was in force counts, and how often it came. */
static unsigned int waits;
static uint64_t waited_with;
static int wait_error;

int programs_wait(struct xdpaction *context)
{
	waits++;
	waited_with = data.action;
	return wait_error;
}

static const struct xdpaction_rule drop = {
	.verdict = XDPACTION_DROP,
	.otherwise = XDPACTION_PASS,
	.probability = XDPACTION_ALWAYS,
};
static const struct xdpaction_rule aborted = {
	.verdict = XDPACTION_ABORTED,
	.otherwise = XDPACTION_PASS,
	.probability = XDPACTION_ALWAYS,
};
static const struct xdpaction_rule sometimes = {
	.verdict = XDPACTION_DROP,
	.otherwise = XDPACTION_PASS,
	.probability = 0x0ccccccc,
};

static void reset(void)
{
	memset(&data, 0, sizeof(data));
	data.action = XDPACTION_PASS;
	data.features = XDP_ACTION_FEATURE_BUDGET;
	data.sequence = 6;
}

static struct xdp_action_slot *slot_of(uint64_t word)
{
	return &data.slots[(word >> XDP_ACTION_SEQUENCE_SHIFT) % XDP_ACTION_SLOTS];
}

static bool store(const struct xdpaction_setting *setting)
{
	struct xdpaction_setting copy = *setting;

	return !setting_store(ctx, &place, &none, &copy);
}

static struct xdpaction_setting load(void)
{
	struct xdpaction_setting setting = { 0 };

	if (setting_load(ctx, &place, &setting, NULL))
		bail("a setting cannot be read: %s", xdpaction_error(ctx));
	return setting;
}

static bool same(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return a->verdict == b->verdict && a->otherwise == b->otherwise &&
	       a->probability == b->probability;
}

static void check_words(void)
{
	reset();
	ok(store(&(struct xdpaction_setting){ .rule = drop }) && data.action == 1 &&
		   data.sequence == 6,
	   "DROP is the plain word 1 and takes no slot");
	ok(store(&(struct xdpaction_setting){ .rule = sometimes }) &&
		   data.action == 0x0ccccccc00000121,
	   "DROP 5%% is 0x0ccccccc00000121");
	ok(store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS }) &&
		   data.action == 0x70201 && data.sequence == 7,
	   "DROP for an hour is 0x70201, in slot 7");
	ok(slot_of(data.action)->base == 0x0ccccccc00000121,
	   "its base is what was in force, with the probability");
	ok(store(&(struct xdpaction_setting){ .rule = drop,
					      .packets = 5,
					      .has_base = true,
					      .base = aborted }) &&
		   data.action == 0x80401 && slot_of(data.action)->budget == 5 &&
		   slot_of(data.action)->base == 0,
	   "DROP of 5 packets, then ABORTED, is 0x80401 with a base of 0");
}

static void check_gate(void)
{
	reset();
	/* As the setting with number 7 left it, 65,536 settings ago. */
	data.clock_gate = 7ULL << 48 | 0xffffffffffff;
	store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
	ok(data.clock_gate == 0, "a new deadline clears what was said of an old one");
}

static void check_bases(void)
{
	struct xdpaction_setting setting;

	reset();
	store(&(struct xdpaction_setting){ .rule = sometimes });
	store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
	store(&(struct xdpaction_setting){ .rule = aborted, .packets = 5 });
	setting = load();
	ok(setting.packets == 5 && setting.has_base && same(&setting.base, &sometimes),
	   "a temporary setting on a temporary one keeps the first one's base");

	slot_of(data.action)->budget = 0;
	setting = load();
	ok(!setting.has_base && !setting.packets && same(&setting.rule, &sometimes),
	   "what is used up reads as its base");
	store(&(struct xdpaction_setting){ .rule = drop, .packets = 1 });
	setting = load();
	ok(same(&setting.rule, &drop) && same(&setting.base, &sometimes),
	   "and the base of the next one is that base");

	slot_of(data.action)->budget = -3;
	ok(!load().has_base, "a budget below 0 is used up");
}

static void check_time_left(void)
{
	struct xdpaction_setting setting;
	uint64_t now_ns;

	reset();
	store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
	now_ns = clock_ns(CLOCK_BOOTTIME);
	ok(slot_of(data.action)->deadline_ns <= now_ns + HOUR_NS &&
		   slot_of(data.action)->deadline_ns > now_ns + HOUR_NS - 60 * NSEC_PER_SEC,
	   "the deadline is an hour away");
	setting = load();
	ok(setting.duration_ns <= HOUR_NS && setting.duration_ns > HOUR_NS - 60 * NSEC_PER_SEC,
	   "and so it reads");
	slot_of(data.action)->deadline_ns = now_ns;
	ok(!load().has_base, "a deadline that has passed reads as the base");
}

static bool same_conditions(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return same(a, b) && xdpaction_rule_equal(a, b) && a->every_seen == b->every_seen &&
	       (!a->pulse_on_ns || a->pulse_start_ns == b->pulse_start_ns);
}

/* Each further condition is read as it was written, in a setting and in its base. */
static void check_further(void)
{
	const struct xdpaction_rule rules[] = {
		{ .verdict = XDPACTION_DROP, .otherwise = XDPACTION_ABORTED,
		  .probability = XDPACTION_ALWAYS, .every = 10, .every_seen = 3 },
		{ .verdict = XDPACTION_DROP, .otherwise = XDPACTION_TX,
		  .probability = XDPACTION_ALWAYS, .skip = XDPACTION_PACKETS_MAX },
		{ .verdict = XDPACTION_DROP, .otherwise = XDPACTION_ABORTED,
		  .probability = 0x0ccccccd, .burst = 4000 },
		{ .verdict = XDPACTION_PASS, .otherwise = XDPACTION_DROP,
		  .probability = 0x0ccccccd, .per_flow = true, .seed = XDPACTION_SEED_MAX },
		{ .verdict = XDPACTION_DROP, .otherwise = XDPACTION_PASS,
		  .probability = XDPACTION_ALWAYS, .pulse_on_ns = 200000000,
		  .pulse_off_ns = 800000000, .pulse_start_ns = 5 },
		{ .verdict = XDPACTION_DROP, .otherwise = XDPACTION_ABORTED,
		  .probability = 0x0ccccccd, .burst = 1500, .skip = 7, .pulse_on_ns = 1000000,
		  .pulse_off_ns = 1000000, .pulse_start_ns = 5 },
	};
	struct xdpaction_setting setting;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		reset();
		store(&(struct xdpaction_setting){ .rule = rules[i] });
		setting = load();
		ok(same_conditions(&setting.rule, &rules[i]) && !setting.has_base,
		   "further conditions %zu are read as they were written", i);
		store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
		setting = load();
		ok(same_conditions(&setting.rule, &drop) &&
			   same_conditions(&setting.base, &rules[i]),
		   "and become a base as they are");
		slot_of(data.action)->deadline_ns = 1;
		store(&(struct xdpaction_setting){ .rule = aborted, .packets = 5 });
		setting = load();
		ok(same_conditions(&setting.base, &rules[i]), "also the base of another");
	}
	store(&(struct xdpaction_setting){ .rule = sometimes });
	ok(data.action == 0x0ccccccc00000121, "a rule without any is stored as ever");
}

/* Whatever a foreign writer left there. */
static void check_foreign(void)
{
	struct xdp_action_more *more;
	struct xdpaction_rule rule;

	reset();
	store(&(struct xdpaction_setting){ .rule = { .verdict = XDPACTION_DROP,
						     .probability = XDPACTION_ALWAYS,
						     .otherwise = XDPACTION_TX,
						     .every = 3 } });
	more = data.more[7];
	ok(more[0].asks == XDP_ACTION_MORE_EVERY && more[0].every == 3 && !more[1].asks &&
		   data.action == 0x71031,
	   "each third is 0x71031, with its number in slot 7");
	more[0].every = 0;
	ok(load().rule.probability == 0 && !load().rule.every, "each 0th reads as none");
	more[0].asks = 0x20;
	rule = load().rule;
	ok(same(&rule, &aborted), "a condition that is not known reads as ABORTED");
	more[0] = (struct xdp_action_more){ .asks = XDP_ACTION_MORE_PULSE, .on_ns = 5 };
	ok(load().rule.probability == 0, "a pulse without a period reads as never");
	more[0].period_ns = 5;
	ok(load().rule.probability == XDPACTION_ALWAYS && !load().rule.pulse_on_ns,
	   "and one that is always on as none");
}

/* Without a map of targets REDIRECT fails late, when its slot is taken. */
static void check_failures(void)
{
	const struct xdpaction_setting redirect = {
		.rule = { .verdict = XDPACTION_REDIRECT,
			  .otherwise = XDPACTION_PASS,
			  .probability = XDPACTION_ALWAYS,
			  .target_ifindex = 1 },
	};
	struct xdpaction_setting setting = { .size = sizeof(setting) };
	uint32_t behind;
	uint64_t word;
	int i;

	reset();
	store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
	word = data.action;
	for (i = 0; i < 2 * XDP_ACTION_SLOTS; i++)
		if (store(&redirect))
			bail("REDIRECT without a map of targets was stored");
	behind = (data.sequence - (uint32_t)(word >> XDP_ACTION_SEQUENCE_SHIFT)) & 0xffff;
	ok(data.action == word && behind < XDP_ACTION_SLOTS,
	   "however often a set fails, what is in force is not overtaken");

	setting.packets = 1;
	ok(setting_check_features(ctx, 0, &setting) == -EOPNOTSUPP,
	   "a number of packets is refused where the program cannot count them down");
}

static uint32_t sequence_of(uint64_t word)
{
	return word >> XDP_ACTION_SEQUENCE_SHIFT & 0xffff;
}

/* True when the setting that had the slot of this one was replaced before the last wait. */
static bool was_quiet(uint32_t sequence)
{
	uint32_t behind = (sequence - sequence_of(waited_with)) & 0xffff;

	return behind < XDP_ACTION_SLOTS && behind > 0;
}

static void check_quiet(void)
{
	const struct xdpaction_setting hour = { .rule = drop, .duration_ns = HOUR_NS };
	uint32_t i, quiet = 0;

	reset();
	waits = 0;
	for (i = 0; i < 0x10000 + 2 * XDP_ACTION_SLOTS; i++) {
		store(&hour);
		/* The first settings find slots that nobody ever used. */
		quiet += i < XDP_ACTION_SLOTS || was_quiet(data.sequence);
	}
	ok(quiet == i, "no slot is filled again without a wait since its last setting was replaced");
	ok(waits <= i / (XDP_ACTION_SLOTS - 2) + 1 && waits >= i / XDP_ACTION_SLOTS - 1,
	   "which comes once in some sixty settings");
	note("%u waits for %u settings", waits, i);

	reset();
	data.sequence = 1000;
	data.quiet = 1000;
	store(&(struct xdpaction_setting){ .rule = drop });
	waits = 0;
	for (i = 0; i < XDP_ACTION_SLOTS - 1; i++) {
		store(&hour);
		store(&(struct xdpaction_setting){ .rule = drop });
	}
	ok(!waits && store(&hour) && waits == 1 && data.quiet == data.sequence,
	   "with a plain word in force a wait makes all slots quiet");
}

static void check_wait_failure(void)
{
	const struct xdpaction_setting hour = { .rule = drop, .duration_ns = HOUR_NS };
	struct xdp_action_data before;

	reset();
	data.sequence = 5000;
	store(&(struct xdpaction_setting){ .rule = drop });
	before = data;
	wait_error = -EIO;
	ok(!store(&hour) && !memcmp(&before, &data, sizeof(data)),
	   "without the wait a setting is not begun");
	wait_error = 0;
	ok(store(&hour) && data.sequence == 5001, "and the next one is, when it can wait");
}

/* One that is killed took a number, and stored no word. */
static void check_killed_writers(void)
{
	const struct xdpaction_setting hour = { .rule = drop, .duration_ns = HOUR_NS };
	struct xdp_action_slot *in_force, before;

	reset();
	store(&hour);
	in_force = slot_of(data.action);
	before = *in_force;
	data.sequence += XDP_ACTION_SLOTS - 1;
	ok(store(&hour) && slot_of(data.action) != in_force &&
		   !memcmp(in_force, &before, sizeof(before)),
	   "after 63 writers that were killed the slot in force is not filled");
}

/* ---- matches ---- */

static struct xdp_action_match matches[XDP_ACTION_MATCHES];

static struct xdpaction_setting with_match(const char *expression, uint64_t duration_ns)
{
	struct xdpaction_setting setting = { .rule = drop, .duration_ns = duration_ns };

	strcpy(setting.rule.match, expression);
	return setting;
}

/* Compiles as well, as xdpaction_set() does. */
static bool store_match(const struct xdpaction_setting *asked)
{
	CLEANUP(compiled_free) struct compiled compiled = { 0 };
	struct xdpaction_setting setting = *asked;

	return !setting_compile(ctx, MATCH_LINK_ETHERNET, asked, &compiled) &&
	       !setting_store(ctx, &place, &compiled, &setting);
}

static bool shows(const char *match, const char *base)
{
	struct xdpaction_setting setting = load();

	return !strcmp(setting.rule.match, match) && !strcmp(setting.base.match, base);
}

static uint32_t *numbers(void)
{
	return slot_of(data.action)->match;
}

static void reset_matches(void)
{
	reset();
	memset(matches, 0, sizeof(matches));
	place.matches = matches;
}

static void check_matches(void)
{
	struct xdpaction_setting setting = with_match("arp", 0);

	reset_matches();
	ok(store_match(&setting) && data.action == 0x70821 && numbers()[0] == 1 &&
		   matches[1].number == 1 && matches[1].parts == 1 && shows("arp", ""),
	   "DROP of ARP is 0x70821, with the match 1 in its place");
	setting = with_match("udp", HOUR_NS);
	ok(store_match(&setting) && numbers()[0] == 2 && numbers()[1] == 1 && shows("udp", "arp") &&
		   slot_of(data.action)->base == 0x21,
	   "the base keeps its match, with its otherwise");
	setting = with_match("tcp", HOUR_NS);
	ok(store_match(&setting) && numbers()[0] == 3 && numbers()[1] == 1 && shows("tcp", "arp"),
	   "a temporary setting on a temporary one keeps the match of the first one's base");
	setting.has_base = true;
	setting.base = sometimes;
	strcpy(setting.base.match, "ip6");
	ok(store_match(&setting) && numbers()[0] == 4 && numbers()[1] == 6 && shows("tcp", "ip6") &&
		   matches[1].number == 1 && matches[3].number == 3,
	   "a base that is given has its own, in no place of the setting before");
	slot_of(data.action)->deadline_ns = 1;
	ok(shows("ip6", "") && load().rule.probability == sometimes.probability,
	   "past its end the match is that of the base");
	ok(store(&(struct xdpaction_setting){ .rule = drop }) && data.action == 1,
	   "DROP without a match is plain again");
}

/* Numbers go round, and no place of what is in force is ever written. */
static void check_places(void)
{
	struct xdpaction_setting setting;
	struct xdp_action_match before[XDP_ACTION_MATCHES];
	uint32_t i, k, wrong = 0, in_force[2];
	char expression[32];

	reset_matches();
	matches[3].number = UINT32_MAX - 40;
	for (i = 0; i < 200; i++) {
		snprintf(expression, sizeof(expression), "udp port %u", i + 1);
		setting = with_match(expression, i % 3 ? HOUR_NS : 0);
		setting.has_base = i % 5 == 4;
		setting.base = setting.rule;
		memcpy(in_force, numbers(), sizeof(in_force));
		memcpy(before, matches, sizeof(before));
		wrong += !store_match(&setting) || strcmp(load().rule.match, expression);
		for (k = 0; i && k < 2; k++)
			wrong += in_force[k] && memcmp(&before[in_force[k] % XDP_ACTION_MATCHES],
						       &matches[in_force[k] % XDP_ACTION_MATCHES],
						       sizeof(before[0])) != 0;
	}
	ok(!wrong, "200 matches, past the last number: none takes the place of one in force");
}

static void check_foreign_matches(void)
{
	struct xdpaction_setting setting = with_match("arp", 0);

	reset_matches();
	store_match(&setting);
	matches[1].number = 5;
	setting = load();
	ok(same(&setting.rule, &aborted) && !*setting.rule.match,
	   "a match of another number is what the program makes of it, ABORTED");
	matches[1].number = 1;
	memset(matches[1].text, 'x', sizeof(matches[1].text));
	setting = load();
	ok(strlen(setting.rule.match) == XDPACTION_EXPRESSION_SIZE - 1 && !*setting.rule.except,
	   "a text without an end is cut");
	memset(matches[1].text, 0, sizeof(matches[1].text));
	ok(shows("?", ""), "a match without its text is one all the same");
	place.matches = NULL;
	setting = load();
	ok(same(&setting.rule, &aborted), "as is one without a map");
}

static void check_compiling(void)
{
	CLEANUP(compiled_free) struct compiled compiled = { 0 };
	struct xdpaction_setting setting = with_match("tcp port", 0);
	struct link link = { .name = "ppp0" };
	const uint32_t features = XDP_ACTION_FEATURE_LONG_MATCH;
	enum match_link type;
	unsigned int i;

	ok(setting_compile(ctx, MATCH_LINK_ETHERNET, &setting, &compiled) == -EINVAL &&
		   xdpaction_error_advice(ctx) == XDPACTION_ADVICE_EXPRESSION && !compiled.rule,
	   "a wrong expression is said to be one");
	ok(link_match_type(ctx, &link, &setting, &type) == -EOPNOTSUPP,
	   "what packets begin with has to be known");

	setting.rule.match[0] = '\0';
	for (i = 0; i < 130; i++)
		snprintf(setting.rule.match + strlen(setting.rule.match), 32, "%sether[%u] = 7",
			 i ? " or " : "", 20 + i);
	ok(!setting_compile(ctx, MATCH_LINK_ETHERNET, &setting, &compiled) &&
		   !compiled_check(ctx, MATCH_LINK_ETHERNET, features, &setting, &compiled) &&
		   compiled_check(ctx, MATCH_LINK_ETHERNET, 0, &setting, &compiled) == -E2BIG &&
		   strstr(xdpaction_error(ctx), "takes 130 steps, and this kernel's program walks 128"),
	   "130 steps are more than a short program walks");
}

/* ---- who, when and why ---- */

static const struct xdpaction_setting plain_drop = { .rule = drop };
static const struct xdpaction_setting hour = { .rule = drop, .duration_ns = HOUR_NS };

static struct history history(void)
{
	struct xdpaction_setting setting = { 0 };
	struct history history = { 0 };

	if (setting_load(ctx, &place, &setting, &history))
		bail("a setting cannot be read: %s", xdpaction_error(ctx));
	return history;
}

static void set_note(const char *note)
{
	struct xdpaction_author author = {
		.size = sizeof(author),
		.login_uid = 1000,
		.sudo_user = "alice",
		.ssh_client = "192.0.2.2",
	};

	snprintf(author.note, sizeof(author.note), "%s", note);
	if (xdpaction_set_author(ctx, &author))
		bail("the author is refused: %s", xdpaction_error(ctx));
}

static void check_author(void)
{
	struct xdpaction_author author = { .size = sizeof(author) };
	uint64_t before_ns = clock_ns(CLOCK_REALTIME);
	struct history came;

	reset();
	ok(store(&plain_drop) && history().origin.known &&
		   history().origin.login_uid == XDPACTION_NO_UID && !*history().origin.note,
	   "a caller that says nothing of itself has no login and no note");
	set_note("ticket 42\n");
	store(&hour);
	came = history();
	ok(came.origin.time_ns >= before_ns && came.origin.time_ns <= clock_ns(CLOCK_REALTIME) &&
		   came.origin.uid == getuid() && came.origin.pid == (uint32_t)getpid() &&
		   !strcmp(came.origin.process, "setting_test"),
	   "the library records the time, the user and the process");
	ok(came.origin.login_uid == 1000 && !strcmp(came.origin.sudo_user, "alice") &&
		   !strcmp(came.origin.ssh_client, "192.0.2.2") &&
		   !strcmp(came.origin.note, "ticket 42\n") &&
		   came.origin.duration_ns == HOUR_NS && !came.origin.packets,
	   "and what the caller says, as it was said");
	memset(author.note, 'x', sizeof(author.note));
	ok(xdpaction_set_author(ctx, &author) == -EINVAL, "a note without an end is refused");
}

static void check_generations(void)
{
	struct history came;
	uint64_t i, wrong = 0;

	reset();
	came = history();
	ok(!came.origin.known && !came.generation,
	   "before the first record there is generation 0, and nobody is known");
	for (i = 1; i <= 9; i++) {
		wrong += !store(i % 3 ? &hour : &plain_drop) || history().generation != i ||
			 history().origin.generation != i;
	}
	ok(!wrong, "each change adds one");

	store(&hour);
	i = history().generation;
	slot_of(data.action)->deadline_ns = 1;
	came = history();
	ok(came.generation == i + 1 && came.origin.generation == i && came.origin.known,
	   "so does an end");
	store(&plain_drop);
	ok(history().generation == i + 2, "and what comes after it has not the same number");

	data.action = XDPACTION_PASS;
	came = history();
	ok(!came.origin.known && came.generation == i + 3,
	   "a word that another tool stored adds one, and nobody is known");
	data.action = XDPACTION_TX;
	ok(history().generation == i + 3, "a second one cannot be told from the first");
	store(&plain_drop);
	ok(history().origin.known && history().generation == i + 4,
	   "the next change has a number of its own");
}

static void check_ends(void)
{
	struct xdpaction_setting both = { .rule = sometimes, .duration_ns = HOUR_NS, .packets = 5 };
	uint64_t now_ns = clock_ns(CLOCK_BOOTTIME), ago_ns;
	struct history came;

	reset();
	store(&both);
	ok(history().end == XDPACTION_END_NONE && !history().ended_ns, "what runs has not ended");
	slot_of(data.action)->budget = 0;
	came = history();
	ok(came.end == XDPACTION_END_PACKETS && !came.ended_ns && same(&came.ended, &sometimes) &&
		   came.origin.packets == 5,
	   "what is used up ended by number, at a time that is not known");
	slot_of(data.action)->deadline_ns = 1;
	ok(history().end == XDPACTION_END_PACKETS, "also when its deadline has passed since");
	slot_of(data.action)->budget = 1;
	slot_of(data.action)->deadline_ns = now_ns - 60 * NSEC_PER_SEC;
	came = history();
	ago_ns = clock_ns(CLOCK_REALTIME) - came.ended_ns;
	ok(came.end == XDPACTION_END_TIME && ago_ns >= 60 * NSEC_PER_SEC && ago_ns < HOUR_NS,
	   "past its deadline it ended by time, when that passed");
}

/* What a writer that is killed leaves, and a reader that comes between two steps sees. */
static void check_half_written(void)
{
	struct xdp_action_change *old, *new;

	reset();
	set_note("first");
	store(&plain_drop);
	set_note("second");
	store(&hour);
	old = data.changes[0].word == data.action ? &data.changes[0] : &data.changes[1];
	new = old == data.changes ? &data.changes[1] : &data.changes[0];
	new->generation = 0;
	strcpy(new->note, "half");
	ok(!strcmp(history().origin.note, "second") && history().generation == 2,
	   "a record that is half written leaves the one in force as it was");
	new->generation = 3;
	new->word = 2;
	ok(!strcmp(history().origin.note, "second") && history().generation == 2,
	   "as does one that is whole, while its word is not in force");
	data.action = 2;
	ok(!strcmp(history().origin.note, "half") && history().generation == 3,
	   "with its word it is in force");
	set_note("third");
	store(&plain_drop);
	ok(!strcmp(new->note, "half") && !strcmp(old->note, "third") && history().generation == 4,
	   "the next one is written over the other");

	memset(old->note, 'x', sizeof(old->note));
	ok(strlen(history().origin.note) == XDPACTION_NOTE_SIZE - 1, "a text without an end is cut");
}

/* ---- renewing ---- */

static enum xdpaction_lease_state renew(struct holding *holding)
{
	enum xdpaction_lease_state state;

	if (setting_renew(ctx, &place, holding, &state))
		bail("a setting cannot be renewed: %s", xdpaction_error(ctx));
	return state;
}

/* DROP for a term, or 100 packets, held as a lease does. */
static struct holding hold(uint64_t term_ns)
{
	struct holding holding = { .term_ns = term_ns };

	reset();
	if (!store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = term_ns,
						.packets = 100 }))
		bail("a setting cannot be stored");
	setting_hold(&place, &holding);
	return holding;
}

static void check_renewal(void)
{
	struct holding holding = hold(HOUR_NS);
	struct xdp_action_slot *slot = slot_of(holding.word);
	uint64_t deadline_ns = slot->deadline_ns;

	slot->budget = 42;
	ok(holding.deadline_ns == deadline_ns && renew(&holding) == XDPACTION_LEASE_HELD &&
		   slot->deadline_ns > deadline_ns && holding.deadline_ns == slot->deadline_ns,
	   "a renewal moves the deadline");
	ok(data.action == holding.word && slot->budget == 42 && data.sequence == 7,
	   "and nothing else");

	deadline_ns = slot->deadline_ns;
	holding.until_ns = deadline_ns + 1;
	renew(&holding);
	ok(slot->deadline_ns == deadline_ns + 1 && renew(&holding) == XDPACTION_LEASE_HELD &&
		   slot->deadline_ns == deadline_ns + 1,
	   "but not past the limit");
	slot->deadline_ns = holding.deadline_ns = holding.until_ns = 1;
	ok(renew(&holding) == XDPACTION_LEASE_OVER, "which ends it");

	holding = hold(HOUR_NS);
	slot_of(holding.word)->budget = 0;
	ok(renew(&holding) == XDPACTION_LEASE_OVER, "as a budget does that is used up");
}

static bool is_drop(struct xdpaction_setting setting)
{
	return same(&setting.rule, &drop);
}

static void check_late_renewal(void)
{
	struct holding holding = hold(1);
	uint64_t word = holding.word, deadline_ns = holding.deadline_ns;

	ok(renew(&holding) == XDPACTION_LEASE_LAPSED &&
		   slot_of(word)->deadline_ns == deadline_ns,
	   "a renewal after the deadline is too late, and changes nothing");

	holding = hold(HOUR_NS);
	data.clock_gate = UINT64_C(0x0007ffffffffffff);
	ok(renew(&holding) == XDPACTION_LEASE_LAPSED, "and so it is when the program saw the end");

	slot_of(holding.word)->budget = 42;
	ok(!setting_resume(ctx, &place, &holding) && holding.word != word &&
		   data.action == holding.word && load().packets == 42 &&
		   is_drop(load()) && renew(&holding) == XDPACTION_LEASE_HELD,
	   "what is left is set again, in a slot of its own");
}

static void check_lost_renewal(void)
{
	struct holding holding = hold(HOUR_NS);
	struct xdp_action_slot *slot = slot_of(holding.word);
	uint64_t deadline_ns;

	ok(store(&(struct xdpaction_setting){ .rule = sometimes, .duration_ns = HOUR_NS }) &&
		   renew(&holding) == XDPACTION_LEASE_CHANGED && !setting_is_held(&place, &holding),
	   "what another process set is not renewed");

	/* As if all this had happened between the look at the word and the store. */
	holding = hold(HOUR_NS);
	slot->deadline_ns = deadline_ns = holding.deadline_ns + 1;
	ok(renew(&holding) == XDPACTION_LEASE_CHANGED && slot->deadline_ns == deadline_ns,
	   "a slot that is another's by now is left alone");
}

static void check_end(void)
{
	reset();
	store(&(struct xdpaction_setting){ .rule = sometimes });
	store(&(struct xdpaction_setting){ .rule = drop, .duration_ns = HOUR_NS });
	ok(!setting_end(ctx, &place) && data.action == 0x0ccccccc00000121 && !load().has_base,
	   "the end is the base, with no end");
}

int main(void)
{
	if (xdpaction_new(&ctx))
		bail("no context");
	check_author();
	check_generations();
	check_ends();
	check_half_written();
	check_words();
	check_gate();
	check_bases();
	check_time_left();
	check_further();
	check_foreign();
	check_failures();
	check_quiet();
	check_wait_failure();
	check_killed_writers();
	check_matches();
	check_places();
	check_foreign_matches();
	check_compiling();
	check_renewal();
	check_late_renewal();
	check_lost_renewal();
	check_end();
	xdpaction_free(ctx);
	return finish();
}
