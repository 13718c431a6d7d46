// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What the readers of the command line take, and what they refuse. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "args/args.h"
#include "commands/conditions.h"
#include "support/tap.h"

#define UNTOUCHED UINT64_C(0xdeadbeefdeadbeef)
#define MS UINT64_C(1000000)
#define SEC (1000 * MS)
#define HALF (XDPACTION_ALWAYS / 2)
#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

struct good {
	const char *text;
	uint64_t value;
};

typedef bool (*reader)(const char *text, uint64_t *value);

static void check_good(const char *what, reader read, const struct good *good, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		uint64_t value = UNTOUCHED;

		if (!ok(read(good[i].text, &value) && value == good[i].value, "%s '%s' is %" PRIu64,
			what, good[i].text, good[i].value))
			note("got %" PRIu64, value);
	}
}

static void check_bad(const char *what, reader read, const char *const *bad, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		uint64_t value = UNTOUCHED;
		char quoted[QUOTE_SIZE];

		ok(!read(bad[i], &value) && value == UNTOUCHED, "%s '%s' is refused", what,
		   quote_text(quoted, bad[i]));
	}
}

static void check_durations(void)
{
	static const struct good good[] = {
		{ "1ms", MS },
		{ "500ms", 500 * MS },
		{ "30s", 30 * SEC },
		{ "5m", 300 * SEC },
		{ "2h", 7200 * SEC },
		{ "1d", 86400 * SEC },
		{ "30d", 30 * 86400 * SEC },
		{ "720h", 30 * 86400 * SEC },
		{ "2592000000000000ns", 30 * 86400 * SEC },
		{ "1.5s", 1500 * MS },
		{ "0.001s", MS },
		{ "1.000000001s", SEC + 1 },
		{ "0.5d", 43200 * SEC },
		{ "1.25h", 4500 * SEC },
		{ "1000us", MS },
		{ "1000000ns", MS },
		{ "0030s", 30 * SEC },
		{ "1.500000000000s", 1500 * MS },
		{ ".5s", 500 * MS },
		{ "1h30m", 5400 * SEC },
		{ "1m30s", 90 * SEC },
		{ "1min 30s", 90 * SEC },
		{ "1 min 30 s", 90 * SEC },
		{ "1s \t 1ms", SEC + MS },
		{ "2 h", 7200 * SEC },
		{ "30sec", 30 * SEC },
		{ "1second", SEC },
		{ "30seconds", 30 * SEC },
		{ "1minute2minutes", 180 * SEC },
		{ "1hr 1hour 2hours", 4 * 3600 * SEC },
		{ "1day 2days", 3 * 86400 * SEC },
		{ "1w", 7 * 86400 * SEC },
		{ "1week 2weeks", 21 * 86400 * SEC },
		{ "0.5M", 1315008 * SEC },
		{ "0.01y", 315576 * SEC },
		{ "5msec", 5 * MS },
		{ "1000usec", MS },
		{ "1000\xc2\xb5s", MS },
		{ "1000\xce\xbcs", MS },
		{ "1000000nsec", MS },
		{ "0s 5ms 0h", 5 * MS },
		{ "500us500us", MS },
		{ "1.5s.5s", 2 * SEC },
	};
	static const char *const bad[] = {
		"",
		"s",
		"5",
		"0s",
		"0ms",
		"0.0s",
		"-1s",
		"+1s",
		" 1s",
		"1s ",
		"5x",
		"5S",
		"5ss",
		"10abc",
		"1e3s",
		"nan",
		"inf",
		"0x10s",
		"999us",
		"999999ns",
		"0.0009s",
		"31d",
		"30.0000000001d",
		"721h",
		"2592000000000001ns",
		"1.s",
		"1..5s",
		"1.5",
		"1.5.5s",
		"1.0000000001s",
		"0.0000001ms",
		"1,5s",
		"18446744073709551616ns",
		"18446744073709551617ms",
		"99999999999999999999999d",
		"213504d",
		"5m\n",
		"\xef\xbc\x95s",
		"%s",
		"1s;reboot",
		"1h30",
		"1h 30",
		"1h,30m",
		"1h-30m",
		"1h\n30m",
		"5S",
		"1Min",
		"1 minutess",
		"1s s",
		"1sms",
		". s",
		".s",
		"infinity",
		"1M",
		"1y",
		"29d 24h 1ns",
	};
	static const char *const out_of_range[] = {
		"0s", "999us", "31d", "721h", "1M", "1y", "29d 24h 1ns", "99999999999999999999999d",
		"18446744073709551616ns", "18446744073709551617ms", "213504d",
	};
	static const char *const no_duration[] = { "", "5", "-1s", "5x", "1s ", "1.0000000001s" };
	size_t i;

	check_good("duration", parse_duration, good, LENGTH(good));
	check_bad("duration", parse_duration, bad, LENGTH(bad));
	for (i = 0; i < LENGTH(out_of_range); i++)
		ok(duration_out_of_range(out_of_range[i]), "duration '%s' is out of range",
		   out_of_range[i]);
	for (i = 0; i < LENGTH(no_duration); i++)
		ok(!duration_out_of_range(no_duration[i]), "'%s' is no duration at all",
		   no_duration[i]);
}

