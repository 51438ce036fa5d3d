/* SPDX-License-Identifier: Apache-2.0 */
/* kept_text.c - written beside, synced, renamed; see kept_text.h. */
#include "store/kept_text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool
write_and_sync(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t n = strlen(text);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
	return close(fd) == 0 && ok;
}

static bool
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

bool
kept_text_write(const char *folder, const char *name, const char *text)
{
	char path[4096], next[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(next, sizeof(next), "%s/%s.new", folder, name);
	return write_and_sync(next, text) && rename(next, path) == 0 && sync_folder(folder);
}
