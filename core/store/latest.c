/* SPDX-License-Identifier: Apache-2.0 */
/* latest.c - the newest values of a printer's meters; see latest.h. */
#include "store/latest.h"

#include <stdlib.h>
#include <string.h>

/* Bytes: a printer that has ever new meters forgets the oldest. */
#define MOST (64u << 10)

/* A number and what has to stand behind it. */
static bool
number(const char **at, char end, int64_t *out)
{
	char *after;

	*out = strtoll(*at, &after, 10);
	if (after == *at || *after != end)
		return false;
	*at = after + 1;
	return true;
}

/* A text up to its end. */
static bool
word(const char **at, char end, const char **out, size_t *n)
{
	const char *after = strchr(*at, end);

	if (after == NULL)
		return false;
	*out = *at;
	*n = (size_t)(after - *at);
	*at = after + 1;
	return true;
}

bool
latest_next(const char **at, struct latest *l)
{
	const char *p = *at;
	int64_t seq;

	while (*p == '@') {
		p++;
		if (!number(&p, ' ', &l->time) || !number(&p, '\n', &seq))
			return false;
		l->seq = (uint64_t)seq;
		*at = p;
	}
	if (!number(&p, '\t', &l->value) || !word(&p, '\t', &l->name, &l->name_n) ||
		!word(&p, '\t', &l->unit, &l->unit_n) || !word(&p, '\n', &l->via, &l->via_n))
		return false;
	*at = p;
	return true;
}

static bool
is_text(const char *s, const char *text, size_t n)
{
	return strncmp(s, text, n) == 0 && s[n] == '\0';
}

/* The one of these meters that it is, beginning with the from'th: they mostly come in order. */
static uint32_t
find(const struct latest *l, const struct spool_meter *meters, uint32_t n, uint32_t from)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = from + i < n ? from + i : from + i - n;

		if (is_text(meters[at].name, l->name, l->name_n) &&
			is_text(meters[at].unit, l->unit, l->unit_n) &&
			is_text(meters[at].via, l->via, l->via_n))
			return at;
	}
	return n;
}

bool
latest_stands(const struct spool_meter *meters, uint32_t n)
{
	while (n > 0 && meters[n - 1].stands)
		n--;
	return n == 0;
}

void
latest_let_stand(struct spool_meter *meters, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		meters[i].known = meters[i].stands = true;
		meters[i].before = meters[i].value;
	}
}

int64_t
latest_compare(const char *text, struct spool_meter *meters, uint32_t n)
{
	struct latest l = { 0 };
	int64_t now = clock_wall(), oldest = now;
	uint32_t from = 0, i;

	while (latest_next(&text, &l)) {
		if ((i = find(&l, meters, n, from)) == n)
			continue;
		from = i + 1;
		oldest = l.time < oldest ? l.time : oldest;
		meters[i].known = true;
		meters[i].before = l.value;
		meters[i].stands = l.value == meters[i].value && now >= l.time &&
			now - l.time < LATEST_STANDS;
	}
	return latest_stands(meters, n) ? oldest + LATEST_STANDS : 0;
}

/* Can it be a line's?  What could not be told from the rest of the text is not kept. */
static bool
is_word(const char *s)
{
	return s[strcspn(s, "\t\n")] == '\0';
}

static void
put_record(int64_t time, uint64_t seq, struct buf *out)
{
	buf_add(out, "@", 1);
	buf_number(out, time);
	buf_add(out, " ", 1);
	buf_number(out, (int64_t)seq);
	buf_add(out, "\n", 1);
}

static void
put_meter(const struct spool_meter *m, struct buf *out)
{
	if (!is_word(m->name) || !is_word(m->unit) || !is_word(m->via))
		return;
	buf_number(out, m->value);
	buf_add(out, "\t", 1);
	buf_text(out, m->name);
	buf_add(out, "\t", 1);
	buf_text(out, m->unit);
	buf_add(out, "\t", 1);
	buf_text(out, m->via);
	buf_add(out, "\n", 1);
}

void
latest_merge(const char *text, const struct spool_record *r, struct buf *out)
{
	struct latest l = { 0 };
	uint64_t seq = r->seq;
	const char *line = text;
	uint32_t from = 0, i;

	put_record(r->time, r->seq, out);
	for (i = 0; i < r->nmeters; i++)
		put_meter(&r->meters[i], out);
	for (; latest_next(&text, &l); line = text) {
		if ((i = find(&l, r->meters, r->nmeters, from)) < r->nmeters) {
			from = i + 1;
			continue;
		}
		if (out->n + (size_t)(text - line) > MOST)
			return;
		if (l.seq != seq)
			put_record(l.time, l.seq, out);
		seq = l.seq;
		buf_number(out, l.value);
		buf_add(out, "\t", 1);
		buf_add(out, l.name, (size_t)(text - l.name));
	}
}
