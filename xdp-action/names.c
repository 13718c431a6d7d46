// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "report.h"
#include "values.h"

bool names_have(const struct names *names, const char *name)
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

static bool indexes_have(const unsigned int *indexes, size_t count, unsigned int index)
{
	while (count--)
		if (indexes[count] == index)
			return true;
	return false;
}

/* Drops the names of interfaces that stand there by another name already. */
static int drop_aliases(const struct cli *cli, struct names *names)
{
	unsigned int *indexes = calloc(names->count, sizeof(*indexes)), index;
	size_t i, count = 0;

	if (!indexes)
		return report_failure(cli, -ENOMEM, "out of memory");
	for (i = 0; i < names->count; i++) {
		/* 0 where there is none, which the command will say. */
		index = if_nametoindex(names->list[i]);
		if (index && indexes_have(indexes, count, index))
			continue;
		indexes[count] = index;
		memmove(names->list[count++], names->list[i], sizeof(names->list[i]));
	}
	names->count = count;
	free(indexes);
	return EXIT_DONE;
}

int names_complete(const struct cli *cli, struct names *names)
{
	int err;

	if (names->given)
		return drop_aliases(cli, names);

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
