// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <pwd.h>
#include <stdio.h>

#include "words.h"

const char *user_name(char out[XDPACTION_USER_SIZE], uint32_t uid)
{
	char entries[4096];
	struct passwd user, *found = NULL;

	if (uid == XDPACTION_NO_UID ||
	    getpwuid_r(uid, &user, entries, sizeof(entries), &found) || !found)
		return NULL;
	snprintf(out, XDPACTION_USER_SIZE, "%s", user.pw_name);
	return out;
}

const char *origin_user(char out[XDPACTION_USER_SIZE], const struct xdpaction_origin *origin)
{
	const char *name;

	if (*origin->sudo_user) {
		snprintf(out, XDPACTION_USER_SIZE, "%s", origin->sudo_user);
		return out;
	}
	name = user_name(out, origin->login_uid);
	return name ? name : user_name(out, origin->uid);
}
