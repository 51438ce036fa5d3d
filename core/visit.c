/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit.c - a visit from its beginning to its record; see visit.h.
 *
 * The order is: identify, ask every scraper how well it knows the printer, let
 * all that do visit it at once, merge.  A printer that is known is taken for who
 * it was, and identified with the first questions of the scrapers.  Those are
 * remembered of each kind of printer: then it is read before the scrapers are
 * called, and they are called with the answers.  Retries and packets are the lan
 * role's.
 */
#include "printer/forbidden.h"
#include "printer/settle.h"
#include "printer/visit_inside.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_BITS 20 /* a visit's id is slot + 1 in the low bits, uses above */

struct visit *
visit_find(struct visits *all, uint64_t id)
{
	uint64_t slot = (id & ((1u << SLOT_BITS) - 1)) - 1;

	if (slot >= all->nslots || all->slots[slot]->id != id ||
		all->slots[slot]->state == STATE_FREE)
		return NULL;
	return all->slots[slot];
}

struct printer *
visit_now(struct visit *v)
{
	if (v->now == v->known)
		v->now = pool_copy(v->pool, v->known, sizeof(*v->known));
	return v->now;
}

/* ---- the end ---- */

static void
part_over(struct visit *v, uint32_t scraper)
{
	struct part *part = &v->parts[scraper];

	if (!part->open)
		return;
	part->open = false;
	v->nopen--;
	v->nbusy -= part->busy;
	part->busy = 0;
}

/* Nothing more is wanted of the scrapers, nor of the printer. */
static void
parts_end(struct visit *v)
{
	struct scrapers *s = v->all->scrapers;

	for (uint32_t i = 0; i < scrapers_count(s); i++)
		if (v->parts[i].open) {
			part_over(v, i);
			if (v->state == STATE_READ)
				scraper_end(s, i, v->id);
		}
	questions_cancel(v);
	plan_end(v);
}

void
visit_finish(struct visit *v, enum visit_outcome outcome)
{
	struct visit_result result = {
		.outcome = outcome,
		.printer = v->now,
		.shape = v->shape_new ? v->shape : NULL,
		.packets = v->packets,
	};
	struct visits *all = v->all;
	visit_done_fn *done = v->done;
	void *arg = v->arg;
	struct pool *pool = v->pool;

	uv_timer_stop(&v->deadline);
	parts_end(v);
	identity_unname(v);
	if (v->who != 0)
		all->lan->ops->cancel(all->lan, v->who);
	v->who = 0;
	place_take(v);
	v->state = STATE_FREE;
	v->next_free = all->free;
	all->free = v;
	all->nopen--;
	done(arg, &result);
	place_look(all);
	pool_free(pool);
}

/* Merge what was read. */
static void
visit_read(struct visit *v)
{
	bool kept = readings_finish(v->readings, v->all->recorder, v->known, visit_now(v));

	visit_finish(v, kept ? VISIT_READ : VISIT_NOT_KEPT);
}

/*
 * All scrapers are through.  What is not known under another name would get one for
 * ever: where an answer was lost that may have held the name, it is asked again.
 */
static void
visit_through(struct visit *v)
{
	bool first = v->known->id[0] == 0 && v->all->witness == NULL;

	plan_learn(v);
	if (first && v->again < AGAIN_MOST && readings_doubtful(v->readings)) {
		v->again++;
		visit_begin_anew(v);
	} else {
		visit_read(v);
	}
}

/* After what may have been the last thing that was waited for. */
static void
visit_go_on(struct visit *v)
{
	if (v->nopen == 0)
		visit_through(v);
	else
		questions_serve(v);
}

/* ---- scrapers at work ---- */

void
visit_call(struct visit *v)
{
	struct scrapers *s = v->all->scrapers;
	struct oid oid;
	struct platen_device device = identify_device(v->now, &oid);
	uint32_t n = scrapers_count(s);
	struct foretold f = { 0 };
	bool foretold = v->plan != NULL;

	v->called = true;
	for (uint32_t i = 0; i < n; i++)
		if (v->parts[i].open) {
			v->parts[i].busy = 1;
			v->nbusy++;
		}
	/* A plugin in this process may be through before the next one has begun. */
	v->nopen++;
	v->nbusy++;
	for (uint32_t i = 0; i < n; i++)
		if (v->parts[i].open) {
			bool known = plan_foresee(v, i, &f);

			scraper_visit(s, i, v->id, &device, v->known->address, known ? &f : NULL);
			foretold &= known;
		}
	buf_free(&f.answers);
	v->nopen--;
	v->nbusy--;
	if (foretold)
		place_give(v);
	visit_go_on(v);
}

