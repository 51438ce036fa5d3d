/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SNMP agent of a printer: from a question to an answer, as RFC 1157 and RFC 3416 say, and
 * the faults that are lies in the answer's meaning.
 *
 * A capture does not know which objects exist without instances, so noSuchInstance is said where
 * the capture has a neighbour in the same column, noSuchObject elsewhere. SET is refused.
 */
#include "sim.h"

#include <string.h>

enum {
	ERROR_NONE = 0,
	ERROR_TOO_BIG = 1,
	ERROR_NO_SUCH_NAME = 2,
	ERROR_GEN = 5,
	ERROR_NOT_WRITABLE = 17
};

/* Octets around the bindings: three heads of 4, version 3, community head 3, request id 6, two
 * numbers of 4; the community comes on top. */
#define FRAME_SIZE 32u

struct job {
	struct sim *sim;
	const struct printer *p;
	const struct message *m;
	struct writer w;
	int32_t error, index;
	char digits[24]; /* wrong-type: a number as text */
};

static const struct oid sys_descr = { 9, { 1, 3, 6, 1, 2, 1, 1, 1, 0 } };
static const uint32_t printer_mib[] = { 1, 3, 6, 1, 2, 1, 43 };
/* prtXxx(43).table.1.column: arcs of a column there. */
#define PRINTER_MIB_COLUMN 11u

static void
fail(struct job *j, int32_t error, uint32_t binding)
{
	if (j->error == ERROR_NONE) {
		j->error = error;
		j->index = (int32_t)binding;
	}
}

/* ---- one object ---------------------------------------------------------------------------- */

static struct value
as_text(struct job *j, const struct value *v)
{
	int n = v->tag == TAG_COUNTER64
		? snprintf(j->digits, sizeof j->digits, "%llu", (unsigned long long)ber_number(v))
		: snprintf(j->digits, sizeof j->digits, "%lld", (long long)ber_number(v));

	return (struct value){ TAG_OCTETS, (uint32_t)n, (const uint8_t *)j->digits };
}

static bool
too_many(const struct job *j, enum fault_kind kind)
{
	return j->p->fault[kind] != NULL && j->m->count > j->p->fault[kind]->number;
}

/* What the printer says the object's value is. */
static struct value
value_of(struct job *j, uint32_t at)
{
	static uint8_t huge[VALUE_MAX];
	static const uint8_t zero[1];
	const struct object *o = &j->p->capture->objects[at];
	struct value v = ident_value(j->sim, j->p, o);

	if (j->p->fault[FAULT_HUGE] && object_is(j->p->capture, at, &sys_descr)) {
		memset(huge, 'x', sizeof huge);
		return (struct value){ TAG_OCTETS, sizeof huge, huge };
	}
	if (j->m->pdu == PDU_GET && too_many(j, FAULT_MULTI_ZERO) &&
		(v.tag == TAG_COUNTER32 || v.tag == TAG_COUNTER64))
		v = (struct value){ v.tag, 1, zero };
	if (j->p->fault[FAULT_WRONG_TYPE] && ber_is_number(v.tag))
		v = as_text(j, &v);
	return v;
}

static uint32_t
common_arcs(const struct capture *c, uint32_t at, const struct oid *name)
{
	const uint32_t *arcs;
	uint32_t n = 0;

	if (at >= c->count)
		return 0;
	arcs = object_arcs(c, &c->objects[at]);
	while (n < name->n && n < c->objects[at].arcs && arcs[n] == name->arc[n])
		n++;
	return n;
}

/* NO_SUCH_INSTANCE when a neighbour shares all but the last arc, or a Printer MIB column. */
static uint8_t
missing(const struct capture *c, uint32_t at, const struct oid *name)
{
	uint32_t behind = common_arcs(c, at, name);
	uint32_t before = at > 0 ? common_arcs(c, at - 1, name) : 0;
	uint32_t shared = behind > before ? behind : before;
	bool column = shared + 1 >= name->n ||
		(shared >= PRINTER_MIB_COLUMN &&
			oid_under(name->arc, name->n, printer_mib,
				sizeof printer_mib / sizeof *printer_mib));

	return column ? TAG_NO_SUCH_INSTANCE : TAG_NO_SUCH_OBJECT;
}

