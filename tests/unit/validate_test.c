// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Settings that cannot be: what a program that uses the library may ask for, and
 * the tool never does.
 */
#include <errno.h>
#include <string.h>

#include "instance/instance.h"
#include "support/tap.h"

static struct xdpaction *ctx;
static const struct link interface = { .ifindex = 7, .name = "test0", .ethernet = true };
static const struct link loopback = { .ifindex = 1, .name = "lo", .ethernet = true,
				      .loopback = true };
static const struct link headless = { .ifindex = 8, .name = "tun0" };

static struct xdpaction_setting setting_of(enum xdpaction_verdict verdict)
{
	return (struct xdpaction_setting){
		.rule = { .verdict = verdict, .otherwise = XDPACTION_PASS,
			  .probability = XDPACTION_ALWAYS },
		.base = { .verdict = XDPACTION_PASS, .otherwise = XDPACTION_PASS,
			  .probability = XDPACTION_ALWAYS },
	};
}

static bool refused(const struct link *link, struct xdpaction_setting *setting,
		    const char *reason)
{
	forget_error(ctx);
	return setting_check(ctx, link, setting) == -EINVAL &&
	       strstr(xdpaction_error(ctx), reason);
}

static bool accepted(const struct link *link, struct xdpaction_setting *setting)
{
	return !setting_check(ctx, link, setting);
}

static void check_rules(void)
{
	struct xdpaction_setting setting;
	int verdict;

	for (verdict = 0; verdict <= XDPACTION_TX; verdict++) {
		setting = setting_of(verdict);
		ok(accepted(&interface, &setting), "%s is accepted",
		   xdpaction_verdict_name(verdict));
	}
	setting = setting_of(XDPACTION_VERDICTS);
	ok(refused(&interface, &setting, "no verdict 5"), "there is no sixth verdict");
	setting = setting_of(XDPACTION_DROP);
	setting.rule.otherwise = XDPACTION_VERDICTS + 1;
	ok(refused(&interface, &setting, "no verdict 6"), "nor a seventh");
	setting = setting_of(XDPACTION_DROP);
	setting.rule.probability++;
	ok(refused(&interface, &setting, "above 1"), "no probability is above 1");
}

static void check_conditions(void)
{
	struct xdpaction_setting setting = setting_of(XDPACTION_DROP);

	setting.duration_ns = XDPACTION_DURATION_MIN_NS;
	ok(accepted(&interface, &setting), "a millisecond is a duration");
	setting.duration_ns--;
	ok(refused(&interface, &setting, "1 ms to 30 days"), "less is none");
	setting.duration_ns = XDPACTION_DURATION_MAX_NS;
	ok(accepted(&interface, &setting), "30 days are one");
	setting.duration_ns++;
	ok(refused(&interface, &setting, "1 ms to 30 days"), "more are none");

	setting = setting_of(XDPACTION_DROP);
	setting.packets = XDPACTION_PACKETS_MAX;
	ok(accepted(&interface, &setting), "2^32 packets can be counted");
	setting.packets++;
	ok(refused(&interface, &setting, "1 to 2^32"), "more cannot");
}

static void check_bursts_of(uint32_t burst)
{
	struct xdpaction_setting setting = setting_of(XDPACTION_DROP);
	uint64_t least, most;

	xdpaction_burst_shares(burst, &least, &most);
	setting.rule.burst = burst;
	setting.rule.probability = least;
	ok(accepted(&interface, &setting), "runs of %g have a least share", burst / 1000.0);
	setting.rule.probability--;
	ok(refused(&interface, &setting, "so small"), "no less");
	setting.rule.probability = most;
	ok(accepted(&interface, &setting), "and a largest one");
	setting.rule.probability++;
	ok(refused(&interface, &setting, "at most"), "no more");
}

static void check_bursts(void)
{
	struct xdpaction_setting setting = setting_of(XDPACTION_DROP);

	check_bursts_of(XDPACTION_BURST_MIN);
	check_bursts_of(2500);
	check_bursts_of(XDPACTION_BURST_MAX);
	setting.rule.burst = 4000;
	setting.rule.probability = (4 * XDPACTION_ALWAYS + 2) / 5;
	ok(accepted(&interface, &setting), "80%% in runs of 4: the share is rounded up, as it is typed");
	setting.rule.burst = 1000;
	setting.rule.probability = XDPACTION_ALWAYS / 10 * 6;
	ok(refused(&interface, &setting, "runs of 1 packet on average"), "one packet is singular");
}

static void check_bases(void)
{
	struct xdpaction_setting setting = setting_of(XDPACTION_DROP);

	setting.base.verdict = XDPACTION_VERDICTS;
	ok(accepted(&interface, &setting), "the base of what never ends means nothing");
	setting.packets = 1;
	ok(accepted(&interface, &setting), "nor does one that is not given");
	setting.has_base = true;
	ok(refused(&interface, &setting, "no verdict 5"), "another one is looked at as the rule");
}

static void check_interfaces(void)
{
	struct xdpaction_setting setting = setting_of(XDPACTION_TX);

	ok(refused(&loopback, &setting, "round forever"), "no TX on a loopback");
	ok(refused(&headless, &setting, "Ethernet header"), "nor without Ethernet headers");
	setting.rule.probability = 0;
	ok(accepted(&loopback, &setting), "a TX that no packet gets may stand anywhere");
	setting.rule.otherwise = XDPACTION_TX;
	ok(refused(&loopback, &setting, "round forever"), "one that the others get may not");

	setting = setting_of(XDPACTION_REDIRECT);
	ok(refused(&interface, &setting, "needs an interface"), "no REDIRECT without a target");
	setting.rule.target_ifindex = interface.ifindex;
	ok(refused(&interface, &setting, "itself"), "nor to the interface itself");
}

int main(void)
{
	if (xdpaction_new(&ctx))
		bail("no context");
	check_rules();
	check_conditions();
	check_bursts();
	check_bases();
	check_interfaces();
	xdpaction_free(ctx);
	return finish();
}
