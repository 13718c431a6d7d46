// SPDX-License-Identifier: GPL-2.0-only
/* How a command line is taken apart. What goes to stderr is read back. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "help.h"
#include "names.h"
#include "values.h"
#include "words.h"
#include "unit/prog_run/tap.h"

#define WORDS_MAX 16

struct values {
	bool all;
	uint64_t duration_ns;
	enum xdpaction_verdict then;
	char to[XDPACTION_IFNAME_SIZE];
};

static const struct option_def options[] = {
	OPTION_FLAG('a', "all", struct values, all, "every one"),
	OPTION_VALUE('t', "for", "DURATION", value_duration, struct values, duration_ns, "so long"),
	OPTION_VALUE(0, "then", "VERDICT", value_verdict, struct values, then, "the base"),
	OPTION_VALUE(0, "to", "IFNAME", value_ifname, struct values, to, "where to"),
	OPTION_JSON,
	OPTIONS_END
};

static const struct command command = { .name = "set", .synopsis = "", .options = options };

static struct cli cli;
static struct values values;
static struct operands operands;
static char said[4096];

/* Where stderr goes for the time of a test. */
static FILE *capture;
static int real_stderr;

static void capture_start(void)
{
	capture = tmpfile();
	real_stderr = dup(STDERR_FILENO);
	if (!capture || real_stderr < 0 || dup2(fileno(capture), STDERR_FILENO) < 0)
		bail("cannot capture stderr");
}

static void capture_end(void)
{
	size_t length;

	fflush(stderr);
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	rewind(capture);
	length = fread(said, 1, sizeof(said) - 1, capture);
	said[length] = '\0';
	fclose(capture);
}

/* Takes a line apart at its blanks, as a shell does. */
static int parse(const struct command *of, const char *line)
{
	static char *argv[WORDS_MAX + 1];
	static char copy[512];
	int argc = 0, status;
	char *word;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok(copy, " "); word && argc < WORDS_MAX; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;

	cli = (struct cli){ .command = of };
	values = (struct values){ 0 };
	operands = (struct operands){ 0 };
	capture_start();
	status = options_parse(&cli, argc, argv, &values, &operands);
	capture_end();
	return status;
}

static bool has_operands(const char *first, const char *second)
{
	return operands.count == 2 && !strcmp(operands.words[0], first) &&
	       !strcmp(operands.words[1], second);
}

static void check_good(void)
{
	ok(parse(&command, "set --for 5s DROP -a eth0") == OPTIONS_GO_ON &&
		   values.duration_ns == UINT64_C(5000000000) && values.all &&
		   has_operands("DROP", "eth0"),
	   "options stand anywhere");
	ok(parse(&command, "set --for=1ms -t2s a b") == OPTIONS_GO_ON &&
		   values.duration_ns == UINT64_C(2000000000) && has_operands("a", "b"),
	   "the last of two counts");
	ok(parse(&command, "set -a -- -x --for") == OPTIONS_GO_ON && values.all &&
		   has_operands("-x", "--for"),
	   "two dashes end the options");
	ok(parse(&command, "set -vqvj") == OPTIONS_GO_ON && cli.verbose == 2 && cli.quiet &&
		   cli.json,
	   "letters stand together");
	ok(parse(&command, "set --th drop --al") == OPTIONS_GO_ON &&
		   values.then == XDPACTION_DROP && values.all,
	   "long options may be shortened");
	ok(parse(NULL, "xdp-action -N foo -v status -v") == OPTIONS_GO_ON && cli.verbose == 1 &&
		   !strcmp(cli.netns, "foo") && has_operands("status", "-v"),
	   "before the command its options are left alone");
	ok(!*said, "nothing was said");
}

