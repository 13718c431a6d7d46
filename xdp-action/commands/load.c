// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "commands.h"
#include "conditions.h"
#include "forms/forms.h"
#include "guard/guard.h"
#include "say/say.h"
#include "turns.h"

struct load_values {
	struct xdpaction_load_options options;
	struct conditions conditions;
	bool force;
};

static const struct option_def options[] = {
	OPTION_VALUE('m', "mode", "native|skb", value_mode, struct load_values, options.mode,
		     "run in the driver (default) or in the network stack"),
	OPTION_VALUE('a', "action", "VERDICT", value_verdict, struct load_values,
		     options.setting.rule.verdict, "the verdict to start with; default PASS"),
	CONDITION_OPTIONS(struct load_values, conditions),
	OPTION_VALUE('P', "prio", "N", value_priority, struct load_values, options.priority,
		     "run priority in the chain; the lowest runs first; default 50"),
	OPTION_FLAG(0, "require-dispatcher", struct load_values, options.require_dispatcher,
		    "fail rather than run in single mode, where no other program can join"),
	OPTION_FLAG(0, "keep", struct load_values, options.keep,
		    "leave one that is loaded already as it is, which is no error then"),
	OPTION_FLAG('f', "force", struct load_values, force,
		    "even if it would cut the SSH session it is typed in"),
	OPTION_NOTE,
	OPTION_JSON,
	OPTIONS_END,
};

/* "eth0: loaded in the dispatcher, native mode, after a; PASS" */
static void print_loaded(const struct xdpaction_chain *chain,
			 const struct xdpaction_setting *setting)
{
	struct named_setting named = describe_names(setting);
	char line[SETTING_SIZE];
	struct words words = words_in(line, sizeof(line));

	words_add(&words, "%s: loaded in %s, %s mode, ", chain->ifname,
		  chain->dispatcher ? "the dispatcher" : "single mode",
		  xdpaction_mode_name(chain->mode));
	if (chain->dispatcher)
		describe_place(&words, chain);
	else
		words_add(&words, "no other libxdp program can join");
	words_add(&words, "; ");
	describe_asked(&words, &named);
	progress_hide();
	put_escaped(stdout, line, sizeof(line));
	putchar('\n');
}

static void print_kept(const struct cli *cli, const char *ifname)
{
	char safe[4 * XDPACTION_IFNAME_SIZE];

	if (cli->quiet || cli->json)
		return;
	progress_hide();
	printf("%s: loaded already, and kept as it is\n", escape_text(safe, sizeof(safe), ifname));
}

static int load_one(const struct cli *cli, const char *ifname, const struct load_values *values,
		    struct guard *guard)
{
	struct xdpaction_chain chain = { .size = sizeof(chain) };
	int err;

	if (guard_refuses(cli, guard, ifname, &values->options.setting))
		return EXIT_NOT_DONE;

	err = xdpaction_load(cli->ctx, ifname, &values->options, &chain);
	if (err)
		return report_library(cli, ifname, err);
	if (cli->kept) {
		print_kept(cli, ifname);
		return EXIT_DONE;
	}
	warn_of_sending(cli, ifname, &values->options.setting);
	if (!chain.count)
		report_warning(cli, ifname, "loaded, but its chain cannot be read");
	else if (!cli->quiet && !cli->json)
		print_loaded(&chain, &values->options.setting);
	return EXIT_DONE;
}

static void init_load(void *data)
{
	struct load_values *values = data;

	values->options.size = sizeof(values->options);
	xdpaction_load_options_init(&values->options);
	conditions_init(&values->conditions);
}

static void check_load(const struct cli *cli, const void *data, struct words *wrong)
{
	const struct load_values *values = data;

	if (conditions_check(&values->conditions, wrong))
		return;
	if (!cli->operands.count)
		words_add(wrong, "name an interface");
	else if (values->options.setting.rule.verdict == XDPACTION_REDIRECT)
		words_add(wrong, "REDIRECT needs a target; load without --action, then "
				 "'set REDIRECT --to IFNAME'");
}

static int run_load(struct cli *cli, void *data, struct interfaces *interfaces)
{
	struct load_values *values = data;
	struct guard guard = {
		.command = GUARD_LOAD,
		.forced = values->force,
		.spares = values->conditions.spare,
	};
	int status = EXIT_DONE, one;
	struct turns turns;
	size_t i;

	conditions_store(&values->conditions, &values->options.setting.rule);
	if (!guard_spare(cli, &guard, &values->options.setting)) {
		guard_free(&guard);
		return EXIT_NOT_DONE;
	}
	turns_begin(&turns, cli, "loaded", interfaces->count);
	for (i = 0; i < interfaces->count && turns_next(&turns, interfaces->list[i]); i++) {
		one = load_one(cli, interfaces->list[i], values, &guard);
		status = one > status ? one : status;
		turns.done += one == EXIT_DONE;
	}
	turns_end();
	guard_free(&guard);
	return status;
}

const struct command load_command = {
	.name = "load",
	.synopsis = "[-m native|skb] [-a VERDICT] " CONDITION_SYNOPSIS
		    " [-P N] [--require-dispatcher] [--keep] [-f] [--note TEXT] [-j] IFNAME...",
	.summary = "Loads the program on an interface",
	.examples = "load eth0\n"
		    "load -m skb -a DROP --match 'tcp port 80' eth0\n",
	.notes = "The program joins the dispatcher of libxdp or makes one. Where the kernel has no "
		 "dispatcher, it is attached alone, in single mode, and a warning says so.\n"
		 "VERDICT is ABORTED, DROP, PASS or TX. REDIRECT is for set only. What the "
		 "conditions of VERDICT leave out passes; 'help set' says more of them.\n",
	.options = options,
	.operands = OPERANDS_INTERFACES,
	.candidates = CANDIDATES_INTERFACES,
	.values_size = sizeof(struct load_values),
	.init = init_load,
	.check = check_load,
	.changes = true,
	.told = true,
	.run = run_load,
};