static bool
v1_hides(const struct job *j, uint32_t at)
{
	return j->m->version == SNMP_V1 && j->p->capture->objects[at].tag == TAG_COUNTER64;
}

/* ---- the next object, honest or not -------------------------------------------------------- */

static void
oid_step_up(struct oid *oid)
{
	if (oid->arc[oid->n - 1] < UINT32_MAX)
		oid->arc[oid->n - 1]++;
	else if (oid->n < OID_MAX)
		oid->arc[oid->n++] = 1;
}

/* The name of a walk that goes astray behind `after`. */
static void
stray_name(const struct job *j, const struct oid *after, struct oid *found)
{
	const struct capture *c = j->p->capture;
	uint32_t before = capture_seek(c, after, false);
	const struct object *o = before > 0 ? &c->objects[before - 1] : NULL;

	oid_set(found, after->arc, after->n);
	if (j->p->fault[FAULT_ENDLESS])
		oid_step_up(found);
	else if (j->p->fault[FAULT_BACK] && o != NULL)
		oid_set(found, object_arcs(c, o), o->arcs);
	else if (j->p->fault[FAULT_BACK] && found->n > 2)
		found->n--;
}

static bool
strays(const struct job *j)
{
	return j->p->fault[FAULT_ENDLESS] || j->p->fault[FAULT_LOOP] || j->p->fault[FAULT_BACK];
}

static void
stray(struct job *j, const struct oid *after, struct oid *found, struct value *v)
{
	static const uint8_t one[1] = { 1 };
	uint32_t near;

	stray_name(j, after, found);
	near = capture_seek(j->p->capture, found, true);
	*v = near > 0 && !v1_hides(j, near - 1) ? value_of(j, near - 1)
						: (struct value){ TAG_INTEGER, 1, one };
}

/* False at the end of everything. The first step into a column is always honest: a walk has to
 * be somewhere before it can go astray. */
static bool
next(struct job *j, const struct oid *after, struct oid *found, struct value *v)
{
	const struct capture *c = j->p->capture;
	uint32_t at = capture_seek(c, after, true);
	const struct object *o;

	while (at < c->count && v1_hides(j, at))
		at++;
	o = &c->objects[at];
	if (strays(j) &&
		(at == c->count || !oid_under(object_arcs(c, o), o->arcs, after->arc, after->n))) {
		stray(j, after, found, v);
		return true;
	}
	if (at == c->count)
		return false;
	oid_set(found, object_arcs(c, o), o->arcs);
	*v = value_of(j, at);
	return true;
}

/* ---- the kinds of questions ---------------------------------------------------------------- */

static void
answer_get(struct job *j)
{
	const struct capture *c = j->p->capture;

	for (uint32_t i = 0; i < j->m->count && j->error == ERROR_NONE; i++) {
		const struct oid *name = &j->m->name[i];
		uint32_t at = capture_seek(c, name, false);
		bool there = object_is(c, at, name) && !v1_hides(j, at);
		struct value v = { TAG_NO_SUCH_OBJECT, 0, NULL };

		if (there)
			v = value_of(j, at);
		else if (j->m->version == SNMP_V1)
			fail(j, ERROR_NO_SUCH_NAME, i + 1);
		else
			v.tag = missing(c, at, name);
		if (!ber_put_binding(&j->w, name, &v))
			fail(j, ERROR_TOO_BIG, 0);
	}
}

static void
answer_next(struct job *j)
{
	struct oid found;
	struct value v;

	for (uint32_t i = 0; i < j->m->count && j->error == ERROR_NONE; i++) {
		const struct oid *name = &j->m->name[i];

		if (!next(j, name, &found, &v)) {
			if (j->m->version == SNMP_V1)
				fail(j, ERROR_NO_SUCH_NAME, i + 1);
			oid_set(&found, name->arc, name->n);
			v = (struct value){ TAG_END_OF_MIB_VIEW, 0, NULL };
		}
		if (!ber_put_binding(&j->w, &found, &v))
			fail(j, ERROR_TOO_BIG, 0);
	}
}

