// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "commands.h"
#include "conditions.h"
#include "forms/forms.h"
#include "guard/guard.h"
#include "say/say.h"

/* The option was not given. */
#define NO_VERDICT ((enum xdpaction_verdict)XDPACTION_VERDICTS)

struct set_values {
	enum xdpaction_verdict verdict, otherwise, then;
	struct conditions conditions;
	uint64_t packets;
	uint64_t duration_ns;
	char to[XDPACTION_IFNAME_SIZE];
	bool all;
	bool force;
};

static const struct option_def options[] = {
	CONDITION_OPTIONS(struct set_values, conditions),
	OPTION_VALUE('c', "packets", "N", value_packets, struct set_values, packets,
		     "for exactly the next N packets, then the base"),
	OPTION_VALUE('t', "for", "DURATION", value_duration, struct set_values, duration_ns,
		     "for this long, then the base: 500ms, 30s, 5m, 2h, 1d"),
	OPTION_VALUE(0, "then", "VERDICT", value_verdict, struct set_values, then,
		     "the base, instead of what was in force before"),
	OPTION_VALUE(0, "otherwise", "VERDICT", value_verdict, struct set_values, otherwise,
		     "what packets get that these leave out; default PASS"),
	OPTION_VALUE(0, "to", "IFNAME", value_ifname, struct set_values, to,
		     "where REDIRECT sends packets"),
	OPTION_FLAG('a', "all", struct set_values, all,
		    "every interface that has an instance, as without IFNAME"),
	OPTION_FLAG('f', "force", struct set_values, force,
		    "even if it would cut the SSH session it is typed in"),
	OPTIONS_END,
};

static bool names_redirect(const struct set_values *values)
{
	return values->verdict == XDPACTION_REDIRECT || values->otherwise == XDPACTION_REDIRECT ||
	       values->then == XDPACTION_REDIRECT;
}

/* Whether some packets do not get the verdict. */
static bool leaves_out(const struct set_values *values)
{
	return conditions_leave_out(&values->conditions) || values->verdict == XDPACTION_TX;
}

static void init_set(void *data)
{
	struct set_values *values = data;

	values->then = NO_VERDICT;
	values->otherwise = NO_VERDICT;
	conditions_init(&values->conditions);
}

static void check_set(const struct cli *cli, const void *data, struct words *wrong)
{
	const struct set_values *values = data;
	const char *wrong_conditions = conditions_check(&values->conditions);

	if (wrong_conditions)
		words_add(wrong, "%s", wrong_conditions);
	else if (values->all && cli->operands.count)
		words_add(wrong, "give --all or interface names, not both");
	else if (values->then != NO_VERDICT && !values->duration_ns && !values->packets)
		words_add(wrong, "--then needs --for or --packets");
	else if (values->otherwise != NO_VERDICT && !leaves_out(values))
		words_add(wrong, "--otherwise needs a condition that leaves packets out, or the verdict TX");
	else if (values->conditions.spare && values->otherwise != NO_VERDICT &&
		 values->otherwise != XDPACTION_PASS)
		words_add(wrong, "--spare-session needs PASS for --otherwise, which is what the session gets");
	else if (names_redirect(values) && !*values->to)
		words_add(wrong, "REDIRECT needs --to IFNAME");
	else if (!names_redirect(values) && *values->to)
		words_add(wrong, "--to is for REDIRECT only");
}

static struct xdpaction_rule rule_of(enum xdpaction_verdict verdict,
				     enum xdpaction_verdict otherwise, unsigned int target)
{
	bool redirects = verdict == XDPACTION_REDIRECT || otherwise == XDPACTION_REDIRECT;

	return (struct xdpaction_rule){
		.verdict = verdict,
		.otherwise = otherwise == NO_VERDICT ? XDPACTION_PASS : otherwise,
		.probability = XDPACTION_ALWAYS,
		.target_ifindex = redirects ? target : 0,
	};
}

static struct xdpaction_setting setting_of(const struct set_values *values, unsigned int target)
{
	struct xdpaction_setting setting = {
		.size = sizeof(setting),
		.rule = rule_of(values->verdict, values->otherwise, target),
		.duration_ns = values->duration_ns,
		.packets = values->packets,
		.has_base = values->then != NO_VERDICT,
	};

	conditions_store(&values->conditions, &setting.rule);
	if (setting.has_base)
		setting.base = rule_of(values->then, NO_VERDICT, target);
	return setting;
}

static void print_set(const struct cli *cli, const char *ifname,
		      const struct xdpaction_setting *setting)
{
	struct named_setting named = describe_names(setting);
	char line[SETTING_SIZE], safe[4 * SETTING_SIZE];
	struct words words = words_in(line, sizeof(line));

	if (cli->quiet)
		return;
	words_add(&words, "%s: ", ifname);
	describe_asked(&words, &named);
	printf("%s\n", escape_text(safe, sizeof(safe), line));
}

static void warn_of_no_change(const struct cli *cli, const char *ifname,
			      const struct xdpaction_setting *setting)
{
	struct report warning = {
		.kind = REPORT_WARNING,
		.message = "its end changes nothing: the base is the same as the setting",
		.advice = "name another base, as with --then PASS, or set that first",
		.interface = ifname,
	};

	if (setting->rule.verdict == XDPACTION_PASS)
		warning.advice = "name another base with --then";
	if (!cli->quiet && setting->has_base &&
	    xdpaction_rule_equal(&setting->rule, &setting->base))
		report_print(cli, &warning);
}

