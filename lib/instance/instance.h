/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Our program in a chain, its maps and their pins, and the setting in them. */
#ifndef XDPACTION_INSTANCE_H
#define XDPACTION_INSTANCE_H

#include "chain/chain.h"
#include "match/match.h"
#include "xdp_action_maps.h"

_Static_assert(XDPACTION_VERDICTS == XDP_ACTION_VERDICTS, "one counter for each verdict");

/* ---- instance.c: our program in a chain, and its maps ---- */

/* A map that is held; all 0 where there is none. */
struct held_map {
	uint32_t id;
	int fd;				/* valid where id is not 0 */
	bool readable;			/* it has the form that this version knows */
	bool pinned;			/* its pin is known to be right; false: it is not known */
};

/* What makes a program ours is its data map, whose value may be another version's. */
struct instance_maps {
	struct held_map data;
	struct held_map counters;
	struct held_map targets;
	struct held_map matches;	/* the outer map */
	struct held_map asked;
};

/* Begins as { 0 }; what it holds stays as long as it is open. */
struct instance {
	struct chain chain;
	bool found;
	size_t self;			/* index in chain.members */
	size_t copies;			/* how many of ours are in the chain */
	/*
	 * The program of a substitute, 0 where there is none. It is the instance where
	 * there is no copy.
	 */
	uint32_t substitute_id;
	struct instance_maps maps;
	bool version1;			/* that of 0.1.0 loaded it */
};

/*
 * Looks for our program in a chain; -ENOENT without a recorded error. Close
 * what was found, or was not, with instance_close().
 */
int instance_find(struct xdpaction *ctx, const struct chain *chain, struct instance *instance);
/* The same of one program, which is one of ours and may be a substitute. */
int instance_find_program(struct xdpaction *ctx, const struct chain *chain, uint32_t id,
			  struct instance *instance);
/* Reads the chain of an interface and finds it; -ENOENT with a message. */
int instance_read(struct xdpaction *ctx, const struct link *link, struct instance *instance);
void instance_close(struct instance *instance);
/* The id of its program; 0 where none was found. */
uint32_t instance_id(const struct instance *instance);
/* -EPROTO when there is more than one copy in the chain. */
int instance_check_single(struct xdpaction *ctx, const struct instance *instance);
/* -EPROTO: it was loaded by another version, maybe by one that can be upgraded. Returns that. */
int fail_version(struct xdpaction *ctx, const struct instance *instance);
/* 1 for a program that has our name and our map, whose id it gives; else 0. */
int program_is_ours(struct xdpaction *ctx, const struct program_info *program, uint32_t *data_id);

/*
 * Maps the shared data of an instance of this version, to be written when `write`.
 * -EPROTO when it is another version's; to be read, that of version 1 is copied.
 */
int data_map(struct xdpaction *ctx, const struct instance *instance, bool write,
	     struct xdp_action_data **data);
void data_unmap(struct xdp_action_data **data);
/*
 * Says in the data of an instance where it is now. An interface that moved to
 * another namespace left its pins behind under its old name there.
 */
int instance_claim(struct xdpaction *ctx, const struct instance *instance,
		   struct xdp_action_data *data);

/* ---- version1.c: instances of version 1 ---- */

/* Whether its maps are those of version 1. */
bool version1_has(const struct instance_maps *maps);
/*
 * Copies the data of an instance of version 1, whose size and version it keeps.
 * What version 1 did not have is left alone.
 */
int version1_read(struct xdpaction *ctx, const struct instance *instance,
		  struct xdp_action_data *data);

/* ---- pins.c: the pins of an instance ---- */

/* Removes our pins and the directory; what is not ours stays, and is -ENOTEMPTY. */
int pins_remove(struct xdpaction *ctx, const char *path);
/* Opens the map at a pin, to be written as well. Records no error. */
int pin_open(const char *dir, const char *name, int *fd, struct bpf_map_info *info);
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
/* -EOPNOTSUPP for what the program, with these features, cannot do. */
int setting_check_features(struct xdpaction *ctx, uint32_t features,
			   const struct xdpaction_setting *setting);

/* ---- matches.c: the map of matches ---- */

/* Puts a map with one match, or none where that is NULL, into an outer map that is empty. */
int matches_begin(struct xdpaction *ctx, int outer, const struct xdp_action_match *first);
/* The same without a match, unless there is a map already. */
int matches_provide(struct xdpaction *ctx, int outer);
/* Makes the outer map as well, for a program that is not loaded yet. */
int matches_make(struct xdpaction *ctx, int *outer);
/*
 * Maps the XDP_ACTION_MATCHES matches in an outer map, to be written when `write`;
 * NULL where none was ever set. -EPROTO when they have another form.
 */
