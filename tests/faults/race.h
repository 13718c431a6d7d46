/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What the tests of races are made of: a crowd of commands, and what must be true after it. */
#ifndef RACE_H
#define RACE_H

#include <stdbool.h>

#include "crowd.h"
#include "scene.h"
#include "util.h"

/* What a job does; KINDS and above: somebody else's. */
enum kind { LOAD, UNLOAD, SET, KINDS };

struct race {
	const char *tool;
	struct scene scene;
	struct crowd crowd;
	/* Of the test that runs: nothing was wrong so far. */
	bool good;
};

extern struct race race;

void race_begin(void);
void race_end(const char *name);
void race_complain(const char *fmt, ...) PRINTF(1, 2);

/* 0 is the interface of the scene. */
const char *race_interface(unsigned int interface);
/* Each set is another one, told by its budget. */
void race_add(enum kind kind, unsigned int interface, unsigned int number);
/* Lets them run; each of our own must succeed or fail in order. */
void race_run(void);

unsigned int race_succeeded(enum kind kind, unsigned int interface);
void race_complain_of_all(enum kind kind);
/* So many of that kind must have succeeded. */
void race_expect(enum kind kind, unsigned int interface, unsigned int expected);
/* A failure must be for the reason that another was quicker. */
void race_expect_reason(enum kind kind, const char *reason);
/* What is in force is whole, and one of those that a successful command asked for. */
void race_check_setting(unsigned int interface);
/* What was told about loads and unloads is what happened. */
void race_check_interface(unsigned int interface, bool before);
/* Unloads all; nothing may be left over. */
void race_clear(void);

#endif /* RACE_H */
