// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>

#include "commands.h"
#include "forms/forms.h"
#include "say/say.h"
#include "setter.h"

static void print_set(const struct cli *cli, const char *ifname,
		      const struct xdpaction_setting *setting)
{
	struct named_setting named = describe_names(setting);
	char line[SETTING_SIZE];
	struct words words = words_in(line, sizeof(line));

	if (cli->quiet || cli->json)
		return;
	words_add(&words, "%s: ", ifname);
	describe_asked(&words, &named);
	put_escaped(stdout, line, sizeof(line));
	putchar('\n');
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

/* The worst one is the command's. */
static void keep_status(struct setter *setter, int status)
{
	setter->status = status > setter->status ? status : setter->status;
}

static bool is_refused(const struct setter *setter, const char *ifname,
		       const struct xdpaction_setting *setting)
{
	struct xdpaction_setting guarded;

	if (setting->duration_ns == setter->guarded_ns)
		return guard_refuses(setter->cli, setter->guard, ifname, setting);
	guarded = *setting;
	guarded.duration_ns = setter->guarded_ns;
	return guard_refuses(setter->cli, setter->guard, ifname, &guarded);
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
	if (err) {
		keep_status(setter, report_library(setter->cli, ifname, err));
		return;
	}
	if (is_refused(setter, ifname, setting))
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
	if (!setter->silent)
		print_set(setter->cli, ifname, setting);
	warn_of_no_change(setter->cli, ifname, setting);
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

int setter_set(struct setter *setter, const struct interfaces *interfaces)
{
	int err = xdpaction_change_begin(setter->cli->ctx, setter->asked, &setter->change);

	return err ? report_library(setter->cli, NULL, err) : set_all(setter, interfaces);
}
