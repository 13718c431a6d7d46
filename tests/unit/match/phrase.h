/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Random expressions over the grammar of pcap-filter(7) that people use. */
#ifndef PHRASE_H
#define PHRASE_H

#include <stddef.h>

#include "dice.h"

/* Not each of them is one that libpcap takes. */
void phrase_make(struct dice *dice, char *text, size_t size);

#endif
