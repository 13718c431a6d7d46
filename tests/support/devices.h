/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Interfaces in the network namespace of the thread, by rtnetlink. What fails ends the program. */
#ifndef DEVICES_H
#define DEVICES_H

/* What is NULL or 0 the kernel chooses. */
struct veth {
	const char *name, *peer;
	unsigned int ifindex, peer_ifindex;
	unsigned int queues;
};

void veth_make(const struct veth *veth);
void device_up(const char *name);
void device_down(const char *name);
/* Moves an interface into another network namespace. */
void device_move(unsigned int ifindex, int netns);
/* Deletes an interface, and with it the peer of a veth. */
void device_delete(unsigned int ifindex);

#endif
