// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What killed commands and deleted interfaces leave behind: pins that keep
 * programs and maps alive which nothing uses. Removed is only what concerns an
 * xdp_action, or what this interface runs, and only when nothing in the kernel
 * and no process uses it. What an interface of this namespace uses is passed
 * over after one look, so that a thousand of them cost little.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "bpffs/bpffs.h"
#include "heal/heal.h"

/* The inode number of the first PID namespace, in every kernel. */
#define FIRST_PIDNS 0xeffffffcU

/* What the interfaces of this namespace run. */
struct in_use {
	struct ids programs;
	struct ids ifindexes;
	/*
	 * The interface at hand, whose pins may be older than what it runs; 0:
	 * none, and each is looked at.
	 */
	unsigned int at_hand;
};

static int add_in_use(struct xdpaction *ctx, const struct link *link, void *data)
{
	struct in_use *in_use = data;
	int err;

	if (!link->attached)
		return 0;
	err = ids_add(ctx, &in_use->programs, link->prog_id);
	if (!err && in_use->at_hand && link->ifindex != in_use->at_hand)
		err = ids_add(ctx, &in_use->ifindexes, link->ifindex);
	return err;
}

static void free_in_use(struct in_use *in_use)
{
	ids_free(&in_use->programs);
	ids_free(&in_use->ifindexes);
}

/* Calls fn for each entry; a directory that is not there has none. */
static int for_each_entry(struct xdpaction *ctx, const char *path, entry_fn fn, void *data)
{
	int unread, err;

	err = entries_read(ctx, path, fn, data, &unread);
	if (err || !unread || unread == -ENOENT)
		return err;
	return fail(ctx, unread, NULL, "cannot look into %s: %s", path, strerror(-unread));
}

/* ---- dispatch directories ---- */

struct dispatch_search {
	const struct chain *chain;
	const struct in_use *in_use;
	struct dispatch_dir *found;
	size_t count, room;
};

static bool parse_name(const char *name, struct dispatch_dir *dir)
{
	char end;

	dir->trial = sscanf(name, "prog-test-link-%u-%u%c", &dir->ifindex, &dir->dispatcher_id,
			    &end) == 2;
	return dir->trial || sscanf(name, "dispatch-%u-%u%c", &dir->ifindex, &dir->dispatcher_id,
				    &end) == 2;
}

/*
 * With no interface at hand: a directory is judged by what its interface runs.
 * Where that cannot be read it stays.
 */
static int ask_interface(struct xdpaction *ctx, struct dispatch_dir *dir, bool *concerns_us)
{
	struct xdpaction own = { 0 };
	struct chain chain;
	struct link link;

	if (link_by_index(&own, dir->ifindex, &link) || chain_walk(&own, &link, &chain))
		return 0;
	return dispatch_dir_concerns_us(ctx, dir, &chain, concerns_us);
}

static int add_dispatch_dir(struct xdpaction *ctx, const char *name, void *data)
{
	struct dispatch_search *search = data;
	struct dispatch_dir dir = { 0 }, *grown;
	bool concerns_us;
	int err;

	if (!parse_name(name, &dir) ||
	    ids_have(&search->in_use->programs, dir.dispatcher_id))
		return 0;
	err = dispatch_dir_concerns_us(ctx, &dir, search->chain, &concerns_us);
	if (!err && !concerns_us && !search->chain)
		err = ask_interface(ctx, &dir, &concerns_us);
	if (err || !concerns_us)
		return err;

	if (search->count == search->room) {
		search->room = search->room ? 2 * search->room : 8;
		grown = realloc(search->found, search->room * sizeof(*grown));
		if (!grown)
			return fail(ctx, -ENOMEM, NULL, "out of memory");
		search->found = grown;
	}
	search->found[search->count++] = dir;
	return 0;
}

/*
 * Whether we would see who uses a dispatcher. In a container we see neither
 * the processes nor the network namespaces of others, so there we judge only
 * what was loaded from here.
 */
static bool would_see_users(const struct dispatch_dir *dir, uint64_t pidns)
{
	return pidns == FIRST_PIDNS || pidns == dir->pidns;
}

/*
 * Who is about to attach a dispatcher has it open and attaches before closing,
 * so the order is: what is there, what is open, what is attached.
 */