/*
 * Every scraper has said how well it knows the printer: those that do, visit it;
 * where it is known what they will ask, when that has been read.
 */
static void
visit_begin_reading(struct visit *v)
{
	struct scrapers *s = v->all->scrapers;

	v->state = STATE_READ;
	v->readings = readings_new(v->pool);
	if (v->vague)
		readings_note(v->readings, "partial",
			"the printer did not answer all that says who it is");
	v->called = false;
	questions_begin(v);
	for (uint32_t i = 0; i < scrapers_count(s); i++)
		if (v->parts[i].match > 0 && scraper_ready(s, i)) {
			v->parts[i].open = true;
			v->nopen++;
		}
	v->nopen += v->trusted;
	if (!plan_begin(v))
		visit_call(v);
}

/* Once for each printer that looks alike, when every scraper had a say. */
static void
remember_matches(struct visit *v)
{
	uint8_t match[MAX_SCRAPERS];

	if (v->match_doubtful)
		return;
	for (uint32_t i = 0; i < MAX_SCRAPERS; i++)
		match[i] = (uint8_t)v->parts[i].match;
	matches_put(v->all->matches, v->kind, match);
}

static bool
recall_matches(struct visit *v, const struct platen_device *device)
{
	struct visits *all = v->all;
	const uint8_t *match;

	if (all->matches == NULL)
		all->matches = matches_new(scrapers_count(all->scrapers));
	v->kind = matches_key(all->matches, device);
	/* Who looks on wants to see it. */
	if (all->witness != NULL || (match = matches_find(all->matches, v->kind)) == NULL)
		return false;
	for (uint32_t i = 0; i < scrapers_count(all->scrapers); i++)
		v->parts[i].match = match[i];
	return true;
}

static void
visit_matched(struct visit *v)
{
	remember_matches(v);
	visit_begin_reading(v);
}

void
visit_begin_matching(struct visit *v)
{
	struct scrapers *s = v->all->scrapers;
	struct oid oid;
	struct platen_device device = identify_device(v->now, &oid);
	uint32_t n = scrapers_count(s);

	v->state = STATE_MATCH;
	identity_name(v);
	v->match_doubtful = false;
	if (recall_matches(v, &device)) {
		visit_begin_reading(v);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		v->match_doubtful |= scraper_resting(s, i);
		if (scraper_ready(s, i)) {
			v->parts[i].open = true;
			v->nopen++;
		}
	}
	v->nopen++;
	for (uint32_t i = 0; i < n; i++)
		if (v->parts[i].open)
			scraper_match(s, i, v->id, &device);
	if (--v->nopen == 0)
		visit_matched(v);
}

void
visit_confirmed(struct visit *v)
{
	v->trusted = false;
	if (--v->nopen == 0)
		visit_through(v);
}

