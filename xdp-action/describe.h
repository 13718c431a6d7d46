/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules, settings and chains in words, for every form of output. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "words.h"
#include "xdpaction.h"

/* Room for any of these sentences. */
#define DESCRIBE_SIZE 512

/* A rule, and the name of its target as it is now, "" when that is gone. */
struct named_rule {
	struct xdpaction_rule rule;
	char target[XDPACTION_IFNAME_SIZE];
};

/* Looks the name of the target up, in the network namespace of the thread. */
struct named_rule describe_target(const struct xdpaction_rule *rule);

/* True when some packet can get the verdict by this rule. */
bool describe_can_give(const struct xdpaction_rule *rule, enum xdpaction_verdict verdict);

/* "DROP 5% of packets, otherwise PASS" */
void describe_rule(struct words *words, const struct named_rule *rule);

/* A setting and the names in it. */
struct named_setting {
	struct named_rule rule, base;
	bool has_base;
	uint64_t duration_ns;
	uint64_t packets;
};

struct named_setting describe_names(const struct xdpaction_setting *setting);

/* As it is in force: "DROP; 23 s or 4 packets left, then PASS" */
void describe_in_force(struct words *words, const struct named_setting *setting);

/* As it was asked for: "DROP, for 30 s or 5 packets; then PASS" */
void describe_asked(struct words *words, const struct named_setting *setting);

/* Where the packets of the instance go: "a packet that passes goes on to ..." */
void describe_onward(struct words *words, const struct xdpaction_chain *chain,
		     const struct xdpaction_rule *rule);

/* The place of the instance: "after a, before b", "alone" */
void describe_place(struct words *words, const struct xdpaction_chain *chain);

/* "native mode, dispatcher, frags" */
void describe_attachment(struct words *words, const struct xdpaction_chain *chain);

#endif /* DESCRIBE_H */
