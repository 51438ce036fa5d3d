/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_questions.c - what the plugins of a visit want to know, asked together.
 *
 * A plugin asks whenever it is called.  When all of them have returned, what is
 * wanted goes to the printer as one read, each object and column once; with what
 * comes the questions are answered, each plugin's with what it asked for and
 * nothing else.  Pages go at once: they are no plugin's but the one's.
 */
#include "printer/visit_inside.h"

#include "printer/pdu.h"
#include "printer/rows.h"
#include "printer/shapes.h"

#include <string.h>

enum wanted_state { WANTED_NEW, WANTED_OUT, WANTED_HERE };

struct wanted {
	struct wanted *same, *next; /* in its bucket; in order of asking */
	struct platen_oid oid;
	bool column;
	enum wanted_state state;
	int32_t status; /* HERE: OK, PARTIAL, or why there is nothing */
	uint32_t n;
	const struct platen_bind *binds; /* of an object one */
};

/* ---- what is wanted ---- */

static uint32_t
bucket_of(const struct platen_oid *oid)
{
	uint32_t h = oid->n;

	for (uint32_t i = 0; i < oid->n; i++)
		h = h * 31 + oid->sub[i];
	return h % WANTED_BUCKETS;
}

static struct wanted *
want(struct visit *v, const struct platen_oid *oid, bool column)
{
	struct wanted **bucket = &v->buckets[bucket_of(oid)], *w;

	for (w = *bucket; w != NULL; w = w->same)
		if (w->column == column && oid_compare(w->oid.sub, w->oid.n, oid->sub, oid->n) == 0)
			return w;
	w = pool_alloc(v->pool, sizeof(*w));
	w->oid = oid_keep(v->pool, oid);
	w->column = column;
	w->same = *bucket;
	*bucket = w;
	*v->wanted_end = w;
	v->wanted_end = &w->next;
	return w;
}

void
questions_begin(struct visit *v)
{
	const struct question *again = identify_question(IDENTIFY_AGAIN);

	memset(v->buckets, 0, sizeof(v->buckets));
	v->wanted = NULL;
	v->wanted_end = &v->wanted;
	v->asked = NULL;
	v->asked_end = &v->asked;
	v->nbusy = 0;
	/* Also of one just identified: what is asked is the same every time. */
	for (uint32_t i = 0; i < again->n; i++)
		want(v, &again->oids[i], false);
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
		if (a->wanted[i]->state != WANTED_HERE)
			return false;
	return a->n > 0; /* a page has nothing wanted */
}

/* The worst that became of anything it asked for. */
static int32_t
status_of(const struct asked *a)
{
	int32_t status = PLATEN_OK;

	for (uint32_t i = 0; i < a->n; i++)
		if (a->wanted[i]->status != PLATEN_OK &&
			(status == PLATEN_OK || a->wanted[i]->binds == NULL))
			status = a->wanted[i]->status;
	return status;
}

static void
put_objects(const struct asked *a, struct answer *answer)
{
	answer->n = a->n;
	answer->binds = pool_alloc(a->visit->pool, a->n * sizeof(*answer->binds));
	for (uint32_t i = 0; i < a->n; i++)
		answer->binds[i] = a->wanted[i]->binds[0];
}

static void
put_table(const struct asked *a, struct answer *answer)
{
	struct cells *columns = pool_alloc(a->visit->pool, a->n * sizeof(*columns));

	for (uint32_t i = 0; i < a->n; i++)
		columns[i] = (struct cells){
			.root = a->wanted[i]->oid,
			.binds = a->wanted[i]->binds,
			.n = a->wanted[i]->n,
		};
	if (!rows_make(columns, a->n, a->visit->pool, answer))
		answer->status = PLATEN_EPARTIAL;
}

static void
answer_asked(struct asked *a)
{
	struct answer answer = answer_none(a->kind, status_of(a));

	if (answer.status == PLATEN_OK || answer.status == PLATEN_EPARTIAL) {
		if (a->kind == ASK_GET)
			put_objects(a, &answer);
		else
			put_table(a, &answer);
	}
	give(a, &answer);
}

/* ---- what the printer says ---- */

/* What came must be what was asked for: the lan role may have been taken over. */
static bool
fits(const struct wanted *w, const struct platen_bind *binds, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct platen_oid *oid = &binds[i].oid;

		if (!oid_below(oid->sub, oid->n, w->oid.sub, w->oid.n) ||
			(oid->n == w->oid.n) == w->column)
			return false;
	}
	return true;
}

