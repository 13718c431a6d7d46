// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "words.h"

/* Characters that change the order or the position of others. */
static bool reorders(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0x061c || c == 0xfeff;
}

/*
 * Reads one UTF-8 character at text. Returns its length, or 0 when it is invalid:
 * truncated, overlong, a surrogate, or past the last code point.
 */
static size_t decode_utf8(const char *text, uint32_t *c)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = *text;
	size_t length, i;

	if (first < 0xc2 || first > 0xf4)
		return 0;
	length = 2;
	length += first >= 0xe0;
	length += first >= 0xf0;

	*c = first & (0xff >> (length + 1));
	for (i = 1; i < length; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (text[i] & 0x3f);
	}
	if (*c < smallest[length] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return length;
}

/* The length of the character at text if it can be printed as it is, else 0. */
static size_t printable(const char *text)
{
	unsigned char first = *text;
	uint32_t c;
	size_t length;

	if (first < 0x80)
		return first >= 0x20 && first != 0x7f;
	length = decode_utf8(text, &c);
	return length && c >= 0xa0 && !reorders(c) ? length : 0;
}

static const char *escape_some(char *out, size_t size, const char *text, size_t limit)
{
	char *end = out + size - 1;
	const char *stop = text + strnlen(text, limit);

	while (text < stop) {
		char piece[5];
		size_t length = printable(text);

		if (length) {
			memcpy(piece, text, length);
			text += length;
		} else {
			length = snprintf(piece, sizeof(piece), "\\x%02x", (unsigned char)*text);
			text++;
		}
		if (length > (size_t)(end - out))
			break;
		memcpy(out, piece, length);
		out += length;
	}
	*out = '\0';
	return out;
}

const char *escape_text(char *out, size_t size, const char *text)
{
	escape_some(out, size, text, strlen(text));
	return out;
}

void put_escaped(FILE *out, const char *text, size_t limit)
{
	const char *stop = text + strnlen(text, limit);
	size_t length;

	while (text < stop) {
		length = printable(text);
		if (length)
			fwrite(text, 1, length, out);
		else
			fprintf(out, "\\x%02x", (unsigned char)*text);
		text += length ? length : 1;
	}
}

size_t escaped_columns(const char *text, size_t limit)
{
	const char *stop = text + strnlen(text, limit);
	size_t length, count = 0;

	while (text < stop) {
		length = printable(text);
		count += length ? 1 : strlen("\\x00");
		text += length ? length : 1;
	}
	return count;
}

const char *quote_text(char out[QUOTE_SIZE], const char *text)
{
	const char *end = escape_some(out, QUOTE_SIZE - 3, text, QUOTE_LIMIT);

	if (strlen(text) > QUOTE_LIMIT)
		strcpy(out + (end - out), "...");
	return out;
}

void words_add_quoted(struct words *words, const char *text, size_t limit)
{
	const char *stop = text + strnlen(text, limit);
	char piece[5];
	size_t length;

	words_add(words, "\"");
	while (text < stop) {
		length = *text == '"' || *text == '\\' ? 0 : printable(text);
		if (length) {
			words_add(words, "%.*s", (int)length, text);
			text += length;
		} else {
			snprintf(piece, sizeof(piece), "\\x%02x", (unsigned char)*text++);
			words_add(words, "%s", piece);
		}
	}
	words_add(words, *stop ? "...\"" : "\"");
}

bool text_is_utf8(const char *text)
{
	uint32_t c;
	size_t length;

	while (*text) {
		length = (unsigned char)*text < 0x80 ? 1 : decode_utf8(text, &c);
		if (!length)
			return false;
		text += length;
	}
	return true;
}
