// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Makes captures out of nothing, and asks libpcap what of them an expression
 * matches. The usage text has the rest.
 */
#include <getopt.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "support/die.h"

#define FRAME_MAX 200000

static const char usage_text[] =
	"usage: capture [OPTION]... >FILE   of the frames on stdin: a line is HEX [LENGTH], and\n"
	"                                   zeros fill a frame up to its length\n"
	"       capture EXPR FILE           the numbers of the packets that libpcap matches\n"
	"  -g         pcapng, not pcap\n"
	"  -b         in the byte order that this machine does not have\n"
	"  -n         with nanoseconds (pcap)\n"
	"  -s BYTES   snap length (262144)\n"
	"  -l LINK    number of the link type (1)\n";

static struct {
	bool pcapng, swapped, nanoseconds;
	uint32_t snap, link;
} options = { .snap = 262144, .link = 1 };

static void put(const void *bytes, size_t count)
{
	if (fwrite(bytes, 1, count, stdout) != count)
		die("cannot write");
}

static void put16(uint16_t number)
{
	uint16_t stored = options.swapped ? __builtin_bswap16(number) : number;

	put(&stored, sizeof(stored));
}

static void put32(uint32_t number)
{
	uint32_t stored = options.swapped ? __builtin_bswap32(number) : number;

	put(&stored, sizeof(stored));
}

static void write_head(void)
{
	if (options.pcapng) {
		/* A section without a length, and its interface. */
		put32(0x0a0d0d0a), put32(28), put32(0x1a2b3c4d), put16(1), put16(0);
		put32(~0U), put32(~0U), put32(28);
		put32(1), put32(20), put16(options.link), put16(0), put32(options.snap), put32(20);
		return;
	}
	put32(options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
	put16(2), put16(4), put32(0), put32(0), put32(options.snap), put32(options.link);
}

static void write_frame(const uint8_t *frame, uint32_t length)
{
	uint32_t count = length < options.snap ? length : options.snap;
	uint32_t fill = -count & 3;

	if (options.pcapng) {
		put32(6), put32(32 + count + fill), put32(0), put32(0), put32(0);
		put32(count), put32(length);
		put(frame, count), put("\0\0\0", fill), put32(32 + count + fill);
		return;
	}
	put32(0), put32(0), put32(count), put32(length), put(frame, count);
}

static void write_capture(void)
{
	static uint8_t frame[FRAME_MAX];
	char line[4096];

	write_head();
	while (fgets(line, sizeof(line), stdin))
		write_frame(frame, hex_read(line, frame, sizeof(frame)));
}

static void print_matched(const char *expression, const char *path)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, why);
	struct bpf_program program;
	struct pcap_pkthdr *header;
	const char *separator = "";
	const u_char *bytes;
	unsigned int number;

	if (!pcap)
		die("%s: %s", path, why);
	if (pcap_compile(pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN))
		die("%s: %s", expression, pcap_geterr(pcap));
	for (number = 1; pcap_next_ex(pcap, &header, &bytes) == 1; number++) {
		if (!pcap_offline_filter(&program, header, bytes))
			continue;
		printf("%s%u", separator, number);
		separator = " ";
	}
	printf("\n");
	pcap_freecode(&program);
	pcap_close(pcap);
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "gbns:l:")) != -1) {
		switch (option) {
		case 'g':
			options.pcapng = true;
			break;
		case 'b':
			options.swapped = true;
			break;
		case 'n':
			options.nanoseconds = true;
			break;
		case 's':
			options.snap = strtoul(optarg, NULL, 10);
			break;
		case 'l':
			options.link = strtoul(optarg, NULL, 10);
			break;
		default:
			die("%s", usage_text);
		}
	}
	if (argc == optind)
		write_capture();
	else if (argc == optind + 2)
		print_matched(argv[optind], argv[optind + 1]);
	else
		die("%s", usage_text);
	return 0;
}
