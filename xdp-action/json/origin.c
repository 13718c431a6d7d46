// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "json.h"
#include "words/words.h"

json_t *json_origin(const struct xdpaction_origin *origin)
{
	uint32_t login = origin->login_uid;
	char user[XDPACTION_USER_SIZE];
	json_t *object;

	if (!origin->known)
		return json_null();
	object = json_pack("{s:o, s:o, s:o, s:o, s:o}",
			   "time", json_time_or_null(origin->time_ns),
			   "time_ns", json_number(origin->time_ns),
			   "user", json_text_or_null(origin_user(user, origin)),
			   "uid", json_number(origin->uid), "login_uid",
			   login == XDPACTION_NO_UID ? json_null() : json_number(login));
	return json_joined(object,
			   json_pack("{s:o, s:o, s:o, s:o, s:o}",
				     "sudo_user", json_text_or_null(origin->sudo_user),
				     "ssh_client", json_text_or_null(origin->ssh_client),
				     "pid", json_number(origin->pid),
				     "process", json_text_or_null(origin->process),
				     "note", json_text_or_null(origin->note)));
}
