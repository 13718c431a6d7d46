// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <string.h>

#include "commands.h"

const struct command *const commands[] = {
	&load_command, &unload_command, &set_command, &run_command,
	&upgrade_command, &status_command, &poll_command, &metrics_command,
	&match_command, &clean_command, &help_command, &complete_command,
	NULL,
};

/* Lists in words the commands that name is a prefix of. Returns the last of them. */
static const struct command *find_candidates(const char *name, struct words *words, size_t *count)
{
	const struct command *const *command;
	const struct command *found = NULL;

	*count = 0;
	for (command = commands; *command; command++) {
		if (strncmp(name, (*command)->name, strlen(name)) ||
		    ((*command)->hidden && strcmp(name, (*command)->name)))
			continue;
		words_add(words, "%s%s", *count ? " or " : "", (*command)->name);
		found = *command;
		++*count;
		if (!strcmp(name, found->name)) {
			*count = 1;
			break;
		}
	}
	return found;
}

const struct command *command_find(const char *name, struct words *wrong)
{
	char quoted[QUOTE_SIZE], names[128];
	struct words words = words_in(names, sizeof(names));
	const struct command *found;
	size_t count = 0;

	found = *name ? find_candidates(name, &words, &count) : NULL;
	if (!found)
		words_add(wrong, "unknown command '%s'", quote_text(quoted, name));
	else if (count > 1)
		words_add(wrong, "'%s' is ambiguous: %s", quote_text(quoted, name), names);
	return count > 1 ? NULL : found;
}

/* Reads the first operand and removes it from the list. */
static bool read_first(struct operands *operands, const struct value_type *type, void *value,
		       struct words *wrong)
{
	if (!operands->count) {
		words_add(wrong, "name %s: %s", type->noun, type->expected);
		return false;
	}
	operands->count--;
	return value_read(type, *operands->words++, value, wrong);
}

/* Keeps what stands behind the first "--". Returns what is left of argc. */
static int split_off_program(struct cli *cli, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		;
	if (i < argc)
		cli->program = argv + i + 1;
	return i;
}

int command_read(struct cli *cli, const struct command *command, int argc, char **argv,
		 void *values, struct interfaces *interfaces, struct words *wrong)
{
	cli->command = command->name;
	if (command->program)
		argc = split_off_program(cli, argc, argv);
	if (command->init)
		command->init(values);
	if (!options_read(cli, command->options, argc, argv, values, wrong))
		return -EINVAL;
	if (cli->help || cli->version)
		return 0;

	if (command->first && !read_first(&cli->operands, command->first,
					  (char *)values + command->first_offset, wrong))
		return -EINVAL;
	if (command->program && (!cli->program || !*cli->program))
		words_add(wrong, "name the command that is to run, behind '--'");
	else if (command->operands == OPERANDS_NONE && cli->operands.count)
		words_add(wrong, "%s takes no operands", command->name);
	else if (command->check)
		command->check(cli, values, wrong);
	if (wrong->length)
		return -EINVAL;
	return command->operands == OPERANDS_INTERFACES ?
		       interfaces_read(interfaces, &cli->operands, wrong) : 0;
}

void check_unchanged(const struct cli *cli, struct words *wrong)
{
	if (cli->expected.given && cli->operands.count != 1)
		words_add(wrong, "--if-unchanged needs one interface: each counts its own changes");
}
