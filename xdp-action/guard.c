// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "describe.h"
#include "guard.h"
#include "report.h"

void guard_free(struct guard *guard)
{
	carriers_free(&guard->carriers);
}

bool guard_cuts(const struct xdpaction_rule *rule)
{
	return (rule->verdict != XDPACTION_PASS && rule->probability > 0) ||
	       (rule->otherwise != XDPACTION_PASS && rule->probability < XDPACTION_ALWAYS);
}

bool guard_setting_cuts(const struct xdpaction_setting *setting)
{
	return (guard_cuts(&setting->rule) && !setting->duration_ns) ||
	       (setting->has_base && guard_cuts(&setting->base));
}

/* Finds the session and its interfaces, once. */
static void look(struct guard *guard, uint64_t home_netns)
{
	struct session session;
	int err;

	guard->looked = true;
	err = session_find(&session, guard->unsure, sizeof(guard->unsure));
	if (err <= 0)
		return;
	strcpy(guard->client, session.client_text);

	err = session_here(&session, home_netns);
	if (err < 0)
		snprintf(guard->unsure, sizeof(guard->unsure),
			 "cannot read the network namespace of process %d: %s", (int)session.pid,
			 strerror(-err));
	if (err <= 0)
		return;

	guard->session = true;
	err = carriers_find(&session, &guard->carriers);
	if (err == -EADDRNOTAVAIL)
		snprintf(guard->unsure, sizeof(guard->unsure),
			 "no interface has the address of the session from %s", guard->client);
	else if (err)
		snprintf(guard->unsure, sizeof(guard->unsure), "cannot look at the interfaces: %s",
			 strerror(-err));
}

static const char *advice(const struct guard *guard, const struct xdpaction_setting *setting)
{
	if (guard->command == GUARD_LOAD)
		return "load without --action and then set it with --for, or insist with --force";
	if (setting->has_base && guard_cuts(&setting->base))
		return "let it end in PASS, or insist with --force";
	return "let it end by itself, as with --for 30s, or insist with --force";
}

static void add_reason(struct words *words, const struct guard *guard, const char *ifname)
{
	if (*guard->unsure)
		words_add(words,
			  "cannot tell whether this would cut the SSH session it was typed in: %s",
			  guard->unsure);
	else if (*guard->carriers.doubt)
		words_add(words, "the SSH session it was typed in, from %s, may pass %s: %s",
			  guard->client, ifname, guard->carriers.doubt);
	else
		words_add(words, "this would cut the SSH session it was typed in, from %s",
			  guard->client);
}

bool guard_refuses(const struct cli *cli, struct guard *guard, const char *ifname,
		   const struct xdpaction_setting *setting)
{
	char message[REPORT_SIZE];
	struct words words = words_in(message, sizeof(message));
	struct report refusal = { .message = message, .interface = ifname, .err = -EPERM };

	if (!guard_setting_cuts(setting))
		return false;
	if (!guard->looked)
		look(guard, cli->home_netns);
	if (!*guard->unsure && (!guard->session || !carriers_have(&guard->carriers, ifname)))
		return false;

	words_add(&words, "refused: ");
	add_reason(&words, guard, ifname);
	refusal.advice = advice(guard, setting);
	report(cli, &refusal);
	return true;
}
