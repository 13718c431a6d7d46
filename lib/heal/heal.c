// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Killed commands and deleted interfaces leave pins behind, which keep unused
 * programs and maps alive. Nothing is removed merely because no user of it was
 * seen: no namespace and no process is searched. The kernel counts the users of
 * each program and lists the programs of each map for the whole machine. What the
 * kernel cannot be asked about stays.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bpf/bpf.h>

#include "bpffs/bpffs.h"
#include "heal/heal.h"

/* How many directories a call that does something else examines. */
#define TIDY_SAMPLE 16
/*
 * Which of these calls look at those of other namespaces, where it is a sample: what
 * uses them is found among the programs of the whole machine.
 */
#define TIDY_ABROAD 8

/* Each `stride`th directory is picked, counted from the one at `next`. */
struct picking {
	size_t stride;
	size_t next;
	bool abroad;
};

struct search {
	leftover_fn fn;
	void *data;
	const struct search_options *options;
	/* Taken when it is first needed. */
	struct census census;
	enum { CENSUS_NOT_TAKEN, CENSUS_TAKEN, CENSUS_REFUSED } census_state;
	struct references references;
	struct picking picking;
	/* What the interfaces of this namespace run, unless it is asked one by one. */
	struct ids programs, ifindexes;
	uint64_t netns;
	/* Our programs that only the pins of an unused dispatcher keep alive. */
	struct ids orphans;
	/* The maps of all other programs, read when they are first needed. */
	struct ids maps;
	bool read;
};

static void end_search(struct search *search)
{
	references_close(&search->references);
	census_free(&search->census);
	ids_free(&search->programs);
	ids_free(&search->ifindexes);
	ids_free(&search->orphans);
	ids_free(&search->maps);
}

static int add_in_use(struct xdpaction *ctx, const struct link *link, void *data)
{
	struct search *search = data;
	int err;

	if (!link->attached)
		return 0;
	err = ids_add(ctx, &search->programs, link->prog_id);
	if (!err && !search->options->thorough && link->ifindex != search->options->at_hand)
		err = ids_add(ctx, &search->ifindexes, link->ifindex);
	return err;
}

/* The kernel counts the directories in one, and two more. */
static void begin_picking(struct search *search, const char *path)
{
	size_t sample = search->options->sample, stride;
	uint64_t chance = monotonic_ns();
	struct stat dir;

	search->picking = (struct picking){ .stride = 1, .abroad = true };
	if (!sample || stat(path, &dir) || dir.st_nlink <= 2 + sample)
		return;
	stride = (dir.st_nlink - 2 + sample - 1) / sample;
	search->picking = (struct picking){
		.stride = stride,
		.next = chance % stride,
		.abroad = chance / stride % TIDY_ABROAD == 0,
	};
}

static bool pick(struct search *search, unsigned int ifindex)
{
	struct picking *picking = &search->picking;
	bool picked = !picking->next;

	picking->next = picked ? picking->stride - 1 : picking->next - 1;
	return picked || ifindex == search->options->at_hand;
}

/* What an interface of this namespace runs; 0 also where that cannot be told. */
static uint32_t program_on(unsigned int ifindex)
{
	struct link link;

	return link_by_index(NULL, ifindex, &link) ? 0 : link.prog_id;
}

static bool runs_dispatcher(const struct search *search, const struct leftover *dir)
{
	return search->options->sample ? program_on(dir->ifindex) == dir->program_id :
					 ids_have(&search->programs, dir->program_id);
}

/* Whether the pins need no look: those of an interface that runs something and is not at hand. */
static bool passes_over(const struct search *search, const struct leftover *pins)
{
	if (pins->netns != search->netns)
		return !search->picking.abroad;
	if (!search->options->sample)
		return ids_have(&search->ifindexes, pins->ifindex);
	return pins->ifindex != search->options->at_hand && program_on(pins->ifindex);
}

static int hand_over(struct xdpaction *ctx, const struct search *search,
		     const struct leftover *leftover)
{
	return leftover->use == USE_SOME ? 0 : search->fn(ctx, leftover, search->data);
}

static bool take_census(struct search *search)
{
	struct xdpaction own = { 0 };

	if (search->census_state == CENSUS_NOT_TAKEN)
		search->census_state = census_take(&own, &search->census) ? CENSUS_REFUSED :
									    CENSUS_TAKEN;
	return search->census_state == CENSUS_TAKEN;
}

static bool is_attached(const struct census *census, uint32_t program_id)
{
	size_t i;

	for (i = 0; i < census->count; i++)
		if (census->list[i].program_id == program_id)
			return true;
	return false;
}

/* What a census says of a dispatcher that is not proven to be unused. */
static void look_at_census(struct search *search, struct leftover *dir)
{
	if (!take_census(search))
		return;
	if (is_attached(&search->census, dir->program_id)) {
		dir->use = USE_SOME;
	} else if (dir->use == USE_SOME) {
		dir->use = USE_HELD;
		snprintf(dir->ground, sizeof(dir->ground),
			 "its dispatcher is attached nowhere, but a process has it open or it is pinned elsewhere");
	}
}

