/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* Expressions of pcap-filter(7), compiled to the steps that the program walks; and captures. */
#ifndef XDPACTION_MATCH_H
#define XDPACTION_MATCH_H

#include "context.h"
#include "xdp_action_maps.h"

/* ---- translate.c ---- */

/* libpcap's; not to be named together with the kernel's <linux/bpf.h>. */
struct bpf_program;

/*
 * Adds a program of classic BPF to a match, as its next part. `room` is how
 * many steps the match may have in all.
 *
 * @why		gets the reason in words when it fails, up to `size`
 *
 * Errors: -E2BIG too long; -EINVAL no program that the kernel side can walk;
 * -ENOMEM. The match is not to be used then.
 */
int match_translate(const struct bpf_program *program, unsigned int room,
		    struct xdp_action_match *match, char *why, size_t size);

/* ---- expression.c ---- */

/* What packets begin with. */
enum match_link {
	MATCH_LINK_ETHERNET,
	MATCH_LINK_IP,		/* an IP header of either version, as on a tun */
};
#define MATCH_LINKS 2

struct match_request {
	enum match_link link;
	unsigned int room;	/* steps that the kernel walks */
	const char *match;	/* which packets; NULL: all of them ... */
	const char *except;	/* ... but not these; NULL: no exception */
	const char *spare;	/* ... nor these, even behind one or two VLAN tags */
	bool tell;		/* what libpcap makes of them, in the log */
};

/*
 * Compiles expressions. Fills in all of `match` but its number.
 *
 * Errors: -EINVAL an expression that is wrong or matches nothing; -E2BIG it is
 * too long; -EOPNOTSUPP libpcap is not installed; -ENOMEM.
 */
int match_compile(struct xdpaction *ctx, const struct match_request *request,
		  struct xdp_action_match *match);

/*
 * An expression for Ethernet, of what another describes and of the same behind
 * one VLAN tag and behind two. Malloced; NULL without memory.
 */
char *match_tagged(const char *expression);

/* ---- capture.c: files of pcap and pcapng, read by libpcap ---- */

struct capture;

/* A packet of a capture; its bytes last until the next one is read. */
struct captured {
	const uint8_t *bytes;
	uint32_t count;		/* bytes that the capture has */
	uint32_t length;	/* bytes that the packet had */
};

/*
 * Opens a capture, or with "-" the standard input. Close it with capture_close().
 *
 * Errors: -EBADMSG it is no capture; -EOPNOTSUPP libpcap is not installed; those
 * of open(2); -ENOMEM.
 */
int capture_open(struct xdpaction *ctx, const char *path, struct capture **capture);
/* 1: there is a packet; 0: there are no more; -EBADMSG the capture is broken. */
int capture_next(struct xdpaction *ctx, struct capture *capture, struct captured *packet);
bool capture_is_ethernet(const struct capture *capture);
/* What libpcap calls its link type. Lasts as long as the capture. */
const char *capture_link_name(const struct capture *capture);
void capture_close(struct capture **capture);

#endif /* XDPACTION_MATCH_H */
