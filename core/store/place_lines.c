/* SPDX-License-Identifier: Apache-2.0 */
/* place_lines.c - lines of records in a file; see place_lines.h. */
#include "store/place_lines.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- how far each agent has come ---- */

static uint64_t
held_by(const struct held *h, const char *agent)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (strcmp(h->holders[i].agent, agent) == 0)
			return h->holders[i].seq;
	return 0;
}

static void
hold(struct held *h, const char *agent, uint64_t seq)
{
	for (uint32_t i = 0; i < h->n; i++) {
		struct holder *x = &h->holders[i];

		if (strcmp(x->agent, agent) != 0)
			continue;
		if (seq > x->seq)
			x->seq = seq;
		return;
	}
	h->holders = mem_grow(h->holders, (h->n + 1) * sizeof(*h->holders));
	memcpy(h->holders[h->n].agent, agent, UUID_TEXT);
	h->holders[h->n++].seq = seq;
}

void
held_merge(struct held *into, const struct held *from)
{
	for (uint32_t i = 0; i < from->n; i++)
		hold(into, from->holders[i].agent, from->holders[i].seq);
}

void
held_free(struct held *h)
{
	free(h->holders);
	*h = (struct held){ 0 };
}

/* ---- one line ---- */

/* False: no record. */
static bool
whose(const char *line, size_t n, char agent[static UUID_TEXT], uint64_t *seq)
{
	json_t *record = json_loadb(line, n, 0, NULL);
	const char *name = json_string_value(json_object_get(record, "agent"));
	json_int_t number = json_integer_value(json_object_get(record, "seq"));
	bool ok = name != NULL && strlen(name) == UUID_TEXT - 1 && number > 0;

	if (ok) {
		memcpy(agent, name, UUID_TEXT);
		*seq = (uint64_t)number;
	}
	json_decref(record);
	return ok;
}

bool
lines_new(const uint8_t *body, size_t n, const struct held *held, struct buf *out,
	struct held *fresh)
{
	char agent[UUID_TEXT];
	uint64_t seq;

	while (n > 0) {
		const uint8_t *end = memchr(body, '\n', n);
		size_t length = end != NULL ? (size_t)(end - body) : n;

		if (end == NULL || !whose((const char *)body, length, agent, &seq))
			return false;
		if (seq > held_by(held, agent) && seq > held_by(fresh, agent)) {
			hold(fresh, agent, seq);
			buf_add(out, body, length + 1);
		}
		body += length + 1;
		n -= length + 1;
	}
	return true;
}

/* ---- the end of a file ---- */

static bool
read_at(int fd, char *p, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t got = pread(fd, p, n, at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
		at += got;
	}
	return true;
}

/* The beginning of one of our lines, as far as it goes. */
static bool
begins_as_ours(const char *p, size_t n)
{
	static const char begin[] = "{\"schema\":\"platen.";

	return memcmp(p, begin, n < sizeof(begin) - 1 ? n : sizeof(begin) - 1) == 0;
}

/* text is the end of a file; whole: it is all of it. */
static void
scan(const char *text, size_t n, bool whole, struct held *held, struct tail *tail)
{
	const char *last = memrchr(text, '\n', n);
	size_t good = last != NULL ? (size_t)(last - text) + 1 : 0;
	const char *line = text, *end;
	char agent[UUID_TEXT];
	uint64_t seq;
	uint32_t records = 0, lines = 0;

	/* The first line of a part is a part itself. */
	if (!whole && good > 0)
		line = (const char *)memchr(text, '\n', good) + 1;
	for (; line < text + good; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text + good - line));
		lines++;
		if (whose(line, (size_t)(end - line), agent, &seq)) {
			hold(held, agent, seq);
			records++;
		}
	}
	tail->torn = n - good;
	tail->foreign = lines > 0 ? records == 0
				  : !whole || !begins_as_ours(text + good, tail->torn);
}

bool
tail_read(int fd, struct held *held, struct tail *tail)
{
	struct stat st;
	size_t size, n;
	char *text;
	bool ok;

	if (fstat(fd, &st) < 0)
		return false;
	size = (size_t)st.st_size;
	n = size < TAIL_SIZE ? size : TAIL_SIZE;
	text = mem_alloc(n + 1);
	*tail = (struct tail){ 0 };
	ok = read_at(fd, text, n, (off_t)(size - n));
	if (ok)
		scan(text, n, n == size, held, tail);
	tail->good = size - tail->torn;
	free(text);
	return ok;
}
