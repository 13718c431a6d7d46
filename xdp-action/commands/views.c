// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <stdlib.h>

#include "commands.h"
#include "forms/forms.h"
#include "say/say.h"

/* A tour of instances. */
struct tour {
	const struct cli *cli;
	struct views *views;
	view_fn fn;
	void *data;
	/* The one that is shown. It is long. */
	struct view *view;
	int status;
};

/* Returns an exit status. The tour ends where it is not EXIT_DONE: there is no memory. */
static int show(struct tour *tour)
{
	view_describe(tour->view);
	if (!tour->fn(tour->data, tour->view))
		return report_failure(tour->cli, -ENOMEM, "out of memory");
	tour->views->count++;
	return EXIT_DONE;
}

static int show_one(void *data, const char *ifname, int err, const struct xdpaction_status *status)
{
	struct tour *tour = data;

	if (err) {
		tour->status = report_library(tour->cli, ifname, err);
		return 0;
	}
	tour->view->status = *status;
	return show(tour);
}

static int show_all(struct tour *tour)
{
	int err = xdpaction_each(tour->cli->ctx, show_one, tour);

	if (err < 0)
		return report_library(tour->cli, NULL, err);
	return err ? err : tour->status;
}

static int show_given(struct tour *tour, const struct interfaces *interfaces)
{
	int err, status;
	size_t i;

	for (i = 0; i < interfaces->count; i++) {
		const char *ifname = interfaces->list[i];

		tour->view->status.size = sizeof(tour->view->status);
		err = xdpaction_status(tour->cli->ctx, ifname, &tour->view->status);
		status = err ? report_library(tour->cli, ifname, err) : show(tour);
		if (status != EXIT_DONE)
			tour->status = status;
		if (!err && status != EXIT_DONE)
			break;
	}
	return tour->status;
}

int views_each(const struct cli *cli, const struct interfaces *interfaces, struct views *views,
	       view_fn fn, void *data)
{
	struct tour tour = {
		.cli = cli,
		.views = views,
		.fn = fn,
		.data = data,
		.view = calloc(1, sizeof(*tour.view)),
		.status = EXIT_DONE,
	};
	int status;

	*views = (struct views){ .given = interfaces->given };
	if (!tour.view)
		return report_failure(cli, -ENOMEM, "out of memory");
	status = interfaces->given ? show_given(&tour, interfaces) : show_all(&tour);
	views->partial = status != EXIT_DONE;
	free(tour.view);
	return status;
}
