// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "words.h"

static const char *group_digits(char out[UNITS_SIZE], const char *digits)
{
	size_t length = strlen(digits), i;
	char *to = out;

	for (i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return out;
}

const char *units_count(char out[UNITS_SIZE], uint64_t count)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count);
	return group_digits(out, digits);
}

const char *units_bytes(char out[UNITS_SIZE], uint64_t bytes)
{
	static const char names[] = "KMGTPE";
	unsigned int power, shift;
	uint64_t tenths, rest;

	if (bytes < 1024) {
		snprintf(out, UNITS_SIZE, "%u B", (unsigned int)bytes);
		return out;
	}

	for (power = 1; power <= strlen(names); power++) {
		shift = 10 * power;
		tenths = (bytes >> shift) * 10;
		rest = (bytes & ((UINT64_C(1) << shift) - 1)) * 10;
		tenths += (rest + (UINT64_C(1) << (shift - 1))) >> shift;
		/* What rounds up to 1024 is one of the next unit. */
		if (tenths < 10240)
			break;
	}
	snprintf(out, UNITS_SIZE, "%u.%u %ciB", (unsigned int)(tenths / 10),
		 (unsigned int)(tenths % 10), names[power - 1]);
	return out;
}

const char *units_per_second(char out[UNITS_SIZE], double rate)
{
	char digits[24];

	if (rate == 0)
		return units_count(out, 0);
	snprintf(digits, sizeof(digits), "%.*f", rate < 9.95, rate);
	if (rate >= 9.95)
		return group_digits(out, digits);
	strcpy(out, digits);
	return out;
}

const char *units_bit_rate(char out[UNITS_SIZE], double rate)
{
	static const char *const names[] = { "", "k", "M", "G", "T", "P" };
	size_t power = 0;
	int places = 0;

	/* What rounds up to 1000 is one of the next unit. */
	while (rate >= 999.5 && power < sizeof(names) / sizeof(names[0]) - 1) {
		rate /= 1000;
		power++;
	}
	if (power)
		places = (rate < 9.995) + (rate < 99.95);
	snprintf(out, UNITS_SIZE, "%.*f %sbit/s", places, rate, names[power]);
	return out;
}

/* The units of a duration above the second. */
static const struct span {
	const char *name;
	uint64_t ns;
} spans[] = {
	{ "d", 86400 * NSEC_PER_SEC },
	{ "h", 3600 * NSEC_PER_SEC },
	{ "min", 60 * NSEC_PER_SEC },
};
#define SPANS (sizeof(spans) / sizeof(spans[0]))

/* "1.5 ms": without zeros at the end; size from out to the end of its buffer. */
static void add_decimal(char *out, size_t size, uint64_t ns, uint64_t unit_ns, int places,
			const char *name)
{
	char digits[32];
	size_t length;

	length = snprintf(digits, sizeof(digits), "%llu.%0*llu", (unsigned long long)(ns / unit_ns),
			  places, (unsigned long long)(ns % unit_ns));
	while (digits[length - 1] == '0')
		length--;
	if (digits[length - 1] == '.')
		length--;
	digits[length] = '\0';
	snprintf(out, size, "%s %s", digits, name);
}

const char *units_duration(char out[UNITS_SIZE], uint64_t ns)
{
	size_t used = 0, i;

	if (ns < NSEC_PER_SEC) {
		add_decimal(out, UNITS_SIZE, ns, NSEC_PER_MSEC, 6, "ms");
		return out;
	}

	for (i = 0; i < SPANS; i++) {
		if (ns < spans[i].ns)
			continue;
		used += snprintf(out + used, UNITS_SIZE - used, "%s%llu %s", used ? " " : "",
				 (unsigned long long)(ns / spans[i].ns), spans[i].name);
		ns %= spans[i].ns;
	}
	if (ns && used)
		used += snprintf(out + used, UNITS_SIZE - used, " ");
	if (ns)
		add_decimal(out + used, UNITS_SIZE - used, ns, NSEC_PER_SEC, 9, "s");
	return out;
}

const char *units_time_left(char out[UNITS_SIZE], uint64_t ns)
{
	size_t i;

	if (ns < NSEC_PER_SEC) {
		/* Never "0 ms": it is not over yet. */
		ns += ns < NSEC_PER_MSEC ? NSEC_PER_MSEC : 0;
		return units_duration(out, ns - ns % NSEC_PER_MSEC);
	}
	for (i = 0; i < SPANS; i++) {
		if (ns >= spans[i].ns) {
			uint64_t next_ns = i + 1 < SPANS ? spans[i + 1].ns : NSEC_PER_SEC;

			return units_duration(out, ns - ns % next_ns);
		}
	}
	return units_duration(out, ns - ns % NSEC_PER_SEC);
}

static const char *format_time(char out[UNITS_SIZE], const struct tm *tm, const char *format)
{
	if (!tm || !strftime(out, UNITS_SIZE, format, tm))
		strcpy(out, "unknown");
	return out;
}

const char *units_iso_time(char out[UNITS_SIZE], uint64_t realtime_ns)
{
	time_t seconds = realtime_ns / NSEC_PER_SEC;
	struct tm tm;

	return format_time(out, gmtime_r(&seconds, &tm), "%Y-%m-%dT%H:%M:%SZ");
}

const char *units_local_time(char out[UNITS_SIZE], uint64_t realtime_ns)
{
	time_t seconds = realtime_ns / NSEC_PER_SEC;
	struct tm tm;

	return format_time(out, localtime_r(&seconds, &tm), "%Y-%m-%d %H:%M:%S");
}

const char *units_iso_time_ms(char out[UNITS_SIZE], uint64_t realtime_ns)
{
	size_t end;

	units_iso_time(out, realtime_ns);
	end = strcspn(out, "Z");
	if (out[end])
		snprintf(out + end, UNITS_SIZE - end, ".%03uZ",
			 (unsigned int)(realtime_ns % NSEC_PER_SEC / NSEC_PER_MSEC));
	return out;
}
