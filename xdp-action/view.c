// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "report.h"
#include "view.h"

const char *view_verdict(enum xdpaction_verdict verdict)
{
	static const char *const names[] = {
		[XDPACTION_ABORTED] = "aborted",   [XDPACTION_DROP] = "drop",
		[XDPACTION_PASS] = "pass",	   [XDPACTION_TX] = "tx",
		[XDPACTION_REDIRECT] = "redirect",
	};

	_Static_assert(sizeof(names) / sizeof(names[0]) == XDPACTION_VERDICTS,
		       "a name for each verdict");
	return verdict < XDPACTION_VERDICTS ? names[verdict] : "unknown";
}

const char *view_problem(enum xdpaction_problem_kind kind)
{
	switch (kind) {
	case XDPACTION_PROBLEM_PINS_MISSING:
		return "pins-missing";
	case XDPACTION_PROBLEM_PINS_STALE:
		return "pins-stale";
	case XDPACTION_PROBLEM_TARGET_GONE:
		return "target-gone";
	case XDPACTION_PROBLEM_VERSION:
		return "version";
	case XDPACTION_PROBLEM_TWICE:
		return "twice";
	case XDPACTION_PROBLEM_SHADOWED:
		return "shadowed";
	case XDPACTION_PROBLEM_TARGET_UNABLE:
		return "target-unable";
	}
	return "other";
}

static bool has_problem(const struct xdpaction_status *status, enum xdpaction_problem_kind kind)
{
	size_t i;

	for (i = 0; i < status->problem_count; i++)
		if (status->problems[i].kind == kind)
			return true;
	return false;
}

void view_describe(struct view *view)
{
	struct words attachment = words_in(view->attachment, sizeof(view->attachment));
	struct words setting = words_in(view->setting_words, sizeof(view->setting_words));
	struct words onward = words_in(view->onward, sizeof(view->onward));
	const struct xdpaction_status *status = &view->status;

	describe_attachment(&attachment, &status->chain);

	view->setting_known = !has_problem(status, XDPACTION_PROBLEM_VERSION);
	if (!view->setting_known) {
		words_add(&setting, "not known");
		return;
	}
	view->setting = describe_names(&status->setting);
	describe_in_force(&setting, &view->setting);
	describe_onward(&onward, &status->chain, &status->setting.rule);
}

int views_collect(const struct cli *cli, const struct names *names, struct views *views)
{
	int status = EXIT_DONE, err;
	size_t i;

	*views = (struct views){ .given = names->given };
	views->list = calloc(names->count + 1, sizeof(*views->list));
	if (!views->list)
		return report_failure(cli, -ENOMEM, "out of memory");

	for (i = 0; i < names->count; i++) {
		struct view *view = &views->list[views->count];

		err = xdpaction_status(cli->ctx, names->list[i], &view->status);
		if (!err) {
			view_describe(view);
			views->count++;
		} else if (names->given || (err != -ENOENT && err != -ENODEV)) {
			/* Nobody asked for one that was unloaded since it was listed. */
			status = report_library(cli, names->list[i], err);
		}
	}
	return status;
}

void views_free(struct views *views)
{
	free(views->list);
	*views = (struct views){ 0 };
}
