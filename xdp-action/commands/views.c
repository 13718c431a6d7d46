// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "commands.h"
#include "forms/forms.h"
#include "say/say.h"

int views_collect(const struct cli *cli, const struct interfaces *interfaces,
		  struct views *views)
{
	int status = EXIT_DONE, err;
	size_t i;

	*views = (struct views){ .given = interfaces->given };
	views->list = calloc(interfaces->count + 1, sizeof(*views->list));
	if (!views->list)
		return report_failure(cli, -ENOMEM, "out of memory");

	for (i = 0; i < interfaces->count; i++) {
		struct view *view = &views->list[views->count];

		err = xdpaction_status(cli->ctx, interfaces->list[i], &view->status);
		if (!err) {
			view_describe(view);
			views->count++;
		} else if (interfaces->given || (err != -ENOENT && err != -ENODEV)) {
			/* Nobody asked for one that was unloaded since it was listed. */
			status = report_library(cli, interfaces->list[i], err);
		}
	}
	return status;
}
