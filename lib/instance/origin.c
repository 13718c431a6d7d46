// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The records of changes in the map: who set what, when and why. */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "instance/instance.h"

_Static_assert(XDPACTION_PROCESS_SIZE == XDP_ACTION_PROCESS_SIZE, "they fit");
_Static_assert(XDPACTION_USER_SIZE == XDP_ACTION_USER_SIZE, "they fit");
_Static_assert(XDPACTION_CLIENT_SIZE == XDP_ACTION_CLIENT_SIZE, "they fit");
_Static_assert(XDPACTION_NOTE_SIZE <= XDP_ACTION_NOTE_SIZE, "they fit");
_Static_assert(XDPACTION_NO_UID == XDP_ACTION_NO_UID, "it means the same");

static uint64_t generation_of(const struct xdp_action_change *change)
{
	return __atomic_load_n(&change->generation, __ATOMIC_ACQUIRE);
}

/* False while it is written; its generation is 0 where there is none yet. */
static bool copy_change(const struct xdp_action_change *shared, struct xdp_action_change *copy)
{
	uint64_t generation = generation_of(shared);

	*copy = *(const volatile struct xdp_action_change *)shared;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	copy->generation = generation;
	/* One without a time was never written. */
	return generation_of(shared) == generation && (generation || !copy->time_ns);
}

/* Another writer need not have ended its texts. */
static void take_text(char *to, size_t size, const char *from, size_t from_size)
{
	snprintf(to, size, "%.*s", (int)strnlen(from, from_size), from);
}

static void export_change(const struct xdp_action_change *change, struct xdpaction_origin *origin)
{
	*origin = (struct xdpaction_origin){
		.known = true,
		.generation = change->generation,
		.time_ns = change->time_ns,
		.duration_ns = change->duration_ns,
		.packets = change->packets,
		.skip = change->skip,
		.uid = change->uid,
		.login_uid = change->login_uid,
		.pid = change->pid,
	};
	take_text(origin->process, sizeof(origin->process), change->process,
		  sizeof(change->process));
	take_text(origin->sudo_user, sizeof(origin->sudo_user), change->sudo_user,
		  sizeof(change->sudo_user));
	take_text(origin->ssh_client, sizeof(origin->ssh_client), change->ssh_client,
		  sizeof(change->ssh_client));
	take_text(origin->note, sizeof(origin->note), change->note, sizeof(change->note));
}

/* The later one of those of a word; NULL: there is none. */
static const struct xdp_action_change *find_change(const struct xdp_action_change changes[2],
						   uint64_t word)
{
	const struct xdp_action_change *found = NULL;
	size_t i;

	for (i = 0; i < 2; i++)
		if (changes[i].generation && changes[i].word == word &&
		    (!found || changes[i].generation > found->generation))
			found = &changes[i];
	return found;
}

/* That of a word without a record, which came after all that has one, and the end of that. */
static uint64_t next_unrecorded(const struct xdp_action_change changes[2])
{
	const struct xdp_action_change *last =
		&changes[changes[1].generation > changes[0].generation];
	bool temporary = last->duration_ns || last->packets;

	return last->generation ? last->generation + 1 + temporary : 0;
}

bool origin_load(const struct xdp_action_data *data, uint64_t word,
		 struct xdpaction_origin *origin)
{
	struct xdp_action_change copies[2];
	const struct xdp_action_change *found;
	bool whole = copy_change(&data->changes[0], &copies[0]);

	whole &= copy_change(&data->changes[1], &copies[1]);
	found = find_change(copies, word);
	*origin = (struct xdpaction_origin){ 0 };
	if (found)
		export_change(found, origin);
	else
		origin->generation = next_unrecorded(copies);
	return found || whole;
}

/* All but the word and what was asked for. */
static void fill_change(const struct xdpaction *ctx, struct xdp_action_change *change)
{
	const struct xdpaction_author *author = ctx ? &ctx->author : NULL;

	change->time_ns = realtime_ns();
	change->uid = getuid();
	change->pid = getpid();
	change->login_uid = author ? author->login_uid : XDP_ACTION_NO_UID;
	prctl(PR_GET_NAME, change->process);
	if (!author)
		return;
	strcpy(change->sudo_user, author->sudo_user);
	strcpy(change->ssh_client, author->ssh_client);
	strcpy(change->note, author->note);
}

struct xdpaction_origin origin_now(const struct xdpaction *ctx)
{
	struct xdp_action_change change = { 0 };
	struct xdpaction_origin origin;

	fill_change(ctx, &change);
	export_change(&change, &origin);
	return origin;
}

struct xdpaction_origin origin_store(const struct xdpaction *ctx, struct xdp_action_data *data,
				     uint64_t word, uint64_t generation,
				     const struct xdpaction_setting *setting)
{
	struct xdpaction_origin origin;
	uint64_t now = __atomic_load_n(&data->action, __ATOMIC_RELAXED);
	struct xdp_action_change *place = data->changes;
	struct xdp_action_change new = {
		.word = word,
		.duration_ns = setting->duration_ns,
		.packets = setting->packets,
		.skip = setting->rule.skip,
	};

	if (find_change(data->changes, now) == place)
		place++;
	fill_change(ctx, &new);
	/* Readers must see this before the rest. */
	__atomic_store_n(&place->generation, 0, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	*place = new;
	__atomic_store_n(&place->generation, generation, __ATOMIC_RELEASE);
	new.generation = generation;
	export_change(&new, &origin);
	return origin;
}
