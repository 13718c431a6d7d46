/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What both kinds of traffic need. What fails ends the program. */
#ifndef WIRE_H
#define WIRE_H

/* Has the thread run on the nth of the CPUs on which it may. */
void run_on_nth_cpu(unsigned int n);

/* A socket to send frames by an interface, or with a protocol to see those that come in. */
int packet_socket(unsigned int ifindex, int protocol);
/* Frames that the socket was given since the last call, whether read or not. */
unsigned int packet_socket_given(int sock);

/* Adds the addresses of two ends of a wire to the head of a frame. */
void write_addresses(const char *from, const char *to, unsigned char frame[12]);

#endif /* WIRE_H */
