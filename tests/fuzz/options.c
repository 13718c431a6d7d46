// SPDX-License-Identifier: GPL-2.0-only
/* Whole command lines, one word a line, up to where a command would begin its work. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "options.h"

#define WORDS_MAX 32
/* Room for the values of any command. */
#define VALUES_SIZE 1024

/* What they print is no matter here, but that they can. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char buffer[1 << 16];

	(void)argc;
	(void)argv;
	stdout = fopen("/dev/null", "w");
	/* libFuzzer writes to the descriptor, not to this stream. */
	stderr = fopen("/dev/null", "w");
	must(stdout && stderr);
	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
	return 0;
}

static void parse(int argc, char **argv)
{
	uint64_t values[VALUES_SIZE / sizeof(uint64_t)] = { 0 };
	struct operands operands = { 0 };
	struct cli cli = { 0 };
	int status;

	status = options_parse(&cli, argc, argv, NULL, &operands);
	if (status != OPTIONS_GO_ON || !operands.count) {
		must(status <= EXIT_USAGE);
		return;
	}
	must(operands.count < argc);
	cli.command = command_find(&cli, operands.words[0]);
	if (!cli.command)
		return;
	argv = operands.words;
	status = options_parse(&cli, operands.count, argv, values, &operands);
	must(status == OPTIONS_GO_ON || status == EXIT_DONE || status == EXIT_USAGE);
	must(operands.count <= argc);
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
