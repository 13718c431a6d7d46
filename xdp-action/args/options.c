// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <getopt.h>
#include <string.h>

#include "args.h"

/* Room for the options of one command and the common ones. */
#define OPTIONS_MAX 32
/* getopt_long() returns the index of a long option from here on. */
#define LONG_BASE 256
/* Room for a message about one option. */
#define WRONG_SIZE 512

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
		      "say what is done; given twice, log libxdp and libbpf too"),
	OPTION_COMMON('q', "quiet", NULL, NULL, quiet, "print nothing but errors"),
	OPTION_COMMON('h', "help", NULL, NULL, help, "show this help"),
	OPTION_COMMON('V', "version", NULL, NULL, version,
		      "show the versions of the tool and of what it runs on"),
	OPTIONS_END,
};

/* The options of one command line, in the three forms that parsing needs. */
struct parser {
	const struct option_def *defs[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	char shorts[2 * OPTIONS_MAX + 3];
	size_t count;
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

/* `how`: '+': stop at the first operand; ':': tell a missing value from an unknown option. */
static void parser_init(struct parser *parser, const char *how, const struct option_def *own)
{
	memset(parser, 0, sizeof(*parser));
	strcpy(parser->shorts, how);
	parser_add(parser, own);
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
		separator = " or ";
	}
}

/* The long option that was probably meant by text, "--fro=5s"; NULL: nobody knows. */
static const char *meant_option(const struct parser *parser, const char *text)
{
	char name[WRONG_SIZE];
	struct nearest nearest;
	size_t i;

	if (strncmp(text, "--", 2))
		return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(text + 2, "="), text + 2);
	nearest = nearest_to(name);
	for (i = 0; i < parser->count; i++)
		nearest_offer(&nearest, parser->defs[i]->name);
	return nearest.name;
}

static void explain_unknown(struct words *words, const struct parser *parser, const char *text)
{
	const struct option_def *def = parser_find(parser, optopt);
	char letter[] = { optopt, '\0' };
	char quoted[QUOTE_SIZE], names[WRONG_SIZE];
	struct words candidates = words_in(names, sizeof(names));
	const char *meant;

	if (def) {
		words_add(words, "option --%s takes no value", def->name);
		return;
	}
	if (optopt) {
		words_add(words, "unknown option '-%s'", quote_text(quoted, letter));
		return;
	}
	add_candidates(&candidates, parser, text);
	if (candidates.length)
		words_add(words, "'%s' is ambiguous: %s", quote_text(quoted, text), names);
	else
		words_add(words, "unknown option '%s'", quote_text(quoted, text));
	meant = candidates.length ? NULL : meant_option(parser, text);
	if (meant)
		words_add(words, "; did you mean '--%s'?", meant);
}

bool value_read(const struct value_type *type, const char *text, void *value, struct words *wrong)
{
	char quoted[QUOTE_SIZE];
	const char *why, *meant;

	if (type->parse(text, value))
		return true;
	quote_text(quoted, text);
	why = type->refusal ? type->refusal(text) : NULL;
	if (why)
		words_add(wrong, "'%s'%s", quoted, why);
	else
		words_add(wrong, "'%s' is not %s; expected %s", quoted, type->noun, type->expected);
	meant = type->meant ? type->meant(text) : NULL;
	if (meant)
		words_add(wrong, "; did you mean '%s'?", meant);
	return false;
}

/* Stores what getopt_long() has read. */
static void store_value(const struct option_def *def, void *base, struct words *wrong)
{
	void *value = (char *)base + def->offset;
	char message[WRONG_SIZE];
	struct words words = words_in(message, sizeof(message));

	if (!def->type)
		*(bool *)value = true;
	else if (def->type == &option_count)
		++*(unsigned int *)value;
	else if (!value_read(def->type, optarg, value, &words))
		words_add(wrong, "--%s: %s", def->name, message);
}

/* Reads one option; false when there is none left. Only the first error is kept. */
static bool read_option(struct parser *parser, struct cli *cli, int argc, char **argv,
			void *values, struct words *wrong)
{
	int key = getopt_long(argc, argv, parser->shorts, parser->longs, NULL);
	const struct option_def *def;
	char message[WRONG_SIZE];
	struct words found = words_in(message, sizeof(message));

	if (key == -1)
		return false;

	if (key == '?') {
		explain_unknown(&found, parser, argv[optind - 1]);
	} else if (key == ':') {
		def = parser_find(parser, optopt);
		words_add(&found, "option --%s needs a value, %s", def->name, def->value);
	} else {
		def = parser_find(parser, key);
		store_value(def, def->in_cli ? cli : values, &found);
		cli->expression = cli->expression || def->type == &value_condition;
	}
	if (!wrong->length)
		words_add(wrong, "%s", message);
	return true;
}

static bool read_options(struct cli *cli, struct parser *parser, int argc, char **argv,
			 void *values, struct words *wrong)
{
	opterr = 0;
	optind = 0;
	/* Do not stop at an error: a --json behind it says how to report it. */
	while (read_option(parser, cli, argc, argv, values, wrong))
		if ((cli->help || cli->version) && !wrong->length)
			break;
	cli->operands = (struct operands){ .count = argc - optind, .words = argv + optind };
	return !wrong->length;
}

bool options_read_common(struct cli *cli, int argc, char **argv, struct words *wrong)
{
	struct parser parser;

	parser_init(&parser, "+:", NULL);
	return read_options(cli, &parser, argc, argv, NULL, wrong);
}

bool options_read(struct cli *cli, const struct option_def *own, int argc, char **argv,
		  void *values, struct words *wrong)
{
	struct parser parser;

	parser_init(&parser, ":", own);
	return read_options(cli, &parser, argc, argv, values, wrong);
}

static const struct option_def *find_letter(const struct parser *parser, const char *letters,
					    const char **value)
{
	const struct option_def *def = NULL;

	for (*value = NULL; *letters && !*value; letters++) {
		def = parser_find(parser, (unsigned char)*letters);
		if (def && def->value && letters[1])
			*value = letters + 1;
	}
	return def;
}

/* Finds an option by its name or by an unambiguous prefix. */
static const struct option_def *find_long(const struct parser *parser, const char *name,
					  const char **value)
{
	size_t length = strcspn(name, "="), found = 0, i;
	const struct option_def *def = NULL;

	*value = name[length] ? name + length + 1 : NULL;
	for (i = 0; i < parser->count; i++) {
		if (strncmp(parser->defs[i]->name, name, length))
			continue;
		def = parser->defs[i];
		if (!def->name[length])
			return def;
		found++;
	}
	return found == 1 ? def : NULL;
}

const struct option_def *option_find(const struct option_def *own, const char *word,
				     const char **value)
{
	struct parser parser;

	parser_init(&parser, "", own);
	return word[1] == '-' ? find_long(&parser, word + 2, value) :
				find_letter(&parser, word + 1, value);
}
