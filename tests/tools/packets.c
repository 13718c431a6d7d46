// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Sends numbered frames from one interface and says which of them arrived at
 * others. The usage text has the rest.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "support/die.h"

#define NSEC_PER_USEC	1000

static const char usage_text[] =
	"usage: packets [OPTION]... FROM TO...\n"
	"       packets gro|txvlan ENDPOINT on|off\n"
	"Sends frames from FROM and counts those that come in at each TO, and at FROM.\n"
	"FROM, TO, ENDPOINT: [NETNS:]IFNAME; NETNS is a name or a path\n"
	"  -c COUNT    frames of each sender (100)\n"
	"  -r RATE     frames a second of each sender (0: as fast as it can)\n"
	"  -l LENGTH   bytes of a frame (60)\n"
	"  -d MAC      destination (the address of the first TO)\n"
	"  -v ID       VLAN tag (none)\n"
	"  -j N        senders, each on a CPU of its own (1)\n"
	"  -w MS       wait so long for the last frames (200)\n"
	"  -n          list the numbers of the frames that came in at the first TO\n"
	"SIGINT and SIGTERM end the sending. The report, one word a line:\n"
	"  sending=1                    as soon as the first frame is on its way\n"
	"  sent=N NAME=N... back=N      frames; NAME: of each TO; back: at FROM\n"
	"  twice=N                      frames that came in more than once at the first TO\n"
	"  lost=N                       frames that did not come in there, and, if any:\n"
	"  lost_min_us=N                from the first lost to the last lost at least\n"
	"  lost_max_us=N                from the one before the first lost to the one after the last\n"
	"                               lost at most; 0 when there is no such frame\n"
	"  lost_holes=N                 frames that did come in between the first and the last lost\n"
	"  first_NAME=HEX first_back=HEX   the head of the first frame\n"
	"  numbers=N,N...               with -n\n";

static struct flow flow;

static void stop(int signal)
{
	(void)signal;
	flow.stop = true;
}

static unsigned long number(const char *text, unsigned long min, unsigned long max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	errno = 0;
	if (end == text || *end || value < min || value > max)
		die("'%s' is not a number from %lu to %lu", text, min, max);
	return value;
}

static void mac(const char *text, unsigned char *address)
{
	unsigned char *a = address;
	char more;

	errno = 0;
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%c", a, a + 1, a + 2, a + 3, a + 4, a + 5,
		   &more) != 6)
		die("'%s' is not a MAC address", text);
}

static bool lost(uint32_t sender, uint32_t n)
{
	return !flow.watchers[0].seen[sender][n];
}

static uint64_t span_us(uint64_t from_ns, uint64_t to_ns)
{
	return to_ns > from_ns ? (to_ns - from_ns) / NSEC_PER_USEC : 0;
}

/* Where the frames of the first sender were lost. */
static void print_lost(uint32_t total)
{
	const struct sender *sender = &flow.senders[0];
	uint32_t first = 0, last = sender->sent - 1, holes = 0, i;
	uint64_t min_us, max_us = 0;

	printf("lost=%u\n", total);
	while (first < sender->sent && !lost(0, first))
		first++;
	if (first == sender->sent)
		return;
	while (!lost(0, last))
		last--;
	for (i = first; i <= last; i++)
		holes += !lost(0, i);
	min_us = span_us(sender->after_ns[first], sender->before_ns[last]);
	if (first > 0 && last + 1 < sender->sent)
		max_us = span_us(sender->before_ns[first - 1], sender->after_ns[last + 1]);
	printf("lost_min_us=%llu\nlost_max_us=%llu\nlost_holes=%u\n", (unsigned long long)min_us,
	       (unsigned long long)max_us, holes);
}

static void print_first(const struct watcher *watcher, const char *name)
{
	size_t i;

	if (!watcher->has_first)
		return;
	printf("first_%s=", name);
	for (i = 0; i < sizeof(watcher->first); i++)
		printf("%02x", watcher->first[i]);
	putchar('\n');
}

