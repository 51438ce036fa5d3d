/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret.c - passwords come from files, never from the INI or the command line.
 *
 * Such a file is regular, belongs to us or to root and is closed to everybody
 * else.  systemd's credentials may be readable by a group: there the folder is
 * closed and the group bits are the mask of an access list.
 */
#include "config/config.h"
#include "config/config_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
below(const char *path, const char *folder)
{
	size_t n = folder != NULL ? strlen(folder) : 0;

	return n > 0 && strncmp(path, folder, n) == 0 && path[n] == '/' &&
		strstr(path, "/../") == NULL;
}

static bool
is_closed(const char *path, const struct stat *st, struct why *why)
{
	bool credential = below(path, getenv("CREDENTIALS_DIRECTORY")) ||
		below(path, "/run/credentials");
	mode_t others = credential ? S_IRWXO : S_IRWXG | S_IRWXO;

	if (!S_ISREG(st->st_mode))
		return why_set(why, "%s is not a regular file; name one", path);
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return why_set(why,
			"%s belongs to somebody else; chown it to root or to the user "
			"platen runs as",
			path);
	if ((st->st_mode & others) != 0)
		return why_set(why, "%s is open to others; chmod 600 %s", path, path);
	return true;
}

static bool
first_line(int fd, const char *path, struct pool *pool, const char **out, struct why *why)
{
	char line[MAX_SECRET + 3] = ""; /* "\r\n" and NUL */
	ssize_t n = read(fd, line, sizeof(line) - 1);
	size_t length = strcspn(line, "\n");

	if (n < 0)
		return why_set(why, "%s cannot be read: %s", path, strerror(errno));
	if (memchr(line, 0, (size_t)n) != NULL)
		return why_set(why, "%s holds a NUL byte; write the password as text", path);
	if (length > 0 && line[length - 1] == '\r')
		length--;
	if (length > MAX_SECRET)
		return why_set(why, "%s: the first line is longer than %d bytes; shorten it", path,
			MAX_SECRET);
	if (length == 0)
		return why_set(why, "%s: the first line is empty; write the password there", path);
	line[length] = 0;
	*out = pool_string(pool, line);
	explicit_bzero(line, sizeof(line));
	return true;
}

static int
open_secret(const char *path, struct why *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0) {
		why_set(why, "%s cannot be opened (%s); write the password there, mode 600", path,
			strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) < 0)
		why_set(why, "%s cannot be looked at: %s", path, strerror(errno));
	else if (is_closed(path, &st, why))
		return fd;
	close(fd);
	return -1;
}

bool
secret_read(const char *path, struct pool *pool, const char **out, struct why *why)
{
	int fd = open_secret(path, why);
	bool ok = fd >= 0 && first_line(fd, path, pool, out, why);

	if (fd >= 0)
		close(fd);
	return ok;
}

bool
secret_file_closed(const char *path, struct why *why)
{
	int fd = open_secret(path, why);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}