static void check_probabilities(void)
{
	static const struct good good[] = {
		{ "0", 0 },
		{ "0%", 0 },
		{ "0.000", 0 },
		{ "1", XDPACTION_ALWAYS },
		{ "1.000", XDPACTION_ALWAYS },
		{ "100%", XDPACTION_ALWAYS },
		{ "100.00%", XDPACTION_ALWAYS },
		{ "0100%", XDPACTION_ALWAYS },
		{ "50%", HALF },
		{ "0.5", HALF },
		{ "25%", HALF / 2 },
		/* 214748364.8, 4294967.296, 42949672.96, 429496.7296 */
		{ "5%", 214748365 },
		{ "0.05", 214748365 },
		{ "0.1%", 4294967 },
		{ ".05", 214748365 },
		{ ".1%", 4294967 },
		{ "1%", 42949673 },
		{ "0.01%", 429497 },
		{ "1.5%", 64424509 },
		/* The smallest steps, and what rounds to them. */
		{ "0.00000000023283064365386962890625", 1 },
		{ "0.000000023283064365386962890625%", 1 },
		/* Half a step rounds up, less does not. */
		{ "0.00000000034924596548080444335938", 2 },
		{ "0.00000000034924596548080444335937", 1 },
		/* More than nothing and less than all stay that. */
		{ "0.0000000000000000000000000000000001", 1 },
		{ "0.00000000000001%", 1 },
		{ "0.99999999999999999999999999999999", XDPACTION_ALWAYS - 1 },
		{ "99.9999999999999999999%", XDPACTION_ALWAYS - 1 },
	};
	static const char *const bad[] = {
		"",
		"%",
		".",
		"5.",
		"5.%",
		".%",
		"101%",
		"100.0000001%",
		"1.0000001",
		"2",
		"5",
		"-1",
		"-0",
		"-5%",
		"+5%",
		"nan",
		"inf",
		"1e3",
		"1e-3",
		"0x1",
		"5 %",
		" 5%",
		"5% ",
		"5%%",
		"5%x",
		"x",
		"10abc%",
		"0.1.2",
		"0,5",
		"1/2",
		"5\xef\xbc\x85",
		"1000000000000000000000000000000%",
		"0.00000000000000000000000000000000000000000000000001",
	};

	check_good("probability", probability_parse, good, LENGTH(good));
	check_bad("probability", probability_parse, bad, LENGTH(bad));
}

static bool read_option(const char *text, uint64_t *probability)
{
	return value_probability.parse(text, probability);
}

/* As an option, where per cent could be meant. */
static void check_bare_probabilities(void)
{
	static const struct good good[] = {
		{ "0%", 0 },
		{ "100%", XDPACTION_ALWAYS },
		{ "1%", 42949673 },
		{ "0.5", HALF },
		{ "0.99999999999999999999999999999999", XDPACTION_ALWAYS - 1 },
	};
	static const char *const bad[] = { "1", "0", "1.0", "0.0", "00", "01", "x" };
	char text[256];
	struct words words = words_in(text, sizeof(text));
	uint64_t unused;

	check_good("--probability", read_option, good, LENGTH(good));
	check_bad("--probability", read_option, bad, LENGTH(bad));
	value_read(&value_probability, "1", &unused, &words);
	ok(!strcmp(text, "'1': one per cent or all? write 1% or 100%"), "a bare 1 is asked about");
	words = words_in(text, sizeof(text));
	value_read(&value_probability, "0", &unused, &words);
	ok(!strcmp(text, "'0': none? write 0%"), "and so is a bare 0");
}

/* What is printed is read back as the same, for every kind of value. */
static void check_round_trip(void)
{
	uint64_t seed = 1, wrong = 0, value, i;
	char text[UNITS_SIZE];

	for (i = 0; i < 200000; i++) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		value = seed >> 32;
		if (i < 5000)
			value = i;
		else if (i < 10000)
			value = XDPACTION_ALWAYS - (i - 5000);
		wrong += !probability_parse(units_percent(text, value), &seed) || seed != value;
		wrong += !probability_parse(units_fraction(text, value), &seed) || seed != value;
		seed = value ^ i << 40;
	}
	ok(!wrong, "200000 probabilities are read back as they were printed");
}

