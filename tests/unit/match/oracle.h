/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * libpcap itself: what an expression compiles to, and what it says of a packet.
 * Its headers and the kernel's cannot be included together.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "match/match.h"

struct oracle;

/* NULL where libpcap refuses the expression; `why` gets its reason then. */
struct oracle *oracle_new(const char *expression, enum match_link link, char why[256]);
/* An oracle of given instructions, { code, jt, jf, k } as in classic BPF. */
struct oracle *oracle_of(const void *insns, unsigned int count);
void oracle_free(struct oracle *oracle);

unsigned int oracle_length(const struct oracle *oracle);
/* As match_translate(). */
int oracle_translate(const struct oracle *oracle, unsigned int room,
		     struct xdp_action_match *match, char *why, size_t size);
/* Whether libpcap matches a packet. */
bool oracle_matches(const struct oracle *oracle, const void *packet, uint32_t length);
/* Prints its instructions, each as a comment of TAP. */
void oracle_show(const struct oracle *oracle);

#endif
