// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What is attached on the whole machine, and the names of its network namespaces. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "forms/forms.h"
#include "list.h"
#include "say/say.h"

#define NETNS_DIR "/run/netns"

struct machine {
	struct attached *list;
	size_t count;
	bool no_memory;
};

static int add_attachment(void *data, const struct xdpaction_attachment *attachment)
{
	struct machine *machine = data;
	struct attached *grown = list_grow(machine->list, machine->count, sizeof(*grown));

	if (!grown) {
		machine->no_memory = true;
		return -ENOMEM;
	}
	machine->list = grown;
	grown[machine->count++] = (struct attached){ .attachment = *attachment };
	return 0;
}

/*
 * Nothing is opened there: whoever can write to the directory could have us
 * wait for a FIFO, or open a device. A number means nothing without the device.
 */
static void name_all(struct machine *machine, DIR *names, dev_t device)
{
	const struct dirent *entry;
	struct stat named;
	size_t i;

	while ((entry = readdir(names))) {
		if (fstatat(dirfd(names), entry->d_name, &named,
			    AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) ||
		    named.st_dev != device)
			continue;
		for (i = 0; i < machine->count; i++)
			if (machine->list[i].attachment.netns_inode == named.st_ino)
				snprintf(machine->list[i].netns, sizeof(machine->list[i].netns),
					 "%s", entry->d_name);
	}
}

/* Names are for people: without any there are still the numbers. */
static void add_names(struct machine *machine)
{
	struct stat own;
	DIR *names = opendir(NETNS_DIR);

	if (names && !stat("/proc/thread-self/ns/net", &own))
		name_all(machine, names, own.st_dev);
	if (names)
		closedir(names);
}

static int print_machine(const struct cli *cli, const struct machine *machine)
{
	if (!cli->json)
		text_print_attached(stdout, machine->list, machine->count, terminal_width(stdout));
	else if (!json_print_attached(stdout, machine->list, machine->count))
		return report_failure(cli, -ENOMEM, "out of memory");
	return EXIT_DONE;
}

int show_machine(const struct cli *cli)
{
	struct machine machine = { 0 };
	int err = xdpaction_attachments(cli->ctx, add_attachment, &machine);
	int status;

	add_names(&machine);
	if (machine.no_memory)
		status = report_failure(cli, -ENOMEM, "out of memory");
	else if (err)
		status = report_library(cli, NULL, err);
	else
		status = print_machine(cli, &machine);
	free(machine.list);
	return status;
}
