// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The readers of values: whatever the text is, what they accept is within its bounds. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "args/args.h"
#include "fuzz.h"
#include "guard/guard.h"

static void try_numbers(const char *text)
{
	uint64_t number = 1, ns = 1;

	if (parse_number(text, 5, 5000000000, &number))
		must(number >= 5 && number <= 5000000000 &&
		     strspn(text, "0123456789") == strlen(text));
	else
		must(number == 1);
	if (parse_duration(text, &ns))
		must(ns >= XDPACTION_DURATION_MIN_NS && ns <= XDPACTION_DURATION_MAX_NS);
	else
		must(ns == 1);
}

/* What is printed of a probability is read as the same. */
static void try_probability(const char *text)
{
	char percent[UNITS_SIZE], fraction[UNITS_SIZE];
	uint64_t probability, again;

	if (!probability_parse(text, &probability))
		return;
	must(probability <= XDPACTION_ALWAYS);
	must(probability_parse(units_percent(percent, probability), &again));
	must(again == probability);
	must(probability_parse(units_fraction(fraction, probability), &again));
	must(again == probability);
}

static void try_names(const char *text)
{
	char name[XDPACTION_IFNAME_SIZE];
	enum xdpaction_verdict verdict;

	if (parse_ifname(text, name))
		must(!strcmp(name, text) && *name && !strpbrk(name, "/ \t\n:") &&
		     strcmp(name, ".") != 0 && strcmp(name, "..") != 0);
	if (!xdpaction_verdict_parse(text, &verdict))
		must((unsigned int)verdict < XDPACTION_VERDICTS &&
		     strlen(text) <= strlen("XDP_REDIRECT"));
}

/* Nothing that a terminal obeys comes out. */
static void try_quote(const char *text)
{
	char quoted[QUOTE_SIZE], small[7];
	const char *c;

	must(strlen(quote_text(quoted, text)) < sizeof(quoted));
	for (c = quoted; *c; c++)
		must((unsigned char)*c >= ' ' && *c != 0x7f);
	must(strlen(escape_text(small, sizeof(small), text)) < sizeof(small));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct session session = { .pid = 1 };
	char *text = malloc(size + 1);

	memcpy(text, bytes, size);
	text[size] = '\0';
	try_numbers(text);
	try_probability(text);
	try_names(text);
	try_quote(text);
	session_parse(text, &session);
	free(text);
	return 0;
}
