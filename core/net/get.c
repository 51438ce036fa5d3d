/* SPDX-License-Identifier: Apache-2.0 */
/*
 * get.c - ASK_GET: as many objects a packet as this printer can carry.
 *
 * What it cannot carry together is asked in smaller parts down to single
 * objects; a value is taken only under the very OID that was asked.
 */
#include "net/ask.h"

/* Single objects a living printer may be silent about before it is left in peace. */
#define SILENT_MOST 3

struct get {
	struct platen_bind *binds; /* the answer */
	struct platen_oid *oids; /* still to be asked ... */
	uint32_t *places; /* ... and where in the answer they belong */
	uint32_t ntodo;
	uint32_t asked; /* the first so many are under way */
	uint32_t limit; /* objects a packet in this question */
	bool alone; /* ask one object, to see whether it is there at all */
	bool again; /* a single object is asked again, now that it is awake */
	uint32_t mute; /* times it was silent about several objects */
	uint32_t silent; /* objects it was silent about */
	bool partial; /* something is missing for a bad reason */
	bool any; /* it said something */
};

static void get_next(struct ask *);

static void
get_finish(struct ask *a, int32_t status)
{
	struct answer answer = answer_none(ASK_GET, status);

	if (status == PLATEN_OK || status == PLATEN_EPARTIAL) {
		answer.n = a->q.n;
		answer.binds = a->get->binds;
	}
	ask_finish(a, &answer);
}

/* No more can be had; what came is given. */
static void
get_end_early(struct ask *a, int32_t status)
{
	if (a->get->any)
		get_finish(a, PLATEN_EPARTIAL);
	else
		ask_unanswered(a, status);
}

/* The one at i needs no more asking. */
static void
settle(struct get *g, uint32_t i)
{
	g->ntodo--;
	for (; i < g->ntodo; i++) {
		g->oids[i] = g->oids[i + 1];
		g->places[i] = g->places[i + 1];
	}
}

static void
take(struct get *g, uint32_t i, const struct platen_bind *b)
{
	struct platen_oid asked = g->binds[g->places[i]].oid;

	g->binds[g->places[i]] = *b;
	g->binds[g->places[i]].oid = asked;
}

/* How many of the asked objects are answered, in order, under their own OIDs. */
static uint32_t
count_fitting(const struct get *g, const struct reply *r)
{
	uint32_t n = 0;

	while (n < r->n && n < g->asked &&
		oid_compare(r->binds[n].oid.sub, r->binds[n].oid.n, g->oids[n].sub, g->oids[n].n) ==
			0)
		n++;
	return n;
}

/* The values cannot be had together: ask fewer; one alone is given up. */
static void
ask_fewer(struct ask *a, bool remember)
{
	struct get *g = a->get;

	if (g->asked == 1) {
		g->partial = true;
		settle(g, 0);
	} else {
		g->limit = g->asked / 2;
		if (remember)
			peer_fewer_objects(a->peer, g->asked);
	}
	get_next(a);
}

static void
take_values(struct ask *a, const struct reply *r)
{
	struct get *g = a->get;
	uint32_t fitting = count_fitting(g, r);

	if (fitting == 0) {
		ask_fewer(a, true);
		return;
	}
	g->partial |= r->partial;
	for (uint32_t i = 0; i < fitting; i++)
		take(g, i, &r->binds[i]);
	if (fitting == g->asked) {
		peer_more_objects(a->peer, g->asked, r->bytes);
		if (a->peer->objects > g->limit && g->asked == g->limit)
			g->limit = a->peer->objects;
	} else {
		g->limit = fitting;
	}
	for (uint32_t i = 0; i < fitting; i++)
		settle(g, 0);
	get_next(a);
}

static void
take_reply(struct ask *a, const struct reply *r)
{
	struct get *g = a->get;

	if (g->alone && g->mute > 1) { /* twice is no accident: it cannot carry so many */
		peer_fewer_objects(a->peer, g->limit);
		g->limit = a->peer->objects;
		g->mute = 0;
	}
	g->any = true;
	g->alone = g->again = false;
	a->bytes += r->bytes;
	if (r->broken) {
		ask_fewer(a, true);
		return;
	}
	switch (r->error) {
	case ERROR_NONE:
		take_values(a, r);
		return;
	case ERROR_NO_SUCH_NAME:
		if (g->asked > 1 && (r->index == 0 || r->index > g->asked)) {
			ask_fewer(a, false);
			return;
		}
		settle(g, g->asked == 1 ? 0 : r->index - 1);
		get_next(a);
		return;
	case ERROR_AUTHORIZATION:
		ask_refused(a, r);
		return;
	case ERROR_TOO_BIG:
		ask_fewer(a, true);
		return;
	default: /* genErr and its kin: one of the objects, not their number */
		ask_fewer(a, false);
		return;
	}
}

/* It is, or is not, there: in the first case only the one object has no answer. */
static void
on_alive(struct ask *a, int32_t status)
{
	struct get *g = a->get;

	if (status != PLATEN_OK) {
		get_end_early(a, status);
		return;
	}
	if (!g->again) { /* it slept, or goes by another community now */
		g->again = true;
		get_next(a);
		return;
	}
	g->again = false;
	g->any = g->partial = true;
	settle(g, 0);
	if (++g->silent >= SILENT_MOST)
		get_end_early(a, PLATEN_ENOANSWER);
	else
		get_next(a);
}

static void
silent(struct ask *a)
{
	struct get *g = a->get;

	if (g->asked == 1) {
		login_begin(a, on_alive);
		return;
	}
	g->mute++;
	g->alone = true;
	get_next(a);
}

static void
on_answer(void *arg, enum outcome outcome, const struct reply *reply)
{
	struct ask *a = arg;

	a->exchange = NULL;
	switch (outcome) {
	case OUTCOME_REPLY:
		take_reply(a, reply);
		return;
	case OUTCOME_SILENT:
		silent(a);
		return;
	case OUTCOME_REFUSED:
		ask_refused(a, reply);
		return;
	}
}

static void
get_next(struct ask *a)
{
	struct get *g = a->get;
	struct request request = { .kind = REQUEST_GET, .oids = g->oids };

	if (g->ntodo == 0) {
		get_finish(a, g->partial ? PLATEN_EPARTIAL : PLATEN_OK);
		return;
	}
	if (ask_is_over(a)) {
		get_end_early(a, PLATEN_ENOANSWER);
		return;
	}
	g->asked = g->alone || g->again ? 1 : g->limit < g->ntodo ? g->limit : g->ntodo;
	request.n = g->asked;
	ask_send(a, &request, on_answer);
}

void
get_begin(struct ask *a)
{
	struct get *g = pool_alloc(a->pool, sizeof(*g));

	a->get = g;
	g->limit = a->peer->objects;
	g->ntodo = a->q.n;
	g->binds = pool_alloc(a->pool, a->q.n * sizeof(*g->binds));
	g->oids = pool_copy(a->pool, a->q.oids, a->q.n * sizeof(*g->oids));
	g->places = pool_alloc(a->pool, a->q.n * sizeof(*g->places));
	for (uint32_t i = 0; i < a->q.n; i++) {
		g->places[i] = i;
		g->binds[i] = (struct platen_bind){
			.size = sizeof(g->binds[i]),
			.type = PLATEN_ABSENT,
			.oid = a->q.oids[i],
			.octets = (const uint8_t *)"",
		};
	}
	get_next(a);
}
