// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Whole command lines, one word a line, up to where a command would begin its work. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "fuzz.h"

#define WORDS_MAX 32

static void parse(int argc, char **argv)
{
	struct interfaces interfaces = { 0 };
	const struct command *command;
	struct cli cli = { 0 };
	char message[1024];
	struct words wrong = words_in(message, sizeof(message));
	void *values;
	int err;

	if (!options_read_common(&cli, argc, argv, &wrong) || !cli.operands.count)
		return;
	must(cli.operands.count < argc);
	command = command_find(cli.operands.words[0], &wrong);
	must(!command == !!wrong.length);
	if (!command)
		return;
	values = calloc(1, command->values_size + 1);
	err = command_read(&cli, command, cli.operands.count, cli.operands.words, values,
			   &interfaces, &wrong);
	must(!err == !wrong.length && (!err || err == -EINVAL));
	must(cli.operands.count <= argc);
	interfaces_free(&interfaces);
	free(values);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1), *argv[WORDS_MAX + 1], *line, *next;
	int argc = 1;

	memcpy(text, bytes, size);
	text[size] = '\0';
	argv[0] = (char *)"xdp-action";
	for (line = text; line && argc < WORDS_MAX; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		argv[argc++] = line;
	}
	argv[argc] = NULL;
	parse(argc, argv);
	free(text);
	return 0;
}
