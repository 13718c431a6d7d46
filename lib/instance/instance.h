/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Our program in a chain, its maps and their pins, and the setting in them. */
#ifndef XDPACTION_INSTANCE_H
#define XDPACTION_INSTANCE_H

#include "chain/chain.h"
#include "xdp_action_maps.h"

_Static_assert(XDPACTION_VERDICTS == XDP_ACTION_VERDICTS, "one counter for each verdict");

/* ---- instance.c: our program in a chain, and its maps ---- */

struct instance {
	struct chain chain;
	size_t self;			/* index in chain.members */
	size_t copies;			/* how many of ours are in the chain */
	/* The map that makes it ours; its value may be another version's. */
	uint32_t data_map_id;
	uint32_t data_value_size;
	uint32_t data_map_flags;
	uint32_t counters_map_id;	/* 0 where there is none */
	uint32_t targets_map_id;
};

/* Looks for our program in a chain; -ENOENT without a recorded error. */
int instance_find(struct xdpaction *ctx, const struct chain *chain, struct instance *instance);
/* Reads the chain of an interface and finds it; -ENOENT with a message. */
int instance_read(struct xdpaction *ctx, const char *name, struct instance *instance);
/* 1 for a program that bears our name and has our map, whose id it gives; else 0. */
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

/* ---- rule.c: questions about a rule ---- */

/* Whether some packet gets REDIRECT, or TX, by a rule. */
bool rule_redirects(const struct xdpaction_rule *rule);
bool rule_transmits(const struct xdpaction_rule *rule);

/* ---- check.c: settings that cannot be ---- */

/* -EINVAL with a message for a setting that cannot be. */
int setting_check(struct xdpaction *ctx, const struct link *link,
		  const struct xdpaction_setting *setting);

/* ---- setting.c: settings and words ---- */

/*
 * Stores a setting in mapped data, in the order that the readers rely on.
 * `targets` is the map for REDIRECT, or -1.
 */
int setting_store(struct xdpaction *ctx, struct xdp_action_data *data, int targets,
		  const struct xdpaction_setting *setting);
/* The setting in force now. */
int setting_load(struct xdpaction *ctx, const struct xdp_action_data *data, int targets,
		 struct xdpaction_setting *setting);

/* ---- counters.c ---- */

int counters_read(struct xdpaction *ctx, uint32_t map_id,
		  struct xdpaction_counter counters[XDPACTION_VERDICTS]);

#endif /* XDPACTION_INSTANCE_H */