static void print_numbers(void)
{
	const char *separator = "numbers=";
	uint32_t i;

	for (i = 0; i < flow.senders[0].sent; i++) {
		if (lost(0, i))
			continue;
		printf("%s%u", separator, i);
		separator = ",";
	}
	printf("%s\n", *separator == ',' ? "" : separator);
}

static void report(bool numbers)
{
	uint32_t sent = 0, missing = 0, twice = 0, i, k;

	for (i = 0; i < flow.sender_count; i++) {
		sent += flow.senders[i].sent;
		for (k = 0; k < flow.senders[i].sent; k++) {
			missing += lost(i, k);
			twice += flow.watchers[0].seen[i][k] > 1;
		}
	}
	printf("sent=%u\n", sent);
	for (i = 0; i < flow.watcher_count; i++) {
		const struct watcher *watcher = &flow.watchers[i];
		bool back = i == flow.watcher_count - 1;
		const char *name = back ? "back" : watcher->endpoint.ifname;

		printf("%s=%llu\n", name, (unsigned long long)watcher->received);
		print_first(watcher, name);
	}
	printf("twice=%u\n", twice);
	if (sent)
		print_lost(missing);
	if (numbers)
		print_numbers();
}

static int set_offload(enum offload offload, char **argv)
{
	struct endpoint endpoint;

	endpoint_open(&endpoint, argv[0]);
	endpoint_set_offload(&endpoint, offload, !strcmp(argv[1], "on"));
	return 0;
}

static void parse(int argc, char **argv, bool *numbers)
{
	bool has_destination = false;
	int option, i;

	while ((option = getopt(argc, argv, "c:r:l:d:v:j:w:n")) != -1) {
		switch (option) {
		case 'c':
			flow.count = number(optarg, 1, 100000000);
			break;
		case 'r':
			flow.rate = number(optarg, 0, 1000000);
			break;
		case 'l':
			flow.shape.length = number(optarg, FRAME_MIN, FRAME_MAX);
			break;
		case 'd':
			mac(optarg, flow.shape.destination);
			has_destination = true;
			break;
		case 'v':
			flow.shape.vlan = number(optarg, 1, 0xffff);
			break;
		case 'j':
			flow.sender_count = number(optarg, 1, SENDERS_MAX);
			break;
		case 'w':
			flow.wait_ms = number(optarg, 0, 60000);
			break;
		case 'n':
			*numbers = true;
			break;
		default:
			fputs(usage_text, stderr);
			exit(2);
		}
	}
	if (argc - optind < 2 || argc - optind > WATCHERS_MAX) {
		fputs(usage_text, stderr);
		exit(2);
	}
	endpoint_open(&flow.from, argv[optind++]);
	for (i = optind; i < argc; i++)
		endpoint_open(&flow.watchers[flow.watcher_count++].endpoint, argv[i]);
	memcpy(flow.shape.source, flow.from.mac, sizeof(flow.shape.source));
	if (!has_destination)
		memcpy(flow.shape.destination, flow.watchers[0].endpoint.mac,
		       sizeof(flow.shape.destination));
	flow.watchers[flow.watcher_count++].endpoint = flow.from;
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = stop };
	bool numbers = false;

	if (argc == 4 && !strcmp(argv[1], "gro"))
		return set_offload(OFFLOAD_GRO, argv + 2);
	if (argc == 4 && !strcmp(argv[1], "txvlan"))
		return set_offload(OFFLOAD_VLAN_TAG, argv + 2);

	flow.run = frame_run();
	flow.count = 100;
	flow.shape.length = FRAME_MIN;
	flow.sender_count = 1;
	flow.wait_ms = 200;
	parse(argc, argv, &numbers);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	flow_run(&flow);
	report(numbers);
	return 0;
}