static bool read_packets(const char *text, uint64_t *value)
{
	return parse_number(text, 1, XDPACTION_PACKETS_MAX, value);
}

static bool read_any(const char *text, uint64_t *value)
{
	return parse_number(text, 0, UINT64_MAX, value);
}

static void check_numbers(void)
{
	static const struct good packets[] = {
		{ "1", 1 },
		{ "1000", 1000 },
		{ "007", 7 },
		{ "4294967296", XDPACTION_PACKETS_MAX },
	};
	static const char *const bad_packets[] = {
		"",
		"0",
		"-1",
		"+1",
		" 1",
		"1 ",
		"10abc",
		"0x10",
		"1.0",
		"1e3",
		"4294967297",
		"18446744073709551617",
		"99999999999999999999999999",
		"1,000",
		"%d",
	};
	static const struct good any[] = {
		{ "0", 0 },
		{ "18446744073709551615", UINT64_MAX },
	};
	static const char *const bad_any[] = {
		"18446744073709551616",
		"18446744073709551620",
	};

	check_good("packets", read_packets, packets, LENGTH(packets));
	check_bad("packets", read_packets, bad_packets, LENGTH(bad_packets));
	check_good("number", read_any, any, LENGTH(any));
	check_bad("number", read_any, bad_any, LENGTH(bad_any));
}

static bool read_burst(const char *text, uint64_t *value)
{
	uint32_t thousandths = UINT32_MAX;

	if (!value_burst.parse(text, &thousandths))
		return false;
	*value = thousandths;
	return true;
}

static void check_bursts(void)
{
	static const struct good good[] = {
		{ "1", 1000 },	    { "4", 4000 },	   { "1.5", 1500 },
		{ "2.25", 2250 },   { "1.001", 1001 },	   { "3.1000000", 3100 },
		{ "1000000", 1000000000 },
	};
	static const char *const bad[] = {
		"", "0", "0.999", "1.", ".5", "1.0001", "1000000.001", "1000001", "-1", "1e3", "4 ", "x",
	};

	check_good("mean run", read_burst, good, LENGTH(good));
	check_bad("mean run", read_burst, bad, LENGTH(bad));
}

static void check_pulses(void)
{
	static const char *const bad[] = {
		"", "/", "1s", "1s/", "/1s", "1s/1s/1s", "1s/0s", "31d/1s", "1s/x", "1/1",
	};
	struct pulse pulse = { 0 };
	size_t i;

	ok(value_pulse.parse("200ms/800ms", &pulse) && pulse.on_ns == 200 * MS &&
		   pulse.off_ns == 800 * MS,
	   "a pulse has two durations");
	ok(value_pulse.parse("1min 30s / 2h", &pulse) == false, "without blanks around the slash");
	for (i = 0; i < LENGTH(bad); i++)
		ok(!value_pulse.parse(bad[i], &pulse), "pulse '%s' is refused", bad[i]);
}

static void check_ifnames(void)
{
	static const char *const good[] = {
		"eth0", "lo",	    "eth0.100", "a",	"...", "0123456789abcde",
		"*",	"%s",	    "'",	"\"",	"-x",  "w\xc3\xb6lan",
		"\xff", "\x1b[31m", "veth@1",	"a..b",
	};
	static const char *const bad[] = {
		"",
		".",
		"..",
		"0123456789abcdef",
		"../eth0",
		"/",
		"eth0/",
		"eth 0",
		"eth0 ",
		"\t",
		"eth0\n",
		"a:1",
		"a\xa0"
		"b",
		"a\v",
	};
	char name[XDPACTION_IFNAME_SIZE];
	size_t i;

	for (i = 0; i < LENGTH(good); i++)
		ok(parse_ifname(good[i], name) && !strcmp(name, good[i]), "interface good %zu", i);
	for (i = 0; i < LENGTH(bad); i++) {
		strcpy(name, "untouched");
		ok(!parse_ifname(bad[i], name) && !strcmp(name, "untouched"), "interface bad %zu",
		   i);
	}
}

int main(void)
{
	check_durations();
	check_probabilities();
	check_bare_probabilities();
	check_round_trip();
	check_numbers();
	check_bursts();
	check_pulses();
	check_ifnames();
	return finish();
}
