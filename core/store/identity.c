/* SPDX-License-Identifier: Apache-2.0 */
/* identity.c - the agent's name and its count on the disk; see identity.h. */
#include "store/identity.h"

#include "store/kept_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "agent.id"

int
identity_lock(const char *folder, struct why *why)
{
	int fd;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
		why_set(why, "the state folder %s cannot be made: %s", folder, strerror(errno));
		return -1;
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		why_set(why, "the state folder %s cannot be opened: %s", folder, strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		why_set(why, "the state folder %s is in use by another platen: %s", folder,
			"stop that one, or give this one a [site] state of its own");
		close(fd);
		return -1;
	}
	return fd;
}

static bool
is_uuid(const char *s)
{
	if (strlen(s) != UUID_TEXT - 1)
		return false;
	for (int i = 0; i < UUID_TEXT - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : strchr("0123456789abcdef", s[i]) == NULL)
			return false;
	}
	return true;
}

bool
identity_read(const char *folder, struct identity *out, struct why *why)
{
	struct identity id = { .agent = "" };
	char path[4096];
	int end = 0;
	FILE *f;

	why->text[0] = '\0';
	snprintf(path, sizeof(path), "%s/" NAME, folder);
	f = fopen(path, "re");
	if (f == NULL)
		return errno == ENOENT
			? false
			: why_set(why, "%s: cannot be read: %s", path, strerror(errno));
	if (fscanf(f, "agent %36s promised %" SCNu64 "%n", id.agent, &id.promised, &end) != 2 ||
		end == 0 || !is_uuid(id.agent) || id.promised == 0 || id.promised > INT64_MAX) {
		fclose(f);
		return why_set(why, "%s: makes no sense, it is made anew", path);
	}
	fclose(f);
	*out = id;
	return true;
}

bool
identity_write(const char *folder, const struct identity *id, struct why *why)
{
	char text[128];

	snprintf(text, sizeof(text), "agent %s\npromised %" PRIu64 "\n", id->agent, id->promised);
	if (kept_text_write(folder, NAME, text))
		return true;
	return why_set(why, "%s/" NAME ": cannot be written: %s", folder, strerror(errno));
}
