// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Completion for shells. Prints one candidate per line, and a tab and a
 * description after those that have one. The shell selects those that match the
 * word. ":files" tells it to complete the name of a file, ":program" what stands
 * behind "--", as a line of its own.
 */
#include <ctype.h>
#include <dirent.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

/* More names in one line are offered again. */
#define NAMED_MAX 64

/* The line so far. */
struct line {
	const struct command *command;
	/* An option whose value is the next word. */
	const struct option_def *pending;
	const char *netns;
	/* A "--" has ended the options. */
	bool ended;
	int operands;
	const char *named[NAMED_MAX];	/* the first of these */
};

static void read_value(struct line *line, const struct option_def *option, const char *value)
{
	if (option->type == &value_netns)
		line->netns = value;
}

static void read_operand(struct line *line, const char *word)
{
	char unused[256];
	struct words wrong = words_in(unused, sizeof(unused));

	if (!line->command)
		line->command = command_find(word, &wrong);
	else if (line->operands++ < NAMED_MAX)
		line->named[line->operands - 1] = word;
}

static const struct option_def *find_option(const struct line *line, const char *word,
					    const char **value)
{
	return option_find(line->command ? line->command->options : NULL, word, value);
}

static void read_word(struct line *line, const char *word)
{
	const struct option_def *option;
	const char *value;

	if (line->pending) {
		/* bash splits --for=5s into three words. */
		if (!strcmp(word, "="))
			return;
		read_value(line, line->pending, word);
		line->pending = NULL;
	} else if (line->ended || *word != '-' || !word[1]) {
		read_operand(line, word);
	} else if (!strcmp(word, "--")) {
		line->ended = true;
	} else {
		option = find_option(line, word, &value);
		if (option && option->value && !value)
			line->pending = option;
		else if (option && value)
			read_value(line, option, value);
	}
}

/* `start` precedes the candidate in the same word, as in "--mode=". */
static void print_verdicts(const char *start, const char *word)
{
	enum xdpaction_verdict verdict;
	const char *p;

	static const char *const texts[] = {
		"drop it, and tell who traces exceptions",
		"drop it",
		"let it pass",
		"send it back to its sender",
		"send it out of another interface",
	};

	for (verdict = 0; verdict < XDPACTION_VERDICTS; verdict++) {
		printf("%s%s", start, *word == 'X' ? "XDP_" : *word == 'x' ? "xdp_" : "");
		for (p = xdpaction_verdict_name(verdict); *p; p++)
			putchar(islower((unsigned char)*word) ? tolower((unsigned char)*p) : *p);
		printf("\t%s\n", texts[verdict]);
	}
}

static void print_modes(const char *start)
{
	printf("%s%s\tin the driver\n", start, xdpaction_mode_name(XDPACTION_MODE_NATIVE));
	printf("%s%s\tin the network stack\n", start, xdpaction_mode_name(XDPACTION_MODE_SKB));
}

/* An interface, unless the line names it already; NULL: it may do so again. */
static void print_interface(const struct line *line, const char *start, const char *name)
{
	int i;

	for (i = 0; line && i < line->operands && i < NAMED_MAX; i++)
		if (!strcmp(line->named[i], name))
			return;
	printf("%s%s\n", start, name);
}

static void print_interfaces(const struct line *line, const char *start)
{
	struct if_nameindex *list = if_nameindex(), *entry;

	for (entry = list; entry && entry->if_index; entry++)
		print_interface(line, start, entry->if_name);
	if (list)
		if_freenameindex(list);
}

static void print_instances(struct xdpaction *ctx, const struct line *line, const char *start)
{
	struct interfaces interfaces = { 0 };
	size_t i;

	if (!interfaces_complete(&interfaces, ctx))
		for (i = 0; i < interfaces.count; i++)
			print_interface(line, start, interfaces.list[i]);
	interfaces_free(&interfaces);
}

/* A name with a newline would be taken for two candidates. */
static bool is_printable(const char *name)
{
	for (; *name; name++)
		if (iscntrl((unsigned char)*name))
			return false;
	return true;
}

static void print_namespaces(const char *start)
{
	DIR *dir = opendir("/run/netns");
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (*entry->d_name != '.' && is_printable(entry->d_name))
			printf("%s%s\n", start, entry->d_name);
	if (dir)
		closedir(dir);
}

