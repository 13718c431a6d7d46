/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* One random thing after the other happens to an interface; a model says what must come of it. */
#ifndef SOAK_H
#define SOAK_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "faults/scene.h"
#include "model.h"

struct soak {
	const char *tool;
	struct scene scene;
	struct model model;
	/* xdp-filter can join, and libxdp works on dispatchers. */
	bool dispatcher;
	char ifname[IF_NAMESIZE];
	unsigned int ifindex, target_ifindex;
	/* The other end of the target: what is redirected comes in there. */
	unsigned int behind_ifindex;
	/* Of the instance, since it was loaded; 0: unknown yet. */
	uint32_t program_id;
	uint64_t random;
	/* In this step it went down while frames came in. */
	bool went_down;
	/* What happens in this step. */
	char deed[512];
};

extern struct soak soak;

/* The program of tests/tools/pass.bpf.c, which runs behind ours. */
#define NEIGHBOUR_BEHIND "neighbour"

/* From 0 to `below` - 1. */
unsigned int soak_random(unsigned int below);

/* A promise: "" when it was kept, or what was wrong. */
void soak_result(const char *wrong, const char *name);

/* ---- settings ---- */

#define COMMAND_MAX 480
/* Settings that end soon are over before anybody looks, the others do not end. */
#define SOON_MS 20

/* A setting of any kind, for the traffic of traffic.h. */
void setting_random(struct xdpaction_setting *setting);
/* The command that sets it on the interface. */
void setting_command(const struct xdpaction_setting *setting, char command[COMMAND_MAX]);

/* ---- what happens ---- */

enum deed { DEED_LOAD, DEED_UNLOAD, DEED_SET, DEED_RENAME, DEED_NEIGHBOUR, DEED_DOWN_UP, DEED_READ,
	    DEEDS };
extern const char *const deed_names[DEEDS];

/* Gives the interface the name that all can bear: no pin has a dot in its name. */
void soak_rename_back(void);
/* Has the library do each kind of thing once, so that it has what it makes once. */
void soak_warm_up(void);

/*
 * Does one thing, to the interface and to the model: *deed if that can be just now,
 * or any where it is DEEDS, which it gets to be. "" or what was wrong.
 */
const char *soak_do(enum deed *deed);

/* ---- what came of it ---- */

/* "" when the interface is as the model says, and does with frames what it says. */
const char *soak_judge(void);

#endif /* SOAK_H */
