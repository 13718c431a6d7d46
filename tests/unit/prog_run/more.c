// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Further conditions: skip, pulse, every, burst, flow, each alone and together. The
 * generator is seeded with fixed numbers, so that a run tells the same as the run
 * before.
 */
#include <arpa/inet.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "prog_run.h"

#define BURST_SEED	0x05b05b05b05b05abULL
#define PACKETS	1000000
#define LONGEST	20
#define HOUR	(3600 * SEC)

static struct setting with(uint32_t asks)
{
	return (struct setting){
		.verdict = XDP_DROP,
		.otherwise = XDP_PASS,
		.flags = XDP_ACTION_F_MORE,
		.more = { { .asks = asks } },
	};
}

static struct setting with_share(uint32_t asks, double share)
{
	struct setting setting = with(asks);

	setting.flags |= XDP_ACTION_F_PROBABILITY;
	setting.threshold = threshold(share);
	return setting;
}

static bool counts(struct instance *instance)
{
	return instance->data->features & XDP_ACTION_FEATURE_BUDGET;
}

/* One packet after the other; 'x' got DROP, '-' PASS, '!' ABORTED. Compares with what is wanted. */
static bool gets(struct instance *instance, const char *wanted)
{
	char got[64] = "";
	size_t i;

	for (i = 0; wanted[i]; i++) {
		uint32_t verdict = run_one(instance);

		got[i] = verdict == XDP_DROP ? 'x' : verdict == XDP_PASS ? '-' : '!';
	}
	if (!strcmp(got, wanted))
		return true;
	note("got %s, wanted %s", got, wanted);
	return false;
}

static bool put_and_get(struct instance *instance, const struct setting *setting,
			const char *wanted)
{
	reset(instance);
	put(instance, setting);
	return gets(instance, wanted);
}

/* ---- skip and every ---- */

static void check_without_counting(struct instance *instance)
{
	struct setting setting = with(XDP_ACTION_MORE_EVERY);

	setting.more[0].every = 1;
	ok(put_and_get(instance, &setting, "----"), "where nothing can be counted no packet is the Nth");
	setting = with(XDP_ACTION_MORE_SKIP);
	setting.more[0].skip = 1;
	ok(put_and_get(instance, &setting, "----"), "and a skip never ends");
}

static void check_every(struct instance *instance)
{
	struct setting setting = with(XDP_ACTION_MORE_EVERY);
	struct tally now;

	setting.more[0].every = 3;
	ok(put_and_get(instance, &setting, "--x--x--x-"), "each third packet, the first being the third");
	setting.more[0].count = 2;
	ok(put_and_get(instance, &setting, "x--x--"), "what was counted before counts");
	setting.more[0].every = 0;
	ok(put_and_get(instance, &setting, "---"), "each 0th packet is none");
	setting.more[0] = (struct xdp_action_more){ .asks = XDP_ACTION_MORE_EVERY, .every = 7 };
	reset(instance);
	put(instance, &setting);
	run_many(instance, PACKETS);
	now = tally(instance);
	ok(now.packets[XDP_DROP] == PACKETS / 7 &&
		   now.packets[XDP_PASS] == PACKETS - PACKETS / 7,
	   "each 7th of a million packets is %d", PACKETS / 7);
}

static void check_skip(struct instance *instance)
{
	struct setting setting = with(XDP_ACTION_MORE_SKIP);
	uint32_t slot;

	setting.more[0].skip = 3;
	reset(instance);
	slot = put(instance, &setting);
	ok(gets(instance, "---xxx") && !instance->data->more[slot][0].skip,
	   "the first three packets are left out, and nothing is left to skip");
	setting.more[0].skip = -1;
	ok(put_and_get(instance, &setting, "xx"), "a skip below 0 is none");
	setting.more[0].asks |= XDP_ACTION_MORE_EVERY;
	setting.more[0].skip = 2;
	setting.more[0].every = 3;
	ok(put_and_get(instance, &setting, "----x--x"), "each third of those that are not skipped");
}

