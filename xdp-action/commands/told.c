// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What is told of a command that changes instances, and to whom. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "forms/forms.h"
#include "guard/guard.h"
#include "list.h"
#include "say/say.h"

/* How much of a text one line of the log has room for. */
#define LOGGED_SIZE 1000

struct told {
	struct cli *cli;
	struct xdpaction_author author;
	struct outcomes outcomes;
	bool no_memory;
};

/* ---- who it is ---- */

static uint32_t login_uid(void)
{
	unsigned int uid = XDPACTION_NO_UID;
	FILE *file = fopen("/proc/self/loginuid", "re");

	if (!file)
		return XDPACTION_NO_UID;
	if (fscanf(file, "%u", &uid) != 1)
		uid = XDPACTION_NO_UID;
	fclose(file);
	return uid;
}

static struct xdpaction_author find_author(const struct cli *cli)
{
	const char *sudo_user = secure_getenv("SUDO_USER");
	struct xdpaction_author author = { .size = sizeof(author), .login_uid = login_uid() };

	snprintf(author.sudo_user, sizeof(author.sudo_user), "%s", sudo_user ? sudo_user : "");
	snprintf(author.note, sizeof(author.note), "%s", cli->note ? cli->note : "");
	guard_find_client(author.ssh_client);
	return author;
}

/* ---- the log ---- */

static void add_member(struct words *line, const char *name, const char *text)
{
	words_add(line, " %s=", name);
	words_add_quoted(line, text, LOGGED_SIZE);
}

/* 'set: interface="eth0"' */
static void begin_line(struct words *line, const struct cli *cli, const char *ifname)
{
	words_add(line, "%s:", cli->command);
	if (cli->netns)
		add_member(line, "netns", cli->netns);
	add_member(line, "interface", ifname);
}

static void add_origin(struct words *line, const struct xdpaction_origin *origin)
{
	char user[XDPACTION_USER_SIZE];
	const char *name = origin_user(user, origin);

	if (name)
		add_member(line, "user", name);
	words_add(line, " uid=%u", origin->uid);
	if (origin->login_uid != XDPACTION_NO_UID)
		words_add(line, " login_uid=%u", origin->login_uid);
	if (*origin->sudo_user)
		add_member(line, "sudo_user", origin->sudo_user);
	if (*origin->ssh_client)
		add_member(line, "ssh_client", origin->ssh_client);
	if (*origin->note)
		add_member(line, "note", origin->note);
}

static void add_setting(struct words *line, const char *name,
			const struct xdpaction_setting *setting, const char *without,
			void (*describe)(struct words *words, const struct named_setting *setting))
{
	/* Of a longer text no more is quoted. */
	char text[LOGGED_SIZE + 2];
	struct words words = words_in(text, sizeof(text));
	struct named_setting named;

	if (!setting) {
		words_add(line, " %s=%s", name, without);
		return;
	}
	named = describe_names(setting);
	describe(&words, &named);
	add_member(line, name, text);
}

static void log_effect(const struct cli *cli, const struct xdpaction_effect *effect)
{
	char text[16 * LOGGED_SIZE];
	struct words line = words_in(text, sizeof(text));

	begin_line(&line, cli, effect->ifname);
	add_setting(&line, "before", effect->before,
		    effect->kind == XDPACTION_EFFECT_LOADED ? "none" : "unknown",
		    describe_in_force);
	add_setting(&line, "after", effect->after, "none", describe_asked);
	if (effect->generation)
		words_add(&line, " generation=%llu", (unsigned long long)effect->generation);
	add_origin(&line, &effect->origin);
	syslog_send(SYSLOG_NOTICE, text);
}

static void log_failure(const struct told *told, const struct report *report)
{
	char text[16 * LOGGED_SIZE];
	struct words line = words_in(text, sizeof(text));
	const struct xdpaction_author *author = &told->author;
	struct xdpaction_origin origin = { .uid = getuid(), .login_uid = author->login_uid };

	strcpy(origin.sudo_user, author->sudo_user);
	strcpy(origin.ssh_client, author->ssh_client);
	strcpy(origin.note, author->note);
	begin_line(&line, told->cli, report->interface);
	add_member(&line, "failed", report->message);
	add_origin(&line, &origin);
	syslog_send(SYSLOG_WARNING, text);
}

/* ---- outcomes ---- */

static struct outcome *find_outcome(struct told *told, const char *ifname)
{
	struct outcomes *outcomes = &told->outcomes;
	struct outcome *grown;
	size_t i;