/* Appends what follows *at and moves it there; false when the datagram is full. */
static bool
bulk_step(struct job *j, struct oid *at, bool *ended)
{
	struct oid found;
	struct value v;

	if (!next(j, at, &found, &v)) {
		v = (struct value){ TAG_END_OF_MIB_VIEW, 0, NULL };
		return ber_put_binding(&j->w, at, &v);
	}
	*ended = false;
	if (!ber_put_binding(&j->w, &found, &v))
		return false;
	oid_set(at, found.arc, found.n);
	return true;
}

static void
answer_bulk(struct job *j)
{
	static struct oid at[BINDINGS_MAX];
	uint32_t count = j->m->count, single = 0;
	bool ended = false, room = true;

	if (j->m->non_repeaters > 0)
		single = (uint32_t)j->m->non_repeaters;
	if (single > count)
		single = count;
	for (uint32_t i = 0; i < count; i++)
		oid_set(&at[i], j->m->name[i].arc, j->m->name[i].n);
	for (uint32_t i = 0; i < single && room; i++)
		room = bulk_step(j, &at[i], &ended);
	ended = single == count;
	for (int32_t row = 0; row < j->m->max_repetitions && room && !ended; row++) {
		ended = true;
		for (uint32_t i = single; i < count && room; i++)
			room = bulk_step(j, &at[i], &ended);
	}
}

static void
answer(struct job *j)
{
	bool bulk = j->m->pdu == PDU_GETBULK;

	if (j->m->pdu == PDU_SET)
		fail(j, j->m->version == SNMP_V1 ? ERROR_NO_SUCH_NAME : ERROR_NOT_WRITABLE, 1);
	else if (bulk && j->p->fault[FAULT_BULK_ERROR])
		fail(j, ERROR_GEN, 0);
	else if (!bulk && too_many(j, FAULT_TOOBIG))
		fail(j, ERROR_TOO_BIG, 0);
	else if (bulk)
		answer_bulk(j);
	else if (j->m->pdu == PDU_GETNEXT)
		answer_next(j);
	else
		answer_get(j);
}

/* ---- the frame ----------------------------------------------------------------------------- */

/* An error repeats the question's bindings, except for tooBig, which leaves none. */
static void
error_bindings(struct job *j)
{
	bool fits = j->m->bindings_len <= j->w.cap;

	j->w.len = 0;
	if (j->error != ERROR_TOO_BIG && fits) {
		memcpy(j->w.buf, j->m->bindings, j->m->bindings_len);
		j->w.len = j->m->bindings_len;
	}
}

static uint8_t *
frame(const struct job *j, uint8_t *bindings)
{
	const struct message *m = j->m;
	uint8_t *end = bindings + j->w.len, *p = ber_prepend_head(bindings, TAG_SEQUENCE, j->w.len);
	uint32_t id = (uint32_t)m->request_id + (j->p->fault[FAULT_WRONG_ID] ? 1 : 0);

	p = ber_prepend_int(p, j->index);
	p = ber_prepend_int(p, j->error);
	p = ber_prepend_int(p, (int32_t)id);
	p = ber_prepend_head(p, PDU_RESPONSE, (size_t)(end - p));
	p -= m->community_len;
	memcpy(p, m->community, m->community_len);
	p = ber_prepend_head(p, TAG_OCTETS, m->community_len);
	p = ber_prepend_int(p, m->version);
	return ber_prepend_head(p, TAG_SEQUENCE, (size_t)(end - p));
}

bool
agent_answer(struct sim *sim, const struct printer *p, const struct message *m, uint8_t *slot,
	struct answer *a)
{
	struct job j = { .sim = sim, .p = p, .m = m };
	size_t limit = p->fault[FAULT_HUGE] ? DATAGRAM_MAX : sim->max_size;

	if (m->community_len > COMMUNITY_MAX || m->community_len + FRAME_SIZE > limit)
		return false;
	j.w = (struct writer){ slot + HEADROOM, 0, limit - FRAME_SIZE - m->community_len };
	answer(&j);
	if (j.error != ERROR_NONE)
		error_bindings(&j);
	a->data = frame(&j, slot + HEADROOM);
	a->len = (size_t)(slot + HEADROOM + j.w.len - a->data);
	a->room = (size_t)(slot + SLOT_SIZE - a->data);
	return true;
}
