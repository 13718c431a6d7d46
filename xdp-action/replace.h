/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that is replaced whole or not at all. */
#ifndef REPLACE_H
#define REPLACE_H

#include <limits.h>
#include <stdio.h>

struct replacement {
	FILE *out;		/* what goes here ends up in the file */
	const char *path;
	char temporary[PATH_MAX];
};

/*
 * Opens a temporary file beside path, mode 0644. An existing path must be a
 * regular file: a device or a link is never replaced (-EINVAL).
 * End with replace_commit() or replace_abort().
 */
int replace_begin(struct replacement *replacement, const char *path);

/* Puts the new content in place. After an error the old file stands. */
int replace_commit(struct replacement *replacement);
void replace_abort(struct replacement *replacement);

#endif /* REPLACE_H */
