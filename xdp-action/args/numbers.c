// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "clock.h"

/* What may stand between the parts of a duration. */
#define BLANKS " \t"
/* Stands for every duration that is longer. */
#define OUT_OF_RANGE (XDPACTION_DURATION_MAX_NS + 1)

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads a number up to max and moves *text behind it. */
static bool read_digits(const char **text, uint64_t max, uint64_t *value)
{
	const char *p = *text;
	uint64_t sum = 0;

	if (!is_digit(*p))
		return false;
	for (; is_digit(*p); p++) {
		uint64_t digit = *p - '0';

		if (digit > max || sum > (max - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	*text = p;
	*value = sum;
	return true;
}

bool parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	uint64_t number;

	if (!read_digits(&text, max, &number) || *text || number < min)
		return false;
	*value = number;
	return true;
}

static const struct unit {
	const char *names;		/* between blanks */
	uint64_t ns;
} units[] = {
	{ " ns nsec ", 1 },
	{ " us usec \xc2\xb5s \xce\xbcs ", 1000 },
	{ " ms msec ", 1000 * 1000 },
	{ " s sec second seconds ", NSEC_PER_SEC },
	{ " m min minute minutes ", 60 * NSEC_PER_SEC },
	{ " h hr hour hours ", 3600 * NSEC_PER_SEC },
	{ " d day days ", 86400 * NSEC_PER_SEC },
	{ " w week weeks ", 7 * 86400 * NSEC_PER_SEC },
	/* 30.44 and 365.25 days, as systemd has them. */
	{ " M month months ", 2630016 * NSEC_PER_SEC },
	{ " y year years ", 31557600 * NSEC_PER_SEC },
};

/* Finds the unit at *text, and moves that behind it. */
static const struct unit *read_unit(const char **text)
{
	size_t length = strcspn(*text, BLANKS ".0123456789"), i;
	char name[16];

	if (!length || length + 3 > sizeof(name))
		return NULL;
	snprintf(name, sizeof(name), " %.*s ", (int)length, *text);
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strstr(units[i].names, name)) {
			*text += length;
			return &units[i];
		}
	}
	return NULL;
}

/* Adds without going past what is out of range anyway. */
static uint64_t add_limited(uint64_t a, uint64_t b)
{
	return a > OUT_OF_RANGE || b > OUT_OF_RANGE - a ? OUT_OF_RANGE : a + b;
}

/* The digits at *text, limited as well; moves *text behind them. */
static uint64_t read_whole(const char **text)
{
	uint64_t sum = 0;

	for (; is_digit(**text); ++*text)
		sum = sum > OUT_OF_RANGE / 10 ? OUT_OF_RANGE : sum * 10 + (**text - '0');
	return sum;
}

/* The digits behind the point in nanoseconds; false when these are not whole. */
static bool fraction_ns(const char *digits, const char *end, uint64_t unit_ns, uint64_t *ns)
{
	*ns = 0;
	for (; digits < end; digits++) {
		uint64_t digit = *digits - '0';

		if (digit && unit_ns % 10)
			return false;
		unit_ns /= 10;
		*ns += digit * unit_ns;
	}
	return true;
}

/* Reads one number with its unit, moves *text behind it and adds it to *ns. */
static bool read_span(const char **text, uint64_t *ns)
{
	const char *start = *text, *fraction, *end;
	uint64_t whole = read_whole(text), rest;
	const struct unit *unit;

	fraction = end = *text;
	if (*end == '.') {
		fraction = ++end;
		while (is_digit(*end))
			end++;
		if (end == fraction)
			return false;
	}
	if (end == start)
		return false;

	*text = end + strspn(end, BLANKS);
	unit = read_unit(text);
	if (!unit || !fraction_ns(fraction, end, unit->ns, &rest))
		return false;
	whole = whole > OUT_OF_RANGE / unit->ns ? OUT_OF_RANGE : whole * unit->ns;
	*ns = add_limited(*ns, add_limited(whole, rest));
	return true;
}

/* Reads numbers with units, blanks between them or not. */
static bool read_spans(const char *text, uint64_t *ns)
{
	*ns = 0;
	do {
		if (!read_span(&text, ns))
			return false;
		if (!*text)
			return true;
		text += strspn(text, BLANKS);
	} while (*text);
	return false;
}

static bool duration_in_range(uint64_t ns)
{
	return ns >= XDPACTION_DURATION_MIN_NS && ns <= XDPACTION_DURATION_MAX_NS;
}

bool parse_duration(const char *text, uint64_t *ns)
{
	uint64_t sum;

	if (!read_spans(text, &sum) || !duration_in_range(sum))
		return false;
	*ns = sum;
	return true;
}

bool duration_out_of_range(const char *text)
{
	uint64_t sum;

	return read_spans(text, &sum) && !duration_in_range(sum);
}

bool parse_thousandths(const char *text, uint32_t *thousandths)
{
	uint64_t whole, unit = XDPACTION_BURST_MIN, sum;

	if (!read_digits(&text, XDPACTION_BURST_MAX / XDPACTION_BURST_MIN, &whole))
		return false;
	sum = whole * unit;
	if (*text == '.' && !is_digit(*++text))
		return false;
	for (; is_digit(*text); text++) {
		unit /= 10;
		/* More digits than that are not kept, so they must be zeros. */
		if (!unit && *text != '0')
			return false;
		sum += (*text - '0') * unit;
	}
	if (*text || sum < XDPACTION_BURST_MIN || sum > XDPACTION_BURST_MAX)
		return false;
	*thousandths = sum;
	return true;
}

/* White space as the kernel defines it, which includes the no-break space of Latin-1. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\xa0';
}

bool parse_ifname(const char *text, char name[XDPACTION_IFNAME_SIZE])
{
	const char *p;

	if (!*text || strlen(text) >= XDPACTION_IFNAME_SIZE || !strcmp(text, ".") ||
	    !strcmp(text, ".."))
		return false;
	for (p = text; *p; p++)
		if (*p == '/' || *p == ':' || is_space(*p))
			return false;

	strcpy(name, text);
	return true;
}
