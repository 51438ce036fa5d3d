/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_questions.c - what the plugins of a visit want to know that was not
 * foreseen, asked together.
 *
 * A plugin asks whenever it is called.  When all of them have returned, what is
 * wanted goes to the printer as one read, each object and column once; with what
 * comes the questions are answered, each plugin's with what it asked for and
 * nothing else.  Pages go at once: they are no plugin's but the one's.
 */
#include "printer/visit_inside.h"

#include "message_read.h"
#include "printer/shapes.h"

#include <string.h>

/* Lists the OIDs of a visit are found in. */
#define WANTED_BUCKETS 128

struct wanted {
	struct wanted *same, *next; /* in its bucket; in order of asking */
	struct platen_oid oid;
	bool column;
	const struct read *read; /* NULL: the printer has not been asked for it */
	uint32_t place; /* in the read */
};

/* ---- what is wanted ---- */

static struct wanted **
bucket_of(const struct visit *v, const struct platen_oid *oid)
{
	uint32_t h = oid->n;

	for (uint32_t i = 0; i < oid->n; i++)
		h = h * 31 + oid->sub[i];
	return &v->buckets[h % WANTED_BUCKETS];
}

/* The OID is not copied. */
static struct wanted *
wanted_add(struct visit *v, const struct platen_oid *oid, bool column)
{
	struct wanted **bucket = bucket_of(v, oid), *w = pool_alloc(v->pool, sizeof(*w));

	*w = (struct wanted){ .same = *bucket, .oid = *oid, .column = column };
	*bucket = w;
	*v->wanted_end = w;
	v->wanted_end = &w->next;
	return w;
}

/* The first thing that is wanted: then also what has been read as planned, or who it is. */
static void
wanted_begin(struct visit *v)
{
	const struct question *again = identify_question(IDENTIFY_AGAIN);
	const struct read *ahead = v->ahead;

	if (v->buckets != NULL)
		return;
	v->buckets = pool_alloc(v->pool, WANTED_BUCKETS * sizeof(*v->buckets));
	for (uint32_t i = 0; ahead != NULL && i < ahead->q.n; i++) {
		struct wanted *w = wanted_add(v, &ahead->q.oids[i], i >= ahead->q.nobjects);

		w->read = ahead;
		w->place = i;
	}
	/* Also of one just identified: what is asked is the same every time. */
	for (uint32_t i = 0; ahead == NULL && i < again->n; i++)
		wanted_add(v, &again->oids[i], false);
}

static struct wanted *
want(struct visit *v, const struct platen_oid *oid, bool column)
{
	struct wanted *w = *bucket_of(v, oid);
	struct platen_oid kept;

	for (; w != NULL; w = w->same)
		if (w->column == column && oid_compare(w->oid.sub, w->oid.n, oid->sub, oid->n) == 0)
			return w;
	kept = oid_keep(v->pool, oid);
	return wanted_add(v, &kept, column);
}

void
questions_begin(struct visit *v)
{
	v->buckets = NULL;
	v->wanted = NULL;
	v->wanted_end = &v->wanted;
	v->asked = NULL;
	v->asked_end = &v->asked;
	v->news = NULL;
	v->news_end = &v->news;
	v->nbusy = 0;
}

/* ---- answers to plugins ---- */

static void
asked_remove(struct asked *a)
{
	struct visit *v = a->visit;
	struct asked **at = &v->asked;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	if (v->asked_end == &a->next)
		v->asked_end = at;
}

/* An SNMP answer that is not whole makes the record less than it could be: it says so, once. */
static void
note_partial(struct visit *v, const struct asked *a, const struct answer *answer)
{
	struct part *part = &v->parts[a->scraper];
	bool snmp = a->kind == ASK_GET || a->kind == ASK_TABLE;

	if (!snmp || answer->status == PLATEN_OK || part->partial)
		return;
	part->partial = true;
	readings_note(v->readings, "partial", "plugin %s: the printer %s",
		scraper_name(v->all->scrapers, a->scraper),
		answer->status == PLATEN_EPARTIAL ? "stopped making sense half-way"
						  : "did not answer all questions");
}

/* What is odd about the TLS of its pages, once: who reads the record should know. */
static void
note_certificate(struct visit *v, const struct answer *answer)
{
	bool page = answer->kind == ASK_PAGE || answer->kind == ASK_LOGIN;

	if (!page || answer->odd == NULL || answer->odd[0] == 0 || v->odd)
		return;
	v->odd = true;
	readings_note(v->readings, "certificate", "its web pages: %s", answer->odd);
}

/* The visit may be over when this returns. */
static void
give(struct asked *a, const struct answer *answer)
{
	struct visit *v = a->visit;
	const struct visit_witness *w = v->all->witness;

	asked_remove(a);
	if (w != NULL && a->question != NULL)
		w->asked(w->arg, a->scraper, a->question, answer);
	if (!v->parts[a->scraper].open)
		return;
	note_partial(v, a, answer);
	note_certificate(v, answer);
	v->parts[a->scraper].busy++;
	v->nbusy++;
	scraper_answer(v->all->scrapers, a->scraper, v->id, a->serial, answer);
}

