/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* One loaded program that a bench runs. */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

#include <bpf/libbpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct program {
	struct bpf_object *object;
	int fd;
};

/* Sizes that do not depend on how fast the machine is. */
struct program_size {
	/* Translated instructions and JITed bytes of all of it ... */
	unsigned int instructions;
	unsigned int bytes;
	/* ... and of its main function, without those that it calls. */
	unsigned int main_bytes;
	/* Instructions on the shortest way that counts a packet. */
	unsigned int path;
	/* Registers that the main function saves and restores for each packet. */
	unsigned int saved;
};

/*
 * Loads one program of an object file, with no pins and no other program of
 * it. Ends the process when that fails.
 */
void program_load(struct program *program, const char *path, const char *name);
void program_unload(struct program *program);

void program_size(const struct program *program, struct program_size *size);

/* The map whose name ends like this; data sections of libbpf have a prefix. */
struct bpf_map *program_map(const struct program *program, const char *name);

/* Writes one entry of a map; for a per-CPU map the same value for each CPU. */
void program_map_set(const struct program *program, const char *map, const void *key,
		     const void *value, size_t value_size);

/* A UDP frame over IPv4 to UDP_FRAME_PORT, of `size` bytes in all. */
#define UDP_FRAME_PORT 4242
void udp_frame(uint8_t *frame, size_t size);
/* The same of TCP, to TCP_FRAME_PORT. */
#define TCP_FRAME_PORT 5432
void tcp_frame(uint8_t *frame, size_t size);

/*
 * Runs the program `repeat` times over a copy of the frame in the kernel.
 * Returns the CPU time of the calling thread per run in nanoseconds, and the
 * verdict of the last run.
 */
double program_run(const struct program *program, const uint8_t *frame, size_t size,
		   unsigned int repeat, uint32_t *verdict);

#endif