/* `more`: what the setting has; it ends with its budget. */
static void check_with_budget(struct instance *instance)
{
	struct setting setting = with(XDP_ACTION_MORE_SKIP);

	setting.flags |= XDP_ACTION_F_BUDGET;
	setting.budget = 1;
	setting.base = XDP_PASS;
	setting.more[0].skip = 2;
	ok(put_and_get(instance, &setting, "--x----"), "the third packet, and nothing else");
	setting.budget = 2;
	setting.more[0] = (struct xdp_action_more){ .asks = XDP_ACTION_MORE_EVERY, .every = 2 };
	ok(put_and_get(instance, &setting, "-x-x----"), "a budget counts the Nth packets only");
	setting.base = word(XDP_DROP, XDP_PASS, 0, 0);
	setting.more[1] = (struct xdp_action_more){ .asks = XDP_ACTION_MORE_EVERY, .every = 3 };
	ok(put_and_get(instance, &setting, "-x-x--x--x"), "the base has its own conditions");
	setting.budget = 3;
	setting.more[0] = (struct xdp_action_more){ 0 };
	ok(put_and_get(instance, &setting, "xxx--x"), "and it may be the only one that has some");
	setting.more[1].asks = 0x80;
	ok(put_and_get(instance, &setting, "xxx!!"), "a base with a condition that is not known is ABORTED");
}

/* ---- pulse ---- */

/* The model: what the clock before and after the packet allow. */
static bool pulse_is_right(struct instance *instance, const struct xdp_action_more *more)
{
	uint64_t before = now_ns(), after;
	uint32_t verdict = run_one(instance);
	bool on_before = (before - more->start_ns) % more->period_ns < more->on_ns, on_after;
	uint64_t turns;

	after = now_ns();
	on_after = (after - more->start_ns) % more->period_ns < more->on_ns;
	turns = after - before;
	/* It may have turned, once or more often, while the packet was on its way. */
	if (on_before != on_after || turns >= more->on_ns || turns >= more->period_ns - more->on_ns)
		return true;
	return verdict == (on_before ? XDP_DROP : XDP_PASS);
}

/* Begun so long ago, so that what drifts by a millionth shows. */
static void check_pulse_of(struct instance *instance, uint64_t on_ns, uint64_t off_ns,
			   uint64_t age_ns)
{
	struct setting setting = with(XDP_ACTION_MORE_PULSE);
	struct xdp_action_more *more = &setting.more[0];
	uint64_t begin_ns = now_ns(), end_ns;
	uint32_t wrong = 0;
	struct tally now;

	more->on_ns = on_ns;
	more->period_ns = on_ns + off_ns;
	more->start_ns = begin_ns - age_ns;
	reset(instance);
	put(instance, &setting);
	end_ns = begin_ns + 5 * more->period_ns;
	while (now_ns() < end_ns)
		wrong += !pulse_is_right(instance, more);
	now = tally(instance);
	ok(!wrong && now.packets[XDP_DROP] + now.packets[XDP_PASS],
	   "a pulse of %g ms in %g ms is on and off as the clock says, %g h after the start",
	   on_ns / 1e6, more->period_ns / 1e6, age_ns / 3600e9);
	note("%llu packets while on, %llu while off, %u wrong",
	     (unsigned long long)now.packets[XDP_DROP], (unsigned long long)now.packets[XDP_PASS],
	     wrong);
}

static void check_pulse(struct instance *instance)
{
	struct setting setting = with(XDP_ACTION_MORE_PULSE);
	struct xdp_action_more *more = &setting.more[0];

	check_pulse_of(instance, 1 * MSEC, 1 * MSEC, 0);
	check_pulse_of(instance, 5 * MSEC, 12 * MSEC, 0);
	check_pulse_of(instance, 60 * MSEC, 40 * MSEC, 0);
	check_pulse_of(instance, 5 * MSEC, 12 * MSEC, HOUR);
	check_pulse_of(instance, 60 * MSEC, 41 * MSEC, 30 * 24 * HOUR);

	more->on_ns = HOUR;
	more->period_ns = 2 * more->on_ns;
	more->start_ns = now_ns() - 1000000 * more->period_ns - more->on_ns / 2;
	ok(put_and_get(instance, &setting, "xxxx"), "on, a million periods after the start");
	more->start_ns -= more->on_ns;
	ok(put_and_get(instance, &setting, "----"), "and off half a period later");
	more->period_ns = 0;
	ok(put_and_get(instance, &setting, "--"), "a pulse without a period is never on");
	more->asks |= XDP_ACTION_MORE_EVERY;
	more->period_ns = 2 * more->on_ns;
	more->every = 1;
	ok(put_and_get(instance, &setting, "----"), "while it is off nothing is counted");
}

