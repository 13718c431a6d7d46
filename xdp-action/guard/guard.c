// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
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

void guard_find_client(char client[64])
{
	struct session session;
	struct caller caller;

	client[0] = '\0';
	caller_find(&caller);
	if (caller.connection && session_parse(caller.connection, &session))
		strcpy(client, session.client_text);
	caller_free(&caller);
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

/* Gives a session of this namespace the addresses that it has on the wire. */
static void find_wire(struct guard *guard, struct session *session)
{
	int wrapped = rewrites_ipsec(session);
	int err = rewrites_undo_nat(session);

	if (wrapped > 0)
		snprintf(guard->veil, sizeof(guard->veil), "IPsec hides its packets");
	else if (wrapped < 0)
		snprintf(guard->veil, sizeof(guard->veil),
			 "cannot find out whether IPsec hides its packets: %s", strerror(-wrapped));
	else if (err)
		snprintf(guard->veil, sizeof(guard->veil),
			 "cannot find out whether NAT changes its packets: %s", strerror(-err));
}

static void add_spared(struct guard *guard, const struct session *session)
{
	struct spared_session *spared = &guard->spared.sessions[guard->spared.count];

	if (guard->spared.count == SPARED_MAX) {
		snprintf(guard->veil, sizeof(guard->veil), "it may be any of more than %d",
			 SPARED_MAX);
		return;
	}
	*spared = (struct spared_session){
		.family = session->client.family,
		.client_port = session->client_port,
		.server_port = session->server_port,
	};
	memcpy(&spared->client, &session->client.v6, sizeof(spared->client));
	memcpy(&spared->server, &session->server.v6, sizeof(spared->server));
	guard->spared.count++;
}

static int add_session(struct guard *guard, const struct session *session, int home_netns)
{
	struct session on_wire = *session;
	int netns = session_netns(session, home_netns);
	int err = netns < 0 ? netns : is_here(netns);

	/* The process has ended, and so has its session. */
	if (err == -ENOENT || err == -ESRCH)
		return 0;
	if (err > 0) {
		find_wire(guard, &on_wire);
		err = carriers_add(&guard->carriers, session);
	} else if (!err) {
		err = carriers_add_from(&guard->carriers, session, netns);
	}
	if (netns >= 0)
		close(netns);
	add_spared(guard, &on_wire);

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

	if (guard->looked)
		return;
	guard->looked = true;
	err = sessions_find(&sessions, guard->unsure, sizeof(guard->unsure));
	if (!err && sessions.count) {
		err = carriers_begin(&guard->carriers);
		if (err)
			snprintf(guard->unsure, sizeof(guard->unsure),
				 "cannot look at the interfaces: %s", strerror(-err));
	}
	if (sessions.perhaps_mosh)
		snprintf(guard->veil, sizeof(guard->veil), "it may be one of mosh");
	for (i = 0; !err && i < sessions.count; i++) {
		strcpy(guard->client, sessions.list[i].client_text);
		guard->several = sessions.count > 1;
		err = add_session(guard, &sessions.list[i], home_netns);
	}
	sessions_free(&sessions);
}

/* ---- sparing ---- */

/* Why no expression can tell the packets of the sessions on an interface; NULL when one can. */
static const char *why_not_told(const struct guard *guard, const char *ifname)
{
	struct crossing crossing = carriers_crossing(&guard->carriers, ifname);

	if (*guard->veil)
		return guard->veil;
	if (guard->carriers.relayed ||
	    (crossing.passage == PASSAGE_PERHAPS && *guard->carriers.doubt))
		return guard->carriers.doubt;
	switch (crossing.wrap) {
	case WRAP_NONE:
	case WRAP_TAG:
	case WRAP_TWO_TAGS:
		break;
	case WRAP_MORE_TAGS:
		return "its packets may have more than two VLAN tags there";
	case WRAP_AWAY:
		return "only what goes to the client comes in there";
	case WRAP_INSIDE:
		return "its packets are hidden in others there";
	}
	if (crossing.passage && carriers_need_lacp(&guard->carriers, ifname))
		return "its bond is kept up by LACP, which is not spared";
	return NULL;
}

static bool spares_all(const struct spared *spared, const struct spared *wanted)
{
	size_t i;

	for (i = 0; i < wanted->count; i++)
		if (!spared_has(spared, &wanted->sessions[i]))
			return false;
	return true;
}

/* Whether the sessions, which are known, get through a rule that cuts others. */
static bool rule_spares(const struct guard *guard, const char *ifname,
			const struct xdpaction_rule *rule)
{
	struct spared spared;

	return rule->otherwise == XDPACTION_PASS && spared_read(rule->spares, &spared) &&
	       spares_all(&spared, &guard->spared) && !why_not_told(guard, ifname);
}

static void refuse_to_spare(const struct cli *cli, const struct guard *guard, const char *ifname,
			    const char *why)
{
	char message[REPORT_SIZE];
	struct words words = words_in(message, sizeof(message));
	struct report refusal = {
		.message = message,
		.interface = ifname,
		.advice = "let it end by itself without --spare-session, as with --for 30s",
		.err = -EPERM,
	};

	words_add(&words, "refused: cannot spare the SSH session it was typed in");
	if (*guard->client)
		words_add(&words, ", %s from %s", guard->several ? "such as that" : "which is",
			  guard->client);
	words_add(&words, ": %s", why);
	report_print(cli, &refusal);
}

static void report_no_session(const struct cli *cli)
{
	struct report error = {
		.message = "there is no SSH session to spare: this was not typed in one",
		.advice = "leave out --spare-session",
		.err = -ENOENT,
	};

	report_print(cli, &error);
}

/* Who may not look at processes may do nothing else either: that is said, and not this. */
static bool lacks_privileges(const struct cli *cli, const struct guard *guard)
{
	int err = *guard->unsure ? xdpaction_check_privileges(cli->ctx) : 0;

	if (err)
		report_library(cli, NULL, err);
	return err;
}

bool guard_spare(const struct cli *cli, struct guard *guard, struct xdpaction_setting *setting)
{
	const char *why = NULL;

	if (!guard->spares)
		return true;
	find_carriers(guard, cli->home_netns);
	if (lacks_privileges(cli, guard))
		return false;
	if (*guard->unsure)
		why = guard->unsure;
	else if (!guard->spared.count) {
		report_no_session(cli);
		return false;
	} else if (!spared_write(&guard->spared, setting->rule.spares,
				 sizeof(setting->rule.spares)))
		why = "it may be any of several, for which there is no room";
	if (why)
		refuse_to_spare(cli, guard, NULL, why);
	else if (setting->has_base)
		strcpy(setting->base.spares, setting->rule.spares);
	return !why;
}

/* ---- refusals ---- */

/* A setting without what spares the sessions, which are known. */
static struct xdpaction_setting without_sparing(const struct guard *guard, const char *ifname,
						const struct xdpaction_setting *setting)
{
	struct xdpaction_setting left = *setting;

	if (rule_spares(guard, ifname, &setting->rule))
		left.rule.verdict = XDPACTION_PASS;
	if (setting->has_base && rule_spares(guard, ifname, &setting->base))
		left.base.verdict = XDPACTION_PASS;
	return left;
}

/* Whether an expression, which is not compared with a session, lets some packets through. */
static bool is_selective(const struct xdpaction_rule *rule)
{
	return (*rule->match || *rule->except) &&
	       (rule->verdict == XDPACTION_PASS || rule->otherwise == XDPACTION_PASS);
}

/* Whether all in a setting that cuts is selective. */
static bool cuts_by_expression(const struct xdpaction_setting *setting)
{
	struct xdpaction_setting left = *setting;

	if (is_selective(&setting->rule))
		left.rule.verdict = left.rule.otherwise = XDPACTION_PASS;
	if (setting->has_base && is_selective(&setting->base))
		left.base.verdict = left.base.otherwise = XDPACTION_PASS;
	return !guard_setting_cuts(&left);
}

/* Whether --spare-session would do. */
static bool can_spare(const struct guard *guard, const char *ifname,
		      const struct xdpaction_setting *setting)
{
	return !*guard->unsure && setting->rule.otherwise == XDPACTION_PASS &&
	       !why_not_told(guard, ifname);
}

static const char *advice(const struct guard *guard, const char *ifname,
			  const struct xdpaction_setting *setting)
{
	bool spare = can_spare(guard, ifname, setting);

	if (setting->has_base && guard_cuts(&setting->base) &&
	    !rule_spares(guard, ifname, &setting->base))
		return "let it end in PASS with --then PASS, or insist with --force";
	if (guard->command == GUARD_LOAD)
		return spare ? "spare it with --spare-session, load without --action and then set it with --for, or insist with --force" :
			       "load without --action and then set it with --for, or insist with --force";
	return spare ? "spare it with --spare-session, let it end by itself, as with --for 30s, or insist with --force" :
		       "let it end by itself, as with --for 30s, or insist with --force";
}

static void add_reason(struct words *words, const struct guard *guard, enum passage passage,
		       const char *ifname, const struct xdpaction_setting *left)
{
	const char *doubt = *guard->carriers.doubt ? guard->carriers.doubt :
						     "a route to it leads there";

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
	else if (cuts_by_expression(left))
		words_add(words, "this may cut the SSH session it was typed in, from %s: whether the expression matches its packets is not looked at",
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
	struct xdpaction_setting left;
	const char *why;

	if (guard->forced)
		return false;
	why = guard->spares ? why_not_told(guard, ifname) : NULL;
	if (why) {
		refuse_to_spare(cli, guard, ifname, why);
		return true;
	}
	if (!guard_setting_cuts(setting))
		return false;
	find_carriers(guard, cli->home_netns);
	if (lacks_privileges(cli, guard))
		return true;
	if (*guard->client)
		passage = carriers_crossing(&guard->carriers, ifname).passage;
	left = without_sparing(guard, ifname, setting);
	if (!*guard->unsure && (!passage || !guard_setting_cuts(&left)))
		return false;

	words_add(&words, "refused: ");
	add_reason(&words, guard, passage, ifname, &left);
	refusal.advice = advice(guard, ifname, setting);
	report_print(cli, &refusal);
	return true;
}
