// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "clock.h"

#define INTERVAL_MAX_MS (24 * 3600 * 1000)

static bool read_text(const char *text, void *value)
{
	if (!*text)
		return false;
	*(const char **)value = text;
	return true;
}

const struct value_type value_netns = {
	.noun = "a network namespace",
	.expected = "a name below /run/netns or a path",
	.candidates = CANDIDATES_NAMESPACES,
	.parse = read_text,
};

const struct value_type value_path = {
	.noun = "a file name",
	.expected = "at least one character",
	.candidates = CANDIDATES_FILES,
	.parse = read_text,
};

/* Bytes of a note. */
#define NOTE_MAX (XDPACTION_NOTE_SIZE - 1)

static bool read_note(const char *text, void *value)
{
	if (strlen(text) > NOTE_MAX || !text_is_utf8(text))
		return false;
	*(const char **)value = text;
	return true;
}

const struct value_type value_note = {
	.noun = "a note",
	.expected = "up to 128 bytes of UTF-8",
	.candidates = CANDIDATES_NONE,
	.parse = read_note,
};
_Static_assert(NOTE_MAX == 128, "as it says");

static bool read_generation(const char *text, void *value)
{
	struct expected *expected = value;

	expected->given = parse_number(text, 0, XDPACTION_ANY_GENERATION - 1,
				       &expected->generation);
	return expected->given;
}

const struct value_type value_generation = {
	.noun = "a generation",
	.expected = "a number that 'status --json' shows",
	.parse = read_generation,
};

static bool read_expression(const char *text, void *value)
{
	*(const char **)value = text;
	return true;
}

const struct value_type value_expression = {
	.noun = "an expression",
	.expected = "what pcap-filter(7) describes, as 'tcp port 22'",
	.candidates = CANDIDATES_NONE,
	.parse = read_expression,
};

/* None that is empty: it means every packet, and who gives a condition means fewer. */
static bool read_condition(const char *text, void *value)
{
	if (!text[strspn(text, " \t\r\n")] || strlen(text) >= XDPACTION_EXPRESSION_SIZE)
		return false;
	strcpy(value, text);
	return true;
}

static const char *refuse_condition(const char *text)
{
	static char why[64];
	size_t length = strlen(text);

	if (length < XDPACTION_EXPRESSION_SIZE)
		return NULL;
	snprintf(why, sizeof(why), " is too long: it has %zu characters, and %d fit", length,
		 XDPACTION_EXPRESSION_SIZE - 1);
	return why;
}

const struct value_type value_condition = {
	.noun = "an expression",
	.expected = "what pcap-filter(7) describes, as 'tcp port 22'",
	.candidates = CANDIDATES_NONE,
	.parse = read_condition,
	.refusal = refuse_condition,
};

static bool read_ifname(const char *text, void *value)
{
	return parse_ifname(text, value);
}

const struct value_type value_ifname = {
	.noun = "an interface name",
	.expected = "1 to 15 bytes without '/', ':' and white space",
	.candidates = CANDIDATES_INTERFACES,
	.parse = read_ifname,
};

static bool read_verdict(const char *text, void *value)
{
	return xdpaction_verdict_parse(text, value) == 0;
}

static const char *meant_verdict(const char *text)
{
	struct nearest nearest = nearest_to(text);
	enum xdpaction_verdict verdict;

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++)
		nearest_offer(&nearest, xdpaction_verdict_name(verdict));
	return nearest.name;
}

const struct value_type value_verdict = {
	.noun = "a verdict",
	.expected = "ABORTED, DROP, PASS, TX or REDIRECT",
	.candidates = CANDIDATES_VERDICTS,
	.parse = read_verdict,
	.meant = meant_verdict,
};

static bool read_mode(const char *text, void *value)
{
	static const enum xdpaction_mode modes[] = { XDPACTION_MODE_NATIVE, XDPACTION_MODE_SKB };
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (!strcmp(text, xdpaction_mode_name(modes[i]))) {
			*(enum xdpaction_mode *)value = modes[i];
			return true;
		}
	}
	return false;
}

