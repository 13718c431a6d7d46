// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "commands.h"

const struct command *const commands[] = {
	&load_command, &unload_command, &set_command, &run_command, &upgrade_command,
	&status_command, &poll_command, &monitor_command, &metrics_command,
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

/* Adds what was probably meant by a name that no command has. */
static void add_meant(const char *name, struct words *wrong)
{
	struct nearest nearest = nearest_to(name);
	const struct command *const *command;
	enum xdpaction_verdict verdict;
	char quoted[QUOTE_SIZE];

	if (!xdpaction_verdict_parse(name, &verdict)) {
		words_add(wrong, "; did you mean 'set %s'?", quote_text(quoted, name));
		return;
	}
	for (command = commands; *command; command++)
		if (!(*command)->hidden)
			nearest_offer(&nearest, (*command)->name);
	if (nearest.name)
		words_add(wrong, "; did you mean '%s'?", nearest.name);
	else if (*name && if_nametoindex(name))
		words_add(wrong, "; the command stands before the name of an interface");
}

/* Under its full name, or by its letter. */
static bool has_option(const struct command *command, const char *word)
{
	const char *value;
	const struct option_def *def = option_find(command->options, word, &value);

	return def && (word[1] != '-' || strlen(def->name) == strcspn(word + 2, "="));
}

bool command_place_option(const char *word, struct words *wrong)
{
	const struct command *const *command;
	char names[128], quoted[QUOTE_SIZE];
	struct words words = words_in(names, sizeof(names));

	for (command = commands; *command; command++)
		if (!(*command)->hidden && has_option(*command, word))
			words_add(&words, "%s%s", words.length ? ", " : "", (*command)->name);
	if (words.length)
		words_add(wrong, "'%s' stands behind the command that it belongs to: %s",
			  quote_text(quoted, word), names);
	return words.length;
}

const struct command *command_find(const char *name, struct words *wrong)
{
	char quoted[QUOTE_SIZE], names[128];
	struct words words = words_in(names, sizeof(names));
	const struct command *found;
	size_t count = 0;

	found = *name ? find_candidates(name, &words, &count) : NULL;
	if (!found) {
		words_add(wrong, "unknown command '%s'", quote_text(quoted, name));
		add_meant(name, wrong);
	} else if (count > 1) {
		words_add(wrong, "'%s' is ambiguous: %s", quote_text(quoted, name), names);
	}
	return count > 1 ? NULL : found;
}

/* Says when the first operand stands behind others, as in 'set eth0 DROP'. */
static bool is_out_of_order(const struct command *command, const struct operands *operands,
			    void *value, struct words *wrong)
{
	const struct value_type *type = command->first;
	char typed[QUOTE_SIZE], first[QUOTE_SIZE];
	int i;

	if (type->parse(operands->words[0], value))
		return false;
	for (i = 1; i < operands->count && !type->parse(operands->words[i], value); i++)
		;
	if (i == operands->count)
		return false;
	quote_text(typed, operands->words[0]);
	words_add(wrong, "'%s' is not %s; did you mean '%s %s %s'?", typed, type->noun,
		  command->name, quote_text(first, operands->words[i]), typed);
	return true;
}

/* Reads the first operand and removes it from the list. */
static bool read_first(struct operands *operands, const struct command *command, void *value,
		       struct words *wrong)
{
	const struct value_type *type = command->first;

	if (!operands->count) {
		words_add(wrong, "name %s: %s", type->noun, type->expected);
		return false;
	}
	if (is_out_of_order(command, operands, value, wrong))
		return false;
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

/* Who looks for JSON where there is none is told where it is. */
static void add_instead_of_json(const struct command *command, int argc, char **argv,
				struct words *wrong)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "-j") && strcmp(argv[i], "--json"); i++)
		;
	if (i < argc && command->instead_of_json)
		words_add(wrong, "; %s has no --json: %s", command->name, command->instead_of_json);
}

int command_read(struct cli *cli, const struct command *command, int argc, char **argv,
		 void *values, struct interfaces *interfaces, struct words *wrong)
{
	cli->command = command->name;
	if (command->program)
		argc = split_off_program(cli, argc, argv);
	if (command->init)
		command->init(values);
	if (!options_read(cli, command->options, argc, argv, values, wrong)) {
		add_instead_of_json(command, argc, argv, wrong);
		return -EINVAL;
	}
	if (cli->help || cli->version)
		return 0;

	if (command->first && !read_first(&cli->operands, command,
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

bool check_all(const struct cli *cli, bool all, struct words *wrong)
{
	if (!all || !cli->operands.count)
		return false;
	words_add(wrong, "give --all or interface names, not both");
	return true;
}

void check_unchanged(const struct cli *cli, struct words *wrong)
{
	if (cli->expected.given && cli->operands.count != 1)
		words_add(wrong, "--if-unchanged needs one interface: each counts its own changes");
}
