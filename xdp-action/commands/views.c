// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdlib.h>

#include "commands.h"
#include "forms/forms.h"
#include "list.h"
#include "say/say.h"

/* Where the next one goes; NULL after it has reported that there is no room. */
static struct view *views_next(const struct cli *cli, struct views *views)
{
	struct view *grown = list_grow(views->list, views->count, sizeof(*grown));

	if (!grown) {
		report_failure(cli, -ENOMEM, "out of memory");
		return NULL;
	}
	views->list = grown;
	/* view_describe() fills in the rest, which is long. */
	grown[views->count].status.size = sizeof(grown->status);
	return &grown[views->count];
}

struct collection {
	const struct cli *cli;
	struct views *views;
	int status;
};

static int collect_one(void *data, const char *ifname, int err,
		       const struct xdpaction_status *status)
{
	struct collection *collection = data;
	struct view *view;

	if (err) {
		collection->status = report_library(collection->cli, ifname, err);
		return 0;
	}
	view = views_next(collection->cli, collection->views);
	if (!view)
		return EXIT_NOT_DONE;
	view->status = *status;
	collection->views->count++;
	return 0;
}

static int collect_all(const struct cli *cli, struct views *views)
{
	struct collection collection = { .cli = cli, .views = views };
	int err = xdpaction_each(cli->ctx, collect_one, &collection);

	if (err < 0)
		return report_library(cli, NULL, err);
	return err ? err : collection.status;
}

static int collect_given(const struct cli *cli, const struct interfaces *interfaces,
			 struct views *views)
{
	int status = EXIT_DONE, err;
	size_t i;

	for (i = 0; i < interfaces->count; i++) {
		struct view *view = views_next(cli, views);

		if (!view)
			return EXIT_NOT_DONE;
		err = xdpaction_status(cli->ctx, interfaces->list[i], &view->status);
		if (!err)
			views->count++;
		else
			status = report_library(cli, interfaces->list[i], err);
	}
	return status;
}

int views_collect(const struct cli *cli, const struct interfaces *interfaces,
		  struct views *views)
{
	int status;
	size_t i;

	*views = (struct views){ .given = interfaces->given };
	status = interfaces->given ? collect_given(cli, interfaces, views) :
				     collect_all(cli, views);
	/* The list grows no more. */
	for (i = 0; i < views->count; i++)
		view_describe(&views->list[i]);
	return status;
}
