/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What status and metrics know of an instance: the facts of the library and
 * the words for them. Every form of output shows a view and nothing else.
 */
#ifndef VIEW_H
#define VIEW_H

#include "describe.h"
#include "names.h"

struct view {
	struct xdpaction_status status;
	/* False for an instance of another version: nobody knows its setting. */
	bool setting_known;
	struct named_setting setting;
	char attachment[DESCRIBE_SIZE];
	char setting_words[DESCRIBE_SIZE];
	char onward[DESCRIBE_SIZE];
};

struct views {
	struct view *list;
	size_t count;
	/* The interfaces stood on the command line. */
	bool given;
};

/*
 * Looks at the interfaces; reports each that cannot be looked at. Returns an
 * exit status, and the views that there are in any case. Free them with
 * views_free().
 */
int views_collect(const struct cli *cli, const struct names *names, struct views *views);
void views_free(struct views *views);

/* Fills in the words of a view from its status. */
void view_describe(struct view *view);

/* "drop": how JSON and metrics call a verdict. Static. */
const char *view_verdict(enum xdpaction_verdict verdict);

/* "target-gone": how JSON and metrics call a problem. Static. */
const char *view_problem(enum xdpaction_problem_kind kind);

#endif /* VIEW_H */
