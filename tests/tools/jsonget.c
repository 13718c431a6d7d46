// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Prints values of the JSON document on stdin, on one line with blanks between
 * them. jq can do more, and takes a hundred times as long to start.
 *
 *	jsonget PATH...
 *
 * PATH: names of members and indices of elements, joined by '/'. '#' is the
 * number of elements, '*' gives all of them. What is not there is "-".
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *separator = "";

static void print(const json_t *value)
{
	char *text;

	if (json_is_string(value)) {
		printf("%s%s", separator, json_string_value(value));
	} else if (value) {
		text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
		printf("%s%s", separator, text ? text : "?");
		free(text);
	} else {
		printf("%s-", separator);
	}
	separator = " ";
}

static const json_t *member(const json_t *value, const char *name, size_t length)
{
	char key[64];

	if (length >= sizeof(key))
		return NULL;
	memcpy(key, name, length);
	key[length] = '\0';
	return json_is_array(value) ? json_array_get(value, strtoul(key, NULL, 10)) :
				      json_object_get(value, key);
}

static void walk(const json_t *value, const char *path)
{
	size_t length, i;

	for (; value && *path; path += length + (path[length] == '/')) {
		length = strcspn(path, "/");
		if (!strcmp(path, "#")) {
			printf("%s%zu", separator, json_array_size(value));
			separator = " ";
			return;
		}
		if (length == 1 && *path == '*') {
			for (i = 0; i < json_array_size(value); i++)
				walk(json_array_get(value, i), path + 1 + (path[1] == '/'));
			return;
		}
		value = member(value, path, length);
	}
	print(value);
}

int main(int argc, char **argv)
{
	json_error_t error;
	json_t *document = json_loadf(stdin, 0, &error);
	int i;

	if (!document) {
		fprintf(stderr, "jsonget: line %d: %s\n", error.line, error.text);
		return 1;
	}
	for (i = 1; i < argc; i++)
		walk(document, argv[i]);
	putchar('\n');
	json_decref(document);
	return 0;
}
