// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard.h"
#include "say/say.h"

void guard_free(struct guard *guard)
{
	carriers_free(&guard->carriers);
}

bool guard_cuts(const struct xdpaction_rule *rule)
{
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		if (verdict != XDPACTION_PASS && xdpaction_rule_can_give(rule, verdict))
			return true;
	return false;
}

bool guard_setting_cuts(const struct xdpaction_setting *setting)
{
	return (guard_cuts(&setting->rule) && !setting->duration_ns) ||
	       (setting->has_base && guard_cuts(&setting->base));
}

/* Whether a descriptor is the network namespace of the thread: 1, 0 or a negative errno value. */
static int is_here(int netns)
{
	struct stat here, there;

	if (stat("/proc/thread-self/ns/net", &here) || fstat(netns, &there))
		return -errno;
	return here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

static int add_session(struct guard *guard, const struct session *session, int home_netns)
{
	int netns = session_netns(session, home_netns);
	int err = netns < 0 ? netns : is_here(netns);

	/* Its process has ended, and so has the session. */
	if (err == -ENOENT || err == -ESRCH)
		err = 0;
	else if (err > 0)
		err = carriers_add(&guard->carriers, session);
	else if (!err)
		err = carriers_add_from(&guard->carriers, session, netns);
	if (netns >= 0)
		close(netns);

	if (err == -EADDRNOTAVAIL)
		snprintf(guard->unsure, sizeof(guard->unsure),
			 "no interface has the address of the session from %s",
			 session->client_text);
	else if (err)
		snprintf(guard->unsure, sizeof(guard->unsure),
			 "cannot look at the interfaces of the session from %s: %s",
			 session->client_text, strerror(-err));
	return err;
}

/* Finds the sessions and their interfaces, once. */
static void find_carriers(struct guard *guard, int home_netns)
{
	struct sessions sessions;
	size_t i;
	int err;

	guard->looked = true;
	err = sessions_find(&sessions, guard->unsure, sizeof(guard->unsure));
	if (!err && sessions.count) {
		err = carriers_begin(&guard->carriers);
		if (err)
			snprintf(guard->unsure, sizeof(guard->unsure),
				 "cannot look at the interfaces: %s", strerror(-err));
	}
	for (i = 0; !err && i < sessions.count; i++) {
		strcpy(guard->client, sessions.list[i].client_text);
		guard->several = sessions.count > 1;
		err = add_session(guard, &sessions.list[i], home_netns);
	}
	sessions_free(&sessions);
}

static const char *advice(const struct guard *guard, const struct xdpaction_setting *setting)
{
	if (guard->command == GUARD_LOAD)
		return "load without --action and then set it with --for, or insist with --force";
	if (setting->has_base && guard_cuts(&setting->base))
		return "let it end in PASS with --then PASS, or insist with --force";
	return "let it end by itself, as with --for 30s, or insist with --force";
}

static void add_reason(struct words *words, const struct guard *guard, enum passage passage,
		       const char *ifname)
{
	const char *doubt = *guard->carriers.doubt ? guard->carriers.doubt :
						     "there is a route to it that leads there";

	if (*guard->unsure)
		words_add(words,
			  "cannot tell whether this would cut the SSH session it was typed in: %s",
			  guard->unsure);
	else if (passage == PASSAGE_PERHAPS)
		words_add(words, "the SSH session it was typed in, %s from %s, may pass %s: %s",
			  guard->several ? "such as that" : "which is", guard->client, ifname,
			  doubt);
	else if (guard->several)
		words_add(words, "this may cut the SSH session it was typed in, which is not known: of several, one is from %s",
			  guard->client);
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
	enum passage passage = PASSAGE_NONE;

	if (!guard_setting_cuts(setting))
		return false;
	if (!guard->looked)
		find_carriers(guard, cli->home_netns);
	if (*guard->client)
		passage = carriers_crossing(&guard->carriers, ifname).passage;
	if (!*guard->unsure && !passage)
		return false;

	words_add(&words, "refused: ");
	add_reason(&words, guard, passage, ifname);
	refusal.advice = advice(guard, setting);
	report_print(cli, &refusal);
	return true;
}