int matches_map(struct xdpaction *ctx, int outer, bool write, struct xdp_action_match **matches);
void matches_unmap(struct xdp_action_match **matches);
/*
 * Stores a match under a new number, which it gives, in a place that is not one of the
 * numbers in `kept`, where 0 is none. There must be a place left.
 */
int match_store(struct xdpaction *ctx, struct xdp_action_match *matches,
		const struct xdp_action_match *match, const uint32_t *kept, size_t count,
		uint32_t *stored);
/* Fills in the expressions of a rule; false where the number is another match's by now. */
bool match_load(const struct xdp_action_match *matches, uint32_t number,
		struct xdpaction_rule *rule);

/* ---- compile.c: the expressions of a setting ---- */

/* The matches of a setting, compiled; NULL for one without, or whose base is not given. */
struct compiled {
	struct xdp_action_match *rule, *base;
};

/* Whether there is anything to compile in a setting, as it was asked for. */
bool setting_has_match(const struct xdpaction_setting *setting);
/*
 * What the packets of an interface begin with, for the expressions of a setting;
 * -EOPNOTSUPP where that is not known. Any where the setting has no expression.
 */
int link_match_type(struct xdpaction *ctx, const struct link *link,
		    const struct xdpaction_setting *setting, enum match_link *type);
/*
 * Compiles the expressions of a setting; free it with compiled_free(). Begins as
 * { 0 }, and is that again when it fails.
 */
int setting_compile(struct xdpaction *ctx, enum match_link type,
		    const struct xdpaction_setting *setting, struct compiled *compiled);
void compiled_free(struct compiled *compiled);
/* -E2BIG for what is longer than a program with these features walks. */
int compiled_check(struct xdpaction *ctx, enum match_link type, uint32_t features,
		   const struct xdpaction_setting *setting, const struct compiled *compiled);

/* ---- more.c: the further conditions of rules ---- */

/* Conditions beside the match, an independent chance and an end. */
bool more_asked(const struct xdpaction_rule *rule);
bool more_equal(const struct xdpaction_rule *a, const struct xdpaction_rule *b);
/* -EINVAL with a message for further conditions that cannot be. */
int more_check(struct xdpaction *ctx, const struct link *link, const struct xdpaction_rule *rule);
/* Fills in what a setting leaves to the library: a seed, and when a pulse starts. */
int more_complete(struct xdpaction *ctx, struct xdpaction_setting *setting);
/* Stores the further conditions of a rule that is complete, or that it has none. */
void more_store(const struct xdpaction_rule *rule, struct xdp_action_more *more);
/*
 * Fills in the further conditions of a rule, whose word has this threshold. False
 * for one that the program does not know and gives ABORTED.
 */
bool more_load(const struct xdp_action_more *shared, uint64_t threshold,
	       struct xdpaction_rule *rule);

/* ---- origin.c: who changed the setting, when and why ---- */

/*
 * Looks for the record of a word. Where it has none *origin is not known, but for its
 * generation. False when that may be because a record is being written.
 */
bool origin_load(const struct xdp_action_data *data, uint64_t word,
		 struct xdpaction_origin *origin);
/*
 * Records a change by the author of a context to a word that is to be stored next,
 * over the record that is not of the word in force. Returns what it recorded.
 */
struct xdpaction_origin origin_store(const struct xdpaction *ctx, struct xdp_action_data *data,
				     uint64_t word, uint64_t generation,
				     const struct xdpaction_setting *setting);
/* What would be recorded of a change now, without a generation. */
struct xdpaction_origin origin_now(const struct xdpaction *ctx);

/* ---- setting.c: settings and words ---- */

/* Where settings are, and what was recorded of the one that was stored last. */
struct setting_place {
	struct xdp_action_data *data;
	const struct held_map *targets;		/* for REDIRECT; NULL: none */
	const struct held_map *outer;		/* for matches; NULL: none */
	struct xdp_action_match *matches;	/* mapped when they are needed */
	bool write;
	struct xdpaction_origin stored;
};

/*
 * Maps where the setting of an instance is, to be written when `write`. Begins as
 * { 0 }; close it with setting_close(), whatever this returns. As data_map().
 */
int setting_open(struct xdpaction *ctx, const struct instance *instance, bool write,
		 struct setting_place *place);