	for (i = 0; i < outcomes->count; i++)
		if (!strcmp(outcomes->list[i].ifname, ifname))
			return &outcomes->list[i];
	grown = list_grow(outcomes->list, outcomes->count, sizeof(*grown));
	if (!grown) {
		told->no_memory = true;
		return NULL;
	}
	outcomes->list = grown;
	grown += outcomes->count++;
	*grown = (struct outcome){ .kind = OUTCOME_KEPT };
	snprintf(grown->ifname, sizeof(grown->ifname), "%s", ifname);
	return grown;
}

static void keep_effect(struct told *told, const struct xdpaction_effect *effect)
{
	bool kept = effect->kind == XDPACTION_EFFECT_KEPT;
	struct outcome *outcome = find_outcome(told, effect->ifname);

	if (!outcome)
		return;
	/* What was refused before the change is the reason why it was kept. */
	if (!kept || outcome->kind != OUTCOME_FAILED)
		outcome->kind = kept ? OUTCOME_KEPT : OUTCOME_DONE;
	if (!outcome_keep_setting(&outcome->before, effect->before) ||
	    !outcome_keep_setting(&outcome->now, effect->after))
		told->no_memory = true;
	outcome->has_generation = effect->before || effect->after;
	outcome->generation = effect->generation;
}

static void keep_error(struct outcome_error *error, const struct report *report)
{
	error->err = report->err;
	snprintf(error->message, sizeof(error->message), "%s", report->message);
	snprintf(error->advice, sizeof(error->advice), "%s", report->advice ? report->advice : "");
}

static void keep_failure(struct told *told, const struct report *report)
{
	struct outcomes *outcomes = &told->outcomes;
	struct outcome *outcome;

	if (report->interface) {
		outcome = find_outcome(told, report->interface);
		if (outcome) {
			outcome->kind = OUTCOME_FAILED;
			keep_error(&outcome->error, report);
		}
	} else if (!outcomes->failed) {
		outcomes->failed = true;
		keep_error(&outcomes->failure, report);
	}
}

/* ---- both ---- */

static void tell_effect(void *data, const struct xdpaction_effect *effect)
{
	struct told *told = data;

	told->cli->kept = effect->kind == XDPACTION_EFFECT_KEPT;
	told->cli->changed |= !told->cli->kept;
	if (!told->cli->kept && syslog_exists())
		log_effect(told->cli, effect);
	if (told->cli->json)
		keep_effect(told, effect);
}

static void tell_error(void *data, const struct report *report)
{
	struct told *told = data;

	if (report->interface && syslog_exists())
		log_failure(told, report);
	if (told->cli->json)
		keep_failure(told, report);
}

/* What is in force where a change failed. */
static void look_at_failed(struct told *told, struct outcome *outcome)
{
	struct xdpaction_status status = { .size = sizeof(status) };

	if (outcome->kind != OUTCOME_FAILED || outcome->now ||
	    xdpaction_status(told->cli->ctx, outcome->ifname, &status) ||
	    !status_has_setting(&status))
		return;
	if (!outcome_keep_setting(&outcome->now, &status.setting))
		told->no_memory = true;
	outcome->has_generation = true;
	outcome->generation = status.generation;
}

static int print_outcomes(struct told *told, int status)
{
	size_t i;

	for (i = 0; i < told->outcomes.count; i++)
		look_at_failed(told, &told->outcomes.list[i]);
	if (!told->no_memory && json_print_outcomes(stdout, &told->outcomes))
		return status;
	return report_failure(told->cli, -ENOMEM, "out of memory");
}

int run_told(struct cli *cli, const struct command *command, void *values,
	     struct interfaces *interfaces, run_fn run)
{
	struct told told = {
		.cli = cli,
		.author = find_author(cli),
		.outcomes.command = command->name,
	};
	int status;

	xdpaction_set_author(cli->ctx, &told.author);
	if (cli->expected.given)
		xdpaction_set_if_unchanged(cli->ctx, cli->expected.generation);
	xdpaction_set_effects(cli->ctx, tell_effect, &told);
	cli->on_error = tell_error;
	cli->on_error_data = &told;

	status = run(cli, command, values, interfaces);

	cli->on_error = NULL;
	xdpaction_set_effects(cli->ctx, NULL, NULL);
	if (cli->json)
		status = print_outcomes(&told, status);
	outcomes_free(&told.outcomes);
	return status;
}
