/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * One copy of the program, loaded but attached to nothing, its maps, and ways
 * to give it settings and packets. Any failure of the fixture ends the process.
 */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>

#include "xdp_action_maps.h"

#define MSEC	UINT64_C(1000000)
#define SEC	(1000 * MSEC)
#define FOREVER	(1000000 * SEC)

struct instance {
	struct bpf_object *object;
	int prog;
	int counters;
	int asked;
	int targets;
	/* Generators and registers, one entry for each CPU, of `local_size` bytes. */
	int local;
	uint32_t local_size;
	/* Where matches come: the map of maps, and what is in it; NULL before the first. */
	int matches;
	struct xdp_action_match *match;
	/* The program's own memory, shared with it. */
	volatile struct xdp_action_data *data;
};

/* What a setting consists of; deadline_ns is absolute. */
struct setting {
	uint32_t verdict;
	uint32_t otherwise;
	uint32_t flags;
	uint32_t threshold;
	uint64_t base;
	uint64_t deadline_ns;
	int64_t budget;
	/* Of the setting and of its base; 0: none. */
	uint32_t match[2];
	struct xdp_action_more more[2];
};

/* Behind the verdicts those that matched, and those that did not. */
enum { MATCHED = XDP_ACTION_VERDICTS, MISSED, TALLIES };

struct tally {
	uint64_t packets[TALLIES];
	uint64_t bytes[TALLIES];
};

struct packet {
	struct ethhdr eth;
	unsigned char payload[9000];
};

/*
 * Loads the program of an object. With frags it takes packets of several pages
 * and counts all of them.
 */
struct instance *instance_load(const char *folder, const char *name, bool frags);
/* The same, or NULL where the kernel does not take the program. */
struct instance *instance_try(const char *folder, const char *name, bool frags);
void instance_unload(struct instance *instance);

/* PASS, no counts, no random numbers drawn yet. */
void reset(struct instance *instance);

uint64_t now_ns(void);

/* A word without a sequence number, fit for a base. */
uint64_t word(uint32_t verdict, uint32_t otherwise, uint32_t flags, uint32_t threshold);

/* A threshold for a probability in [0, 1). */
uint32_t threshold(double probability);

/* Stores a word that refers to no slot. */
void put_word(struct instance *instance, uint64_t word);

/* Writes a setting in the order that the contract demands; returns its slot. */
uint32_t put(struct instance *instance, const struct setting *setting);

/* The place for the match of this number, written or to be written. */
struct xdp_action_match *match_place(struct instance *instance, uint32_t number);

/* Writes a setting of one verdict without conditions. */
uint32_t put_verdict(struct instance *instance, uint32_t verdict);

/* A frame from one station to another, filled with a pattern. */
void packet_init(struct packet *packet);

/* Runs one packet of `length` bytes, changes it as the program did, returns the verdict. */
uint32_t run(struct instance *instance, struct packet *packet, uint32_t length);

/* Runs one small packet. */
uint32_t run_one(struct instance *instance);

/* Runs `count` small packets in one go; `tally` has what they got. */
void run_many(struct instance *instance, uint32_t count);

struct tally tally(struct instance *instance);

/* Sets the state of the random generator on every CPU. */
void seed(struct instance *instance, uint64_t state);
/* The state of the generator on a CPU, by the kernel's number. */
uint64_t random_state(struct instance *instance, unsigned int cpu);

/* Sets the state so that `number` is drawn next on every CPU. */
void draw_next(struct instance *instance, uint32_t number);

unsigned int cpu_count(void);
/* Moves the calling thread to the n-th CPU that the process may use. */
void run_on_cpu(unsigned int n);
/* The number that the kernel gives to the n-th CPU that the process may use. */
unsigned int cpu_number(unsigned int n);

#endif
