/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c - what the plugins read, merged; see reading.h. */
#include "reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One reading as it came. */
struct said {
	struct fact fact;
	int32_t match;
	uint32_t order; /* of arrival */
};

struct readings {
	struct pool *pool;
	struct said *said;
	uint32_t nsaid, capacity;
	struct note *notes;
	uint32_t nnotes, notes_capacity;
};

/* Notes of one record; what is beyond is not told. */
#define MAX_NOTES 64

struct readings *
readings_new(struct pool *pool)
{
	struct readings *r = pool_alloc(pool, sizeof(*r));

	r->pool = pool;
	return r;
}

/* Room for one more in an array of the pool; the old array stays with the pool. */
static void *
more(struct pool *pool, void *array, uint32_t n, uint32_t *capacity, size_t each)
{
	void *bigger;

	if (n < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 32;
	bigger = pool_alloc(pool, *capacity * each);
	if (n > 0)
		memcpy(bigger, array, n * each);
	return bigger;
}

void
readings_add(struct readings *r, const char *via, int32_t match, const struct platen_reading *p)
{
	r->said = more(r->pool, r->said, r->nsaid, &r->capacity, sizeof(*r->said));
	r->said[r->nsaid] = (struct said){
		.fact = {
			.metric = pool_string(r->pool, p->metric),
			.part = pool_string(r->pool, p->part != NULL ? p->part : ""),
			.unit = pool_string(r->pool, p->unit),
			.text = pool_string(r->pool, p->text),
			.number = p->number,
			.full = p->full,
			.via = via,
		},
		.match = match,
		.order = r->nsaid,
	};
	r->nsaid++;
}

void
readings_drop(struct readings *r, const char *via)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < r->nsaid; i++)
		if (strcmp(r->said[i].fact.via, via) != 0)
			r->said[kept++] = r->said[i];
	r->nsaid = kept;
}

uint32_t
readings_count(const struct readings *r)
{
	return r->nsaid;
}

void
readings_note(struct readings *r, const char *kind, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (r->nnotes == MAX_NOTES)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->notes = more(r->pool, r->notes, r->nnotes, &r->notes_capacity, sizeof(*r->notes));
	r->notes[r->nnotes++] = (struct note){
		.kind = kind,
		.text = pool_string(r->pool, text),
	};
}

/*
 * By metric and part; within them the better match first, then the later word of the same plugin.
 */
static int
compare(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	int order = strcmp(x->fact.metric, y->fact.metric);

	if (order == 0)
		order = strverscmp(x->fact.part, y->fact.part);
	if (order == 0)
		order = (x->match < y->match) - (x->match > y->match);
	if (order == 0)
		order = strcmp(x->fact.via, y->fact.via);
	if (order == 0)
		order = (x->order < y->order) - (x->order > y->order);
	return order;
}

static bool
same_text(const char *a, const char *b)
{
	return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static void
value_say(const struct fact *f, char out[static 80])
{
	static const struct {
		int64_t number;
		const char *word;
	} specials[] = {
		{ PLATEN_UNKNOWN, "unknown" },
		{ PLATEN_SOME, "some" },
		{ PLATEN_UNLIMITED, "unlimited" },
	};
	char text[71];

	text_copy(text, sizeof(text), f->text != NULL ? f->text : "");
	for (size_t i = 0; f->text == NULL && i < COUNT(specials); i++)
		if (f->number == specials[i].number) {
			snprintf(out, 80, "%s", specials[i].word);
			return;
		}
	if (f->text != NULL)
		snprintf(out, 80, "\"%s\"", text);
	else
		snprintf(out, 80, "%lld%s%.40s", (long long)f->number, f->unit ? " " : "",
			f->unit ? f->unit : "");
}

/* A second voice about the same thing: shown where it differs. */
static void
disagree(struct readings *r, const struct fact *won, const struct fact *lost)
{
	char ours[80], theirs[80];

	/* Who does not know contradicts nobody. */
	if (lost->number == PLATEN_UNKNOWN || same_text(lost->text, "unknown"))
		return;
	if (won->number == lost->number && same_text(won->text, lost->text) &&
		same_text(won->unit, lost->unit))
		return;
	value_say(won, ours);
	value_say(lost, theirs);
	readings_note(r, "disagreement", "%s%s%s: %s says %s, %s says %s", won->metric,
		won->part[0] ? " " : "", won->part, won->via, ours, lost->via, theirs);
}

bool
readings_finish(struct readings *r, struct recorder *recorder, const struct printer *known,
	struct printer *now)
{
	struct fact *facts = pool_alloc(r->pool, (r->nsaid + 1) * sizeof(*facts));
	uint32_t n = 0;

	if (r->nsaid > 0)
		qsort(r->said, r->nsaid, sizeof(*r->said), compare);
	for (uint32_t i = 0; i < r->nsaid; i++) {
		const struct fact *f = &r->said[i].fact, *last = n > 0 ? &facts[n - 1] : NULL;

		if (last == NULL || strcmp(f->metric, last->metric) != 0 ||
			strcmp(f->part, last->part) != 0)
			facts[n++] = *f;
		else if (strcmp(f->via, last->via) != 0)
			disagree(r, last, f);
	}
	return record_make(recorder,
		&(struct visited){
			.known = known,
			.facts = facts,
			.nfacts = n,
			.notes = r->notes,
			.nnotes = r->nnotes,
		},
		now);
}
