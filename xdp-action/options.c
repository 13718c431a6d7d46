// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <string.h>

#include "help.h"
#include "options.h"
#include "quote.h"
#include "report.h"
#include "values.h"

/* Room for the options of one command and the common ones. */
#define OPTIONS_MAX 24
/* getopt_long() returns the index of a long option from here on. */
#define LONG_BASE 256
/* Where help texts start. */
#define HELP_COLUMN 30

const struct value_type option_count = { .noun = NULL };

#define OPTION_COMMON(letter_, name_, value_, type_, member, help_) \
	{ \
		.letter = letter_, .name = name_, .value = value_, .type = type_, .help = help_, \
		.offset = offsetof(struct cli, member), .in_cli = true, \
	}

const struct option_def common_options[] = {
	OPTION_COMMON('N', "netns", "NAME|PATH", &value_netns, netns,
		      "work in this network namespace, with the bpffs of the caller"),
	OPTION_COMMON('v', "verbose", NULL, &option_count, verbose,
		      "say what is done; twice: with the log of libxdp and libbpf"),
	OPTION_COMMON('q', "quiet", NULL, NULL, quiet, "say nothing but errors"),
	OPTION_COMMON('h', "help", NULL, NULL, help, "show this help"),
	OPTION_COMMON(0, "version", NULL, NULL, version,
		      "show the versions of the tool and of what it runs on"),
	OPTIONS_END,
};

/* The tables of one parse, in the three forms that it needs. */
struct parser {
	const struct option_def *defs[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	char shorts[2 * OPTIONS_MAX + 3];
	size_t count;
	/* The first thing that was wrong. */
	char error[REPORT_SIZE];
};

static void parser_add(struct parser *parser, const struct option_def *def)
{
	char *shorts = parser->shorts + strlen(parser->shorts);

	for (; def && def->name && parser->count < OPTIONS_MAX; def++) {
		bool valued = def->value;

		parser->longs[parser->count] = (struct option){
			.name = def->name,
			.has_arg = valued ? required_argument : no_argument,
			.val = LONG_BASE + parser->count,
		};
		parser->defs[parser->count++] = def;
		if (def->letter) {
			*shorts++ = def->letter;
			if (valued)
				*shorts++ = ':';
		}
	}
	*shorts = '\0';
}

static void parser_init(struct parser *parser, const struct command *command)
{
	memset(parser, 0, sizeof(*parser));
	/* '+': stop at the command; ':': tell a missing value from an unknown option. */
	strcpy(parser->shorts, command ? ":" : "+:");
	if (command)
		parser_add(parser, command->options);
	parser_add(parser, common_options);
}

static const struct option_def *parser_find(const struct parser *parser, int key)
{
	size_t i;

	if (key >= LONG_BASE)
		return parser->defs[key - LONG_BASE];
	for (i = 0; i < parser->count; i++)
		if (key && parser->defs[i]->letter == key)
			return parser->defs[i];
	return NULL;
}

/* The long options that text, "--for=5s", may be short for. */
static void add_candidates(struct words *words, const struct parser *parser, const char *text)
{
	size_t length = strcspn(text, "="), i;
	const char *separator = "";

	for (i = 0; length > 2 && i < parser->count; i++) {
		if (strncmp(parser->defs[i]->name, text + 2, length - 2))
			continue;
		words_add(words, "%s--%s", separator, parser->defs[i]->name);
		separator = " and for ";
	}
}

static void explain_unknown(struct words *words, const struct parser *parser, const char *text)
{
	const struct option_def *def = parser_find(parser, optopt);
	char letter[] = { optopt, '\0' };
	char quoted[QUOTE_SIZE], names[REPORT_SIZE];
	struct words candidates = words_in(names, sizeof(names));

	if (def) {
		words_add(words, "option --%s takes no value", def->name);
		return;
	}
	if (optopt) {
		words_add(words, "unknown option '-%s'", quote(quoted, letter));
		return;
	}
	add_candidates(&candidates, parser, text);
	if (candidates.length)
		words_add(words, "'%s' is short for %s", quote(quoted, text), names);
	else
		words_add(words, "unknown option '%s'", quote(quoted, text));
}

static void explain_value(struct words *words, const struct value_type *type, const char *text)
{
	char quoted[QUOTE_SIZE];

	words_add(words, "'%s' is not %s; expected %s", quote(quoted, text), type->noun,
		  type->expected);
}

static void store(struct words *words, const struct option_def *def, void *base)
{
	void *value = (char *)base + def->offset;

	if (!def->type)
		*(bool *)value = true;
	else if (def->type == &option_count)
		++*(unsigned int *)value;
	else if (!def->type->parse(optarg, value)) {
		words_add(words, "--%s: ", def->name);
		explain_value(words, def->type, optarg);
	}
}

/* Reads one option; true as long as there is another. */
static bool parse_one(struct parser *parser, struct cli *cli, int argc, char **argv, void *values)
{
	int key = getopt_long(argc, argv, parser->shorts, parser->longs, NULL);
	const struct option_def *def;
	struct words words;
	char wrong[REPORT_SIZE];

	if (key == -1)
		return false;

	words = words_in(wrong, sizeof(wrong));
	if (key == '?') {
		explain_unknown(&words, parser, argv[optind - 1]);
	} else if (key == ':') {
		def = parser_find(parser, optopt);
		words_add(&words, "option --%s needs a value, %s", def->name, def->value);
	} else {
		def = parser_find(parser, key);
		store(&words, def, def->in_cli ? cli : values);
	}
	if (words.length && !*parser->error)
		strcpy(parser->error, wrong);
	return true;
}

int options_parse(struct cli *cli, int argc, char **argv, void *values, struct operands *operands)
{
	struct parser parser;

	parser_init(&parser, cli->command);
	opterr = 0;
	optind = 0;
	/*
	 * An error is reported after all options were read: a --json behind it
	 * is to be known by then. Help and version come before what is wrong
	 * behind them.
	 */
	while (parse_one(&parser, cli, argc, argv, values))
		if ((cli->help || cli->version) && !*parser.error)
			break;

	if (*parser.error)
		return report_usage(cli, "%s", parser.error);
	if (cli->help)
		return help_print(stdout, cli->command);
	if (cli->version)
		return help_version(stdout);

	operands->count = argc - optind;
	operands->words = argv + optind;
	return OPTIONS_GO_ON;
}

int options_read(const struct cli *cli, const struct value_type *type, const char *text,
		 void *value)
{
	char wrong[REPORT_SIZE];
	struct words words;

	if (type->parse(text, value))
		return OPTIONS_GO_ON;

	words = words_in(wrong, sizeof(wrong));
	explain_value(&words, type, text);
	return report_usage(cli, "%s", wrong);
}

void options_print(FILE *out, const struct option_def *options)
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
		words_wrap(out, def->help, HELP_COLUMN, HELP_COLUMN);
	}
}
