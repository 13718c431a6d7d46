// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Who changed a setting, in words. */
#include <string.h>

#include "words.h"

/* What names of users and addresses consist of; anything else could be taken for more than one. */
#define NAME_CHARACTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-@%:$\\"

static void add_name(struct words *words, const char *name)
{
	if (name[strspn(name, NAME_CHARACTERS)])
		words_add_quoted(words, name, XDPACTION_USER_SIZE);
	else
		words_add(words, "%s", name);
}

static void add_uids(struct words *words, const struct xdpaction_origin *origin)
{
	words_add(words, "uid %u", origin->uid);
	if (*origin->sudo_user)
		words_add(words, " through sudo");
	else if (origin->login_uid != XDPACTION_NO_UID && origin->login_uid != origin->uid)
		words_add(words, ", login uid %u", origin->login_uid);
}

void words_add_origin(struct words *words, const struct xdpaction_origin *origin)
{
	char time[UNITS_SIZE], user[XDPACTION_USER_SIZE];
	const char *name = origin_user(user, origin);

	words_add(words, "%s, by ", units_local_time(time, origin->time_ns));
	if (name) {
		add_name(words, name);
		words_add(words, " (");
	}
	add_uids(words, origin);
	if (*origin->ssh_client) {
		words_add(words, ", ssh from ");
		add_name(words, origin->ssh_client);
	}
	if (name)
		words_add(words, ")");
	if (*origin->note)
		words_add(words, ": %s", origin->note);
}
