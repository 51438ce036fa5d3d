/* SPDX-License-Identifier: Apache-2.0 */
/* keyfile.c - a gateway's file of who may send; see keyfile.h. */
#include "store/keyfile.h"

#include "base/readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MOST (64u << 20)
#define HEX 65 /* 32 bytes and the NUL */

/* ---- bytes as text ---- */

static bool
hex_read(const char *text, uint8_t out[static 32])
{
	if (strlen(text) != HEX - 1 || strspn(text, "0123456789abcdef") != HEX - 1)
		return false;
	for (int i = 0; i < 32; i++) {
		char two[3] = { text[2 * i], text[2 * i + 1], 0 };

		out[i] = (uint8_t)strtoul(two, NULL, 16);
	}
	return true;
}

static void
hex_write(const uint8_t bytes[static 32], char out[static HEX])
{
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* ---- reading ---- */

static struct keyfile_entry *
add_entry(struct keyfile *k)
{
	k->entries = mem_grow(k->entries, (k->n + 1) * sizeof(*k->entries));
	k->entries[k->n] = (struct keyfile_entry){ 0 };
	return &k->entries[k->n++];
}

static bool
read_number(char **rest, int64_t *out)
{
	char *word = strsep(rest, " "), *end;

	if (word == NULL)
		return false;
	*out = strtoll(word, &end, 10);
	return end != word && *end == 0 && *out >= 0;
}

/* "ID AGENT [SHA256] WHEN NAME" */
static bool
read_entry(struct keyfile *k, char *rest, bool revoked)
{
	struct keyfile_entry *e = add_entry(k);
	int64_t id;
	char *agent, *hash;

	e->revoked = revoked;
	if (!read_number(&rest, &id) || id < 1 || id > UINT32_MAX ||
		(agent = strsep(&rest, " ")) == NULL || strlen(agent) != UUID_TEXT - 1)
		return false;
	e->key.id = (uint32_t)id;
	memcpy(e->key.agent, agent, UUID_TEXT);
	if (!revoked && ((hash = strsep(&rest, " ")) == NULL || !hex_read(hash, e->key.token)))
		return false;
	if (!read_number(&rest, &e->when))
		return false;
	text_copy(e->name, sizeof(e->name), rest != NULL ? rest : "");
	return true;
}

static bool
read_line(struct keyfile *k, char *line, bool *master)
{
	char *rest = line, *word = strsep(&rest, " ");

	if (*word == 0 || *word == '#')
		return true;
	if (rest == NULL || k->n >= MAX_GATE_KEYS)
		return false;
	if (strcmp(word, "master") == 0)
		return *master = hex_read(rest, k->master);
	return (strcmp(word, "key") == 0 && read_entry(k, rest, false)) ||
		(strcmp(word, "revoked") == 0 && read_entry(k, rest, true));
}

static bool
is_closed(const char *path, struct why *why)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return why_set(why, "%s is open to others; chmod 600 %s", path, path);
	return true;
}

static bool
fresh(struct keyfile *k, struct why *why)
{
	if (getrandom(k->master, sizeof(k->master), 0) != (ssize_t)sizeof(k->master))
		return why_set(why, "no random bytes: %s", strerror(errno));
	return true;
}

bool
keyfile_read(const char *path, struct keyfile *k, struct why *why)
{
	struct buf text = { 0 };
	char *rest, *line;
	uint32_t number = 0;
	bool master = false, ok = true;
	struct why inner;

	*k = (struct keyfile){ 0 };
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return fresh(k, why);
	if (!is_closed(path, why))
		return false;
	if (!file_read(path, FILE_MOST, &text, &inner)) {
		buf_free(&text);
		return why_set(why, "%s %s", path, inner.text);
	}
	rest = buf_take(&text);
	for (char *at = rest; ok && (line = strsep(&at, "\n")) != NULL; number++)
		ok = read_line(k, line, &master);
	free(rest);
	if (ok && master)
		return true;
	keyfile_free(k);
	return ok
		? why_set(why, "%s has no line \"master\"; put a copy of the file back", path)
		: why_set(why, "%s:%u is no line of a file of keys; put a copy back", path, number);
}

/* ---- writing ---- */

static void
put_entry(struct buf *b, const struct keyfile_entry *e)
{
	char hash[HEX];

	hex_write(e->key.token, hash);
	if (e->revoked)
		buf_format(b, "revoked %u %s %" PRId64 " %s\n", e->key.id, e->key.agent, e->when,
			e->name);
	else
		buf_format(b, "key %u %s %s %" PRId64 " %s\n", e->key.id, e->key.agent, hash,
			e->when, e->name);
}

static bool
write_whole(int fd, const struct buf *text)
{
	size_t at = 0;
	ssize_t n;

	while (at < text->n && (n = write(fd, text->p + at, text->n - at)) > 0)
		at += (size_t)n;
	return at == text->n && fsync(fd) == 0;
}

static void
sync_folder(const char *path)
{
	char *copy = mem_string(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

bool
keyfile_write(const char *path, const struct keyfile *k, struct why *why)
{
	char *next = mem_format("%s.new", path), master[HEX];
	struct buf text = { 0 };
	bool ok;
	int fd;

	hex_write(k->master, master);
	buf_format(&text, "# Who may send to this gateway; made by `platen keys`.\nmaster %s\n",
		master);
	for (uint32_t i = 0; i < k->n; i++)
		put_entry(&text, &k->entries[i]);
	fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	ok = fd >= 0 && fchmod(fd, 0600) == 0 && write_whole(fd, &text) && rename(next, path) == 0;
	if (!ok)
		why_set(why, "%s cannot be written: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	if (ok)
		sync_folder(path);
	explicit_bzero(text.p, text.n);
	explicit_bzero(master, sizeof(master));
	buf_free(&text);
	free(next);
	return ok;
}

int
keyfile_lock(const char *path, struct why *why)
{
	char *lock = mem_format("%s.lock", path);
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 || flock(fd, LOCK_EX) != 0) {
		why_set(why, "%s cannot be locked: %s", lock, strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	free(lock);
	return fd;
}

void
keyfile_free(struct keyfile *k)
{
	explicit_bzero(k->master, sizeof(k->master));
	free(k->entries);
	*k = (struct keyfile){ 0 };
}

struct gate_keys
keyfile_keys(const struct keyfile *k, struct pool *pool)
{
	struct gate_keys keys = { 0 };

	keys.keys = pool_alloc(pool, (k->n + 1) * sizeof(*keys.keys));
	for (uint32_t i = 0; i < k->n; i++)
		if (!k->entries[i].revoked)
			keys.keys[keys.n++] = k->entries[i].key;
	memcpy(keys.master, k->master, sizeof(keys.master));
	return keys;
}
