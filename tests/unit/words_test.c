// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Numbers and sentences as people read them, and text from outside. */
#include <stdlib.h>
#include <string.h>

#include "words/words.h"
#include "support/tap.h"

#define MS UINT64_C(1000000)
#define SEC (1000 * MS)
#define MIN (60 * SEC)
#define HOUR (60 * MIN)
#define DAY (24 * HOUR)
#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static void check(const char *what, const char *got, const char *want)
{
	if (!ok(!strcmp(got, want), "%s: %s", what, want))
		note("got '%s'", got);
}

struct number {
	uint64_t value;
	const char *text;
};

static void check_numbers(const char *what, const char *(*words)(char *, uint64_t),
			  const struct number *numbers, size_t count)
{
	char out[UNITS_SIZE];
	size_t i;

	for (i = 0; i < count; i++)
		check(what, words(out, numbers[i].value), numbers[i].text);
}

static const struct number counts[] = {
	{ 0, "0" },	     { 999, "999" },	    { 1000, "1,000" },
	{ 22871, "22,871" }, { 123456, "123,456" }, { UINT64_MAX, "18,446,744,073,709,551,615" },
};

static const struct number sizes[] = {
	{ 0, "0 B" },
	{ 1023, "1023 B" },
	{ 1024, "1.0 KiB" },
	{ 1677721, "1.6 MiB" },
	{ 1048524, "1023.9 KiB" },
	{ 1048525, "1.0 MiB" },
	{ UINT64_MAX, "16.0 EiB" },
};

static const struct number durations[] = {
	{ MS, "1 ms" },
	{ MS + 1, "1.000001 ms" },
	{ 500 * MS, "500 ms" },
	{ 1500 * MS, "1.5 s" },
	{ 30 * SEC, "30 s" },
	{ SEC + 1, "1.000000001 s" },
	{ MIN, "1 min" },
	{ 90 * SEC, "1 min 30 s" },
	{ 2 * HOUR, "2 h" },
	{ 36 * HOUR, "1 d 12 h" },
	{ DAY + SEC, "1 d 1 s" },
	{ 29 * DAY + 23 * HOUR + 59 * MIN + 59 * SEC + 999999999,
	  "29 d 23 h 59 min 59.999999999 s" },
	{ 30 * DAY, "30 d" },
};

static const struct number times_left[] = {
	{ 1, "1 ms" },
	{ 350 * MS + 999999, "350 ms" },
	{ 23400 * MS, "23 s" },
	{ 59999 * MS, "59 s" },
	{ 299 * SEC, "4 min 59 s" },
	{ HOUR + 59 * SEC, "1 h" },
	{ 51 * HOUR + 30 * MIN, "2 d 3 h" },
};

static const struct number moments[] = {
	{ 0, "1970-01-01T00:00:00Z" },
	{ UINT64_C(1714564799999999999), "2024-05-01T11:59:59Z" },
};

static void check_rates(void)
{
	char out[UNITS_SIZE];

	check("rate", units_per_second(out, 0), "0");
	check("rate", units_per_second(out, 0.5), "0.5");
	check("rate", units_per_second(out, 9.94), "9.9");
	check("rate", units_per_second(out, 9.96), "10");
	check("rate", units_per_second(out, 1234567.8), "1,234,568");
	check("bits", units_bit_rate(out, 0), "0 bit/s");
	check("bits", units_bit_rate(out, 999.4), "999 bit/s");
	check("bits", units_bit_rate(out, 999.6), "1.00 kbit/s");
	check("bits", units_bit_rate(out, 9870000), "9.87 Mbit/s");
	check("bits", units_bit_rate(out, 98.76e6), "98.8 Mbit/s");
	check("bits", units_bit_rate(out, 987.6e9), "988 Gbit/s");
	check("bits", units_bit_rate(out, 999.7e9), "1.00 Tbit/s");
}

static void check_probability(void)
{
	char out[UNITS_SIZE];

	check("percent", units_percent(out, 0), "0%");
	check("percent", units_percent(out, UINT64_C(1) << 32), "100%");
	check("percent", units_percent(out, 214748365), "5%");
	check("percent", units_percent(out, 4294967), "0.1%");
	check("percent", units_percent(out, 1), "0.00000002%");
	check("percent", units_percent(out, UINT64_C(0xffffffff)), "99.99999998%");
	check("fraction", units_fraction(out, 0), "0");
	check("fraction", units_fraction(out, UINT64_C(1) << 32), "1");
	check("fraction", units_fraction(out, 214748365), "0.05");
	check("fraction", units_fraction(out, UINT64_C(1) << 31), "0.5");
}