static int remove_unused(struct xdpaction *ctx, const struct dispatch_search *search)
{
	struct ids held = { 0 }, attached = { 0 };
	bool hidden = false;
	uint64_t pidns;
	size_t i;
	int err;

	err = pidns_inode(ctx, &pidns);
	if (!err)
		err = programs_held(ctx, &held, &hidden);
	if (!err)
		err = programs_attached(ctx, &attached, &hidden);
	for (i = 0; !err && !hidden && i < search->count; i++)
		if (would_see_users(&search->found[i], pidns) &&
		    !ids_have(&held, search->found[i].dispatcher_id) &&
		    !ids_have(&attached, search->found[i].dispatcher_id))
			err = dispatch_dir_remove(ctx, &search->found[i]);
	ids_free(&held);
	ids_free(&attached);
	return err;
}

static int heal_dispatch_dirs(struct xdpaction *ctx, const struct chain *chain,
			      const struct in_use *in_use)
{
	struct dispatch_search search = { .chain = chain, .in_use = in_use };
	char path[XDPACTION_PATH_SIZE];
	int err;

	err = state_dir(ctx, path);
	if (!err)
		err = for_each_entry(ctx, path, add_dispatch_dir, &search);
	if (!err && search.count)
		err = remove_unused(ctx, &search);
	free(search.found);
	return err;
}

/* ---- pin directories ---- */

struct pins_search {
	const struct in_use *in_use;
	uint64_t netns;
	/* The data maps of all programs, read when first needed. */
	struct ids data_maps;
	bool read;
};

static int read_data_maps(struct xdpaction *ctx, struct ids *ids)
{
	struct program_info program;
	uint32_t data_id;
	__u32 id = 0;
	int err;

	while (!(err = bpf_prog_get_next_id(id, &id))) {
		err = program_info_by_id(ctx, id, &program);
		if (err == -ENOENT)
			continue;
		if (!err)
			err = program_is_ours(ctx, &program, &data_id);
		if (err > 0)
			err = ids_add(ctx, ids, data_id);
		if (err)
			return err;
	}
	return err == -ENOENT ? 0 : fail_kernel(ctx, err, "list the programs of the kernel");
}

static int heal_pin_dir(struct xdpaction *ctx, const char *name, void *data)
{
	struct pins_search *search = data;
	char path[XDPACTION_PATH_SIZE], end;
	unsigned long long netns;
	unsigned int ifindex;
	uint32_t map_id;
	int err;

	if (sscanf(name, "%llu-%u%c", &netns, &ifindex, &end) != 2 ||
	    (netns == search->netns && ids_have(&search->in_use->ifindexes, ifindex)))
		return 0;

	err = pins_path_of(ctx, netns, ifindex, path);
	if (!err)
		err = pinned_data_id(ctx, path, &map_id);
	if (!err && map_id && !search->read) {
		search->read = true;
		err = read_data_maps(ctx, &search->data_maps);
	}
	if (err || (map_id && ids_have(&search->data_maps, map_id)))
		return err;

	err = pins_remove(ctx, path);
	if (!err)
		log_line(ctx, XDPACTION_LOG_INFO, "removed %s, which nothing used", path);
	return err;
}

static int heal_pins(struct xdpaction *ctx, const struct in_use *in_use)
{
	struct pins_search search = { .in_use = in_use };
	char path[XDPACTION_PATH_SIZE];
	int err;

	err = netns_inode(ctx, &search.netns);
	if (!err)
		err = root_path(ctx, path);
	if (!err)
		err = for_each_entry(ctx, path, heal_pin_dir, &search);
	ids_free(&search.data_maps);
	return err;
}

/* ---- all of it ---- */

int heal_empty_dispatcher(struct xdpaction *ctx, struct chain *chain)
{
	int err;

	if (!chain->dispatcher || chain->count)
		return 0;
	err = detach_root(ctx, &chain->link);
	if (err)
		return err;
	log_line(ctx, XDPACTION_LOG_INFO, "%s: removed the dispatcher %u, which had lost its programs",
		 chain->link.name, chain->dispatcher_id);
	return chain_read(ctx, chain->link.name, chain);
}

int heal(struct xdpaction *ctx, const struct chain *chain)
{
	struct in_use in_use = { .at_hand = chain ? chain->link.ifindex : 0 };
	int err;

	err = link_for_each(ctx, add_in_use, &in_use);
	if (!err)
		err = heal_dispatch_dirs(ctx, chain, &in_use);
	if (!err)
		err = heal_pins(ctx, &in_use);
	free_in_use(&in_use);
	return err;
}
