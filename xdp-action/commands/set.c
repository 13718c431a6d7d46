// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "asked.h"
#include "commands.h"
#include "setter.h"

static const struct option_def options[] = {
	ASKED_OPTIONS,
	OPTION_JSON,
	OPTIONS_END,
};

static void check_set(const struct cli *cli, const void *data, struct words *wrong)
{
	asked_check(cli, data, false, wrong);
}

static int run_set(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct asked *asked = data;
	struct guard guard = asked_guard(asked);
	struct xdpaction_setting setting;
	struct setter setter = {
		.cli = cli,
		.asked = &setting,
		.guard = &guard,
		.guarded_ns = asked->duration_ns,
	};
	int status = asked_setting(cli, asked, &setting);

	if (status != EXIT_DONE)
		return status;
	status = guard_spare(cli, &guard, &setting) ? setter_set(&setter, interfaces) :
						      EXIT_NOT_DONE;
	xdpaction_change_end(setter.change);
	guard_free(&guard);
	return status;
}

const struct command set_command = {
	.name = "set",
	.synopsis = "VERDICT " ASKED_SYNOPSIS " [-j]",
	.summary = "Changes what happens to packets",
	.examples = "set DROP --for 30s\n"
		    "set DROP --match 'tcp port 5432' -p 5% eth0\n",
	.notes = "VERDICT is ABORTED, DROP, PASS, TX (back to the sender) or REDIRECT. "
		 "Without IFNAME: every interface that has an instance. All interfaces are checked "
		 "first; if one cannot be set, none is.\n"
		 "EXPR is an expression of pcap-filter(7). With both --match and --except packets "
		 "must match the first and not the second. -p and -c look at no others.\n"
		 "With -s the SSH session goes on, with ARP, neighbour discovery, router advertisements, "
		 "ICMP errors and DHCP.\n"
		 "Of the packets that match, --skip leaves out the first; then --pulse, --every or -p, "
		 "and -c are asked in this order.\n"
		 "With -p, -c counts the packets that got VERDICT. The setting ends with "
		 "whichever of -c and -t comes first. The kernel ends it, even when no " PROGRAM
		 " runs any more. Without either of them the setting stays.\n"
		 "TX never sends back a frame to a group address; such a frame gets --otherwise.\n"
		 "With --if-unchanged nothing is set when somebody changed the setting since "
		 "'status --json' showed N.\n",
	.options = options,
	.first = &value_verdict,
	.first_offset = offsetof(struct asked, verdict),
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INSTANCES,
	.looks = true,
	.values_size = sizeof(struct asked),
	.init = asked_init,
	.check = check_set,
	.changes = true,
	.told = true,
	.run = run_set,
};