static void check_quotes(void)
{
	char out[QUOTE_SIZE], small[8];
	char text[200];

	check("quote", quote_text(out, "../eth0"), "../eth0");
	check("quote", quote_text(out, "\033[31mred\n"), "\\x1b[31mred\\x0a");
	check("quote", quote_text(out, "w\xc3\xb6lan"), "w\xc3\xb6lan");
	check("quote", quote_text(out, "\xc3"), "\\xc3");
	check("quote", quote_text(out, "\xff\xfe"), "\\xff\\xfe");
	check("quote", quote_text(out, "\xc0\xaf"), "\\xc0\\xaf");
	check("quote", quote_text(out, "\xed\xa0\x80"), "\\xed\\xa0\\x80");
	check("quote", quote_text(out, "\xc2\x9b"), "\\xc2\\x9b");
	check("quote",
	      quote_text(out, "a\xe2\x80\xae"
			 "b"),
	      "a\\xe2\\x80\\xaeb");
	check("quote", quote_text(out, "\x7f"), "\\x7f");
	check("quote", quote_text(out, "%s%n"), "%s%n");
	check("quote", quote_text(out, "\xf0\x9f\x9a\x80"), "\xf0\x9f\x9a\x80");

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	quote_text(out, text);
	ok(strlen(out) == QUOTE_LIMIT + 3 && !strcmp(out + QUOTE_LIMIT, "..."),
	   "a long text is cut with dots");
	memset(text, '\001', sizeof(text) - 1);
	quote_text(out, text);
	ok(strlen(out) < QUOTE_SIZE && !strcmp(out + strlen(out) - 3, "..."),
	   "a long text of escapes is cut with dots");
	check("escape", escape_text(small, sizeof(small), "abc\001\002"), "abc\\x01");
}

/* A sentence in lines of this width, malloced. */
static char *wrapped(size_t width)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		bail("no memory");
	words_wrap(
		out,
		"The quick brown fox, for 23 s, over 12,345,678 packets and 2 s and 3 min "
		"and a_word_that_is_longer_than_any_line_could_ever_be_and_has_no_blank_to_break_it_at_all end",
		11, 11, width);
	fclose(out);
	return text;
}

static void check_wrap(size_t width)
{
	char *text = wrapped(width), *line;
	size_t longest = 0;

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (strlen(line) > longest && !strstr(line, "a_word"))
			longest = strlen(line);
		ok(strspn(line, " ") == 11 || !strncmp(line, "The", 3),
		   "further lines are indented");
		ok(!strchr("0123456789", line[strlen(line) - 1]), "a number stays with its unit");
	}
	ok(longest <= width, "no line is longer than %zu", width);
	free(text);
}

static void check_unbroken(void)
{
	char *text = wrapped(0);

	ok(strchr(text, '\n') == text + strlen(text) - 1, "without a width no line is broken");
	free(text);
}

static const char *nearest(const char *typed)
{
	static const char *const names[] = { "set", "status", "load", "unload", "redirect" };
	struct nearest nearest = nearest_to(typed);
	size_t i;

	for (i = 0; i < LENGTH(names); i++)
		nearest_offer(&nearest, names[i]);
	return nearest.name ?: "none";
}

static void check_nearest(void)
{
	check("one more", nearest("sett"), "set");
	check("one less", nearest("st"), "set");
	check("another", nearest("sat"), "set");
	check("swapped", nearest("laod"), "load");
	check("capitals", nearest("UNLOAD"), "unload");
	check("two slips", nearest("unlaodd"), "unload");
	check("too many", nearest("ulnaodd"), "none");
	check("two in a short name", nearest("sott"), "none");
	check("nothing", nearest(""), "none");
	check("a letter", nearest("x"), "none");
	check("too long", nearest("a-name-that-is-longer-than-any-of-ours-could-be"), "none");
}

static void check_cut(void)
{
	char text[8];
	struct words words = words_in(text, sizeof(text));

	words_add(&words, "%s", "123456789");
	words_add(&words, "%s", "more");
	check("words", text, "1234567");
}

int main(void)
{
	check_numbers("count", units_count, counts, LENGTH(counts));
	check_numbers("bytes", units_bytes, sizes, LENGTH(sizes));
	check_numbers("duration", units_duration, durations, LENGTH(durations));
	check_numbers("left", units_time_left, times_left, LENGTH(times_left));
	check_numbers("time", units_iso_time, moments, LENGTH(moments));
	check_rates();
	check_probability();
	check_quotes();
	check_wrap(LINE_WIDTH);
	check_wrap(40);
	check_unbroken();
	check_nearest();
	check_cut();
	return finish();
}
