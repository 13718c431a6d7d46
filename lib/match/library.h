/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* libpcap, which is loaded when it is needed. */
#ifndef XDPACTION_MATCH_LIBRARY_H
#define XDPACTION_MATCH_LIBRARY_H

#include <pcap/pcap.h>

#include "context.h"

/* The functions that are used, without their pcap_. */
struct library {
	void *handle;
	__typeof__(pcap_open_dead) *open_dead;
	__typeof__(pcap_compile) *compile;
	__typeof__(pcap_geterr) *geterr;
	__typeof__(pcap_freecode) *freecode;
	__typeof__(pcap_close) *close;
	__typeof__(pcap_fopen_offline) *fopen_offline;
	__typeof__(pcap_next_ex) *next_ex;
	__typeof__(pcap_datalink) *datalink;
	__typeof__(pcap_datalink_val_to_name) *datalink_val_to_name;
	__typeof__(bpf_image) *image;
};

/* -EOPNOTSUPP where it is not installed. Begins as { 0 }; close it in any case. */
int library_open(struct xdpaction *ctx, struct library *library);
void library_close(struct library *library);

#endif /* XDPACTION_MATCH_LIBRARY_H */