/* A packet that is late with what it found out must not stop the next setting. */
static void check_gates(struct instance *instance)
{
	struct setting setting = with(XDP_ACTION_MORE_PULSE);
	uint32_t slot;

	setting.more[0].on_ns = HOUR;
	setting.more[0].period_ns = 2 * HOUR;
	setting.more[0].start_ns = now_ns();
	reset(instance);
	slot = put(instance, &setting);
	instance->data->more[slot][0].gate =
		(uint64_t)(instance->data->sequence - XDP_ACTION_SLOTS) << 48 | 0x7fffffffffffULL;
	ok(gets(instance, "xx"), "a pulse does not inherit the gate of the setting before");
}

/* ---- burst ---- */

struct runs {
	uint64_t lost, count;
	/* Of each length; what is longer is in the last. */
	uint64_t lengths[LONGEST + 1];
};

static struct runs measure_runs(struct instance *instance, uint32_t packets)
{
	struct runs runs = { 0 };
	uint32_t i, length = 0;

	for (i = 0; i < packets; i++) {
		if (run_one(instance) == XDP_DROP) {
			length++;
			runs.lost++;
			continue;
		}
		runs.count += length > 0;
		runs.lengths[length < LONGEST ? length : LONGEST] += length > 0;
		length = 0;
	}
	return runs;
}

static struct setting bursts(double share, double mean)
{
	struct setting setting = with_share(XDP_ACTION_MORE_BURST, share);

	setting.more[0].stay = (1 - 1 / mean) * 0x1p32;
	setting.more[0].enter = share / (mean * (1 - share)) * 0x1p32;
	return setting;
}

static bool near(double value, double expected, double sigma, const char *what)
{
	double off = (value - expected) / sigma;

	note("%s: %g, which is %+.2f standard deviations from %g", what, value, off, expected);
	return fabs(off) < 5;
}

/* Runs of each length are as many as a geometric distribution has. */
static bool geometric(const struct runs *runs, double mean)
{
	double leave = 1 / mean, share = leave, square = 0, expected, spread;
	int length, cells = 0;

	for (length = 1; length < LONGEST; length++) {
		expected = runs->count * share;
		if (expected >= 10) {
			square += pow(runs->lengths[length] - expected, 2) / expected;
			cells++;
		}
		share *= 1 - leave;
	}
	note("chi square %.1f of %d lengths", square, cells);
	if (!cells)
		return true;
	/* Wilson and Hilferty: 5 standard deviations. */
	spread = 2.0 / (9 * cells);
	return square < cells * pow(1 - spread + 5 * sqrt(spread), 3);
}

static void check_burst_of(struct instance *instance, double share, double mean, uint32_t packets)
{
	struct setting setting = bursts(share, mean);
	double leave = 1 / mean, stick = 1 - leave - share / (mean * (1 - share)), sigma;
	struct runs runs;
	bool good;

	reset(instance);
	seed(instance, BURST_SEED);
	put(instance, &setting);
	runs = measure_runs(instance, packets);
	/* The share of a chain with two states, whose packets know of one another. */
	sigma = sqrt(share * (1 - share) * packets * (1 + stick) / (1 - stick));
	good = near(runs.lost, share * packets, sigma, "lost");
	if (mean > 1)
		good &= near((double)runs.lost / runs.count, mean,
			     sqrt((1 - leave) / (leave * leave) / runs.count), "mean run");
	else
		good &= runs.lost - runs.count <= 1;
	good &= geometric(&runs, mean);
	ok(good, "%g%% of %u packets, in runs of %g", 100 * share, packets, mean);
}

