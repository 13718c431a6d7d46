/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * One operation of the tool with one fault in it, and what must hold after it:
 * the old state or the new one, as the exit status says, nothing left over, and
 * whatever comes next works.
 */
#ifndef POINT_H
#define POINT_H

#include "inject.h"
#include "scene.h"

/* How a point went. */
enum result {
	RESULT_NEW,		/* the new state, exit status 0 */
	RESULT_OLD,		/* the old state, exit status 1 */
	RESULT_UNREACHED,	/* there were fewer calls this time; the new state */
	RESULT_CRASH,		/* libbpf's or libxdp's; as after a kill */
	RESULT_WRONG,
	RESULTS,
};

struct operation {
	const char *name;
	const char *args[14];
	struct state before, after;
	bool reads;		/* changes nothing: its output is the result */
	/* In a chain a kill leaves a substitute, which is neither the old state nor the new. */
	bool single_mode;
};

#define OPERATIONS 6
extern struct operation operations[OPERATIONS];

/* What the next command is, after a kill. */
enum healer { HEAL_LOAD, HEAL_UNLOAD, HEAL_UNLOAD_ALL, HEALERS };
extern const char *const healer_names[HEALERS];

struct tools {
	const char *tool, *tool_oom;
};

/* Fills in what depends on the interfaces of a scene. */
void operations_init(void);
/*
 * The operation without a fault, to count its calls of a class; the scene is in
 * the state before it then and later. Ends the program when that goes wrong.
 */
void point_count(struct scene *scene, const struct tools *tools,
		 const struct operation *operation, enum call_class class, struct run *run);
/*
 * The operation with a fault. *wrong says what was wrong; the scene is reset
 * then. It is in the state before the operation afterwards, as it was.
 */
enum result point_run(struct scene *scene, const struct tools *tools,
		      const struct operation *operation, const struct fault *fault,
		      enum healer healer, const char **wrong);

#endif /* POINT_H */
