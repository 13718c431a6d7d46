// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* A file is replaced whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say/say.h"
#include "support/tap.h"

static char directory[] = "/tmp/xdp-action-test.XXXXXX";

static const char *in_directory(char path[PATH_MAX], const char *name)
{
	snprintf(path, PATH_MAX, "%s/%s", directory, name);
	return path;
}

static int replace(const char *path, const char *text)
{
	struct replacement replacement;
	int err = replacement_begin(&replacement, path);

	if (err)
		return err;
	fputs(text, replacement.out);
	return replacement_commit(&replacement);
}

static bool has(const char *path, const char *text)
{
	char content[64] = "";
	FILE *file = fopen(path, "r");
	size_t length;

	if (!file)
		return false;
	length = fread(content, 1, sizeof(content) - 1, file);
	fclose(file);
	content[length] = '\0';
	return !strcmp(content, text);
}

static unsigned int files(void)
{
	DIR *dir = opendir(directory);
	unsigned int count = 0;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return count;
}

static void check_replace(void)
{
	struct replacement replacement;
	char path[PATH_MAX];
	struct stat before, after;

	in_directory(path, "a.prom");
	umask(077);
	ok(!replace(path, "old") && has(path, "old"), "a file is made");
	ok(!stat(path, &before) && (before.st_mode & 07777) == 0644,
	   "everybody may read it, whatever the umask");
	ok(!replace(path, "new") && has(path, "new"), "it is replaced");
	ok(!stat(path, &after) && after.st_ino != before.st_ino, "by another file");
	ok(files() == 1, "and nothing else is left");
	if (chown(path, 1234, 4321) || chmod(path, 0640))
		bail("cannot give it away");
	ok(!replace(path, "newer") && !stat(path, &after) && after.st_uid == 1234 &&
		   after.st_gid == 4321 && (after.st_mode & 07777) == 0640,
	   "it keeps its owner, its group and its mode");
	ok(!replace(path, "new"), "and can be replaced again");

	if (replacement_begin(&replacement, path))
		bail("cannot begin");
	fputs("half", replacement.out);
	ok(has(path, "new"), "what is being written is not seen");
	replacement_abort(&replacement);
	ok(has(path, "new") && files() == 1, "nor after it was given up");
}

/* A limit on the size of files does what a full disk does. */
static void check_full(void)
{
	struct rlimit none = { 0, RLIM_INFINITY }, old;
	char path[PATH_MAX];
	int err;

	in_directory(path, "a.prom");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	none.rlim_max = old.rlim_max;
	/* The report of a test may go to a file too: none is made meanwhile. */
	fflush(stdout);
	setrlimit(RLIMIT_FSIZE, &none);
	err = replace(path, "too much");
	setrlimit(RLIMIT_FSIZE, &old);
	ok(err == -EFBIG, "a file that cannot be written is an error");
	ok(has(path, "new") && files() == 1, "and the old one stands");
}

static void check_refused(void)
{
	char path[PATH_MAX], link[PATH_MAX], text[PATH_MAX + 1];

	ok(replace("/dev/null", "x") == -EINVAL, "a device is not replaced");
	ok(replace(directory, "x") == -EISDIR, "nor a directory");
	in_directory(path, "a.prom");
	in_directory(link, "link");
	if (symlink(path, link))
		bail("cannot link");
	ok(replace(link, "x") == -EINVAL && has(path, "new"), "nor a link");
	unlink(link);
	ok(replace(in_directory(link, "not/there"), "x") == -ENOENT, "a directory is not made");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ok(replace(text, "x") == -ENAMETOOLONG, "a name can be too long");
	unlink(path);
}

int main(void)
{
	if (!mkdtemp(directory))
		bail("cannot make a directory");
	check_replace();
	check_full();
	check_refused();
	rmdir(directory);
	return finish();
}
