// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Settings that are packed, and what comes out again. */
#include <stdlib.h>
#include <string.h>

#include "instance/instance.h"
#include "support/tap.h"

static struct xdpaction_setting setting, unpacked;

static void fill(char expression[XDPACTION_EXPRESSION_SIZE], char with, size_t length)
{
	memset(expression, with, length);
	expression[length] = '\0';
}

static bool same_rule(const struct xdpaction_rule *a, const struct xdpaction_rule *b)
{
	return xdpaction_rule_equal(a, b) && a->target_ifindex == b->target_ifindex &&
	       !strcmp(a->target_ifname, b->target_ifname) && a->skip == b->skip;
}

static void check_same(const char *what)
{
	char *packed = setting_pack(&setting);

	if (!packed)
		bail("out of memory");
	/* What is not written would be seen. */
	memset(&unpacked, 'x', sizeof(unpacked));
	setting_unpack(packed, &unpacked);
	ok(unpacked.size == setting.size && unpacked.has_base == setting.has_base &&
		   unpacked.duration_ns == setting.duration_ns &&
		   unpacked.packets == setting.packets &&
		   same_rule(&unpacked.rule, &setting.rule) &&
		   same_rule(&unpacked.base, &setting.base),
	   "%s", what);
	setting.packets++;
	setting_repack(&setting, packed);
	setting_unpack(packed, &unpacked);
	ok(unpacked.packets == setting.packets && same_rule(&unpacked.base, &setting.base),
	   "%s, packed again in the same place", what);
	free(packed);
}

int main(void)
{
	setting = (struct xdpaction_setting){
		.size = sizeof(setting),
		.rule = {
			.verdict = XDPACTION_REDIRECT,
			.otherwise = XDPACTION_DROP,
			.probability = 7,
			.target_ifindex = 3,
			.target_ifname = "eth0",
			.skip = 11,
		},
		.has_base = true,
		.base = { .verdict = XDPACTION_TX, .probability = XDPACTION_ALWAYS },
		.duration_ns = 5,
		.packets = 6,
	};
	check_same("without expressions");
	fill(setting.rule.except, 'b', 1);
	fill(setting.base.spares, 'f', 300);
	check_same("with some");
	fill(setting.rule.match, 'a', XDPACTION_EXPRESSION_SIZE - 1);
	fill(setting.rule.except, 'b', XDPACTION_EXPRESSION_SIZE - 1);
	fill(setting.rule.spares, 'c', XDPACTION_EXPRESSION_SIZE - 1);
	fill(setting.base.match, 'd', XDPACTION_EXPRESSION_SIZE - 1);
	fill(setting.base.except, 'e', XDPACTION_EXPRESSION_SIZE - 1);
	fill(setting.base.spares, 'f', XDPACTION_EXPRESSION_SIZE - 1);
	check_same("with all of them as long as can be");
	return finish();
}
