/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message.c - each thing that is said, put on the wire and taken off it; see message.h.
 * Answers have files of their own.
 */
#include "message.h"

#include <string.h>

/* Bytes of an OID, at least: a number of them asks for no more memory than came. */
#define LEAST_OID 2

/* ---- lists of text ---- */

void
texts_put(struct buf *b, const char *const *texts, uint32_t n)
{
	wire_u64(b, n);
	for (uint32_t i = 0; i < n; i++)
		wire_text(b, texts[i]);
}

const char **
texts_get(struct wire *w, struct pool *pool, uint32_t max, uint32_t *n)
{
	const char **texts;

	*n = wire_get_count(w, max, 1);
	texts = pool_alloc(pool, (*n + 1) * sizeof(*texts));
	for (uint32_t i = 0; i < *n; i++)
		texts[i] = wire_get_text(w);
	return texts;
}

static uint32_t
list_length(const char *const *list)
{
	uint32_t n = 0;

	while (list != NULL && list[n] != NULL)
		n++;
	return n;
}

/* ---- question ---- */

static struct platen_oid
oid_before(const struct platen_oid *oids, uint32_t i)
{
	return i > 0 ? oids[i - 1] : (struct platen_oid){ 0 };
}

static void
oids_put(struct buf *b, const struct question *q)
{
	wire_u64(b, q->n);
	for (uint32_t i = 0; i < q->n; i++)
		wire_oid_after(b, oid_before(q->oids, i), q->oids[i]);
	if (q->kind == ASK_TABLE)
		wire_oid_after(b, oid_before(q->oids, q->n), q->after);
	if (q->kind == ASK_READ)
		wire_u64(b, q->nobjects);
	else
		wire_u64(b, q->first);
}

void
question_pack(struct question *q, struct pool *pool)
{
	struct buf b = { 0 };

	oids_put(&b, q);
	q->packed = pool_copy(pool, b.p, b.n);
	q->npacked = b.n;
	buf_free(&b);
}

void
question_put(struct buf *b, const struct question *q)
{
	wire_u64(b, q->kind);
	switch (q->kind) {
	case ASK_GET:
	case ASK_TABLE:
		oids_put(b, q);
		break;
	case ASK_PAGE:
		wire_text(b, q->path);
		wire_u64(b, q->most);
		break;
	case ASK_LOGIN:
		wire_text(b, q->path);
		wire_text(b, q->form);
		break;
	case ASK_READ:
		wire_bytes(b, q->packed, q->npacked);
		wire_text(b, q->shape);
		break;
	}
}

static bool
oids_get(struct wire *w, struct pool *pool, struct question *q)
{
	struct platen_oid *oids;

	q->n = wire_get_count(w, q->kind == ASK_READ ? MAX_READ_OIDS : PLATEN_MAX_OIDS, LEAST_OID);
	oids = pool_alloc(pool, (q->n + 1) * sizeof(*oids));
	for (uint32_t i = 0; i < q->n; i++) {
		oids[i] = wire_get_oid_after(w, pool, oid_before(oids, i));
		if (oids[i].n < 2)
			w->bad = true;
	}
	q->oids = oids;
	if (q->kind == ASK_TABLE)
		q->after = wire_get_oid_after(w, pool, oid_before(oids, q->n));
	if (q->kind == ASK_READ)
		q->nobjects = wire_get_max(w, q->n);
	else
		q->first = wire_get_max(w, 1) != 0;
	return !w->bad && q->n > 0;
}

bool
question_unpack(struct question *q, struct pool *pool)
{
	struct wire w = { .p = q->packed, .n = q->npacked };

	return oids_get(&w, pool, q) && wire_ended(&w);
}

