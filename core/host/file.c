/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.c - may this file be loaded as a plugin?  Whoever can write it, or swap
 * it in its folder, decides what the agent runs.
 */
#include "process/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
check_owner(const struct stat *st, const char *path, struct why *why)
{
	if (st->st_uid == 0 || st->st_uid == geteuid())
		return true;
	return why_set(why,
		"plugin %s: not loaded: it belongs to user %u, not to root or us; chown it", path,
		(unsigned)st->st_uid);
}

static bool
check_file(int fd, const char *path, struct why *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return why_set(why, "plugin %s: not loaded: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return why_set(why, "plugin %s: not loaded: it is no regular file", path);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return why_set(why, "plugin %s: not loaded: others may write it; chmod go-w %s",
			path, path);
	return check_owner(&st, path, why);
}

/* The folder the file really is in, wherever links led: whoever may write there may swap it. */
static bool
check_folder(int fd, const char *path, struct why *why)
{
	char *link = mem_format("/proc/self/fd/%d", fd), *real = realpath(link, NULL);
	struct stat st;
	bool ok;

	free(link);
	if (real == NULL)
		return why_set(why, "plugin %s: not loaded: its folder is not known: %s", path,
			strerror(errno));
	dirname(real);
	if (stat(real, &st) != 0)
		ok = why_set(why, "plugin %s: not loaded: %s: %s", path, real, strerror(errno));
	else if ((st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0)
		ok = why_set(why,
			"plugin %s: not loaded: everybody may write its folder; chmod o-w %s", path,
			real);
	else
		ok = check_owner(&st, real, why);
	free(real);
	return ok;
}

int
plugin_open_file(const char *path, struct why *why)
{
	/* O_NONBLOCK: a FIFO in the place of a file must not hold us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0) {
		why_set(why, "plugin %s: not loaded: %s", path, strerror(errno));
		return -1;
	}
	if (check_file(fd, path, why) && check_folder(fd, path, why))
		return fd;
	close(fd);
	return -1;
}
