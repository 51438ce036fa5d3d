/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find.c - which dialect a web server speaks, and fetching its documents.
 *
 * One request at a time, the likeliest dialect first; what a printer spoke is
 * remembered for as long as the plugin runs, so that the next visit asks for
 * the documents alone.  A printer that is new is taken to speak what others of
 * its model do.  Who does not answer at all is asked nothing more.
 */
#include "ews.h"

#include <platen/html.h>
#include <platen/json.h>
#include <platen/xml.h>

#include <stdio.h>
#include <string.h>

/* In the order of trying, unless the model's name tells better. */
enum { LEDM, CDM, FUTURESMART, OLDER, DESIGNJET, NDIALECTS };

static const struct dialect *const dialects[NDIALECTS] = {
	[LEDM] = &ledm,
	[CDM] = &cdm,
	[FUTURESMART] = &futuresmart,
	[OLDER] = &older,
	[DESIGNJET] = &designjet,
};

/* Words of model names, and the dialect such models are likely to speak. */
static const struct {
	const char *word;
	uint32_t first;
} hints[] = {
	{ "DesignJet", DESIGNJET },
	{ "Designjet", DESIGNJET },
	{ "PageWide XL", DESIGNJET },
	{ "Latex", DESIGNJET },
	{ "Enterprise", FUTURESMART },
	{ "Managed", FUTURESMART },
	{ "Flow", FUTURESMART },
};

/* ---- what printers spoke ---- */

/*
 * A short row of places for each hash, the one looked at last in front; 128 kB for more than
 * 10,000 printers.  What falls out behind costs its printer a few questions.
 */
#define ROWS 4096
#define ROW_PLACES 4
#define NONE_FOR 24 /* visits until a printer without any is asked again */

struct spoken {
	uint32_t mark; /* of the printer, or its model; 0: free */
	uint8_t dialect; /* NDIALECTS: none */
	uint8_t visits; /* since none was found */
};

static struct spoken rows[ROWS][ROW_PLACES];

/* What is remembered under a name, a kind of name in front; NULL: nothing, and none is to be. */
static struct spoken *
spoken_find(char kind, const char *name, bool make)
{
	uint64_t hash = (14695981039346656037u ^ (uint8_t)kind) * 1099511628211u; /* FNV-1a */
	struct spoken *row, found = { 0 };
	uint32_t at = 0;

	for (const char *p = name; *p != '\0'; p++)
		hash = (hash ^ (uint8_t)*p) * 1099511628211u;
	row = rows[hash % ROWS];
	found.mark = (uint32_t)(hash >> 32) | 1;
	while (at < ROW_PLACES && row[at].mark != found.mark)
		at++;
	if (name[0] == '\0' || (at == ROW_PLACES && !make))
		return NULL;
	if (at < ROW_PLACES)
		found = row[at];
	else
		at--;
	memmove(row + 1, row, at * sizeof(*row));
	row[0] = found;
	return row;
}

static void
remember(char kind, const char *name, uint32_t dialect)
{
	struct spoken *s = spoken_find(kind, name, true);

	if (s != NULL) {
		s->dialect = (uint8_t)dialect;
		s->visits = 0;
	}
}

#define PRINTER 'p'
#define MODEL 'm'

/* That one printer speaks none, broken as it may be, does not say so of others of its model. */
static void
remember_found(const struct ews *e)
{
	uint32_t dialect = 0;

	while (dialects[dialect] != e->dialect)
		dialect++;
	remember(PRINTER, e->key, dialect);
	remember(MODEL, e->model, dialect);
}

/* Is it known to speak none, and not yet time to look again? */
static bool
speaks_none(const struct ews *e)
{
	struct spoken *s = spoken_find(PRINTER, e->key, false);

	return s != NULL && s->dialect == NDIALECTS && ++s->visits < NONE_FOR;
}

/* What the printer spoke, else others of its model; NULL: nobody knows. */
static const struct dialect *
spoken_last(const struct ews *e)
{
	const struct spoken *s = spoken_find(PRINTER, e->key, false);

	if (s == NULL)
		s = spoken_find(MODEL, e->model, false);
	return s != NULL && s->dialect != NDIALECTS ? dialects[s->dialect] : NULL;
}

/* ---- asking ---- */

static void ask_next(struct ews *);

static void
ask_dialect(struct ews *e)
{
	e->document = 0;
	e->probe = NULL;
	memset(e->pages, 0, sizeof(e->pages));
	ask_next(e);
}

/* The dialect at hand is not it. */
static void
try_next(struct ews *e)
{
	if (e->remembered)
		e->remembered = false; /* other firmware than last time: from the beginning */
	else
		e->step++;
	if (e->step == NDIALECTS) {
		e->dialect = NULL;
		if (!e->closed)
			remember(PRINTER, e->key, NDIALECTS);
		ews_answered(e);
		return;
	}
	e->dialect = dialects[e->order[e->step]];
	ask_dialect(e);
}