static void check_burst(struct instance *instance, uint32_t packets)
{
	struct setting setting;

	check_burst_of(instance, 0.05, 4, packets);
	check_burst_of(instance, 0.2, 1.5, packets / 4);
	check_burst_of(instance, 0.3, 1, packets / 4);
	check_burst_of(instance, 0.01, 30, packets / 4);

	/* The next setting begins by its share, whatever state the last one left. */
	setting = bursts(0.5, 2);
	setting.threshold = 0xffffffff;
	setting.more[0].stay = 1ULL << 32;
	ok(put_and_get(instance, &setting, "xxxxxxxx"), "a bad state that is never left");
	setting.threshold = 0;
	setting.more[0].enter = 0;
	put(instance, &setting);
	ok(gets(instance, "--------"), "the next setting does not begin where the last one was");
	setting.more[0].enter = 1ULL << 32;
	setting.more[0].stay = 0;
	put(instance, &setting);
	ok(gets(instance, "-x-x-x-x"), "in and out with each packet");
}

/* ---- flow ---- */

/* An Ethernet frame in pieces, and how long it is. */
struct frame {
	unsigned char bytes[512];
	size_t length;
};

static void add(struct frame *frame, const void *bytes, size_t length)
{
	memcpy(frame->bytes + frame->length, bytes, length);
	frame->length += length;
}

static void add16(struct frame *frame, uint16_t number)
{
	uint16_t wire = htons(number);

	add(frame, &wire, sizeof(wire));
}

/* What tells a flow, and what must not. */
struct shape {
	uint32_t from, to;
	uint16_t source, dest;
	uint8_t protocol;
	bool reversed;
	int tags;
	int extensions;		/* headers of IPv6, words of options of IPv4 */
	uint16_t fragment;	/* as in IPv4: 0x2000: more follow; and its offset */
};

static void begin(struct frame *frame, const struct shape *shape, uint16_t type)
{
	static const unsigned char stations[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2,
						  2, 0, 0, 0, 0, 1 };
	int i;

	*frame = (struct frame){ .length = 0 };
	add(frame, stations + (shape->reversed ? 6 : 0), 12);
	for (i = 0; i < shape->tags; i++) {
		add16(frame, i ? 0x8100 : 0x88a8);
		add16(frame, 100 + i);
	}
	add16(frame, type);
}

static void add_ports(struct frame *frame, const struct shape *shape)
{
	add16(frame, shape->reversed ? shape->dest : shape->source);
	add16(frame, shape->reversed ? shape->source : shape->dest);
	frame->length += 32;
}

static void build4(struct frame *frame, const struct shape *shape)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5 + shape->extensions,
		.frag_off = htons(shape->fragment),
		.protocol = shape->protocol,
		.saddr = htonl(shape->reversed ? shape->to : shape->from),
		.daddr = htonl(shape->reversed ? shape->from : shape->to),
	};

	begin(frame, shape, 0x0800);
	add(frame, &ip, sizeof(ip));
	frame->length += 4 * shape->extensions;
	add_ports(frame, shape);
}

static void add_extensions(struct frame *frame, const struct shape *shape)
{
	unsigned char header[8] = { 0 };
	int i;

	for (i = 0; i < shape->extensions; i++) {
		header[0] = i + 1 < shape->extensions || shape->fragment ?
				    (i + 1 < shape->extensions ? 60 : 44) : shape->protocol;
		add(frame, header, sizeof(header));
	}
	if (shape->fragment) {
		uint16_t offset = htons((shape->fragment & 0x1fff) << 3 |
					!!(shape->fragment & 0x2000));

		header[0] = shape->protocol;
		memcpy(header + 2, &offset, sizeof(offset));
		add(frame, header, sizeof(header));
	}
}

static void build6(struct frame *frame, const struct shape *shape)
{
	struct ipv6hdr ip = {
		.version = 6,
		.nexthdr = shape->extensions ? 60 : shape->fragment ? 44 : shape->protocol,
	};
	uint32_t from = htonl(shape->reversed ? shape->to : shape->from);
	uint32_t to = htonl(shape->reversed ? shape->from : shape->to);

	memcpy(&ip.saddr.s6_addr[4], &from, sizeof(from));
	memcpy(&ip.daddr.s6_addr[12], &to, sizeof(to));
	if (shape->reversed) {
		memset(&ip.saddr, 0, sizeof(ip.saddr));
		memset(&ip.daddr, 0, sizeof(ip.daddr));
		memcpy(&ip.saddr.s6_addr[12], &from, sizeof(from));
		memcpy(&ip.daddr.s6_addr[4], &to, sizeof(to));
	}
	begin(frame, shape, 0x86dd);
	add(frame, &ip, sizeof(ip));
	add_extensions(frame, shape);
	add_ports(frame, shape);
}

