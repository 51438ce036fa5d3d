/* SPDX-License-Identifier: Apache-2.0 */
/* place_lines.c - lines of records in a file; see place_lines.h. */
#include "store/place_lines.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Runs of an agent's urgent numbers that are remembered, then all begins anew: what
 * was not known before a kill is among the last, and others do not come twice.
 */
#define URGENT_RUNS 4096

/* ---- what of each agent is there ---- */

static uint32_t
place_of(const struct held *h, const char *agent)
{
	uint32_t from = 0, to = h->n;

	while (from < to) {
		uint32_t middle = (from + to) / 2;

		if (strcmp(h->holders[middle].agent, agent) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool
is_held(const struct held *h, const char *agent, enum line_kind kind, uint64_t seq)
{
	uint32_t at = place_of(h, agent);

	return at < h->n && strcmp(h->holders[at].agent, agent) == 0 &&
		seen_has(&h->holders[at].seen[kind], seq);
}

static void
hold(struct held *h, const char *agent, enum line_kind kind, uint64_t seq)
{
	uint32_t at = place_of(h, agent);
	struct seen *seen;

	if (at == h->n || strcmp(h->holders[at].agent, agent) != 0) {
		if (h->n == h->room) {
			h->room = h->room == 0 ? 1 : h->room * 2;
			h->holders = mem_grow(h->holders, h->room * sizeof(*h->holders));
		}
		memmove(&h->holders[at + 1], &h->holders[at], (h->n - at) * sizeof(*h->holders));
		h->holders[at] = (struct holder){ .agent = "" };
		memcpy(h->holders[at].agent, agent, UUID_TEXT);
		h->n++;
	}
	seen = &h->holders[at].seen[kind];
	if (kind == LINE_URGENT && !seen_fits(seen, seq, URGENT_RUNS))
		seen_free(seen);
	seen_add(seen, seq);
}

static void
merge(struct held *into, const char *agent, enum line_kind kind, const struct seen *from)
{
	for (uint32_t i = 0; i < from->n; i++)
		for (uint64_t seq = from->runs[i].first; seq <= from->runs[i].last; seq++)
			hold(into, agent, kind, seq);
}

void
held_merge(struct held *into, const struct held *from)
{
	for (uint32_t i = 0; i < from->n; i++)
		for (uint32_t kind = 0; kind < LINE_KINDS; kind++)
			merge(into, from->holders[i].agent, kind, &from->holders[i].seen[kind]);
}

void
held_free(struct held *h)
{
	for (uint32_t i = 0; i < h->n; i++)
		for (uint32_t kind = 0; kind < LINE_KINDS; kind++)
			seen_free(&h->holders[i].seen[kind]);
	free(h->holders);
	*h = (struct held){ 0 };
}

/* ---- one line ---- */

/* Whatever it begins with. */
static bool
parse(const char *line, size_t n, char agent[static UUID_TEXT], uint64_t *seq, enum line_kind *kind)
{
	json_t *record = json_loadb(line, n, 0, NULL);
	const char *schema = json_string_value(json_object_get(record, "schema"));
	const char *name = json_string_value(json_object_get(record, "agent"));
	json_int_t number = json_integer_value(json_object_get(record, "seq"));
	bool ok = name != NULL && strlen(name) == UUID_TEXT - 1 && number > 0;

	if (ok) {
		memcpy(agent, name, UUID_TEXT);
		*seq = (uint64_t)number;
		*kind = schema != NULL && strcmp(schema, "platen.urgent/1") == 0 ? LINE_URGENT
										 : LINE_READING;
	}
	json_decref(record);
	return ok;
}

static bool
take_word(const char **at, const char *end, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(end - *at) < n || memcmp(*at, word, n) != 0)
		return false;
	*at += n;
	return true;
}

static bool
take_uuid(const char **at, const char *end, char uuid[static UUID_TEXT])
{
	if (end - *at < UUID_TEXT || memchr(*at, '\\', UUID_TEXT - 1) != NULL ||
		memchr(*at, '"', UUID_TEXT) != *at + UUID_TEXT - 1)
		return false;
	memcpy(uuid, *at, UUID_TEXT - 1);
	uuid[UUID_TEXT - 1] = 0;
	*at += UUID_TEXT;
	return true;
}

/*
 * A reading as record.c writes it tells in its first bytes whose it is.  The rest is not looked
 * at: the plugin hands on what it was given.
 */
static bool
begins_as_reading(const char *line, size_t n, char agent[static UUID_TEXT], uint64_t *seq)
{
	const char *at = line, *end = line + n;
	char id[UUID_TEXT], *digits;

	if (!take_word(&at, end, "{\"schema\":\"platen.reading/1\",\"id\":\"") ||
		!take_uuid(&at, end, id) || !take_word(&at, end, ",\"agent\":\"") ||
		!take_uuid(&at, end, agent) || !take_word(&at, end, ",\"seq\":") ||
		end[-1] != '}' || *at < '1' || *at > '9')
		return false;
	*seq = strtoull(at, &digits, 10); /* which ends at the '}', at the latest */
	return *digits == ',' && *seq <= INT64_MAX;
}

/* False: no record. */
static bool
whose(const char *line, size_t n, char agent[static UUID_TEXT], uint64_t *seq, enum line_kind *kind)
{
	*kind = LINE_READING;
	return begins_as_reading(line, n, agent, seq) || parse(line, n, agent, seq, kind);
}

static void
runs_add(struct runs *r, const uint8_t *line, size_t n)
{
	struct run_of_lines *last = r->n > 0 ? &r->runs[r->n - 1] : NULL;

	r->bytes += n;
	if (last != NULL && last->p + last->n == line) {
		last->n += n;
		return;
	}
	if (r->n == r->room) {
		r->room = r->room == 0 ? 1 : r->room * 2;
		r->runs = mem_grow(r->runs, r->room * sizeof(*r->runs));
	}
	r->runs[r->n++] = (struct run_of_lines){ line, n };
}

void
runs_free(struct runs *r)
{
	free(r->runs);
	*r = (struct runs){ 0 };
}

bool
lines_new(const uint8_t *body, size_t n, const struct held *held, struct runs *out,
	struct held *fresh)
{
	char agent[UUID_TEXT];
	uint64_t seq;
	enum line_kind kind;

	while (n > 0) {
		const uint8_t *end = memchr(body, '\n', n);
		size_t length = end != NULL ? (size_t)(end - body) : n;

		if (end == NULL || !whose((const char *)body, length, agent, &seq, &kind))
			return false;
		if (!is_held(held, agent, kind, seq) && !is_held(fresh, agent, kind, seq))
			runs_add(out, body, length + 1);
		hold(fresh, agent, kind, seq);
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
	enum line_kind kind;

	/* The first line of a part is a part itself. */
	if (!whole && good > 0)
		line = (const char *)memchr(text, '\n', good) + 1;
	for (; line < text + good; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text + good - line));
		lines++;
		if (!whose(line, (size_t)(end - line), agent, &seq, &kind))
			continue;
		hold(held, agent, kind, seq);
		records++;
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
