// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "report.h"
#include "values.h"

static bool names_have(const struct names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (!strcmp(names->list[i], name))
			return true;
	return false;
}

int names_read(const struct cli *cli, const struct operands *operands, int first,
	       struct names *names)
{
	int i, status;

	*names = (struct names){ .given = operands->count > first };
	if (!names->given)
		return OPTIONS_GO_ON;

	names->list = calloc(operands->count - first, sizeof(*names->list));
	if (!names->list)
		return report_failure(cli, -ENOMEM, "out of memory");

	for (i = first; i < operands->count; i++) {
		char name[XDPACTION_IFNAME_SIZE];

		status = options_read(cli, &value_ifname, operands->words[i], name);
		if (status != OPTIONS_GO_ON)
			return status;
		if (!names_have(names, name))
			strcpy(names->list[names->count++], name);
	}
	return OPTIONS_GO_ON;
}

int names_complete(const struct cli *cli, struct names *names)
{
	int err;

	if (names->given)
		return EXIT_DONE;

	err = xdpaction_instances(cli->ctx, &names->list, &names->count);
	return err ? report_library(cli, NULL, err) : EXIT_DONE;
}

void names_free(struct names *names)
{
	if (names->given)
		free(names->list);
	else
		xdpaction_names_free(names->list);
	*names = (struct names){ 0 };
}