/* One call of set. */
struct setter {
	const struct cli *cli;
	const struct xdpaction_setting *asked;
	struct xdpaction_change *change;
	struct guard *guard;
	size_t count;		/* of the instances that were found */
	int status;
};

/* The worst one is the command's. */
static void keep_status(struct setter *setter, int status)
{
	setter->status = status > setter->status ? status : setter->status;
}

/*
 * Checks one interface before any is changed, so that a wrong name among several
 * does not leave the others cut. The guard asks about the base too.
 */
static void check_one(void *data, const char *ifname, int err,
		      const struct xdpaction_setting *setting)
{
	struct setter *setter = data;

	setter->count++;
	if (err)
		keep_status(setter, report_library(setter->cli, ifname, err));
	else if (guard_refuses(setter->cli, setter->guard, ifname, setting))
		keep_status(setter, EXIT_NOT_DONE);
}

static void add_given(struct setter *setter, const struct interfaces *interfaces)
{
	struct xdpaction_setting stored = { .size = sizeof(stored) };
	size_t i;
	int err;

	for (i = 0; i < interfaces->count; i++) {
		err = xdpaction_change_add(setter->cli->ctx, setter->change, interfaces->list[i],
					   &stored);
		check_one(setter, interfaces->list[i], err, &stored);
	}
}

static void end_one(void *data, const char *ifname, int err,
		    const struct xdpaction_setting *setting)
{
	struct setter *setter = data;

	if (err) {
		keep_status(setter, report_library(setter->cli, ifname, err));
		return;
	}
	warn_of_sending(setter->cli, ifname, setter->asked);
	print_set(setter->cli, ifname, setting);
	warn_of_no_change(setter->cli, ifname, setting);
}

static int find_target(const struct cli *cli, const char *name, unsigned int *ifindex)
{
	char quoted[QUOTE_SIZE];
	int err;

	*ifindex = 0;
	if (!*name)
		return EXIT_DONE;
	*ifindex = if_nametoindex(name);
	if (*ifindex)
		return EXIT_DONE;
	err = -errno;
	if (err == -ENODEV)
		return report_failure(cli, err, "--to: there is no interface '%s'",
				      quote_text(quoted, name));
	return report_failure(cli, err, "--to: cannot look up the interface '%s': %s",
			      quote_text(quoted, name), strerror(-err));
}

static int report_none(const struct cli *cli)
{
	struct report error = {
		.message = "no interface has an instance",
		.advice = "load one with '" PROGRAM " load IFNAME'",
		.err = -ENOENT,
	};

	report_print(cli, &error);
	return EXIT_NOT_DONE;
}

/* Sets all of the interfaces, or none when one of them fails the check. */
static int set_all(struct setter *setter, const struct interfaces *interfaces)
{
	int err = 0;

	if (interfaces->given)
		add_given(setter, interfaces);
	else
		err = xdpaction_change_add_all(setter->cli->ctx, setter->change, check_one, setter);
	if (err)
		return report_library(setter->cli, NULL, err);
	if (!setter->count)
		return report_none(setter->cli);
	if (setter->status == EXIT_DONE)
		xdpaction_change_store(setter->cli->ctx, setter->change, end_one, setter);
	return setter->status;
}

static int change_settings(struct setter *setter, const struct interfaces *interfaces)
{
	int err = xdpaction_change_begin(setter->cli->ctx, setter->asked, &setter->change);
	int status = err ? report_library(setter->cli, NULL, err) : set_all(setter, interfaces);

	xdpaction_change_end(setter->change);
	return status;
}

static int run_set(struct cli *cli, void *data, struct interfaces *interfaces)
{
	const struct set_values *values = data;
	struct guard guard = {
		.command = GUARD_SET,
		.forced = values->force,
		.spares = values->conditions.spare,
	};
	struct xdpaction_setting setting;
	struct setter setter = {
		.cli = cli,
		.asked = &setting,
		.guard = &guard,
	};
	unsigned int target;
	int status;

	status = find_target(cli, values->to, &target);
	if (status != EXIT_DONE)
		return status;

	setting = setting_of(values, target);
	status = guard_spare(cli, &guard, &setting) ? change_settings(&setter, interfaces) :
						      EXIT_NOT_DONE;
	guard_free(&guard);
	return status;
}

const struct command set_command = {
	.name = "set",
	.synopsis = "VERDICT [-a | IFNAME...] " CONDITION_SYNOPSIS
		    " [-c N] [-t DURATION] [--then VERDICT] [--otherwise VERDICT] [--to IFNAME] [-f]",
	.summary = "Changes what happens to packets",
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
		 "TX never sends back a frame to a group address; such a frame gets --otherwise.\n",
	.options = options,
	.first = &value_verdict,
	.first_offset = offsetof(struct set_values, verdict),
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INSTANCES,
	.looks = true,
	.values_size = sizeof(struct set_values),
	.init = init_set,
	.check = check_set,
	.changes = true,
	.run = run_set,
};
