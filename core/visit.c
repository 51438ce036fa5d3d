/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit.c - a visit from its first question to its record; see visit.h.
 *
 * The order is: identify, ask every scraper how well it knows the printer, let
 * all that do visit it at once, merge.  Retries and packets are the lan role's.
 */
#include "visit.h"

#include "printer/forbidden.h"
#include "printer/identify.h"
#include "printer/settle.h"

#include <stdlib.h>
#include <string.h>

enum state { STATE_FREE, STATE_IDENTIFY, STATE_MATCH, STATE_READ };

/* What one scraper does in a visit. */
struct part {
	int32_t match;
	bool open; /* matched() or done() is still to come */
	bool partial; /* it has been noted that an answer was not whole */
};

/* A question on its way to the printer. */
struct asked {
	struct visit *visit;
	uint32_t scraper;
	uint64_t serial;
	uint64_t lan_id;
	enum question_kind kind;
	const struct question *question; /* NULL: nobody looks on */
	struct asked *next;
};

struct visit {
	struct visits *all;
	uint64_t id; /* slot, and how often the slot was used */
	enum state state;
	struct pool *pool;
	struct printer *known, *now;
	struct identity identity;
	enum identify_step step;
	bool identify_only;
	struct readings *readings;
	struct part parts[MAX_SCRAPERS];
	uint32_t nopen; /* parts */
	struct asked *asked;
	uint64_t who; /* lan's number of the identifying question */
	uint32_t packets;
	uv_timer_t deadline;
	visit_done_fn *done;
	void *arg;
};

struct visits {
	uv_loop_t *loop;
	struct lan *lan;
	struct scrapers *scrapers;
	struct recorder *recorder;
	const struct visit_witness *witness; /* NULL: nobody looks on */
	struct visit **slots;
	uint32_t nslots, nopen;
};

#define SLOT_BITS 20 /* a visit's id is slot + 1 in the low bits, uses above */

static struct visit *
visit_find(struct visits *all, uint64_t id)
{
	uint64_t slot = (id & ((1u << SLOT_BITS) - 1)) - 1;

	if (slot >= all->nslots || all->slots[slot]->id != id ||
		all->slots[slot]->state == STATE_FREE)
		return NULL;
	return all->slots[slot];
}

/* ---- the end ---- */

static void
asked_cancel(struct visit *v)
{
	while (v->asked != NULL) {
		struct asked *a = v->asked;

		v->asked = a->next;
		if (a->lan_id != 0)
			v->all->lan->ops->cancel(v->all->lan, a->lan_id);
	}
}

static void
visit_finish(struct visit *v, enum visit_outcome outcome)
{
	struct visit_result result = {
		.outcome = outcome,
		.printer = v->now,
		.packets = v->packets,
	};
	visit_done_fn *done = v->done;
	void *arg = v->arg;
	struct pool *pool = v->pool;

	uv_timer_stop(&v->deadline);
	asked_cancel(v);
	if (v->who != 0)
		v->all->lan->ops->cancel(v->all->lan, v->who);
	v->who = 0;
	v->state = STATE_FREE;
	v->all->nopen--;
	done(arg, &result);
	pool_free(pool);
}

/* All scrapers are through: merge what they read. */
static void
visit_read(struct visit *v)
{
	bool kept = readings_finish(v->readings, v->all->recorder, v->known, v->now);

	visit_finish(v, kept ? VISIT_READ : VISIT_NOT_KEPT);
}

/* ---- scrapers at work ---- */

static void
part_over(struct visit *v, uint32_t scraper)
{
	if (!v->parts[scraper].open)
		return;
	v->parts[scraper].open = false;
	v->nopen--;
}

/* Every scraper has said how well it knows the printer: those that do, visit it. */
static void
visit_begin_reading(struct visit *v)
{
	struct scrapers *s = v->all->scrapers;
	struct oid oid;
	struct platen_device device = identify_device(v->now, &oid);
	uint32_t n = scrapers_count(s);

	v->state = STATE_READ;
	v->readings = readings_new(v->pool);
	for (uint32_t i = 0; i < n; i++)
		if (v->parts[i].match > 0 && scraper_ready(s, i)) {
			v->parts[i].open = true;
			v->nopen++;
		}
	/* A plugin in this process may be through before the next one has begun. */
	v->nopen++;
	for (uint32_t i = 0; i < n; i++)
		if (v->parts[i].open)
			scraper_visit(s, i, v->id, &device, v->known->address);
	if (--v->nopen == 0)
		visit_read(v);
}

