// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probabilities, from decimal digits to units of 2^-32, without a rounding
 * error on the way: the digits are doubled 32 times, and what is carried over
 * the point is the next bit.
 */
#include <string.h>

#include "words.h"

/* More digits than this make no difference that anyone could mean. */
#define DIGITS_MAX 40
/* Zeros in front, where the percent sign moves the point to. */
#define PERCENT_DIGITS 2

struct decimal {
	unsigned char digits[PERCENT_DIGITS + DIGITS_MAX];
	size_t count;
	/* Digits before the point. */
	size_t point;
};

static bool push_digits(const char **text, struct decimal *decimal)
{
	const char *start = *text;

	for (; **text >= '0' && **text <= '9'; (*text)++) {
		if (decimal->count == sizeof(decimal->digits))
			return false;
		decimal->digits[decimal->count++] = **text - '0';
	}
	return *text > start;
}

static bool read_decimal(const char *text, struct decimal *decimal)
{
	memset(decimal, 0, sizeof(*decimal));
	decimal->count = PERCENT_DIGITS;

	if (!push_digits(&text, decimal))
		return false;
	decimal->point = decimal->count;
	if (*text == '.') {
		text++;
		if (!push_digits(&text, decimal))
			return false;
	}
	if (*text == '%') {
		text++;
		decimal->point -= PERCENT_DIGITS;
	}
	return !*text;
}

static bool any_digit(const unsigned char *digits, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (digits[i])
			return true;
	return false;
}

/* Doubles the digits behind the point; returns what is carried over it. */
static unsigned int double_fraction(struct decimal *decimal)
{
	unsigned int carry = 0;
	size_t i;

	for (i = decimal->count; i-- > decimal->point;) {
		unsigned int twice = 2 * decimal->digits[i] + carry;

		decimal->digits[i] = twice % 10;
		carry = twice / 10;
	}
	return carry;
}

/* The fraction is above 0 and below 1, and so is what it is rounded to. */
static uint64_t round_fraction(struct decimal *decimal)
{
	uint64_t value = 0;
	int bit;

	for (bit = 0; bit < 32; bit++)
		value = value << 1 | double_fraction(decimal);
	value += double_fraction(decimal);

	if (!value)
		return 1;
	return value < XDPACTION_ALWAYS ? value : XDPACTION_ALWAYS - 1;
}

bool probability_parse(const char *text, uint64_t *probability)
{
	struct decimal decimal;
	bool has_fraction;
	size_t ones;

	if (!read_decimal(text, &decimal))
		return false;

	ones = decimal.point - 1;
	has_fraction = any_digit(decimal.digits + decimal.point, decimal.count - decimal.point);
	if (any_digit(decimal.digits, ones) || decimal.digits[ones] > 1 ||
	    (decimal.digits[ones] && has_fraction))
		return false;

	if (has_fraction)
		*probability = round_fraction(&decimal);
	else
		*probability = decimal.digits[ones] ? XDPACTION_ALWAYS : 0;
	return true;
}
