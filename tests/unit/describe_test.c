// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Rules, settings and chains in words. */
#include <string.h>

#include "forms/forms.h"
#include "support/tap.h"

#define SEC UINT64_C(1000000000)

static char text[DESCRIBE_SIZE];

static void check(const char *got, const char *want)
{
	if (!ok(!strcmp(got, want), "%s", want))
		note("got '%s'", got);
}

static struct xdpaction_rule bare_rule(enum xdpaction_verdict verdict,
				       enum xdpaction_verdict otherwise, uint64_t probability)
{
	return (struct xdpaction_rule){
		.verdict = verdict,
		.otherwise = otherwise,
		.probability = probability,
	};
}

/* Each rule has a place of its own. */
static struct named_rule rule_of(enum xdpaction_verdict verdict, enum xdpaction_verdict otherwise,
				 uint64_t probability)
{
	static struct xdpaction_rule rules[32];
	static size_t count;
	struct xdpaction_rule *rule = &rules[count++];

	*rule = bare_rule(verdict, otherwise, probability);
	return (struct named_rule){ .rule = rule };
}

static struct named_rule always(enum xdpaction_verdict verdict)
{
	return rule_of(verdict, XDPACTION_PASS, XDPACTION_ALWAYS);
}

static const char *rule_words(struct named_rule rule)
{
	struct words words = words_in(text, sizeof(text));

	describe_rule(&words, &rule);
	return text;
}

static void check_rules(void)
{
	struct named_rule to = always(XDPACTION_REDIRECT);
	struct named_rule mixed = rule_of(XDPACTION_DROP, XDPACTION_REDIRECT, XDPACTION_ALWAYS / 4);

	check(rule_words(always(XDPACTION_DROP)), "DROP");
	check(rule_words(rule_of(XDPACTION_DROP, XDPACTION_PASS, 214748365)),
	      "DROP 5% of packets, otherwise PASS");
	check(rule_words(rule_of(XDPACTION_DROP, XDPACTION_PASS, 0)),
	      "DROP 0% of packets, otherwise PASS");
	check(rule_words(always(XDPACTION_TX)), "TX");
	check(rule_words(rule_of(XDPACTION_TX, XDPACTION_DROP, XDPACTION_ALWAYS)),
	      "TX, otherwise DROP");
	check(rule_words(to), "REDIRECT to an interface that is gone");
	strcpy(to.target, "eth1");
	check(rule_words(to), "REDIRECT to eth1");
	strcpy(mixed.target, "eth1");
	check(rule_words(mixed), "DROP 25% of packets, otherwise REDIRECT to eth1");
}

static const char *in_force(struct named_setting setting)
{
	struct words words = words_in(text, sizeof(text));

	describe_in_force(&words, &setting);
	return text;
}

static const char *asked(struct named_setting setting)
{
	struct words words = words_in(text, sizeof(text));

	describe_asked(&words, &setting);
	return text;
}

static void check_settings(void)
{
	struct named_setting setting = { .rule = always(XDPACTION_DROP) };

	check(in_force(setting), "DROP");
	check(asked(setting), "DROP");
	setting.duration_ns = 30 * SEC;
	check(asked(setting), "DROP, for 30 s");
	setting.has_base = true;
	setting.base = always(XDPACTION_PASS);
	check(asked(setting), "DROP, for 30 s; then PASS");
	setting.duration_ns = 23 * SEC + SEC / 2;
	check(in_force(setting), "DROP; 23 s left, then PASS");
	setting.packets = 1;
	check(in_force(setting), "DROP; 23 s or 1 packet left, then PASS");
	setting.duration_ns = 0;
	setting.packets = 1000;
	check(in_force(setting), "DROP; 1,000 packets left, then PASS");
	check(asked(setting), "DROP, for 1,000 packets; then PASS");
}

static const char *onward(const struct xdpaction_chain *chain, struct named_rule rule)
{
	struct words words = words_in(text, sizeof(text));

	describe_onward(&words, chain, rule.rule);
	return text;
}

static const char *place(const struct xdpaction_chain *chain)
{
	struct words words = words_in(text, sizeof(text));

	describe_place(&words, chain);
	return text;
}

static void check_chains(void)
{
	struct xdpaction_chain chain = {
		.dispatcher = true,
		.count = 1,
		.programs = {
			{ .name = "first", .self = true, .chain_actions = 1U << XDPACTION_PASS },
			{ .name = "second", .chain_actions = 1U << XDPACTION_PASS },
			{ .name = "third", .chain_actions = 1U << XDPACTION_PASS },
		},
	};

	check(place(&chain), "alone");
	check(onward(&chain, always(XDPACTION_PASS)),
	      "a packet that passes goes on to the network stack");
	check(onward(&chain, always(XDPACTION_DROP)), "no packet passes");
	check(onward(&chain, rule_of(XDPACTION_DROP, XDPACTION_PASS, XDPACTION_ALWAYS - 1)),
	      "a packet that passes goes on to the network stack");
	check(onward(&chain, rule_of(XDPACTION_PASS, XDPACTION_DROP, 0)), "no packet passes");

	chain.count = 3;
	check(place(&chain), "before second");
	check(onward(&chain, always(XDPACTION_PASS)), "a packet that passes goes on to second");
	chain.programs[0].chain_actions = 1U << XDPACTION_DROP;
	check(onward(&chain, always(XDPACTION_PASS)),
	      "a packet that passes goes on to the network stack");
	check(onward(&chain, always(XDPACTION_DROP)), "a packet with DROP goes on to second");

	chain.programs[0].self = false;
	chain.programs[1].self = true;
	check(place(&chain), "after first and before third");
	chain.programs[1].self = false;
	chain.programs[2].self = true;
	check(place(&chain), "after second");
	chain.programs[2].chain_actions = 1U << XDPACTION_DROP;
	check(onward(&chain, always(XDPACTION_DROP)),
	      "a packet with DROP goes on to the network stack");
}

static void check_can_give(void)
{
	struct xdpaction_rule tx = bare_rule(XDPACTION_TX, XDPACTION_DROP, XDPACTION_ALWAYS);

	ok(xdpaction_rule_can_give(&tx, XDPACTION_DROP), "TX leaves group frames to otherwise");
	ok(!xdpaction_rule_can_give(&tx, XDPACTION_PASS), "which need not be PASS");
	tx.otherwise = XDPACTION_TX;
	ok(xdpaction_rule_can_give(&tx, XDPACTION_PASS), "but is where it is TX too");
	tx = bare_rule(XDPACTION_DROP, XDPACTION_ABORTED, XDPACTION_ALWAYS);
	ok(!xdpaction_rule_can_give(&tx, XDPACTION_ABORTED), "always leaves nothing out");
}

static void check_attachment(void)
{
	struct xdpaction_chain chain = { .mode = XDPACTION_MODE_NATIVE, .dispatcher = true };
	struct words words = words_in(text, sizeof(text));

	describe_attachment(&words, &chain);
	check(text, "native mode, dispatcher");
	chain = (struct xdpaction_chain){ .mode = XDPACTION_MODE_SKB, .frags = true };
	words = words_in(text, sizeof(text));
	describe_attachment(&words, &chain);
	check(text, "skb mode, single mode, frags");
}

int main(void)
{
	check_rules();
	check_settings();
	check_chains();
	check_can_give();
	check_attachment();
	return finish();
}