static void
take_wanted(struct visit *v, struct wanted *w, const struct platen_bind *binds, uint32_t n,
	bool flawed)
{
	w->state = WANTED_HERE;
	w->status = flawed ? PLATEN_EPARTIAL : PLATEN_OK;
	if (!fits(w, binds, n)) {
		log_warn("%s: the lan role answers what was not asked", v->known->address);
		w->status = PLATEN_ENOANSWER;
		return;
	}
	w->binds = binds;
	w->n = n;
}

/* Objects first, then the cells of each column: as they were asked for. */
static void
take_read(struct visit *v, const struct answer *a)
{
	bool good = a->status == PLATEN_OK || a->status == PLATEN_EPARTIAL;
	uint32_t at = 0, place = 0, column = 0;

	for (int columns = 0; columns < 2; columns++)
		for (struct wanted *w = v->wanted; w != NULL; w = w->next) {
			uint32_t n = 1;

			if (w->state != WANTED_OUT || w->column != (columns != 0))
				continue;
			if (!good) {
				w->state = WANTED_HERE;
				w->status = a->status;
				continue;
			}
			if (w->column)
				n = a->counts[column++];
			take_wanted(v, w, a->binds + at, n, a->nflaws > 0 && a->flaws[place] != 0);
			at += n;
			place++;
		}
}

/* Is it still the printer that was known here?  The visit may be over, or begin anew. */
static void
check_identity(struct visit *v, const struct answer *a)
{
	const struct question *again = identify_question(IDENTIFY_AGAIN);
	struct answer first = answer_none(ASK_GET, a->status);

	if (a->status == PLATEN_OK || a->status == PLATEN_EPARTIAL) {
		first.n = again->n;
		first.binds = a->binds;
	}
	identity_check(v, &first);
}

static struct question
read_question(struct visit *v)
{
	struct question q = { .kind = ASK_READ, .shape = "" };
	struct platen_oid *oids;
	uint32_t n = 0;

	for (const struct wanted *w = v->wanted; w != NULL; w = w->next)
		n += w->state == WANTED_NEW;
	q.oids = oids = pool_alloc(v->pool, (n + 1) * sizeof(*oids));
	for (int columns = 0; columns < 2; columns++) {
		for (struct wanted *w = v->wanted; w != NULL && q.n < MAX_READ_OIDS; w = w->next)
			if (w->state == WANTED_NEW && w->column == (columns != 0)) {
				w->state = WANTED_OUT;
				oids[q.n++] = w->oid;
			}
		if (!columns)
			q.nobjects = q.n;
	}
	if (q.n > 0)
		q.shape = shapes_find(v->shape, &q, v->pool);
	return q;
}

/* A read that is out. */
struct read {
	struct visit *visit;
	struct question q;
};

static void
on_read(void *arg, const struct answer *a)
{
	struct read *read = arg;
	struct visit *v = read->visit;
	struct visits *all = v->all;
	uint64_t id = v->id;

	v->read = 0;
	v->packets += a->packets;
	if (a->pool != NULL)
		pool_join(v->pool, a->pool);
	take_read(v, a);
	if (a->shape[0] != 0 && strcmp(a->shape, read->q.shape) != 0) {
		v->shape = shapes_with(v->shape, &read->q, a->shape, v->pool);
		v->shape_new = true;
	}
	if (v->trusted)
		check_identity(v, a);
	if (visit_find(all, id) == v)
		questions_serve(v);
}

static void
ask_printer(struct visit *v)
{
	struct read *read = pool_alloc(v->pool, sizeof(*read));
	struct target target = visit_target(v);

	*read = (struct read){ .visit = v, .q = read_question(v) };
	if (read->q.n > 0)
		v->read = v->all->lan->ops->ask(v->all->lan, &target, &read->q, on_read, read);
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

static bool
is_anything_new(const struct visit *v)
{
	for (const struct wanted *w = v->wanted; w != NULL; w = w->next)
		if (w->state == WANTED_NEW)
			return true;
	return false;
}

void
questions_serve(struct visit *v)
{
	struct visits *all = v->all;
	uint64_t id = v->id;
	struct asked *a;

	if (v->state != STATE_READ || v->nbusy > 0 || v->read != 0 || v->serving == id)
		return;
	v->serving = id;
	/* A plugin in this process may ask again, or end the visit, before give() returns. */
	while (!v->trusted && (a = next_here(v)) != NULL) {
		answer_asked(a);
		if (visit_find(all, id) != v)
			return;
	}
	v->serving = 0;
	if (v->nbusy == 0 && is_anything_new(v))
		ask_printer(v);
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
	struct lan *lan = a->visit->all->lan;
	struct target target = visit_target(a->visit);

	a->lan_id = lan->ops->ask(lan, &target, q, on_page, a);
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
	if (q->kind != ASK_GET && q->kind != ASK_TABLE) {
		ask_page(a, q);
		return;
	}
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