static void
visit_begin_matching(struct visit *v)
{
	struct scrapers *s = v->all->scrapers;
	struct oid oid;
	struct platen_device device = identify_device(v->now, &oid);
	uint32_t n = scrapers_count(s);

	v->state = STATE_MATCH;
	for (uint32_t i = 0; i < n; i++)
		if (scraper_ready(s, i)) {
			v->parts[i].open = true;
			v->nopen++;
		}
	v->nopen++;
	for (uint32_t i = 0; i < n; i++)
		if (v->parts[i].open)
			scraper_match(s, i, v->id, &device);
	if (--v->nopen == 0)
		visit_begin_reading(v);
}

static void
on_matched(void *arg, uint32_t scraper, uint64_t id, int32_t match)
{
	struct visit *v = visit_find(arg, id);

	if (v == NULL || v->state != STATE_MATCH || !v->parts[scraper].open)
		return;
	v->parts[scraper].match = match;
	if (v->all->witness != NULL)
		v->all->witness->matched(v->all->witness->arg, scraper, match);
	part_over(v, scraper);
	if (v->nopen == 0)
		visit_begin_reading(v);
}

static void
on_done(void *arg, uint32_t scraper, uint64_t id, int32_t status)
{
	struct visits *all = arg;
	struct visit *v = visit_find(all, id);

	if (v == NULL || v->state != STATE_READ || !v->parts[scraper].open)
		return;
	if (status != PLATEN_OK)
		readings_note(v->readings, "partial", "plugin %s did not finish",
			scraper_name(all->scrapers, scraper));
	if (all->witness != NULL)
		all->witness->done(all->witness->arg, scraper, status);
	part_over(v, scraper);
	if (v->nopen == 0)
		visit_read(v);
}

/* A scraper died: what it read so far is not trusted, the others go on. */
static void
visit_lose(struct visit *v, uint32_t scraper, const char *how)
{
	const char *name = scraper_name(v->all->scrapers, scraper);

	if (!v->parts[scraper].open)
		return;
	switch (v->state) {
	case STATE_MATCH:
		on_matched(v->all, scraper, v->id, 0);
		break;
	case STATE_READ:
		readings_drop(v->readings, name);
		readings_note(v->readings, "partial", "plugin %s: %s", name, how);
		on_done(v->all, scraper, v->id, PLATEN_OK);
		break;
	case STATE_FREE:
	case STATE_IDENTIFY:
		break;
	}
}

static void
on_gone(void *arg, uint32_t scraper, const char *how)
{
	struct visits *all = arg;

	if (all->witness != NULL)
		all->witness->gone(all->witness->arg, scraper, how);
	for (uint32_t i = 0; i < all->nslots; i++)
		if (all->slots[i]->state != STATE_FREE)
			visit_lose(all->slots[i], scraper, how);
}

static void
on_reading(void *arg, uint32_t scraper, uint64_t id, const struct platen_reading *r)
{
	struct visits *all = arg;
	struct visit *v = visit_find(all, id);

	if (v == NULL || v->state != STATE_READ || !v->parts[scraper].open)
		return;
	if (all->witness != NULL)
		all->witness->reading(all->witness->arg, scraper, r);
	/* The host has counted already; this count is for a host that has been taken over. */
	if (readings_count(v->readings) < PLATEN_MAX_READINGS * MAX_SCRAPERS)
		readings_add(v->readings, scraper_name(all->scrapers, scraper),
			scraper_yields(all->scrapers, scraper, r->metric) ? YIELDS
									  : v->parts[scraper].match,
			r);
}

/* ---- questions of scrapers ---- */

