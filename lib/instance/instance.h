/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Our program in a chain, its maps and their pins, and the setting in them. */
#ifndef XDPACTION_INSTANCE_H
#define XDPACTION_INSTANCE_H

#include "chain/chain.h"
#include "xdp_action_maps.h"

_Static_assert(XDPACTION_VERDICTS == XDP_ACTION_VERDICTS, "one counter for each verdict");

/* ---- instance.c: our program in a chain, and its maps ---- */

/* A map that is held; all 0 where there is none. */
struct held_map {
	uint32_t id;
	int fd;				/* valid where id is not 0 */
	bool readable;			/* it has the form that this version knows */
};

/* What makes a program ours is its data map, whose value may be another version's. */
struct instance_maps {
	struct held_map data;
	struct held_map counters;
	struct held_map targets;
};

/* Begins as { 0 }; what it holds stays as long as it is open. */
struct instance {
	struct chain chain;
	size_t self;			/* index in chain.members */
	size_t copies;			/* how many of ours are in the chain */
	struct instance_maps maps;
};

/*
 * Looks for our program in a chain; -ENOENT without a recorded error. Close
 * what was found, or was not, with instance_close().
 */
int instance_find(struct xdpaction *ctx, const struct chain *chain, struct instance *instance);
/* Reads the chain of an interface and finds it; -ENOENT with a message. */
int instance_read(struct xdpaction *ctx, const struct link *link, struct instance *instance);
void instance_close(struct instance *instance);
/* The id of its program; 0 where none was found. */
uint32_t instance_id(const struct instance *instance);
/* -EPROTO: it was loaded by another version. Returns that. */
int fail_version(struct xdpaction *ctx, const struct instance *instance);
/* 1 for a program that has our name and our map, whose id it gives; else 0. */
int program_is_ours(struct xdpaction *ctx, const struct program_info *program, uint32_t *data_id);

/*
 * Maps the shared data of an instance of this version, to be written when `write`.
 * -EPROTO when it is another version's.
 */
int data_map(struct xdpaction *ctx, const struct instance *instance, bool write,
	     struct xdp_action_data **data);
void data_unmap(struct xdp_action_data **data);

/* ---- pins.c: the pins of an instance ---- */

/* Removes our pins and the directory; what is not ours stays, and is -ENOTEMPTY. */
int pins_remove(struct xdpaction *ctx, const char *path);
enum pins_state { PINS_GOOD, PINS_MISSING, PINS_STALE };
int pins_check(struct xdpaction *ctx, const struct instance *instance, const char *pins,
	       enum pins_state *state);
/* The id of the map that is pinned as the data; 0 where none is. */
int pinned_data_id(struct xdpaction *ctx, const char *dir, uint32_t *id);
#define PINS_COUNT 3
/* The ids of the maps that are pinned; 0 where none is. */
int pinned_map_ids(struct xdpaction *ctx, const char *dir, uint32_t ids[PINS_COUNT]);
/* Pins the maps of a running instance where pins are missing or another's. */
int pins_adopt(struct xdpaction *ctx, const struct instance *instance);

/* ---- check.c: settings that cannot be ---- */

/* -EINVAL with a message for a setting that cannot be. Fills in the names of the targets. */
int setting_check(struct xdpaction *ctx, const struct link *link,
		  struct xdpaction_setting *setting);

/* ---- setting.c: settings and words ---- */

/*
 * Fills in the base of a temporary setting that has none: what was in force when
 * nothing temporary was. -EOPNOTSUPP where the kernel does not take the setting.
 * `targets` is the map for REDIRECT, NULL without one.
 */
int setting_complete(struct xdpaction *ctx, const struct xdp_action_data *data,
		     const struct held_map *targets, struct xdpaction_setting *setting);
/* Completes a setting and stores it in mapped data, in the order that the readers rely on. */
int setting_store(struct xdpaction *ctx, struct xdp_action_data *data,
		  const struct held_map *targets, struct xdpaction_setting *setting);
/* The setting in force now, without the names of its targets. */
int setting_load(struct xdpaction *ctx, const struct xdp_action_data *data,
		 const struct held_map *targets, struct xdpaction_setting *setting);

/* ---- counters.c ---- */

int counters_read(struct xdpaction *ctx, const struct held_map *map,
		  struct xdpaction_counter counters[XDPACTION_VERDICTS]);

/* ---- status.c ---- */

/* All that is known of an instance. */
int status_fill(struct xdpaction *ctx, const struct instance *instance,
		struct xdpaction_status *status);

#endif /* XDPACTION_INSTANCE_H */
