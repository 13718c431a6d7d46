/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Network namespaces of the tests. What fails ends the program. */
#ifndef NETNS_H
#define NETNS_H

#include <stdint.h>

#define OWN_NETNS "/proc/thread-self/ns/net"

/* Opens the network namespace of the thread. */
int netns_open_own(void);
uint64_t netns_own_inode(void);
/* Moves the thread into one, or into a new one, in which nothing is but `lo`. */
void netns_enter(int netns);
void netns_enter_new(void);
/* Moves the process into a new mount namespace, from which nothing gets out. */
void mounts_enter_new(void);
/*
 * Moves the process into a new network namespace and into a mount namespace with
 * its /sys. Both vanish with the process.
 */
void namespaces_enter_private(void);
/* Nothing is to speak on the interfaces that are made from now on but the test. */
void netns_silence(void);

#endif