static void
asked_remove(struct asked *a)
{
	struct asked **at = &a->visit->asked;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
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

static void
on_answer(void *arg, const struct answer *answer)
{
	struct asked *a = arg;
	struct visit *v = a->visit;
	const struct visit_witness *w = v->all->witness;

	asked_remove(a);
	v->packets += answer->packets;
	if (w != NULL && a->question != NULL)
		w->asked(w->arg, a->scraper, a->question, answer);
	note_partial(v, a, answer);
	scraper_answer(v->all->scrapers, a->scraper, v->id, a->serial, answer);
}

static void
refuse(struct visit *v, uint32_t scraper, uint64_t serial, const struct question *q)
{
	struct answer no = answer_none(q->kind, PLATEN_EREACH);
	const struct visit_witness *w = v->all->witness;
	struct buf line = { 0 };

	if (w != NULL)
		w->asked(w->arg, scraper, q, &no);
	question_say(q, &line);
	log_warn("plugin %s: asked %s for \"%s\", which is outside its reach; not asked",
		scraper_name(v->all->scrapers, scraper), v->known->address, (char *)line.p);
	buf_free(&line);
	scraper_answer(v->all->scrapers, scraper, v->id, serial, &no);
}

static struct platen_oid
oid_copy(struct pool *pool, const struct platen_oid *oid)
{
	return (struct platen_oid){ pool_copy(pool, oid->sub, oid->n * sizeof(*oid->sub)), oid->n };
}

static const struct question *
question_copy(struct pool *pool, const struct question *q)
{
	struct question *copy = pool_copy(pool, q, sizeof(*q));
	struct platen_oid *oids = pool_alloc(pool, (q->n + 1) * sizeof(*oids));

	for (uint32_t i = 0; i < q->n; i++)
		oids[i] = oid_copy(pool, &q->oids[i]);
	copy->oids = oids;
	copy->after = oid_copy(pool, &q->after);
	copy->path = q->path != NULL ? pool_string(pool, q->path) : NULL;
	copy->form = q->form != NULL ? pool_string(pool, q->form) : NULL;
	return copy;
}

static void
on_ask(void *arg, uint32_t scraper, uint64_t id, uint64_t serial, const struct question *q)
{
	struct visits *all = arg;
	struct visit *v = visit_find(all, id);
	struct target target;
	struct asked *a;

	if (v == NULL || v->state != STATE_READ || !v->parts[scraper].open)
		return;
	if (question_forbidden(q) || !scraper_may_ask(all->scrapers, scraper, q)) {
		refuse(v, scraper, serial, q);
		return;
	}
	a = pool_alloc(v->pool, sizeof(*a));
	*a = (struct asked){
		.visit = v,
		.scraper = scraper,
		.serial = serial,
		.kind = q->kind,
		.question = all->witness != NULL ? question_copy(v->pool, q) : NULL,
		.next = v->asked,
	};
	v->asked = a;
	target = (struct target){
		.address = v->known->address,
		.port = v->known->port,
		.learned = v->known->learned,
	};
	a->lan_id = all->lan->ops->ask(all->lan, &target, q, on_answer, a);
}

static void
on_log(void *arg, uint32_t scraper, uint64_t id, enum log_level level, const char *line)
{
	struct visits *all = arg;

	(void)id;
	if (all->witness != NULL)
		all->witness->log(all->witness->arg, scraper, level, line);
	else
		log_line(level, "plugin %s: %s", scraper_name(all->scrapers, scraper), line);
}

/* ---- who is it? ---- */

static void identify(struct visit *);

/* Is the printer called id being read at another address right now? */
static bool
being_read(const struct visit *v, const char *id)
{
	for (uint32_t i = 0; i < v->all->nslots; i++) {
		const struct visit *other = v->all->slots[i];
		struct printer p;

		if (other == v || (other->state != STATE_MATCH && other->state != STATE_READ))
			continue;
		p = *other->now;
		settle_name(&p);
		if (strcmp(p.id, id) == 0)
			return true;
	}
	return false;
}

/*
 * Has this printer a second address, at which it was read well just now?  Then
 * one record is enough.  A printer that has moved is silent at the old address.
 */
static bool
lives_elsewhere(const struct visit *v)
{
	const struct recorder *r = v->all->recorder;
	struct printer me = *v->now, other;

	if (r->registry == NULL || me.serial[0] == 0)
		return false;
	settle_name(&me);
	if (being_read(v, me.id))
		return true;
	return registry_by_id(r->registry, me.id, &other) &&
		strcmp(other.address, me.address) != 0 && other.failures == 0 &&
		other.seen <= clock_wall() &&
		(uint64_t)(clock_wall() - other.seen) * 1000 < 2 * r->config->every;
}

static void
on_identified(void *arg, const struct answer *a)
{
	struct visit *v = arg;
	enum identify_step step = v->step;

	v->who = 0;
	v->packets += a->packets;
	if ((step == IDENTIFY_AGAIN || step == IDENTIFY_GET) && a->status != PLATEN_OK &&
		a->status != PLATEN_EPARTIAL) {
		visit_finish(v, VISIT_SILENT);
		return;
	}
	v->step = identify_take(step, a, &v->identity, v->now);
	if (v->step != IDENTIFY_KNOWN)
		identify(v);
	else if (!identify_printer(&v->identity, v->now))
		visit_finish(v, VISIT_NOT_PRINTER);
	else if (v->identify_only)
		visit_finish(v, VISIT_IDENTIFIED);
	else if (lives_elsewhere(v))
		visit_finish(v, VISIT_ELSEWHERE);
	else
		visit_begin_matching(v);
}

static void
identify(struct visit *v)
{
	struct target target = {
		.address = v->known->address,
		.port = v->known->port,
		.learned = v->known->learned,
	};

	v->who = v->all->lan->ops->ask(v->all->lan, &target, identify_question(v->step),
		on_identified, v);
}

/* ---- the beginning ---- */

/* Time is up: what has been read is kept, what has not is said. */
static void
on_deadline(uv_timer_t *timer)
{
	struct visit *v = timer->data;
	struct scrapers *s = v->all->scrapers;

	if (v->state != STATE_READ) {
		visit_finish(v, VISIT_SILENT);
		return;
	}
	for (uint32_t i = 0; i < scrapers_count(s); i++) {
		if (!v->parts[i].open)
			continue;
		readings_note(v->readings, "partial", "plugin %s: %d s were not enough",
			scraper_name(s, i), PLATEN_VISIT_SECONDS);
		part_over(v, i);
		scraper_end(s, i, v->id);
	}
	visit_read(v);
}

static struct visit *
slot_take(struct visits *all)
{
	struct visit *v;

	for (uint32_t i = 0; i < all->nslots; i++)
		if (all->slots[i]->state == STATE_FREE)
			return all->slots[i];
	if (all->nslots >= 1u << (SLOT_BITS - 1))
		die("more than %u visits at once", all->nslots);
	all->slots = mem_grow(all->slots, (all->nslots + 1) * sizeof(*all->slots));
	v = mem_alloc(sizeof(*v));
	v->all = all;
	v->id = all->nslots + 1;
	uv_timer_init(all->loop, &v->deadline);
	v->deadline.data = v;
	all->slots[all->nslots++] = v;
	return v;
}

void
visit_start(struct visits *all, const struct printer *known, bool identify_only,
	visit_done_fn *done, void *arg)
{
	struct visit *v = slot_take(all);

	v->id += 1u << SLOT_BITS;
	v->state = STATE_IDENTIFY;
	v->pool = pool_new();
	v->known = pool_copy(v->pool, known, sizeof(*known));
	v->now = pool_copy(v->pool, known, sizeof(*known));
	v->identity = (struct identity){ 0 };
	v->step = known->id[0] != 0 ? IDENTIFY_AGAIN : IDENTIFY_GET;
	v->identify_only = identify_only;
	v->readings = NULL;
	memset(v->parts, 0, sizeof(v->parts));
	v->nopen = 0;
	v->asked = NULL;
	v->packets = 0;
	v->done = done;
	v->arg = arg;
	all->nopen++;
	uv_timer_start(&v->deadline, on_deadline, PLATEN_VISIT_SECONDS * 1000, 0);
	identify(v);
}

struct visits *
visits_new(uv_loop_t *loop, struct lan *lan, struct scrapers *scrapers, struct recorder *recorder)
{
	static const struct scraper_events events = {
		.matched = on_matched,
		.ask = on_ask,
		.reading = on_reading,
		.done = on_done,
		.gone = on_gone,
		.log = on_log,
	};
	struct visits *all = mem_alloc(sizeof(*all));

	*all = (struct visits){
		.loop = loop,
		.lan = lan,
		.scrapers = scrapers,
		.recorder = recorder,
	};
	scrapers_listen(scrapers, &events, all);
	return all;
}

void
visits_watch(struct visits *all, const struct visit_witness *witness)
{
	all->witness = witness;
}

uint32_t
visits_open(const struct visits *all)
{
	return all->nopen;
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
visits_free(struct visits *all)
{
	for (uint32_t i = 0; i < all->nslots; i++) {
		struct visit *v = all->slots[i];

		if (v->state != STATE_FREE) {
			asked_cancel(v);
			if (v->who != 0)
				all->lan->ops->cancel(all->lan, v->who);
			pool_free(v->pool);
		}
		uv_close((uv_handle_t *)&v->deadline, on_closed);
	}
	free(all->slots);
	free(all);
}