static void check_bad(void)
{
	static const struct {
		const char *line, *message;
	} bad[] = {
		{ "set --bogus", "unknown option '--bogus'" },
		{ "set -Z", "unknown option '-Z'" },
		{ "set -aZ", "unknown option '-Z'" },
		{ "set --t eth0", "'--t' is short for --then and for --to" },
		{ "set --for", "option --for needs a value, DURATION" },
		{ "set -t", "option --for needs a value, DURATION" },
		{ "set --all=3", "option --all takes no value" },
		{ "set --for 5x", "--for: '5x' is not a duration; expected a number with a unit" },
		{ "set -t -1s", "--for: '-1s' is not a duration" },
		{ "set --for=", "--for: '' is not a duration" },
		{ "set --then maybe", "--then: 'maybe' is not a verdict; expected ABORTED, DROP" },
		{ "set --to ../eth0", "--to: '../eth0' is not the name of an interface" },
		{ "set -t 1x -t 2x", "'1x'" },
		{ "set -t \033[31m", "'\\x1b[31m'" },
		{ "set --bogus --help", "unknown option '--bogus'" },
		{ "set --%n%s", "unknown option '--%n%s'" },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!ok(parse(&command, bad[i].line) == EXIT_USAGE &&
				strstr(said, bad[i].message) &&
				strstr(said, "see 'xdp-action help set'"),
			"wrong line %zu: %s", i, bad[i].message))
			note("it said: %s", said);
	}
	ok(parse(&command, "set --bogus -j") == EXIT_USAGE && said[0] == '{',
	   "JSON that is asked for behind the error is the error's form");
}

static void check_names(void)
{
	struct names names;

	parse(&command, "set DROP a b a");
	ok(names_read(&cli, &operands, 1, &names) == OPTIONS_GO_ON && names.given &&
		   names.count == 2 && !strcmp(names.list[0], "a") && !strcmp(names.list[1], "b"),
	   "an interface that is named twice counts once");
	names_free(&names);

	parse(&command, "set DROP");
	ok(names_read(&cli, &operands, 1, &names) == OPTIONS_GO_ON && !names.given && !names.count,
	   "no interface is none");
	names_free(&names);

	parse(&command, "set DROP a ../b");
	capture_start();
	ok(names_read(&cli, &operands, 1, &names) == EXIT_USAGE, "a path is no interface");
	capture_end();
	ok(strstr(said, "'../b'"), "and is quoted");
	names_free(&names);
}

static const struct command *find(const char *name)
{
	const struct command *found;

	capture_start();
	found = command_find(&cli, name);
	capture_end();
	return found;
}

static void check_commands(void)
{
	const struct command *const *each;

	cli = (struct cli){ 0 };
	for (each = commands; *each; each++)
		ok(find((*each)->name) == *each, "command %s is found", (*each)->name);
	ok(find("l") == &load_command && find("unl") == &unload_command &&
		   find("st") == &status_command,
	   "a prefix is found");
	ok(!find("s") && strstr(said, "'s' is short for set and for status"),
	   "one of two commands is not");
	ok(!find("") && !find("statusx") && !find("STATUS"), "nor what is none");
	ok(!find("\033[2J") && strstr(said, "\\x1b[2J"), "which is quoted");
}

/* What help says of a command; the caller frees it. */
static char *help_of(const struct command *of)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		bail("no memory");
	help_print(out, of);
	fclose(out);
	return text;
}

static bool fits(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (length > LINE_WIDTH)
			return false;
		text += length + (text[length] == '\n');
	}
	return true;
}

static void check_help(void)
{
	const struct command *const *each;
	char *text = help_of(NULL);

	ok(fits(text), "help fits 80 columns");
	for (each = commands; *each; each++)
		ok(strstr(text, (*each)->summary), "help names %s", (*each)->name);
	free(text);

	for (each = commands; *each; each++) {
		const struct option_def *def;
		bool all = true;
		char name[64];

		text = help_of(*each);
		for (def = (*each)->options; def && def->name; def++) {
			snprintf(name, sizeof(name), "--%s", def->name);
			all &= !!strstr(text, name);
		}
		ok(all && fits(text), "help %s has all its options and fits", (*each)->name);
		free(text);
	}
}

int main(void)
{
	check_good();
	check_bad();
	check_names();
	check_commands();
	check_help();
	return finish();
}
