/* SPDX-License-Identifier: Apache-2.0 */
/* pins.c - two small files of lines; see pins.h. */
#include "store/pins.h"

#include "base/readfile.h"
#include "store/kept_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PINS "pins"
#define FORGET "forget"
#define FILE_MOST (16u << 20) /* bytes; a line has about sixty */

/* The key in the words of the lan role, "pin=KEY ..."; "" : none. */
static void
key_of(const char *learned, char out[static PIN_TEXT])
{
	static const char word[] = "pin=";

	out[0] = 0;
	if (strncmp(learned, word, strlen(word)) == 0) {
		learned += strlen(word);
		snprintf(out, PIN_TEXT, "%.*s", (int)strcspn(learned, " "), learned);
	}
}

/* ---- adding a line ---- */

/* Also by root, for an agent that is not root: the file is whose the folder is. */
static int
open_to_add(const char *folder, const char *name)
{
	char path[4096];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd >= 0 && geteuid() == 0 &&
		(stat(folder, &st) != 0 || fchown(fd, st.st_uid, st.st_gid) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* False: errno. */
static bool
add(const char *folder, const char *name, const char *line)
{
	size_t n = strlen(line);
	struct stat st;
	int fd;
	bool ok, gone;

	do {
		if ((fd = open_to_add(folder, name)) < 0)
			return false;
		ok = flock(fd, LOCK_EX) == 0 && fstat(fd, &st) == 0;
		/* Taken away by the agent before we had it: into a new one. */
		gone = ok && st.st_nlink == 0;
		ok = ok && (gone || write(fd, line, n) == (ssize_t)n);
		close(fd);
	} while (gone);
	return ok;
}

static bool
add_key(const char *folder, const char *address, const char *key)
{
	char *line = mem_format("%s %s\n", address, key[0] != 0 ? key : "-");
	bool ok = add(folder, PINS, line);

	free(line);
	return ok;
}

/* ---- the agent ---- */

/* The whole of "forget", which is gone then; the caller's. */
static char *
take_wishes(const char *folder)
{
	char *path = mem_format("%s/%s", folder, FORGET);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct buf text = { 0 };
	struct why why;
	char *all;

	if (fd >= 0) {
		if (flock(fd, LOCK_EX) != 0 || !file_read_fd(fd, FILE_MOST, &text, &why) ||
			unlink(path) != 0)
			log_error("%s cannot be taken: nobody is forgotten", path);
		close(fd);
	}
	free(path);
	all = mem_format("\n%s", text.n > 0 ? (char *)text.p : "");
	buf_free(&text);
	return all;
}

struct beginning {
	struct registry *registry;
	char *wishes;
	struct buf pins;
};

static bool
begin_one(void *arg, const struct printer *p)
{
	struct beginning *b = arg;
	char *wish = mem_format("\n%s\n", p->address), key[PIN_TEXT];

	key_of(p->learned, key);
	if (strstr(b->wishes, wish) != NULL) {
		log_info("%s (%s): what was learned of it is forgotten", p->address, p->id);
		registry_put_learned(b->registry, p->address, p->port, "");
	} else if (key[0] != 0) {
		buf_format(&b->pins, "%s %s\n", p->address, key);
	}
	free(wish);
	return true;
}

void
pins_begin(const char *folder, struct registry *registry)
{
	struct beginning b = { .registry = registry, .wishes = take_wishes(folder) };
	char *pins;

	registry_each(registry, begin_one, &b);
	registry_flush(registry);
	pins = buf_take(&b.pins);
	if (!kept_text_write(folder, PINS, pins))
		log_warn("%s/" PINS ": %s; `platen doctor` cannot tell that a key has changed",
			folder, strerror(errno));
	free(pins);
	free(b.wishes);
}

void
pins_keep(const char *folder, const char *address, const char *was, const char *learned)
{
	char old[PIN_TEXT], key[PIN_TEXT];

	key_of(was, old);
	key_of(learned, key);
	if (strcmp(old, key) != 0 && !add_key(folder, address, key))
		log_warn("%s/" PINS ": %s; `platen doctor` does not know the key of %s", folder,
			strerror(errno), address);
}

/* What cannot be taken is no wish: an agent that began anew for it would never end doing so. */
bool
pins_wanted(const char *folder)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s/" FORGET, folder);
	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MOST;
}

/* ---- others ---- */

char *
pins_read(const char *folder)
{
	char *path = mem_format("%s/" PINS, folder);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct buf text = { 0 };
	char *all = NULL;
	struct why why;

	free(path);
	if (fd < 0)
		return NULL;
	/* Every line begins behind a newline. */
	if (file_read_fd(fd, FILE_MOST, &text, &why))
		all = mem_format("\n%s", text.n > 0 ? (char *)text.p : "");
	close(fd);
	buf_free(&text);
	errno = EIO;
	return all;
}

bool
pins_find(const char *pins, const char *address, char out[static PIN_TEXT])
{
	char *begin = mem_format("\n%s ", address);
	size_t n = strlen(begin);
	const char *last = NULL;

	for (const char *at = pins; (at = strstr(at, begin)) != NULL; at += n - 1)
		last = at + n;
	free(begin);
	if (last == NULL || last[0] == '-')
		return false;
	snprintf(out, PIN_TEXT, "%.*s", (int)strcspn(last, "\n"), last);
	return true;
}

void
pins_recall(const char *pins, struct printer *p)
{
	char key[PIN_TEXT];

	if (pins != NULL && pins_find(pins, p->address, key))
		snprintf(p->learned, sizeof(p->learned), "pin=%s", key);
}

bool
pins_forget(const char *folder, const char *address, struct why *why)
{
	char *line = mem_format("%s\n", address);
	bool ok = add_key(folder, address, "") && add(folder, FORGET, line);

	if (!ok)
		why_set(why, "%s: %s; run this as the agent's user", folder, strerror(errno));
	free(line);
	return ok;
}