static bool
is_here(const struct asked *a)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (a->wanted[i]->read == NULL || a->wanted[i]->read->got == NULL)
			return false;
	return a->n > 0; /* a page has nothing wanted */
}

static void
answer_asked(struct asked *a)
{
	struct platen_oid oids[PLATEN_MAX_OIDS];
	const struct got *got[PLATEN_MAX_OIDS];
	struct answer answer;

	for (uint32_t i = 0; i < a->n; i++) {
		oids[i] = a->wanted[i]->oid;
		got[i] = &a->wanted[i]->read->got[a->wanted[i]->place];
	}
	answer = answer_of(a->visit->pool, a->kind, oids, got, a->n);
	give(a, &answer);
}

/* ---- to the printer ---- */

/* Into the read, unless it is there, full, or about the others. */
static void
put_wanted(struct read *r, struct platen_oid *oids, struct wanted *w, bool columns)
{
	if (w->read != NULL || w->column != columns || r->q.n == MAX_READ_OIDS)
		return;
	w->read = r;
	w->place = r->q.n;
	oids[r->q.n++] = w->oid;
}

static void
put_asked(struct read *r, struct platen_oid *oids, bool columns)
{
	struct visit *v = r->visit;
	uint32_t n = scrapers_count(v->all->scrapers);
	uint32_t identity = identify_question(IDENTIFY_AGAIN)->n;

	for (struct wanted *w = v->wanted; w != NULL && identity > 0; w = w->next, identity--)
		put_wanted(r, oids, w, columns);
	/* Whoever was faster: a read of the same questions is always the same. */
	for (uint32_t s = 0; s < n; s++)
		for (const struct asked *a = v->asked; a != NULL; a = a->next)
			for (uint32_t i = 0; a->scraper == s && i < a->n; i++)
				put_wanted(r, oids, a->wanted[i], columns);
}

/* Room for all that is new; 0: nothing is. */
static uint32_t
count_new(const struct visit *v)
{
	uint32_t n = 0;

	for (const struct wanted *w = v->wanted; w != NULL; w = w->next)
		n += w->read == NULL;
	return n < MAX_READ_OIDS ? n : MAX_READ_OIDS;
}

static void
ask_printer(struct visit *v, uint32_t room)
{
	struct read *r = read_new(v);
	struct platen_oid *oids = pool_alloc(v->pool, room * sizeof(*oids));
	char *key = pool_alloc(v->pool, SHAPE_KEY + 1);

	r->q = (struct question){ .kind = ASK_READ, .oids = oids, .shape = "" };
	put_asked(r, oids, false);
	r->q.nobjects = r->q.n;
	put_asked(r, oids, true);
	if (r->q.n == 0)
		return;
	question_pack(&r->q, v->pool);
	shapes_key(&r->q, key);
	r->key = key;
	read_ask(r);
}

/* ---- the plugins' side ---- */

static struct asked *
next_here(const struct visit *v)
{
	for (struct asked *a = v->asked; a != NULL; a = a->next)
		if (is_here(a))
			return a;
	return NULL;
}

void
questions_serve(struct visit *v)
{
	struct visits *all = v->all;
	uint64_t id = v->id;
	struct asked *a;
	uint32_t room;

	if (v->state != STATE_READ || v->nbusy > 0 || v->read != 0 || v->serving == id)
		return;
	v->serving = id;
	if (v->trusted)
		wanted_begin(v);
	/* A plugin in this process may ask again, or end the visit, before give() returns. */
	while (!v->trusted && (a = next_here(v)) != NULL) {
		answer_asked(a);
		if (visit_find(all, id) != v)
			return;
	}
	v->serving = 0;
	if (v->nbusy == 0 && (room = count_new(v)) > 0)
		ask_printer(v, room);
}

static void
on_page(void *arg, const struct answer *answer)
{
	struct asked *a = arg;
	struct visit *v = a->visit;

	v->packets += answer->packets;
	give(a, answer);
}

static void
ask_page(struct asked *a, const struct question *q)
{
	a->lan_id = visit_ask(a->visit, q, on_page, a);
}

void
questions_add(struct visit *v, uint32_t scraper, uint64_t serial, const struct question *q)
{
	struct asked *a = pool_alloc(v->pool, sizeof(*a));

	*a = (struct asked){
		.visit = v,
		.scraper = scraper,
		.serial = serial,
		.kind = q->kind,
		.question = v->all->witness != NULL ? question_copy(v->pool, q) : NULL,
	};
	*v->asked_end = a;
	v->asked_end = &a->next;
	if (!question_is_snmp(q)) {
		ask_page(a, q);
		return;
	}
	plan_news(v, scraper, q);
	wanted_begin(v);
	a->n = q->n;
	a->wanted = pool_alloc(v->pool, q->n * sizeof(struct wanted *));
	for (uint32_t i = 0; i < q->n; i++)
		a->wanted[i] = want(v, &q->oids[i], q->kind == ASK_TABLE);
}

void
questions_cancel(struct visit *v)
{
	struct lan *lan = v->all->lan;

	for (; v->asked != NULL; v->asked = v->asked->next)
		if (v->asked->lan_id != 0)
			lan->ops->cancel(lan, v->asked->lan_id);
	if (v->read != 0)
		lan->ops->cancel(lan, v->read);
	v->read = 0;
}