bool
question_get(struct wire *w, struct pool *pool, struct question *q)
{
	*q = (struct question){ .kind = wire_get_max(w, ASK_READ), .shape = "" };
	switch (q->kind) {
	case ASK_READ:
		q->packed = wire_get_bytes(w, &q->npacked);
		q->shape = wire_get_text(w);
		return !w->bad && strlen(q->shape) <= SHAPE_MOST;
	case ASK_GET:
	case ASK_TABLE:
		return oids_get(w, pool, q);
	case ASK_PAGE:
		q->path = wire_get_text(w);
		q->most = wire_get_max(w, PLATEN_MAX_BODY_CEILING);
		break;
	case ASK_LOGIN:
		q->path = wire_get_text(w);
		q->form = wire_get_text(w);
		break;
	}
	return !w->bad && q->path[0] == '/';
}

struct platen_oid
oid_keep(struct pool *pool, const struct platen_oid *oid)
{
	return (struct platen_oid){ pool_copy(pool, oid->sub, oid->n * sizeof(*oid->sub)), oid->n };
}

const struct question *
question_copy(struct pool *pool, const struct question *q)
{
	struct question *copy = pool_copy(pool, q, sizeof(*q));
	struct platen_oid *oids = pool_alloc(pool, (q->n + 1) * sizeof(*oids));

	for (uint32_t i = 0; i < q->n; i++)
		oids[i] = oid_keep(pool, &q->oids[i]);
	copy->oids = oids;
	copy->after = oid_keep(pool, &q->after);
	copy->path = q->path != NULL ? pool_string(pool, q->path) : NULL;
	copy->shape = q->shape != NULL ? pool_string(pool, q->shape) : NULL;
	copy->form = q->form != NULL ? pool_string(pool, q->form) : NULL;
	return copy;
}

bool
question_is_snmp(const struct question *q)
{
	return q->kind == ASK_GET || q->kind == ASK_TABLE;
}

static bool
same_oid(const struct platen_oid *a, const struct platen_oid *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->sub, b->sub, a->n * sizeof(*a->sub)) == 0);
}

bool
question_same(const struct question *a, const struct question *b)
{
	uint32_t same = 0;

	if (a->kind != b->kind || a->n != b->n || !question_is_snmp(a) ||
		!same_oid(&a->after, &b->after))
		return false;
	while (same < a->n && same_oid(&a->oids[same], &b->oids[same]))
		same++;
	return same == a->n;
}

void
question_say(const struct question *q, struct buf *out)
{
	static const char *const verbs[] = {
		[ASK_GET] = "get",
		[ASK_TABLE] = "table",
		[ASK_PAGE] = "page",
		[ASK_LOGIN] = "login",
		[ASK_READ] = "read",
	};

	buf_format(out, "%s ", verbs[q->kind]);
	if (q->path != NULL) {
		buf_text(out, q->path);
		return;
	}
	oid_format(q->oids[0].sub, q->oids[0].n, out);
	if (q->n > 1)
		buf_format(out, " and %u more", q->n - 1);
}

/* ---- target ---- */

void
target_put(struct buf *b, const struct target *t)
{
	wire_text(b, t->address);
	wire_u64(b, t->port);
	wire_text(b, t->learned);
}

bool
target_get(struct wire *w, struct target *t)
{
	t->address = wire_get_text(w);
	t->port = (uint16_t)wire_get_max(w, UINT16_MAX);
	t->learned = wire_get_text(w);
	return !w->bad;
}

/* ---- lan settings ---- */

void
lan_settings_put(struct buf *b, const struct lan_settings *s)
{
	wire_u64(b, s->versions);
	wire_u64(b, s->timeout);
	wire_u64(b, s->retries);
	texts_put(b, s->communities, s->ncommunities);
	wire_u64(b, s->nusers);
	for (uint32_t i = 0; i < s->nusers; i++) {
		const struct snmp_user *u = &s->users[i];

		wire_text(b, u->name);
		wire_text(b, u->user);
		wire_text(b, u->auth);
		wire_text(b, u->auth_password);
		wire_text(b, u->priv);
		wire_text(b, u->priv_password);
		wire_text(b, u->match);
	}
	texts_put(b, s->ports, s->nports);
	wire_u64(b, s->http_timeout);
	wire_u64(b, s->tls);
	wire_text(b, s->tls_ca);
	wire_text(b, s->tls_any);
	wire_u64(b, s->nlogins);
	for (uint32_t i = 0; i < s->nlogins; i++) {
		wire_text(b, s->logins[i].name);
		wire_text(b, s->logins[i].user);
		wire_text(b, s->logins[i].password);
		wire_text(b, s->logins[i].match);
	}
	wire_u64(b, s->sandbox);
}

