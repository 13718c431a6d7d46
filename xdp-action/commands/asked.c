// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "asked.h"
#include "commands.h"
#include "say/say.h"

/* The option was not given. */
#define NO_VERDICT ((enum xdpaction_verdict)XDPACTION_VERDICTS)

void asked_init(void *data)
{
	struct asked *asked = data;

	*asked = (struct asked){ .then = NO_VERDICT, .otherwise = NO_VERDICT };
	conditions_init(&asked->conditions);
}

static bool names_redirect(const struct asked *asked)
{
	return asked->verdict == XDPACTION_REDIRECT || asked->otherwise == XDPACTION_REDIRECT ||
	       asked->then == XDPACTION_REDIRECT;
}

/* Whether some packets do not get the verdict. */
static bool leaves_out(const struct asked *asked)
{
	return conditions_leave_out(&asked->conditions) || asked->verdict == XDPACTION_TX;
}

void asked_check(const struct cli *cli, const struct asked *asked, bool ends,
		 struct words *wrong)
{
	if (conditions_check(&asked->conditions, wrong) || check_all(cli, asked->all, wrong))
		return;
	if (asked->then != NO_VERDICT && !ends && !asked->duration_ns && !asked->packets)
		words_add(wrong, "--then needs --for or --packets");
	else if (asked->otherwise != NO_VERDICT && !leaves_out(asked))
		words_add(wrong, "--otherwise needs a condition that leaves packets out, or the verdict TX");
	else if (asked->conditions.spare && asked->otherwise != NO_VERDICT &&
		 asked->otherwise != XDPACTION_PASS)
		words_add(wrong, "--spare-session needs PASS for --otherwise, which is what the session gets");
	else if (names_redirect(asked) && !*asked->to)
		words_add(wrong, "REDIRECT needs --to IFNAME");
	else if (!names_redirect(asked) && *asked->to)
		words_add(wrong, "--to is for REDIRECT only");
	else
		check_unchanged(cli, wrong);
}

static void store_rule(enum xdpaction_verdict verdict, enum xdpaction_verdict otherwise,
		       unsigned int target, struct xdpaction_rule *rule)
{
	bool redirects = verdict == XDPACTION_REDIRECT || otherwise == XDPACTION_REDIRECT;

	rule->verdict = verdict;
	rule->otherwise = otherwise == NO_VERDICT ? XDPACTION_PASS : otherwise;
	rule->probability = XDPACTION_ALWAYS;
	rule->target_ifindex = redirects ? target : 0;
}

static void store_setting(const struct asked *asked, unsigned int target,
			  struct xdpaction_setting *setting)
{
	*setting = (struct xdpaction_setting){
		.size = sizeof(*setting),
		.duration_ns = asked->duration_ns,
		.packets = asked->packets,
		.has_base = asked->then != NO_VERDICT,
	};
	store_rule(asked->verdict, asked->otherwise, target, &setting->rule);
	conditions_store(&asked->conditions, &setting->rule);
	if (setting->has_base)
		store_rule(asked->then, NO_VERDICT, target, &setting->base);
}

struct guard asked_guard(const struct asked *asked)
{
	return (struct guard){
		.command = GUARD_SET,
		.forced = asked->force,
		.spares = asked->conditions.spare,
	};
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

int asked_setting(const struct cli *cli, const struct asked *asked,
		  struct xdpaction_setting *setting)
{
	unsigned int target;
	int status = find_target(cli, asked->to, &target);

	if (status == EXIT_DONE)
		store_setting(asked, target, setting);
	return status;
}
