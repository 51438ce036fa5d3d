/* SPDX-License-Identifier: Apache-2.0 */
/* transcript.c - what has left the site, in a file; see transcript.h. */
#include "store/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct transcript {
	const char *sink, *path;
	bool ailing; /* said that it cannot be written */
};

static void
add_base64(struct buf *out, const uint8_t *p, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t three = (uint32_t)p[i] << 16 | (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
			(i + 2 < n ? p[i + 2] : 0);
		char four[4] = { digits[three >> 18], digits[three >> 12 & 63],
			i + 1 < n ? digits[three >> 6 & 63] : '=',
			i + 2 < n ? digits[three & 63] : '=' };

		buf_add(out, four, sizeof(four));
	}
}

static void
make_line(const struct transcript *t, const char *server, const uint8_t *head, size_t nhead,
	const uint8_t *body, size_t nbody, struct buf *out)
{
	json_t *line = json_object();
	char now[24], *text;

	clock_iso(clock_wall(), now);
	json_object_set_new(line, "time", json_string(now));
	json_object_set_new(line, "sink", json_string(t->sink));
	json_object_set_new(line, "server", json_string(server));
	json_object_set_new(line, "head", json_stringn((const char *)head, nhead));
	text = json_dumps(line, JSON_COMPACT);
	json_decref(line);
	buf_add(out, text, strlen(text) - 1); /* the body belongs inside the bracket */
	free(text);
	buf_text(out, ",\"body\":\"");
	add_base64(out, body, nbody);
	buf_text(out, "\"}\n");
}

static bool
append(const struct transcript *t, const struct buf *line)
{
	int fd = open(t->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		0640);
	struct stat st;
	bool ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		write(fd, line->p, line->n) == (ssize_t)line->n;

	if (fd >= 0)
		close(fd);
	if (ok && (size_t)st.st_size + line->n > TRANSCRIPT_MOST) {
		char *old = mem_format("%s.1", t->path);

		ok = rename(t->path, old) == 0;
		free(old);
	}
	return ok;
}

void
transcript_add(struct transcript *t, const char *server, const uint8_t *head, size_t nhead,
	const uint8_t *body, size_t nbody)
{
	struct buf line = { 0 };
	bool ok;

	make_line(t, server, head, nhead, body, nbody, &line);
	ok = append(t, &line);
	if (!ok && !t->ailing)
		log_error("sink %s: the transcript %s cannot be written (%s); what leaves is not "
			  "noted there until it can",
			t->sink, t->path, strerror(errno));
	if (ok && t->ailing)
		log_info("sink %s: the transcript %s is written again", t->sink, t->path);
	t->ailing = !ok;
	buf_free(&line);
}

struct transcript *
transcript_open(const char *sink, const char *path)
{
	struct transcript *t = mem_alloc(sizeof(*t));

	*t = (struct transcript){ .sink = sink, .path = path };
	return t;
}

void
transcript_close(struct transcript *t)
{
	free(t);
}