bool
lan_settings_get(struct wire *w, struct pool *pool, struct lan_settings *s)
{
	*s = (struct lan_settings){ .versions = wire_get_max(w, SNMP_V1 | SNMP_V2C | SNMP_V3) };
	s->timeout = wire_get_u64(w);
	s->retries = wire_get_max(w, 100);
	s->communities = texts_get(w, pool, MAX_COMMUNITIES, &s->ncommunities);
	s->nusers = wire_get_count(w, MAX_SNMP_USERS, 1);
	s->users = pool_alloc(pool, (s->nusers + 1) * sizeof(*s->users));
	for (uint32_t i = 0; i < s->nusers; i++) {
		struct snmp_user *u = &s->users[i];

		u->name = wire_get_text(w);
		u->user = wire_get_text(w);
		u->auth = wire_get_text(w);
		u->auth_password = wire_get_text(w);
		u->priv = wire_get_text(w);
		u->priv_password = wire_get_text(w);
		u->match = wire_get_text(w);
	}
	s->ports = texts_get(w, pool, MAX_HTTP_PORTS, &s->nports);
	s->http_timeout = wire_get_u64(w);
	s->tls = wire_get_max(w, TLS_PIN);
	s->tls_ca = wire_get_text(w);
	s->tls_any = wire_get_text(w);
	s->nlogins = wire_get_count(w, MAX_WEB_LOGINS, 1);
	s->logins = pool_alloc(pool, (s->nlogins + 1) * sizeof(*s->logins));
	for (uint32_t i = 0; i < s->nlogins; i++) {
		s->logins[i].name = wire_get_text(w);
		s->logins[i].user = wire_get_text(w);
		s->logins[i].password = wire_get_text(w);
		s->logins[i].match = wire_get_text(w);
	}
	s->sandbox = wire_get_max(w, SANDBOX_OFF);
	return !w->bad;
}

/* ---- device ---- */

void
device_put(struct buf *b, const struct platen_device *d)
{
	wire_oid(b, (struct platen_oid){ .sub = d->object_id, .n = d->nobject_id });
	wire_text(b, d->descr);
	wire_text(b, d->model);
	wire_text(b, d->device_id);
	wire_u64(b, d->hr_device_index);
	wire_text(b, d->key);
}

bool
device_get(struct wire *w, struct pool *pool, struct platen_device *d)
{
	struct platen_oid id = wire_get_oid(w, pool);

	*d = (struct platen_device){
		.size = sizeof(*d),
		.object_id = id.sub,
		.nobject_id = id.n,
	};
	d->descr = pool_string(pool, wire_get_text(w));
	d->model = pool_string(pool, wire_get_text(w));
	d->device_id = pool_string(pool, wire_get_text(w));
	d->hr_device_index = wire_get_max(w, UINT32_MAX);
	d->key = pool_string(pool, wire_get_text(w));
	return !w->bad;
}

/* ---- reading ---- */

/* A word as which of the metric's it is; none where it has none. */
static void
word_put(struct buf *b, const char *words, const char *word)
{
	uint32_t n;

	if (words != NULL && word_find(words, word, &n) != NULL)
		wire_u64(b, n);
}

static const char *
word_get(struct wire *w, const char *words)
{
	const char *word = words != NULL ? word_at(words, wire_get_u64(w)) : NULL;

	w->bad |= words != NULL && word == NULL;
	return word;
}

void
reading_put(struct buf *b, const struct emitted *reading)
{
	const struct metric *m = metric_of(reading->id);
	const struct platen_reading *r = &reading->said;

	wire_u64(b, reading->id);
	if (reading->id == METRIC_METER_SIZE)
		wire_text(b, r->metric);
	if (m->part != PART_NONE)
		wire_text(b, r->part);
	if (m->kind != METRIC_TEXT) {
		wire_i64(b, r->number);
		word_put(b, m->units, r->unit);
	} else if (m->words != NULL) {
		word_put(b, m->words, r->text);
	} else {
		wire_bytes(b, r->text, reading->length > 0 ? reading->length + 1 : 0);
	}
	if (m->kind == METRIC_LEVEL)
		wire_i64(b, r->full);
}