static int look_at_dispatch_dir(struct xdpaction *ctx, const char *name, void *data)
{
	struct leftover leftover = { 0 };
	struct search *search = data;
	size_t length;
	int err;

	if (!dispatch_dir_named(name, &leftover))
		return 0;
	if (leftover.kind == LEFTOVER_DISPATCHER &&
	    (!pick(search, leftover.ifindex) || runs_dispatcher(search, &leftover)))
		return 0;
	err = state_dir(ctx, leftover.path);
	if (err)
		return err;
	length = strlen(leftover.path);
	snprintf(leftover.path + length, sizeof(leftover.path) - length, "/%s", name);
	dispatch_dir_judge(ctx, &search->references, &leftover, &search->orphans);
	if (search->options->doubtful && leftover.kind == LEFTOVER_DISPATCHER &&
	    leftover.use != USE_NONE)
		look_at_census(search, &leftover);
	return hand_over(ctx, search, &leftover);
}

static int read_maps(struct xdpaction *ctx, struct search *search)
{
	struct program_info program;
	__u32 id = 0;
	size_t i;
	int err;

	while (!(err = bpf_prog_get_next_id(id, &id))) {
		if (ids_have(&search->orphans, id))
			continue;
		err = program_info_by_id(ctx, id, &program);
		for (i = 0; !err && i < program.map_count; i++)
			err = ids_add(ctx, &search->maps, program.map_ids[i]);
		if (err && err != -ENOENT)
			return err;
	}
	search->read = err == -ENOENT;
	return search->read ? 0 : fail_kernel(ctx, err, "list the programs of the kernel");
}

/*
 * Every program that can run has an id, in whatever namespace it is attached.
 * Whoever is loading one now has the lock.
 */
static int judge_pins(struct xdpaction *ctx, struct search *search, struct leftover *pins)
{
	uint32_t ids[PINS_COUNT];
	size_t i;
	int err = pinned_map_ids(ctx, pins->path, ids);

	if (!err && !search->read)
		err = read_maps(ctx, search);
	if (err)
		return err;
	pins->use = USE_NONE;
	for (i = 0; i < PINS_COUNT; i++)
		if (ids[i] && ids_have(&search->maps, ids[i]))
			pins->use = USE_SOME;
	snprintf(pins->ground, sizeof(pins->ground), "no program that can run has its maps");
	return 0;
}

static int look_at_pins(struct xdpaction *ctx, const char *name, void *data)
{
	struct leftover pins = { .kind = LEFTOVER_PINS };
	struct search *search = data;
	struct xdpaction own = { 0 };
	char *end;
	int err;

	pins.netns = strtoull(name, &end, 10);
	if (*end != '-')
		return 0;
	pins.ifindex = strtoul(end + 1, NULL, 10);
	if (!pick(search, pins.ifindex) || passes_over(search, &pins))
		return 0;
	err = pins_path_of(ctx, pins.netns, pins.ifindex, pins.path);
	/* A name in any other spelling is not ours. */
	if (err || strcmp(strrchr(pins.path, '/') + 1, name))
		return err;
	if (judge_pins(&own, search, &pins)) {
		pins.use = USE_UNKNOWN;
		snprintf(pins.ground, sizeof(pins.ground), "%.*s", (int)sizeof(pins.ground) - 1,
			 own.error.text);
	}
	return hand_over(ctx, search, &pins);
}

static int search_dir(struct xdpaction *ctx, struct search *search, const char *path, entry_fn fn)
{
	begin_picking(search, path);
	return entries_each(ctx, path, fn, search);
}

int leftovers_each(struct xdpaction *ctx, const struct search_options *options, leftover_fn fn,
		   void *data)
{
	CLEANUP(end_search) struct search search = { .options = options, .fn = fn, .data = data };
	char path[XDPACTION_PATH_SIZE];
	int err = 0;

	if (!options->sample)
		err = link_for_each(ctx, add_in_use, &search);
	if (!err)
		err = netns_inode(ctx, &search.netns);
	if (!err)
		err = state_dir(ctx, path);
	if (!err)
		err = search_dir(ctx, &search, path, look_at_dispatch_dir);
	if (!err)
		err = root_path(ctx, path);
	return err ? err : search_dir(ctx, &search, path, look_at_pins);
}

int leftover_remove(struct xdpaction *ctx, const struct leftover *leftover)
{
	int err;

	if (leftover->kind == LEFTOVER_PINS)
		err = pins_remove(ctx, leftover->path);
	else
		err = dispatch_dir_remove(ctx, leftover);
	if (!err)
		log_line(ctx, XDPACTION_LOG_INFO, "removed %s: %s", leftover->path,
			 leftover->ground);
	return err;
}

/* A leftover that cannot be removed does not protect the others. */
static int remove_if_unused(struct xdpaction *ctx, const struct leftover *leftover, void *data)
{
	int *failed = data, err;

	if (leftover->use == USE_NONE) {
		err = leftover_remove(ctx, leftover);
		*failed = err ? err : *failed;
	} else {
		log_line(ctx, XDPACTION_LOG_INFO, "left %s: %s", leftover->path, leftover->ground);
	}
	return 0;
}

int heal(struct xdpaction *ctx, unsigned int at_hand)
{
	struct search_options options = {
		.at_hand = at_hand,
		.thorough = !at_hand,
		.sample = at_hand ? TIDY_SAMPLE : 0,
	};
	int failed = 0, err = leftovers_each(ctx, &options, remove_if_unused, &failed);

	return err ? err : failed;
}

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
	return chain_read(ctx, &chain->link, chain);
}

void tidy_up(struct xdpaction *ctx, unsigned int at_hand)
{
	struct error kept = error_keep(ctx);

	if (heal(ctx, at_hand))
		log_line(ctx, XDPACTION_LOG_WARN, "cannot clean up now: %s", xdpaction_error(ctx));
	error_put_back(ctx, &kept);
}
