// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* How a command line is taken apart, and what is said of one that is wrong. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "support/tap.h"

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

static struct cli cli;
static struct values values;
static char said[1024];

/* Takes a line apart at its blanks, as a shell does, but for words in single quotes. */
static char **split(const char *line, int *argc)
{
	static char *argv[WORDS_MAX + 1];
	static char copy[512];
	char *word = copy, *end;

	*argc = 0;
	snprintf(copy, sizeof(copy), "%s", line);
	while (*(word += strspn(word, " ")) && *argc < WORDS_MAX) {
		bool quoted = *word == '\'';

		end = word + quoted + strcspn(word + quoted, quoted ? "'" : " ");
		argv[(*argc)++] = word + quoted;
		word = *end ? end + 1 : end;
		*end = '\0';
	}
	argv[*argc] = NULL;
	return argv;
}

static bool parse(const char *line)
{
	struct words wrong = words_in(said, sizeof(said));
	int argc;
	char **argv = split(line, &argc);

	cli = (struct cli){ 0 };
	values = (struct values){ 0 };
	return options_read(&cli, options, argc, argv, &values, &wrong);
}

static bool parse_common(const char *line)
{
	struct words wrong = words_in(said, sizeof(said));
	int argc;
	char **argv = split(line, &argc);

	cli = (struct cli){ 0 };
	return options_read_common(&cli, argc, argv, &wrong);
}

static bool has_operands(const char *first, const char *second)
{
	return cli.operands.count == 2 && !strcmp(cli.operands.words[0], first) &&
	       !strcmp(cli.operands.words[1], second);
}

static void check_good(void)
{
	ok(parse("set --for 5s DROP -a eth0") &&
		   values.duration_ns == UINT64_C(5000000000) && values.all &&
		   has_operands("DROP", "eth0"),
	   "options stand anywhere");
	ok(parse("set --for=1ms -t2s a b") &&
		   values.duration_ns == UINT64_C(2000000000) && has_operands("a", "b"),
	   "the last of two counts");
	ok(parse("set -a -- -x --for") && values.all &&
		   has_operands("-x", "--for"),
	   "two dashes end the options");
	ok(parse("set -vqvj") && cli.verbose == 2 && cli.quiet &&
		   cli.json,
	   "letters stand together");
	ok(parse("set --th drop --al") &&
		   values.then == XDPACTION_DROP && values.all,
	   "long options may be shortened");
	ok(parse_common("xdp-action -N foo -v status -v") && cli.verbose == 1 &&
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
		{ "set --fro 3s", "unknown option '--fro'; did you mean '--for'?" },
		{ "set --jsn", "unknown option '--jsn'; did you mean '--json'?" },
		{ "set --vesion=1", "did you mean '--version'?" },
		{ "set --then DORP", "or REDIRECT; did you mean 'DROP'?" },
		{ "set -Z", "unknown option '-Z'" },
		{ "set -aZ", "unknown option '-Z'" },
		{ "set --t eth0", "'--t' is ambiguous: --then or --to" },
		{ "set --for", "option --for needs a value, DURATION" },
		{ "set -t", "option --for needs a value, DURATION" },
		{ "set --all=3", "option --all takes no value" },
		{ "set --for 5x", "--for: '5x' is not a duration; expected numbers with units" },
		{ "set -t -1s", "--for: '-1s' is not a duration" },
		{ "set --for=", "--for: '' is not a duration" },
		{ "set --then maybe", "--then: 'maybe' is not a verdict; expected ABORTED, DROP" },
		{ "set --to ../eth0", "--to: '../eth0' is not an interface name" },
		{ "set -t 1x -t 2x", "'1x'" },
		{ "set -t \033[31m", "'\\x1b[31m'" },
		{ "set --bogus --help", "unknown option '--bogus'" },
		{ "set --%n%s", "unknown option '--%n%s'" },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!ok(!parse(bad[i].line) && strstr(said, bad[i].message), "wrong line %zu: %s",
			i, bad[i].message))
			note("it said: %s", said);
	}
	ok(!parse("set --bogus -j") && cli.json, "a --json behind the error is seen");
}

static int read_interfaces(const char *line, struct interfaces *interfaces)
{
	struct words wrong = words_in(said, sizeof(said));
	struct operands operands;

	operands.words = split(line, &operands.count);
	return interfaces_read(interfaces, &operands, &wrong);
}

static void check_interfaces(void)
{
	struct interfaces interfaces;

	ok(!read_interfaces("a b a", &interfaces) && interfaces.given && interfaces.count == 2 &&
		   !strcmp(interfaces.list[0], "a") && !strcmp(interfaces.list[1], "b"),
	   "an interface that is named twice counts once");
	interfaces_free(&interfaces);

	ok(!read_interfaces("", &interfaces) && !interfaces.given && !interfaces.count,
	   "no interface is none");
	interfaces_free(&interfaces);

	ok(read_interfaces("a ../b", &interfaces) == -EINVAL && strstr(said, "'../b'"),
	   "a path is no interface, and is quoted");
	interfaces_free(&interfaces);
}

static const struct command *find(const char *name)
{
	struct words wrong = words_in(said, sizeof(said));

	return command_find(name, &wrong);
}

/* What is said of the line of a command, "" when it is right. */
static const char *complaint(const struct command *command, const char *line)
{
	struct words wrong = words_in(said, sizeof(said));
	struct interfaces interfaces = { 0 };
	void *of_command = calloc(1, command->values_size + 1);
	int argc, err;
	char **argv = split(line, &argc);

	if (!of_command)
		bail("no memory");
	cli = (struct cli){ 0 };
	err = command_read(&cli, command, argc, argv, of_command, &interfaces, &wrong);
	interfaces_free(&interfaces);
	free(of_command);
	return !err == !*said ? said : "the return value";
}

