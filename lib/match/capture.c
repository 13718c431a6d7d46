// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Captures, read by libpcap. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "match/match.h"

struct capture {
	struct library library;
	FILE *file;		/* until libpcap has it */
	pcap_t *pcap;
	char *path;
	char link_name[32];
};

/* Opens the standard input a second time, so that ours is not closed. */
static FILE *open_file(const char *path)
{
	FILE *file;
	int fd;

	if (strcmp(path, "-"))
		return fopen(path, "re");
	fd = dup(STDIN_FILENO);
	if (fd < 0)
		return NULL;
	file = fdopen(fd, "r");
	if (!file)
		close(fd);
	return file;
}

static void name_link(struct capture *capture)
{
	int link = capture->library.datalink(capture->pcap);
	const char *name = capture->library.datalink_val_to_name(link);

	if (name)
		snprintf(capture->link_name, sizeof(capture->link_name), "%s", name);
	else
		snprintf(capture->link_name, sizeof(capture->link_name), "%d", link);
}

static int open_stream(struct xdpaction *ctx, struct capture *capture, const char *path)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	int err;

	capture->path = strdup(path);
	if (!capture->path)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	err = library_open(ctx, &capture->library);
	if (err)
		return err;
	capture->file = open_file(path);
	if (!capture->file) {
		err = -errno;
		return fail(ctx, err, NULL, "%s: cannot be opened: %s", path, strerror(-err));
	}
	capture->pcap = capture->library.fopen_offline(capture->file, why);
	if (!capture->pcap)
		return fail(ctx, -EBADMSG, "captures are files of pcap or pcapng, as tcpdump -w writes them",
			    "%s: cannot be read as a capture: %s", path, why);
	capture->file = NULL;
	name_link(capture);
	return 0;
}

int capture_open(struct xdpaction *ctx, const char *path, struct capture **capture)
{
	CLEANUP(capture_close) struct capture *opened = calloc(1, sizeof(*opened));
	int err;

	if (!opened)
		return fail(ctx, -ENOMEM, NULL, "out of memory");
	err = open_stream(ctx, opened, path);
	if (err)
		return err;
	*capture = opened;
	opened = NULL;
	return 0;
}

int capture_next(struct xdpaction *ctx, struct capture *capture, struct captured *packet)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int got = capture->library.next_ex(capture->pcap, &header, &bytes);

	if (got == PCAP_ERROR_BREAK)
		return 0;
	if (got != 1)
		return fail(ctx, -EBADMSG, NULL, "%s: cannot be read to its end: %s", capture->path,
			    capture->library.geterr(capture->pcap));
	packet->bytes = bytes;
	packet->count = header->caplen;
	packet->length = header->len;
	return 1;
}

bool capture_is_ethernet(const struct capture *capture)
{
	return capture->library.datalink(capture->pcap) == DLT_EN10MB;
}

const char *capture_link_name(const struct capture *capture)
{
	return capture->link_name;
}

void capture_close(struct capture **capture)
{
	struct capture *old = *capture;

	if (!old)
		return;
	if (old->pcap)
		old->library.close(old->pcap);
	if (old->file)
		fclose(old->file);
	library_close(&old->library);
	free(old->path);
	free(old);
	*capture = NULL;
}
