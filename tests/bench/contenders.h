/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* The programs that are measured against each other, and how each is set up. */
#ifndef BENCH_CONTENDERS_H
#define BENCH_CONTENDERS_H

#include "program.h"
#include "report.h"

/* Those that others are compared with; the places in contenders[]. */
enum reference {
	FLOOR,
	EXERCISE,
	EXERCISE_FRAGS,
	PLAIN,
	PLAIN_LINEAR,
	FILTER_TCP,
};

/* Whose object it is, and so where it is looked for. */
enum origin {
	ORIGIN_BENCH,
	ORIGIN_OURS,
	ORIGIN_FILTER,
};

struct contender {
	const char *name;
	enum origin origin;
	const char *object;
	const char *program;
	/* Fills the maps; NULL where nothing is to be filled. */
	void (*arm)(const struct program *program);
	/* What it returns, and what it may return as well. */
	uint32_t verdict;
	uint32_t other_verdict;
	/* It is run on a TCP segment to TCP_FRAME_PORT, and not on a UDP datagram. */
	bool tcp;
	/* What it is compared with. */
	struct {
		bool shown;
		enum reference to;
		struct aim aim;
	} ratios[2];
};

extern const struct contender contenders[];
extern const size_t contender_count;

#endif