/* A printer that would have to be woken for more: that it sleeps is all there is to say. */
static bool
is_asleep(const struct platen_http_reply *r)
{
	static const char *const signs[] = { "name=\"WakeUp\"", "state=\"sleeping\"" };

	for (size_t i = 0; i < COUNT(signs); i++)
		if (memmem(r->body, r->len, signs[i], strlen(signs[i])) != NULL)
			return true;
	return false;
}

static const struct platen_node *
parse(struct ews *e, enum form form, const struct platen_http_reply *r)
{
	switch (form) {
	case FORM_XML:
		return platen_xml(host, e->visit, r->body, r->len);
	case FORM_JSON:
		return platen_json(host, e->visit, r->body, r->len);
	case FORM_HTML:
		return platen_html(host, e->visit, r->body, r->len);
	}
	return NULL;
}

/* What is asked now: the probe, unless the dialect is known, then document by document. */
static const struct document *
asked(const struct ews *e)
{
	const struct dialect *d = e->dialect;

	if (d->probe != NULL && e->probe == NULL && !e->remembered)
		return d->probe;
	return &d->documents[e->document];
}

/* An answer with a page.  False: the dialect is not spoken here. */
static bool
take(struct ews *e, const struct platen_node *page)
{
	bool probing = asked(e) == e->dialect->probe;
	bool first = probing || (e->dialect->probe == NULL && e->document == 0) ||
		(e->remembered && e->document == 0);

	if (first && page == NULL)
		return false;
	if (probing || e->dialect->probe == NULL)
		if (first && !e->dialect->is(page))
			return false;
	if (probing)
		e->probe = page;
	else
		e->pages[e->document++] = page;
	return true;
}

static void
on_page(struct platen_visit *v, const struct platen_http_reply *r, void *arg)
{
	struct ews *e = arg;
	const struct platen_node *page = NULL;

	(void)v;
	if (r->status != PLATEN_OK && r->status != PLATEN_ETOOBIG) {
		/* Nothing more comes of this web server; what came before is reported. */
		find_give_up(e);
		return;
	}
	if (r->status == PLATEN_OK && is_asleep(r)) {
		say_text(e, "status.state", NULL, "sleep");
		e->dialect = NULL;
		ews_answered(e);
		return;
	}
	/* Another printer of the model may let us in. */
	if (r->code == 401 || r->code == 403)
		e->closed = true;
	if (r->status == PLATEN_OK && r->code == 200)
		page = parse(e, asked(e)->form, r);
	if (sign_in_wanted(page)) {
		if (e->signed_in)
			find_give_up(e);
		else
			sign_in(e);
		e->signed_in = true;
		return;
	}
	if (take(e, page))
		ask_next(e);
	else
		try_next(e);
}

/* Pass the documents that the probe does not list, or nobody wants. */
static void
skip_absent(struct ews *e)
{
	const struct dialect *d = e->dialect;

	for (; e->document < MAX_DOCUMENTS; e->document++) {
		const struct document *doc = &d->documents[e->document];
		bool listed = d->has == NULL || e->probe == NULL || doc->path == NULL ||
			d->has(e->probe, doc->path);

		if (listed && (!doc->security || security))
			return;
	}
}

static void
ask_next(struct ews *e)
{
	const char *path;

	skip_absent(e);
	path = e->document < MAX_DOCUMENTS ? asked(e)->path : NULL;
	if (path == NULL) {
		remember_found(e);
		ews_answered(e);
	} else if (http->get(e->visit, path, on_page, e) != PLATEN_OK) {
		ews_answered(e); /* the log says why */
	}
}

void
find_again(struct ews *e)
{
	ask_next(e);
}

/* What came before is reported, and nothing is remembered: next time it may be open. */
void
find_give_up(struct ews *e)
{
	if (e->document == 0)
		e->dialect = NULL;
	ews_answered(e);
}

/* ---- the beginning ---- */

static void
set_order(struct ews *e, const char *model)
{
	uint32_t first = LEDM, n = 1;

	for (size_t i = 0; i < COUNT(hints); i++)
		if (strstr(model, hints[i].word) != NULL)
			first = hints[i].first;
	e->order[0] = first;
	for (uint32_t i = 0; i < NDIALECTS; i++)
		if (i != first)
			e->order[n++] = i;
}

void
find_begin(struct ews *e, const struct platen_device *device)
{
	const char *model = device->model[0] != '\0' ? device->model : device->device_id;

	snprintf(e->model, sizeof(e->model), "%s", model);
	if (PLATEN_HAS(device, platen_device, key))
		snprintf(e->key, sizeof(e->key), "%s", device->key);
	if (speaks_none(e)) {
		e->dialect = NULL;
		ews_answered(e);
		return;
	}
	set_order(e, model);
	e->dialect = spoken_last(e);
	e->remembered = e->dialect != NULL;
	if (!e->remembered)
		e->dialect = dialects[e->order[0]];
	ask_dialect(e);
}
