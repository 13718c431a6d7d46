// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Which of several names somebody may have meant who typed another one. */
#include <ctype.h>
#include <string.h>

#include "words.h"

/* Longer names are none of ours. */
#define NAME_MAX_LENGTH 32

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Whether the letters before these two are the same two the other way round. */
static bool swapped(const char *a, const char *b, size_t i, size_t j)
{
	return i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
}

/*
 * How many letters have to be added, left out, replaced or swapped with the next one
 * (Damerau 1964, no place more than once). rows[2] is the row of i letters of a.
 */
static size_t distance_between(const char *a, const char *b)
{
	size_t a_length = strlen(a), b_length = strlen(b), i, j;
	size_t rows[3][NAME_MAX_LENGTH + 1];

	for (j = 0; j <= b_length; j++)
		rows[2][j] = j;
	for (i = 1; i <= a_length; i++) {
		memmove(rows[0], rows[1], sizeof(rows[0]) * 2);
		rows[2][0] = i;
		for (j = 1; j <= b_length; j++) {
			size_t replaced = rows[1][j - 1] + (a[i - 1] != b[j - 1]);

			rows[2][j] = least(replaced, least(rows[1][j], rows[2][j - 1]) + 1);
			if (swapped(a, b, i, j))
				rows[2][j] = least(rows[2][j], rows[0][j - 2] + 1);
		}
	}
	return rows[2][b_length];
}

static void lower(char out[NAME_MAX_LENGTH + 1], const char *text)
{
	size_t i;

	for (i = 0; text[i]; i++)
		out[i] = tolower((unsigned char)text[i]);
	out[i] = '\0';
}

struct nearest nearest_to(const char *typed)
{
	/* One slip in a short name, two in a longer one. */
	return (struct nearest){ .typed = typed, .distance = strlen(typed) < 5 ? 2 : 3 };
}

void nearest_offer(struct nearest *nearest, const char *name)
{
	char typed[NAME_MAX_LENGTH + 1], known[NAME_MAX_LENGTH + 1];
	size_t distance;

	if (strlen(nearest->typed) > NAME_MAX_LENGTH || strlen(name) > NAME_MAX_LENGTH)
		return;
	lower(typed, nearest->typed);
	lower(known, name);
	distance = distance_between(typed, known);
	/* Of a name nothing would be left. */
	if (distance >= nearest->distance || distance >= strlen(nearest->typed))
		return;
	nearest->name = name;
	nearest->distance = distance;
}
