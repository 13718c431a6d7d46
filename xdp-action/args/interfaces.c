// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "list.h"

bool interfaces_have(const struct interfaces *interfaces, const char *name)
{
	size_t i;

	for (i = 0; i < interfaces->count; i++)
		if (!strcmp(interfaces->list[i], name))
			return true;
	return false;
}

int interfaces_read(struct interfaces *interfaces, const struct operands *operands,
		    struct words *wrong)
{
	int i;

	*interfaces = (struct interfaces){ .given = operands->count };
	if (!interfaces->given)
		return 0;

	interfaces->list = calloc(operands->count, sizeof(*interfaces->list));
	if (!interfaces->list)
		return -ENOMEM;

	for (i = 0; i < operands->count; i++) {
		char name[XDPACTION_IFNAME_SIZE];

		if (!value_read(&value_ifname, operands->words[i], name, wrong))
			return -EINVAL;
		if (!interfaces_have(interfaces, name))
			strcpy(interfaces->list[interfaces->count++], name);
	}
	return 0;
}

static bool indexes_have(const unsigned int *indexes, size_t count, unsigned int index)
{
	while (count--)
		if (indexes[count] == index)
			return true;
	return false;
}

/* Drops names of interfaces that are in the list under another name. */
static int drop_aliases(struct interfaces *interfaces)
{
	unsigned int *indexes = calloc(interfaces->count, sizeof(*indexes)), index;
	size_t i, count = 0;

	if (!indexes)
		return -ENOMEM;
	for (i = 0; i < interfaces->count; i++) {
		/* 0 if there is no such interface; the command will report it. */
		index = if_nametoindex(interfaces->list[i]);
		if (index && indexes_have(indexes, count, index))
			continue;
		indexes[count] = index;
		memmove(interfaces->list[count++], interfaces->list[i],
			sizeof(interfaces->list[i]));
	}
	interfaces->count = count;
	free(indexes);
	return 0;
}

/* An interface that cannot be looked at ends the tour. */
static int add_instance(void *data, const char *ifname, int err,
			const struct xdpaction_status *status)
{
	struct interfaces *interfaces = data;
	char (*grown)[XDPACTION_IFNAME_SIZE];

	if (err)
		return err;
	grown = list_grow(interfaces->list, interfaces->count, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	interfaces->list = grown;
	strcpy(interfaces->list[interfaces->count++], ifname);
	return 0;
}

int interfaces_complete(struct interfaces *interfaces, struct xdpaction *ctx)
{
	if (interfaces->given)
		return drop_aliases(interfaces);
	return xdpaction_each(ctx, add_instance, interfaces);
}

void interfaces_free(struct interfaces *interfaces)
{
	free(interfaces->list);
	*interfaces = (struct interfaces){ 0 };
}
