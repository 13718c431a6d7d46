// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "args.h"

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
	const char *name;
	uint64_t ns;
} units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000 * 1000 },
	{ "s", UINT64_C(1000) * 1000 * 1000 },
	{ "m", UINT64_C(60) * 1000 * 1000 * 1000 },
	{ "h", UINT64_C(3600) * 1000 * 1000 * 1000 },
	{ "d", UINT64_C(86400) * 1000 * 1000 * 1000 },
};

static const struct unit *find_unit(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(name, units[i].name))
			return &units[i];
	return NULL;
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

bool parse_duration(const char *text, uint64_t *ns)
{
	const char *fraction, *end;
	const struct unit *unit;
	uint64_t whole, rest;

	if (!read_digits(&text, XDPACTION_DURATION_MAX_NS, &whole))
		return false;

	fraction = end = text;
	if (*text == '.') {
		fraction = end = text + 1;
		while (is_digit(*end))
			end++;
		if (end == fraction)
			return false;
	}

	unit = find_unit(end);
	if (!unit || whole > XDPACTION_DURATION_MAX_NS / unit->ns ||
	    !fraction_ns(fraction, end, unit->ns, &rest))
		return false;

	rest += whole * unit->ns;
	if (rest < XDPACTION_DURATION_MIN_NS || rest > XDPACTION_DURATION_MAX_NS)
		return false;
	*ns = rest;
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