static void check_lines(void)
{
	static const struct {
		const struct command *command;
		const char *line, *complaint;
	} lines[] = {
		{ &load_command, "load eth0 -a DROP", "" },
		{ &load_command, "load", "name an interface" },
		{ &load_command, "load eth0 -a REDIRECT", "REDIRECT needs a target; load without" },
		{ &load_command, "load --help", "" },
		{ &unload_command, "unload", "name an interface, or give --all" },
		{ &unload_command, "unload -a eth0", "give --all or interface names, not both" },
		{ &set_command, "set", "name a verdict: ABORTED, DROP, PASS, TX or REDIRECT" },
		{ &set_command, "set DORP", "'DORP' is not a verdict; expected ABORTED, DROP" },
		{ &set_command, "set DROP eth0 a/b", "'a/b' is not an interface name" },
		{ &set_command, "set REDIRECT", "REDIRECT needs --to IFNAME" },
		{ &set_command, "set DROP --to eth1", "--to is for REDIRECT only" },
		{ &help_command, "help bogus", "unknown command 'bogus'" },
		{ &help_command, "help sett", "unknown command 'sett'; did you mean 'set'?" },
		{ &set_command, "set eth0 DROP eth1",
		  "'eth0' is not a verdict; did you mean 'set DROP eth0'?" },
		{ &set_command, "set -a", "name a verdict: ABORTED, DROP" },
		{ &set_command, "set -a drop", "" },
		{ &load_command, "load -m drv eth0",
		  "--mode: 'drv' is not a mode; expected native or skb; did you mean 'native'?" },
		{ &load_command, "load -m generic eth0",
		  "--mode: 'generic' is not a mode; expected native or skb; did you mean 'skb'?" },
		{ &poll_command, "poll -i 1s", "" },
		{ &poll_command, "poll -i 1", "" },
		{ &poll_command, "poll -i 1us", "--interval: '1us' is not an interval" },
		{ &run_command, "run DROP eth0", "name the command that is to run, behind '--'" },
		{ &run_command, "run DROP --", "name the command that is to run, behind '--'" },
		{ &run_command, "run DROP eth0 -p 5% -- ls -l --for", "" },
		{ &run_command, "run eth0 DROP -- ls", "'eth0' is not a verdict; did you mean" },
		{ &help_command, "help set load", "help takes one command, not 2" },
	};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *got = complaint(lines[i].command, lines[i].line);

		if (!ok(!strncmp(got, lines[i].complaint, strlen(lines[i].complaint)) &&
				!*got == !*lines[i].complaint,
			"line '%s'", lines[i].line))
			note("it said: %s", got);
	}
}

static void check_commands(void)
{
	const struct command *const *each;

	for (each = commands; *each; each++)
		ok(find((*each)->name) == *each, "command %s is found", (*each)->name);
	ok(find("l") == &load_command && find("unl") == &unload_command &&
		   find("st") == &status_command,
	   "a prefix is found");
	ok(!find("s") && strstr(said, "'s' is ambiguous: set or status"),
	   "one of two commands is not");
	ok(!find("") && !find("statusx") && !find("STATUS"), "nor what is none");
	ok(!find("\033[2J") && strstr(said, "\\x1b[2J"), "which is quoted");
}

static void check_slips(void)
{
	static const struct {
		const char *typed, *meant;
	} slips[] = {
		{ "sett", "; did you mean 'set'?" },
		{ "unlaod", "; did you mean 'unload'?" },
		{ "STATUS", "; did you mean 'status'?" },
		{ "drop", "; did you mean 'set drop'?" },
		{ "XDP_PASS", "; did you mean 'set XDP_PASS'?" },
		{ "complet", "unknown command 'complet'" },
		{ "xyzzy", "unknown command 'xyzzy'" },
		{ "", "unknown command ''" },
	};
	struct words wrong = words_in(said, sizeof(said));
	size_t i;

	for (i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		size_t length = strlen(slips[i].meant);

		if (!ok(!find(slips[i].typed) && strlen(said) >= length &&
				!strcmp(said + strlen(said) - length, slips[i].meant),
			"command '%s'", slips[i].typed))
			note("it said: %s", said);
	}
	ok(command_place_option("--for", &wrong) && strstr(said, "belongs to: set, run"),
	   "an option of a command is told where it belongs");
	ok(!command_place_option("--bogus", &wrong) && !command_place_option("--fo", &wrong),
	   "what is none, or may be another, is not");
}

/* Two of them, which fit a line and are right. */
static void check_examples(void)
{
	const struct command *const *each;
	char line[128];

	for (each = commands; *each; each++) {
		const char *example = (*each)->examples;
		int count = 0;

		for (; example && *example; example += strcspn(example, "\n") + 1) {
			snprintf(line, sizeof(line), "%.*s", (int)strcspn(example, "\n"), example);
			if (strcmp(complaint(*each, line), ""))
				note("'%s': %s", line, said);
			else
				count++;
		}
		ok(count == ((*each)->hidden ? 0 : 2), "%s has two examples", (*each)->name);
	}
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
		ok(!strstr(text, (*each)->summary) == (*each)->hidden, "help names %s",
		   (*each)->name);
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
	check_interfaces();
	check_commands();
	check_slips();
	check_examples();
	check_lines();
	check_help();
	return finish();
}
