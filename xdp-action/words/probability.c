// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Probabilities in decimal digits, and in units of 2^-32. */
#include <stdlib.h>
#include <string.h>

#include "words.h"

/* No useful probability has more digits. */
#define DIGITS_MAX 40
/* The digits and the decimal point. */
#define LENGTH_MAX (DIGITS_MAX + 1)
/* Leading zeros, so that both numbers have the same number of digits before the point. */
#define PADDING "000"
/* The error of strtod() is smaller than this, in units of 2^-32. */
#define DOUBT 0.001

/*
 * Compares the digits at text with a number, as strcmp() does. printf() writes
 * every digit of a binary fraction, so the comparison is exact, which reading the
 * digits into a double is not.
 */
static int compare_digits(const char *text, size_t length, double number)
{
	char digits[sizeof(PADDING) + LENGTH_MAX], exact[2 * sizeof(digits)];
	size_t whole = strcspn(text, ".%");
	int order;

	length = snprintf(digits, sizeof(digits), PADDING "%.*s", (int)length, text);
	snprintf(exact, sizeof(exact), "%0*.*f",
		 (int)(strlen(PADDING) + whole + 1 + DIGITS_MAX), DIGITS_MAX, number);
	order = memcmp(digits, exact, length);
	if (!order && exact[length + strspn(exact + length, "0.")])
		order = -1;
	return order;
}

/* The nearest multiple of 2^-32; of two that are equally near, the larger one. */
static uint64_t nearest_unit(const char *text, size_t length, double scale)
{
	double units = strtod(text, NULL) / scale * XDPACTION_ALWAYS;
	uint64_t below = units;
	double rest = units - below;

	if (rest > 0.5 - DOUBT && rest < 0.5 + DOUBT)
		return below + (compare_digits(text, length,
					       (below + 0.5) * scale / XDPACTION_ALWAYS) >= 0);
	return below + (rest > 0.5);
}

bool probability_parse(const char *text, uint64_t *probability)
{
	size_t length = strspn(text, "0123456789"), fraction;
	uint64_t unit;
	bool percent;
	double all;

	if (text[length] == '.') {
		fraction = strspn(text + length + 1, "0123456789");
		if (!fraction)
			return false;
		length += 1 + fraction;
	}
	if (!length)
		return false;
	percent = text[length] == '%';
	all = percent ? 100 : 1;
	if (text[length + percent] || length > LENGTH_MAX || strtod(text, NULL) > all ||
	    compare_digits(text, length, all) > 0)
		return false;

	unit = nearest_unit(text, length, all);
	if (!unit && compare_digits(text, length, 0))
		unit = 1;
	if (unit == XDPACTION_ALWAYS && compare_digits(text, length, all))
		unit = XDPACTION_ALWAYS - 1;
	*probability = unit;
	return true;
}

/* The shortest decimal that is read back as the same probability. */
static const char *shortest(char out[UNITS_SIZE], uint64_t probability, double scale,
			    const char *unit)
{
	uint64_t again;
	int places = 0;

	do {
		snprintf(out, UNITS_SIZE, "%.*f%s", places++,
			 scale * probability / XDPACTION_ALWAYS, unit);
	} while (places < 16 && (!probability_parse(out, &again) || again != probability));
	return out;
}

const char *units_fraction(char out[UNITS_SIZE], uint64_t probability)
{
	return shortest(out, probability, 1, "");
}

const char *units_percent(char out[UNITS_SIZE], uint64_t probability)
{
	return shortest(out, probability, 100, "%");
}