/* What is told by text: one of the metric's words, or any. */
static void
text_get(struct wire *w, const char *words, struct emitted *r)
{
	if (words == NULL) {
		r->said.text = wire_get_line(w, &r->length, &r->plain);
		r->said.text = r->length > 0 ? r->said.text : NULL;
	} else if ((r->said.text = word_get(w, words)) != NULL) {
		r->length = (uint32_t)strlen(r->said.text);
		r->plain = true;
	}
}

bool
reading_get(struct wire *w, struct emitted *reading, struct why *why)
{
	enum metric_id id = wire_get_max(w, METRIC_NONE - 1);
	const struct metric *m = metric_of(id);
	struct platen_reading *r = &reading->said;

	*reading = (struct emitted){
		.said = {
			.size = sizeof(*r),
			.metric = metric_called(id),
			.number = PLATEN_NONE,
			.full = PLATEN_NONE,
		},
		.id = id,
	};
	if (id == METRIC_METER_SIZE)
		r->metric = wire_get_text(w);
	if (m->part != PART_NONE) {
		r->part = wire_get_text(w);
		r->part = r->part[0] != 0 ? r->part : NULL;
	}
	if (m->kind == METRIC_TEXT) {
		text_get(w, m->words, reading);
	} else {
		r->number = wire_get_i64(w);
		r->unit = word_get(w, m->units);
	}
	if (m->kind == METRIC_LEVEL)
		r->full = wire_get_i64(w);
	return !w->bad && (id != METRIC_METER_SIZE || metric_id(r->metric) == id) &&
		metric_holds(m, reading, why);
}

/* ---- manifest ---- */

static uint32_t
options_length(const struct platen_option *o)
{
	uint32_t n = 0;

	while (o != NULL && o[n].key != NULL)
		n++;
	return n;
}

void
manifest_put(struct buf *b, const struct platen_plugin *p)
{
	uint32_t n = options_length(p->options);

	wire_text(b, p->name);
	wire_text(b, p->version);
	wire_text(b, p->summary);
	wire_u64(b, p->abi_minor);
	wire_u64(b, p->scraper != NULL);
	wire_u64(b, p->sink != NULL);
	texts_put(b, p->needs, list_length(p->needs));
	texts_put(b, p->reach, list_length(p->reach));
	wire_u64(b, n);
	for (uint32_t i = 0; i < n; i++) {
		wire_text(b, p->options[i].key);
		wire_u64(b, p->options[i].value != NULL);
		wire_text(b, p->options[i].value);
		wire_text(b, p->options[i].help);
	}
}

bool
manifest_get(struct wire *w, struct pool *pool, struct manifest *m)
{
	*m = (struct manifest){ .name = wire_get_text(w) };
	m->version = wire_get_text(w);
	m->summary = wire_get_text(w);
	m->abi_minor = wire_get_max(w, UINT32_MAX);
	m->scraper = wire_get_max(w, 1);
	m->sink = wire_get_max(w, 1);
	m->needs = texts_get(w, pool, MAX_MANIFEST_ITEMS, &m->nneeds);
	m->reach = texts_get(w, pool, MAX_MANIFEST_ITEMS, &m->nreach);
	m->noptions = wire_get_count(w, MAX_MANIFEST_ITEMS, 1);
	m->options = pool_alloc(pool, (m->noptions + 1) * sizeof(*m->options));
	for (uint32_t i = 0; i < m->noptions; i++) {
		struct platen_option *o = &m->options[i];
		bool given;

		o->key = wire_get_text(w);
		given = wire_get_max(w, 1);
		o->value = wire_get_text(w);
		if (!given)
			o->value = NULL;
		o->help = wire_get_text(w);
	}
	return wire_ended(w);
}