typedef void (*build_fn)(struct frame *frame, const struct shape *shape);

static bool lost(struct instance *instance, build_fn build, const struct shape *shape)
{
	struct packet packet;
	struct frame frame;

	build(&frame, shape);
	memset(&packet, 0, sizeof(packet));
	memcpy(&packet, frame.bytes, frame.length);
	return run(instance, &packet, frame.length) == XDP_DROP;
}

static struct shape nth(uint32_t n)
{
	return (struct shape){
		.from = 0x0a000001 + n % 317,
		.to = 0xc0a80000 + n / 317 % 7,
		.source = 1024 + n * 7,
		.dest = n % 3 ? 443 : 53,
		.protocol = n % 3 ? IPPROTO_TCP : IPPROTO_UDP,
	};
}

/* How many of `count` flows get the same by a change of their packets that must not matter. */
static uint32_t agree(struct instance *instance, build_fn build, uint32_t count,
		      void (*change)(struct shape *shape))
{
	uint32_t n, agreed = 0;

	for (n = 0; n < count; n++) {
		struct shape shape = nth(n);
		bool before = lost(instance, build, &shape);

		change(&shape);
		agreed += lost(instance, build, &shape) == before;
	}
	return agreed;
}

static void turn_round(struct shape *shape)
{
	shape->reversed = true;
}

static void tag(struct shape *shape)
{
	shape->tags = 1;
}

static void tag_twice(struct shape *shape)
{
	shape->tags = 2;
}

static void extend(struct shape *shape)
{
	shape->extensions = 3;
}

static void extend_most(struct shape *shape)
{
	shape->extensions = 6;
	shape->tags = 2;
}

static void change_port(struct shape *shape)
{
	shape->dest ^= 0x400;
}

static void check_fragments(struct instance *instance, build_fn build, const char *name)
{
	uint32_t n, apart = 0, with_port = 0;

	for (n = 0; n < 1000; n++) {
		struct shape first = nth(n), later = nth(n), other = nth(n);

		first.fragment = 0x2000;
		later.fragment = 100;
		later.source = n * 12345;
		apart += lost(instance, build, &first) != lost(instance, build, &later);
		other.fragment = 0x2000;
		other.dest ^= 0x7777;
		with_port += lost(instance, build, &first) != lost(instance, build, &other);
	}
	ok(!apart && !with_port, "the fragments of an %s packet share its fate", name);
}

/* The setting before has gone: what one seed gives, the same seed gives again. */
static void check_seeds(struct instance *instance, struct setting *setting)
{
	uint32_t n, same = 0, others = 0;

	for (n = 0; n < 2000; n++) {
		struct shape shape = nth(n);
		bool lost_by_one, lost_by_two;

		setting->more[0].seed = 1;
		put(instance, setting);
		lost_by_one = lost(instance, build4, &shape);
		setting->more[0].seed = 2;
		put(instance, setting);
		lost_by_two = lost(instance, build4, &shape);
		setting->more[0].seed = 1;
		put(instance, setting);
		same += lost(instance, build4, &shape) == lost_by_one;
		others += lost_by_one != lost_by_two;
	}
	ok(same == 2000, "the same seed chooses the same flows again");
	/* Half of them, within five standard deviations. */
	ok(others > 1000 - 112 && others < 1000 + 112, "another seed chooses others");
}

static void check_share_of_flows(struct instance *instance, build_fn build, uint32_t flows,
				 double share, const char *name)
{
	struct setting setting = with_share(XDP_ACTION_MORE_FLOW, share);
	uint32_t n, gone = 0;

	setting.more[0].seed = 77;
	reset(instance);
	put(instance, &setting);
	for (n = 0; n < flows; n++) {
		struct shape shape = nth(n);

		gone += lost(instance, build, &shape);
	}
	ok(near(gone, share * flows, sqrt(share * (1 - share) * flows), "lost"),
	   "%g%% of %u flows of %s", 100 * share, flows, name);
}

