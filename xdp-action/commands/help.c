// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <string.h>
#include <sys/utsname.h>

#include "commands.h"
#include "say/say.h"

/* The column in which the texts of options start. */
#define HELP_COLUMN 30

#define VERSION_TEXT(major, minor, patch) #major "." #minor "." #patch
#define VERSION_OF(major, minor, patch) VERSION_TEXT(major, minor, patch)
#define VERSION \
	VERSION_OF(XDPACTION_VERSION_MAJOR, XDPACTION_VERSION_MINOR, XDPACTION_VERSION_PATCH)

static void print_options(FILE *out, const struct option_def *options)
{
	const struct option_def *def;
	char start[LINE_WIDTH];

	for (def = options; def && def->name; def++) {
		struct words words = words_in(start, sizeof(start));

		words_add(&words, def->letter ? "  -%c, " : "      ", def->letter);
		words_add(&words, "--%s%s%s", def->name, def->value ? " " : "",
			  def->value ? def->value : "");
		fprintf(out, "%-*s", HELP_COLUMN - 1, start);
		fputc(' ', out);
		words_wrap(out, def->help, HELP_COLUMN, HELP_COLUMN, LINE_WIDTH);
	}
}

static void print_commands(FILE *out)
{
	const struct command *const *command;

	for (command = commands; *command; command++)
		if (!(*command)->hidden)
			fprintf(out, "  %-9s %s\n", (*command)->name, (*command)->summary);
}

static void print_program(FILE *out)
{
	fprintf(out,
		"Usage: " PROGRAM " COMMAND [OPTION]...\n"
		"\n"
		"Decides in XDP, while traffic flows, what an interface does with its packets.\n"
		"\n"
		"Commands (any unambiguous prefix will do):\n");
	print_commands(out);
	fprintf(out, "\nOptions of every command:\n");
	print_options(out, common_options);
	fprintf(out,
		"\n"
		"'" PROGRAM " help COMMAND' shows the options of a command. The exit status is 0\n"
		"on success, 1 on failure, and 2 for a wrong command line.\n");
}

static void print_notes(FILE *out, const char *notes)
{
	char paragraph[1024];

	while (notes && *notes) {
		size_t length = strcspn(notes, "\n");

		snprintf(paragraph, sizeof(paragraph), "%.*s", (int)length, notes);
		fputc('\n', out);
		words_wrap(out, paragraph, 0, 0, LINE_WIDTH);
		notes += length + 1;
	}
}

static void print_examples(FILE *out, const char *examples)
{
	if (examples)
		fprintf(out, "\nExamples:\n");
	while (examples && *examples) {
		size_t length = strcspn(examples, "\n");

		fprintf(out, "  " PROGRAM " %.*s\n", (int)length, examples);
		examples += length + 1;
	}
}

/* Breaks the synopsis only between its parts, never within brackets. */
static void print_usage(FILE *out, const struct command *command)
{
	int indent = fprintf(out, "Usage: " PROGRAM " %s", command->name);
	const char *part = command->synopsis;
	int column = indent;

	while (*part) {
		const char *next = strstr(part, " [");
		int length = next ? next - part : (int)strlen(part);

		if (column > indent && column + 1 + length > LINE_WIDTH)
			column = fprintf(out, "\n%*s", indent, "") - 1;
		column += fprintf(out, " %.*s", length, part);
		part += length + (next ? 1 : 0);
	}
	fputc('\n', out);
}

static void print_command(FILE *out, const struct command *command)
{
	print_usage(out, command);
	fprintf(out, "\n%s.\n", command->summary);
	if (command->options && command->options->name) {
		fprintf(out, "\nOptions:\n");
		print_options(out, command->options);
	}
	fprintf(out, "\nOptions of every command:\n");
	print_options(out, common_options);
	print_examples(out, command->examples);
	print_notes(out, command->notes);
}

void help_print(FILE *out, const struct command *command)
{
	if (command)
		print_command(out, command);
	else
		print_program(out);
}

void help_print_version(FILE *out)
{
	struct utsname kernel;

	fprintf(out, PROGRAM " %s\n", VERSION);
	if (strcmp(xdpaction_version(), VERSION))
		fprintf(out, "libxdpaction %s\n", xdpaction_version());
	fprintf(out, "libxdp %s\n", xdpaction_libxdp_version());
	fprintf(out, "libbpf %s\n", xdpaction_libbpf_version());
	if (!uname(&kernel))
		fprintf(out, "%s %s\n", kernel.sysname, kernel.release);
}

static void check_help(const struct cli *cli, const void *values, struct words *wrong)
{
	if (cli->operands.count > 1)
		words_add(wrong, "help takes one command, not %d", cli->operands.count);
	else if (cli->operands.count)
		command_find(cli->operands.words[0], wrong);
}

static int run_help(struct cli *cli, void *values, struct interfaces *interfaces)
{
	const struct command *command = NULL;
	char message[REPORT_SIZE];
	struct words wrong = words_in(message, sizeof(message));

	if (cli->operands.count)
		command = command_find(cli->operands.words[0], &wrong);
	help_print(stdout, command);
	return EXIT_DONE;
}

const struct command help_command = {
	.name = "help",
	.synopsis = "[COMMAND]",
	.summary = "Shows how to use a command",
	.examples = "help\n"
		    "help set\n",
	.operands = OPERANDS_OTHER,
	.candidates = CANDIDATES_COMMANDS,
	.check = check_help,
	.offline = true,
	.run = run_help,
};
