// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdarg.h>
#include <string.h>

#include "words.h"

struct words words_in(char *text, size_t size)
{
	struct words words = { .text = text, .size = size };

	text[0] = '\0';
	return words;
}

void words_add(struct words *words, const char *fmt, ...)
{
	size_t room = words->size - words->length;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(words->text + words->length, room, fmt, args);
	va_end(args);
	if (length > 0)
		words->length += (size_t)length < room ? (size_t)length : room - 1;
}

/* The columns that text occupies. UTF-8 continuation bytes occupy none. */
static size_t columns(const char *text, size_t length)
{
	size_t i, count = 0;

	for (i = 0; i < length; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

size_t words_fit(const char *text, size_t width)
{
	size_t length = strlen(text);

	while (columns(text, length) > width)
		length--;
	return length;
}

/* The length of the word at text. A number and its unit are one word. */
static size_t word_length(const char *text)
{
	size_t length = strcspn(text, " ");

	if (*text >= '0' && *text <= '9' && text[length] && text[length + 1] != ' ')
		length += 1 + strcspn(text + length + 1, " ");
	return length;
}

void words_wrap(FILE *out, const char *text, size_t column, size_t indent, size_t width)
{
	while (*text) {
		size_t blanks = strspn(text, " ");
		size_t length = word_length(text + blanks);
		size_t occupied = escaped_columns(text + blanks, length);

		if (width && column > indent && column + blanks + occupied > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
			text += blanks;
			blanks = 0;
		}
		put_escaped(out, text, blanks + length);
		column += blanks + occupied;
		text += blanks + length;
	}
	fputc('\n', out);
}