void
visit_begin_anew(struct visit *v)
{
	parts_end(v);
	identity_unname(v);
	v->id += 1u << SLOT_BITS; /* what plugins still say of the old one is not heard */
	memset(v->parts, 0, sizeof(v->parts));
	v->nopen = 0;
	v->trusted = false;
	v->shape = "";
	v->shape_new = true;
	v->identity = (struct identity){ 0 };
	v->step = IDENTIFY_GET;
	v->vague = false;
	v->state = STATE_IDENTIFY;
	identity_ask(v);
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
		visit_matched(v);
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
	visit_go_on(v);
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
		v->match_doubtful = true;
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
on_handled(void *arg, uint32_t scraper, uint64_t id)
{
	struct visit *v = visit_find(arg, id);

	if (v == NULL || v->parts[scraper].busy == 0)
		return;
	v->parts[scraper].busy--;
	v->nbusy--;
	questions_serve(v);
}

static void
on_readings(void *arg, uint32_t scraper, uint64_t id, const struct emitted *r, uint32_t n)
{
	struct visits *all = arg;
	struct visit *v = visit_find(all, id);
	const char *name = scraper_name(all->scrapers, scraper);

	if (v == NULL || v->state != STATE_READ || !v->parts[scraper].open)
		return;
	for (uint32_t i = 0; all->witness != NULL && i < n; i++)
		all->witness->reading(all->witness->arg, scraper, &r[i].said);
	/* The host has counted already; this count is for a host that has been taken over. */
	if (readings_count(v->readings) + n > PLATEN_MAX_READINGS * MAX_SCRAPERS)
		return;
	for (uint32_t i = 0; i < n; i++)
		readings_add(v->readings, name,
			scraper_yields(all->scrapers, scraper, &r[i]) ? YIELDS
								      : v->parts[scraper].match,
			&r[i]);
}

/* ---- questions of scrapers ---- */

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
	v->parts[scraper].busy++;
	v->nbusy++;
	scraper_answer(v->all->scrapers, scraper, v->id, serial, &no);
}

static void
on_ask(void *arg, uint32_t scraper, uint64_t id, uint64_t serial, const struct question *q)
{
	struct visits *all = arg;
	struct visit *v = visit_find(all, id);

	if (v == NULL || v->state != STATE_READ || !v->parts[scraper].open)
		return;
	if (question_forbidden(q) || !scraper_may_ask(all->scrapers, scraper, q))
		refuse(v, scraper, serial, q);
	else
		questions_add(v, scraper, serial, q);
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
	struct visit *v = all->free;

	if (v != NULL) {
		all->free = v->next_free;
		return v;
	}
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
visit_start(struct visits *all, const struct printer *known, const char *shape, bool identify_only,
	visit_done_fn *done, void *arg)
{
	struct visit *v = slot_take(all);

	v->id += 1u << SLOT_BITS;
	v->state = STATE_IDENTIFY;
	v->pool = pool_new();
	v->known = pool_copy(v->pool, known, sizeof(*known));
	v->now = v->known;
	v->identity = (struct identity){ 0 };
	v->trusted = known->id[0] != 0 && !identify_only;
	v->step = known->id[0] != 0 ? IDENTIFY_AGAIN : IDENTIFY_GET;
	v->identify_only = identify_only;
	v->shape = pool_string(v->pool, shape);
	v->shape_new = false;
	memset(v->parts, 0, sizeof(v->parts));
	v->nopen = v->nbusy = v->packets = 0;
	v->again = 0;
	v->odd = v->vague = v->resting = false;
	v->asked = NULL;
	v->plan = NULL;
	v->ahead = NULL;
	v->read = 0;
	v->done = done;
	v->arg = arg;
	all->nopen++;
	uv_timer_start(&v->deadline, on_deadline, PLATEN_VISIT_SECONDS * 1000, 0);
	if (v->trusted)
		visit_begin_matching(v);
	else
		identity_ask(v);
}

struct visits *
visits_new(uv_loop_t *loop, struct lan *lan, struct scrapers *scrapers, struct recorder *recorder)
{
	static const struct scraper_events events = {
		.matched = on_matched,
		.ask = on_ask,
		.readings = on_readings,
		.done = on_done,
		.handled = on_handled,
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
visits_drop(struct visits *all)
{
	matches_free(all->matches);
	free(all->slots);
	free(all);
}

static void
on_closed(uv_handle_t *handle)
{
	struct visit *v = handle->data;
	struct visits *all = v->all;

	free(v);
	if (--all->nslots == 0)
		visits_drop(all);
}

/* It may be called from within what a visit has come to: all of it stays until the loop turns. */
void
visits_free(struct visits *all)
{
	for (uint32_t i = 0; i < all->nslots; i++) {
		struct visit *v = all->slots[i];

		if (v->state != STATE_FREE) {
			questions_cancel(v);
			plan_end(v);
			if (v->who != 0)
				all->lan->ops->cancel(all->lan, v->who);
			v->state = STATE_FREE;
			pool_free(v->pool);
		}
		uv_close((uv_handle_t *)&v->deadline, on_closed);
	}
	if (all->nslots == 0)
		visits_drop(all);
}