/* By the last part of their paths. */
static int print_leftover(void *data, const struct xdpaction_leftover *leftover)
{
	const char *start = data;

	printf("%s%s\n", start, strrchr(leftover->path, '/') + 1);
	return 0;
}

static void print_commands(void)
{
	const struct command *const *command;

	for (command = commands; *command; command++)
		if (!(*command)->hidden)
			printf("%s\t%s\n", (*command)->name, (*command)->summary);
}

static void print_options(const struct option_def *options)
{
	for (; options && options->name; options++)
		printf("--%s\t%s\n", options->name, options->help);
}

/* `line`: of which no operand is offered again; NULL: for the value of an option. */
static void print_candidates(struct xdpaction *ctx, const struct line *line,
			     enum candidates candidates, const char *start, const char *word)
{
	switch (candidates) {
	case CANDIDATES_NONE:
		break;
	case CANDIDATES_VERDICTS:
		print_verdicts(start, word);
		break;
	case CANDIDATES_MODES:
		print_modes(start);
		break;
	case CANDIDATES_INTERFACES:
		print_interfaces(line, start);
		break;
	case CANDIDATES_INSTANCES:
		print_instances(ctx, line, start);
		break;
	case CANDIDATES_NAMESPACES:
		print_namespaces(start);
		break;
	case CANDIDATES_LEFTOVERS:
		xdpaction_leftovers(ctx, true, print_leftover, (void *)start);
		break;
	case CANDIDATES_FILES:
		printf(":files\n");
		break;
	case CANDIDATES_COMMANDS:
		print_commands();
		break;
	case CANDIDATES_PROGRAM:
		printf(":program\n");
		break;
	}
}

static enum candidates operand_candidates(const struct line *line)
{
	if (!line->command)
		return CANDIDATES_COMMANDS;
	if (line->command->program && line->ended)
		return CANDIDATES_PROGRAM;
	if (line->command->first && !line->operands)
		return line->command->first->candidates;
	if (line->command->candidates == CANDIDATES_COMMANDS && line->operands)
		return CANDIDATES_NONE;
	return line->command->candidates;
}

static void print_values(struct xdpaction *ctx, const struct value_type *type, const char *start,
			 const char *word)
{
	const char *const *suggestion;

	print_candidates(ctx, NULL, type->candidates, start, word);
	for (suggestion = type->suggestions; suggestion && *suggestion; suggestion++)
		printf("%s%s\n", start, *suggestion);
}

/* Completes an option and its value in one word: "--mode=na". */
static void print_long(struct xdpaction *ctx, const struct line *line, const char *word)
{
	const struct option_def *option;
	const char *value;
	char start[64];

	option = find_option(line, word, &value);
	if (!option || !value || value - word >= (int)sizeof(start))
		return;
	snprintf(start, sizeof(start), "%.*s", (int)(value - word), word);
	if (option->type)
		print_values(ctx, option->type, start, value);
}

static void print_all(struct xdpaction *ctx, const struct line *line, const char *word)
{
	if (line->pending) {
		print_values(ctx, line->pending->type, "", strcmp(word, "=") ? word : "");
	} else if (!line->ended && !strncmp(word, "--", 2) && strchr(word, '=')) {
		print_long(ctx, line, word);
	} else if (!line->ended && *word == '-') {
		if (line->command)
			print_options(line->command->options);
		print_options(common_options);
	} else {
		print_candidates(ctx, line, operand_candidates(line), "", word);
	}
}

/* What cannot be found out is silently not offered. */
static int run_complete(struct cli *cli, void *values, struct interfaces *interfaces)
{
	struct line line = { 0 };
	int i;

	for (i = 0; i + 1 < cli->operands.count; i++)
		read_word(&line, cli->operands.words[i]);
	if (i < cli->operands.count && !xdpaction_new(&cli->ctx) &&
	    (!line.netns || !xdpaction_set_netns(cli->ctx, line.netns)))
		print_all(cli->ctx, &line, cli->operands.words[i]);
	return EXIT_DONE;
}

const struct command complete_command = {
	.name = "complete",
	.synopsis = "-- WORD...",
	.summary = "Prints what the last word of a line could be, for shells",
	.operands = OPERANDS_OTHER,
	.hidden = true,
	.offline = true,
	.run = run_complete,
};
