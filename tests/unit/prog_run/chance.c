// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Probability. The generator is seeded with fixed numbers, so that a run tells
 * the same as the run before; what is demanded of 100,000 packets holds for a
 * fair coin in all but one of 370 seeds or better.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "prog_run.h"

#define PACKETS	100000
#define SEED	0x0123456789abcdefULL
#define LAGS	8
#define STREAM	64

static void put_chance(struct instance *instance, uint32_t threshold)
{
	put(instance, &(struct setting){ .verdict = XDP_DROP,
					 .otherwise = XDP_PASS,
					 .flags = XDP_ACTION_F_PROBABILITY,
					 .threshold = threshold });
}

/* The verdict of the packet that draws `number`. */
static uint32_t verdict_of(struct instance *instance, uint32_t threshold, uint32_t number)
{
	reset(instance);
	put_chance(instance, threshold);
	draw_next(instance, number);
	return run_one(instance);
}

static void check_thresholds(struct instance *instance)
{
	ok(verdict_of(instance, 0, 0) == XDP_PASS,
	   "threshold 0: not even number 0 gets the verdict");
	ok(verdict_of(instance, 1, 0) == XDP_DROP && verdict_of(instance, 1, 1) == XDP_PASS,
	   "threshold 1: number 0 gets the verdict, 1 does not");
	ok(verdict_of(instance, 0x80000000, 0x7fffffff) == XDP_DROP &&
		   verdict_of(instance, 0x80000000, 0x80000000) == XDP_PASS,
	   "threshold 2^31: exact");
	ok(verdict_of(instance, 0xffffffff, 0xfffffffe) == XDP_DROP &&
		   verdict_of(instance, 0xffffffff, 0xffffffff) == XDP_PASS,
	   "threshold 2^32 - 1: all numbers but the highest get the verdict");

	reset(instance);
	put_chance(instance, 0);
	run_many(instance, PACKETS);
	ok(tally(instance).packets[XDP_PASS] == PACKETS, "0%% of 100,000 packets is none");
}

static void check_share(struct instance *instance, double p)
{
	double expected = PACKETS * p, sigma = sqrt(PACKETS * p * (1 - p)), off;
	struct tally now;

	reset(instance);
	seed(instance, SEED);
	put_chance(instance, threshold(p));
	run_many(instance, PACKETS);
	now = tally(instance);
	off = (now.packets[XDP_DROP] - expected) / sigma;
	ok(fabs(off) < 3 && now.packets[XDP_DROP] + now.packets[XDP_PASS] == PACKETS,
	   "%g%% of 100,000 packets is within three standard deviations", 100 * p);
	note("%llu, which is %+.2f standard deviations off",
	     (unsigned long long)now.packets[XDP_DROP], off);
}

/* Packets one by one; 1 where it got the verdict. */
static void stream(struct instance *instance, unsigned char *bits, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		bits[i] = run_one(instance) == XDP_DROP;
}

/* How far the agreement of packets `lag` apart is from chance, in deviations. */
static double correlation(const unsigned char *bits, double p, int lag)
{
	double sum = 0;
	int i;

	for (i = lag; i < PACKETS; i++)
		sum += (bits[i] - p) * (bits[i - lag] - p);
	return sum / (p * (1 - p) * sqrt(PACKETS - lag));
}

/* Wald and Wolfowitz: the number of runs, in deviations from the expected. */
static double runs(const unsigned char *bits)
{
	double ones = bits[0], zeros, count = 1, expected, variance;
	int i;

	for (i = 1; i < PACKETS; i++) {
		ones += bits[i];
		count += bits[i] != bits[i - 1];
	}
	zeros = PACKETS - ones;
	expected = 2 * ones * zeros / PACKETS + 1;
	variance = (expected - 1) * (expected - 2) / (PACKETS - 1);
	return (count - expected) / sqrt(variance);
}

static void check_neighbours(struct instance *instance, double p)
{
	unsigned char *bits = malloc(PACKETS);
	double off, worst = 0;
	int lag;

	if (!bits)
		bail("no memory");
	reset(instance);
	seed(instance, SEED);
	put_chance(instance, threshold(p));
	stream(instance, bits, PACKETS);
	for (lag = 1; lag <= LAGS; lag++) {
		off = fabs(correlation(bits, p, lag));
		worst = off > worst ? off : worst;
	}
	ok(worst < 4, "%g%%: packets 1 to %d apart know nothing of one another", 100 * p, LAGS);
	note("the worst is %.2f standard deviations off", worst);
	off = runs(bits);
	ok(fabs(off) < 4, "%g%%: runs are as long as chance makes them", 100 * p);
	note("%+.2f standard deviations off", off);
	free(bits);
}

static void check_seeds(struct instance *instance)
{
	unsigned char bits[3][STREAM];

	reset(instance);
	put_chance(instance, threshold(0.5));
	run_on_cpu(0);
	stream(instance, bits[0], STREAM);
	seed(instance, 0);
	stream(instance, bits[1], STREAM);
	ok(memcmp(bits[0], bits[1], STREAM), "an instance seeds itself anew each time");

	if (cpu_count() < 2) {
		skip("one CPU only", "each CPU draws numbers of its own");
		return;
	}
	run_on_cpu(1);
	stream(instance, bits[2], STREAM);
	run_on_cpu(0);
	ok(memcmp(bits[1], bits[2], STREAM) &&
		   random_state(instance, cpu_number(0)) != random_state(instance, cpu_number(1)),
	   "each CPU draws numbers of its own");
}

static void check_base(struct instance *instance)
{
	double off;

	reset(instance);
	seed(instance, SEED);
	put(instance,
	    &(struct setting){
		    .verdict = XDP_ABORTED,
		    .flags = XDP_ACTION_F_DEADLINE,
		    .base = word(XDP_DROP, XDP_PASS, XDP_ACTION_F_PROBABILITY, threshold(0.25)),
	    });
	run_many(instance, PACKETS);
	off = (tally(instance).packets[XDP_DROP] - 0.25 * PACKETS) / sqrt(PACKETS * 0.25 * 0.75);
	ok(fabs(off) < 3 && !tally(instance).packets[XDP_ABORTED],
	   "a base with a probability of 25%% keeps to it");
	note("%+.2f standard deviations off", off);
}

void check_chance(struct instance *instance)
{
	check_thresholds(instance);
	check_share(instance, 0.001);
	check_share(instance, 0.05);
	check_share(instance, 0.5);
	check_share(instance, 0.999);
	check_neighbours(instance, 0.5);
	check_neighbours(instance, 0.05);
	check_seeds(instance);
	check_base(instance);
}