void setting_close(struct setting_place *place);
/*
 * Fills in the base of a temporary setting that has none: what was in force when
 * nothing temporary was, with its match.
 */
int setting_complete(struct xdpaction *ctx, struct setting_place *place,
		     struct xdpaction_setting *setting);
/*
 * Completes a setting and stores it, in the order that the readers rely on. What
 * is compiled needs a map of matches; a base whose match is not is that in force.
 */
int setting_store(struct xdpaction *ctx, struct setting_place *place,
		  const struct compiled *compiled, struct xdpaction_setting *setting);
/* Fills in the name of the target of a rule; "" where there is none, or it is gone. */
int rule_name_target(struct xdpaction *ctx, struct xdpaction_rule *rule);
/*
 * What somebody needs who renews a setting: it holds for `term_ns` from each time on,
 * but never past `until_ns`, by CLOCK_BOOTTIME; 0: there is no such end.
 */
struct holding {
	uint64_t word, deadline_ns;
	uint64_t term_ns, until_ns;
};
/* Fills in the word in force, which has a deadline, and that. */
void setting_hold(const struct setting_place *place, struct holding *holding);
/* Whether the word in force is still that one, ended or not. */
bool setting_is_held(const struct setting_place *place, const struct holding *holding);
/*
 * Moves the deadline of a setting in its place, so that what is counted and drawn goes
 * on, unless it has ended or is another. Needs no lock.
 */
int setting_renew(struct xdpaction *ctx, const struct setting_place *place,
		  struct holding *holding, enum xdpaction_lease_state *state);
/* Under the lock: stores what is left of a setting that has lapsed and is still held. */
int setting_resume(struct xdpaction *ctx, struct setting_place *place, struct holding *holding);
/*
 * Under the lock: stores the base of the temporary setting in force. One that has ended
 * by itself is left as it is, since to store it would be one more change.
 */
int setting_end(struct xdpaction *ctx, struct setting_place *place);
/* The generation of the setting in force, as a reader sees it. */
int setting_generation(struct xdpaction *ctx, const struct xdp_action_data *data,
		       uint64_t *generation);
/* How the setting in force came about. */
struct history {
	uint64_t generation;
	struct xdpaction_origin origin;
	enum xdpaction_end end;
	uint64_t ended_ns;		/* CLOCK_REALTIME; 0 where it is not known */
	struct xdpaction_rule ended;	/* without the name of its target */
};
/*
 * The setting in force now, without the names of its targets, and how it came about;
 * `history` may be NULL.
 */
int setting_load(struct xdpaction *ctx, struct setting_place *place,
		 struct xdpaction_setting *setting, struct history *history);

/* ---- pack.c: settings that take no more room than they need ---- */

/* A copy, malloced; NULL without memory. */
char *setting_pack(const struct xdpaction_setting *setting);
/* Packs what has the same expressions as what was packed there. */
void setting_repack(const struct xdpaction_setting *setting, char *packed);
void setting_unpack(const char *packed, struct xdpaction_setting *setting);

/* ---- look.c: what is in force before a change ---- */

struct looked {
	bool known;
	struct xdpaction_setting setting;
	struct history history;
};

/* Whether anybody wants to know what is in force before a change. */
bool look_is_needed(const struct xdpaction *ctx);
/* Look at it, at the place of a setting or in an instance. Not known after an error. */
int setting_look(struct xdpaction *ctx, struct setting_place *place, struct looked *looked);
int instance_look(struct xdpaction *ctx, const struct instance *instance, struct looked *looked);
/*
 * -ESTALE where the caller wants another generation, or `err`, that of the look, where
 * it cannot be told. Without such a wish what was not seen is not told, and no error.
 */
int look_check(struct xdpaction *ctx, const char *ifname, int err, const struct looked *looked);
/* NULL where it is not known. */
const struct xdpaction_setting *looked_setting(const struct looked *looked);
void looked_tell_kept(const struct effects *effects, const char *ifname,
		      const struct looked *looked);

/* ---- counters.c ---- */

/* Fills in those of a status; what version 1 did not count is 0. */
int counters_read(struct xdpaction *ctx, const struct instance_maps *maps,
		  struct xdpaction_status *status);

/* ---- status.c ---- */

/* All that is known of an instance. */
int status_fill(struct xdpaction *ctx, const struct instance *instance,
		struct xdpaction_status *status);

#endif /* XDPACTION_INSTANCE_H */