static void check_other_frames(struct instance *instance)
{
	uint32_t n, apart = 0, gone = 0;

	for (n = 0; n < 1000; n++) {
		struct packet packet, back;
		uint32_t verdict;

		packet_init(&packet);
		packet.eth.h_dest[4] = n >> 8;
		packet.eth.h_dest[5] = n;
		back = packet;
		memcpy(back.eth.h_dest, packet.eth.h_source, ETH_ALEN);
		memcpy(back.eth.h_source, packet.eth.h_dest, ETH_ALEN);
		back.eth.h_proto = htons(0x0806);
		gone += run(instance, &packet, 64) == XDP_DROP;
		verdict = run(instance, &packet, 60);
		apart += run(instance, &back, 100) != verdict;
	}
	ok(!apart && gone > 500 - 79 && gone < 500 + 79,
	   "what is not IP is one flow for each pair of MAC addresses");
	note("%u of 1000 lost", gone);
}

/* As a card spreads flows over its queues: by the upper bits of a sum of products. */
static uint32_t queue_of(const struct shape *shape)
{
	uint32_t ports = shape->source ^ shape->dest;

	return ((shape->from ^ shape->to) * 0x9e3779b1U + ports * 0x85ebca6bU) >> 29;
}

static void check_queues(struct instance *instance)
{
	uint32_t n, queue, of[8] = { 0 }, gone[8] = { 0 };
	bool good = true;

	for (n = 0; n < 20000; n++) {
		struct shape shape = nth(n);

		queue = queue_of(&shape);
		of[queue]++;
		gone[queue] += lost(instance, build4, &shape);
	}
	for (queue = 0; queue < 8; queue++)
		good &= near(gone[queue], of[queue] / 2.0, sqrt(of[queue] / 4.0), "lost in a queue");
	ok(good, "each queue of a card loses its share of flows");
}

static void check_flow(struct instance *instance, uint32_t flows)
{
	struct setting setting = with_share(XDP_ACTION_MORE_FLOW, 0.5);

	check_share_of_flows(instance, build4, flows, 0.05, "IPv4");
	check_share_of_flows(instance, build6, flows, 0.5, "IPv6");
	reset(instance);
	setting.more[0].seed = 5;
	put(instance, &setting);
	ok(agree(instance, build4, 2000, turn_round) == 2000 &&
		   agree(instance, build6, 2000, turn_round) == 2000,
	   "both directions of a flow share its fate");
	ok(agree(instance, build4, 2000, tag) == 2000 &&
		   agree(instance, build4, 2000, tag_twice) == 2000 &&
		   agree(instance, build6, 2000, tag_twice) == 2000,
	   "a flow is looked up behind VLAN tags");
	ok(agree(instance, build4, 2000, extend) == 2000 &&
		   agree(instance, build6, 2000, extend) == 2000 &&
		   agree(instance, build6, 2000, extend_most) == 2000,
	   "and behind options and extension headers");
	ok(agree(instance, build4, 2000, change_port) < 1112 &&
		   agree(instance, build6, 2000, change_port) < 1112,
	   "another port is another flow");
	check_fragments(instance, build4, "IPv4");
	check_fragments(instance, build6, "IPv6");
	check_other_frames(instance);
	check_queues(instance);
	check_seeds(instance, &setting);
	if (cpu_count() < 2) {
		skip("one CPU only", "a flow has one fate on all CPUs");
		return;
	}
	run_on_cpu(1);
	check_share_of_flows(instance, build4, flows, 0.05, "IPv4, on another CPU");
	run_on_cpu(0);
}

void check_more(struct instance *instance, uint32_t packets)
{
	struct setting unknown = with(XDP_ACTION_MORE_ALL + 1), none = with(0);

	ok(put_and_get(instance, &unknown, "!!"), "a condition that is not known is ABORTED");
	ok(put_and_get(instance, &none, "xx"), "no further condition leaves out no packet");
	if (counts(instance)) {
		check_every(instance);
		check_skip(instance);
		check_with_budget(instance);
	} else {
		check_without_counting(instance);
	}
	check_pulse(instance);
	check_gates(instance);
	check_burst(instance, packets);
	check_flow(instance, packets / 10);
}