/* What other tools call them, and slips. */
static const char *meant_mode(const char *text)
{
	static const struct {
		const char *name;
		enum xdpaction_mode mode;
	} known[] = {
		{ "native", XDPACTION_MODE_NATIVE }, { "drv", XDPACTION_MODE_NATIVE },
		{ "driver", XDPACTION_MODE_NATIVE }, { "xdpdrv", XDPACTION_MODE_NATIVE },
		{ "skb", XDPACTION_MODE_SKB },	     { "generic", XDPACTION_MODE_SKB },
		{ "xdpgeneric", XDPACTION_MODE_SKB },
	};
	struct nearest nearest = nearest_to(text);
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		nearest_offer(&nearest, known[i].name);
	for (i = 0; nearest.name && strcmp(nearest.name, known[i].name); i++)
		;
	return nearest.name ? xdpaction_mode_name(known[i].mode) : NULL;
}

const struct value_type value_mode = {
	.noun = "a mode",
	.expected = "native or skb",
	.candidates = CANDIDATES_MODES,
	.parse = read_mode,
	.meant = meant_mode,
};

/* Without a sign of per cent, none and all could be meant as per cent. */
static bool is_ambiguous(const char *text, uint64_t probability)
{
	return (!probability || probability == XDPACTION_ALWAYS) && !strchr(text, '%');
}

static bool read_probability(const char *text, void *value)
{
	uint64_t probability;

	if (!probability_parse(text, &probability) || is_ambiguous(text, probability))
		return false;
	*(uint64_t *)value = probability;
	return true;
}

static const char *const probabilities[] = { "0.1%", "1%", "5%", "10%", "50%", NULL };

static const char *refuse_probability(const char *text)
{
	uint64_t probability;

	if (!probability_parse(text, &probability))
		return NULL;
	return probability ? ": one per cent or all? write 1% or 100%" : ": none? write 0%";
}

const struct value_type value_probability = {
	.noun = "a probability",
	.expected = "a percentage like 5% or 0.1%, or a fraction like 0.05, from 0% to 100%",
	.parse = read_probability,
	.suggestions = probabilities,
	.refusal = refuse_probability,
};

static bool read_duration(const char *text, void *value)
{
	return parse_duration(text, value);
}

static const char *const durations[] = { "1s", "10s", "30s", "1m", "5m", "1h", NULL };

static const char *refuse_duration(const char *text)
{
	return duration_out_of_range(text) ? " is out of range; expected 1ms to 30d" : NULL;
}

const struct value_type value_duration = {
	.noun = "a duration",
	.expected = "numbers with units (ns, us, ms, s, m, h, d, w), from 1ms to 30d",
	.parse = read_duration,
	.suggestions = durations,
	.refusal = refuse_duration,
};

static bool read_packets(const char *text, void *value)
{
	return parse_number(text, 1, XDPACTION_PACKETS_MAX, value);
}

const struct value_type value_packets = {
	.noun = "a number of packets",
	.expected = "1 to 4294967296",
	.parse = read_packets,
};

static bool read_priority(const char *text, void *value)
{
	uint64_t number;

	if (!parse_number(text, 0, UINT_MAX, &number))
		return false;
	*(unsigned int *)value = number;
	return true;
}

const struct value_type value_priority = {
	.noun = "a priority",
	.expected = "0 to 4294967295, of which the lowest runs first",
	.parse = read_priority,
};

/* A number alone is one of milliseconds. */
static bool read_interval(const char *text, void *value)
{
	uint64_t ns;

	if (parse_number(text, 1, INTERVAL_MAX_MS, value))
		return true;
	if (!parse_duration(text, &ns) || ns % NSEC_PER_MSEC ||
	    ns / NSEC_PER_MSEC > INTERVAL_MAX_MS)
		return false;
	*(uint64_t *)value = ns / NSEC_PER_MSEC;
	return true;
}

const struct value_type value_interval = {
	.noun = "an interval",
	.expected = "1 to 86400000 milliseconds, or a duration like 1s",
	.parse = read_interval,
};

static bool read_count(const char *text, void *value)
{
	return parse_number(text, 1, UINT32_MAX, value);
}

const struct value_type value_count = {
	.noun = "a number of reports",
	.expected = "1 to 4294967295",
	.parse = read_count,
};
