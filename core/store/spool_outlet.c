/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool_outlet.c - each sink's place in the spool: what it has, what it is given
 * next, and when.  How a batch travels and how long a failure rests is the
 * delivery's business.
 */
#include "store/spool_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

/* A sink that is no longer in the INI holds nothing back; that is said once. */
static void
part_with(struct spool *s)
{
	struct buf known = { 0 };
	uint64_t cursor;
	char name[64];

	buf_text(&known, "\n");
	for (uint32_t i = 0; i < s->noutlets; i++)
		buf_format(&known, "%s\n", s->outlets[i].config->name);
	while (spool_db_sink_gone(&s->db, (const char *)known.p, name, sizeof(name), &cursor))
		log_warn("sink %s is no longer in the INI: records after %" PRIu64
			 " are not kept for it",
			name, cursor);
	buf_free(&known);
}

void
outlets_open(struct spool *s, struct delivery *delivery)
{
	s->delivery = delivery;
	s->noutlets = delivery_sinks(delivery);
	s->outlets = mem_alloc(s->noutlets * sizeof(*s->outlets));
	for (uint32_t i = 0; i < s->noutlets; i++) {
		struct outlet *o = &s->outlets[i];

		o->spool = s;
		o->sink = i;
		o->config = delivery_sink(delivery, i);
		o->cursor = spool_db_cursor(&s->db, o->config->name);
		if (o->cursor > s->newest)
			o->cursor = s->newest;
		o->taken = o->cursor;
		o->moved = true;
	}
	for (uint32_t i = 0; i < s->noutlets; i++)
		standby_open(&s->outlets[i]);
	part_with(s);
}

/* The batch is no longer out: its texts are not needed any more. */
static void
let_go(struct outlet *o)
{
	pool_free(o->pool);
	o->pool = NULL;
	for (uint32_t i = 0; i < o->nitems; i++) {
		recent_release(o->items[i].held);
		o->items[i].held = NULL;
	}
}

void
outlets_close(struct spool *s)
{
	for (uint32_t i = 0; i < s->noutlets; i++)
		let_go(&s->outlets[i]);
	free(s->outlets);
	for (struct refusal *r = s->refusals, *next; r != NULL; r = next) {
		next = r->next;
		free(r);
	}
}

/* ---- what is written with the next commit ---- */

void
outlets_pass(struct spool *s)
{
	for (uint32_t i = 0; i < s->noutlets; i++) {
		struct outlet *o = &s->outlets[i];

		if (o->config->take != TAKE_URGENT || o->nitems > 0 || s->urgent > o->cursor ||
			o->cursor == s->newest)
			continue;
		o->cursor = o->taken = s->newest;
		o->moved = true;
	}
}

bool
outlets_write(struct spool *s)
{
	bool ok = true;

	for (uint32_t i = 0; ok && i < s->noutlets; i++)
		if (s->outlets[i].moved)
			ok = spool_db_set_cursor(&s->db, s->outlets[i].config->name,
				     s->outlets[i].cursor) &&
				standby_write(&s->outlets[i]);
	for (const struct refusal *r = s->refusals; ok && r != NULL; r = r->next)
		ok = spool_db_refuse(&s->db, r->sink, r->seq, r->reason);
	return ok;
}

void
outlets_written(struct spool *s)
{
	for (uint32_t i = 0; i < s->noutlets; i++)
		s->outlets[i].moved = false;
	for (struct refusal *r = s->refusals, *next; r != NULL; r = next) {
		next = r->next;
		free(r);
	}
	s->refusals = NULL;
}

void
outlets_moved(struct spool *s)
{
	for (uint32_t i = 0; i < s->noutlets; i++)
		s->outlets[i].moved = true;
}

uint64_t
slot_wait(const char *agent, uint64_t every, int64_t wall)
{
	uint64_t hash = UINT64_C(14695981039346656037), now = (uint64_t)wall * 1000;

	if (every == 0)
		return 0;
	for (; *agent != 0; agent++)
		hash = (hash ^ (unsigned char)*agent) * UINT64_C(1099511628211);
	return (hash % every + every - now % every) % every;
}

/* The oldest of what waits came now. */
static void
count_from_now(struct outlet *o)
{
	o->since = clock_ms();
	o->slot = o->since + slot_wait(o->spool->identity.agent, o->config->every, clock_wall());
}

void
outlets_notice(struct spool *s, const struct spool_record *r)
{
	for (uint32_t i = 0; i < s->noutlets; i++) {
		struct outlet *o = &s->outlets[i];

		if (!outlet_wants(o, r->urgent))
			continue;
		if (o->since == 0)
			count_from_now(o);
		o->bytes += r->len;
	}
}

/* ---- one batch ---- */

static void
refuse(struct outlet *o, uint64_t seq, const char *reason)
{
	size_t n = strlen(reason) + 1;
	struct refusal *r = mem_alloc(sizeof(*r) + n);

	r->next = o->spool->refusals;
	r->sink = o->config->name;
	r->seq = seq;
	memcpy(r->reason, reason, n);
	o->spool->refusals = r;
	o->refused++;
	snprintf(o->refusal, sizeof(o->refusal), "record %" PRIu64 ": %s", seq, reason);
}

/* One line for a batch, not one for each record. */
static void
say_refused(struct outlet *o)
{
	if (o->refused > 0)
		log_warn("sink %s: %" PRIu32 " records are set aside for good, the last is %s",
			o->config->name, o->refused, o->refusal);
	o->refused = 0;
}

/* A damaged text is not passed on as if it were right. */
static void
refuse_damaged(struct outlet *o, uint64_t seq)
{
	char text[160];

	refuse(o, seq, "its text was damaged on the disk");
	snprintf(text, sizeof(text),
		"record %" PRIu64 " was damaged on the disk before sink %s had it", seq,
		o->config->name);
	spool_note(o->spool, text);
}

/* json: the row's text, where that stays as long as the batch is out. */
static const struct platen_record *
record_of(struct outlet *o, const struct spool_row *row, const char *json)
{
	struct platen_record *r = pool_alloc(o->pool, sizeof(*r));

	*r = (struct platen_record){ .size = sizeof(*r),
		.urgent = row->urgent,
		.seq = row->seq,
		.json = json != NULL ? json : pool_copy(o->pool, row->json, row->len),
		.len = row->len };
	return r;
}

/*
 * One more in hand, which lies in memory at w or nowhere.  The texts of the first run that is
 * sound are what is offered.
 */
static void
take_in_hand(struct outlet *o, const struct spool_row *row, struct waiting *w,
	const struct platen_record **records, uint32_t *n)
{
	bool in_turn = *n == 0 || records[*n - 1]->seq == o->items[o->nitems - 1].seq;
	struct item *item = &o->items[o->nitems++];

	*item = (struct item){ .seq = row->seq, .settled = !row->sound };
	if (!row->sound) {
		refuse_damaged(o, row->seq);
	} else if (in_turn) {
		item->held = w != NULL ? recent_hold(w) : NULL;
		records[(*n)++] = record_of(o, row, w != NULL ? row->json : NULL);
	}
}

/* Take the next batch in hand: its numbers, and texts.  False: the database cannot be read. */
static bool
collect(struct outlet *o, const struct platen_record **records, uint32_t *n)
{
	struct spool *s = o->spool;
	enum database_step step;
	struct source from = source_after(o, o->cursor);
	struct spool_row row;
	struct waiting *w;
	size_t bytes = 0;

	*n = 0;
	while ((step = source_next(o, &from, &row, &w)) == DATABASE_ROW) {
		bytes += row.len;
		if (o->nitems == SPOOL_BATCH_RECORDS ||
			(o->nitems > 0 && bytes > SPOOL_BATCH_SIZE)) {
			sqlite3_reset(from.rows);
			break;
		}
		take_in_hand(o, &row, w, records, n);
	}
	/* Behind the last row are only numbers that were never used, or not for this sink. */
	if (step == DATABASE_END && o->nitems == 0) {
		o->cursor = s->newest;
		o->moved = true;
	}
	o->taken = o->nitems > 0 ? o->items[o->nitems - 1].seq : o->cursor;
	o->bytes = o->bytes > bytes ? o->bytes - bytes : 0;
	o->since = 0;
	if (s->newest > o->taken)
		count_from_now(o);
	o->attempt = 0;
	return step != DATABASE_FAILED;
}

/*
 * The first run of items that are not settled yet, with their texts.  An item
 * whose record was dropped meanwhile is settled by that.  False: the database
 * cannot be read.
 */
static bool
load(struct outlet *o, const struct platen_record **records, uint32_t *n)
{
	struct spool *s = o->spool;
	uint32_t from = 0, end, at;
	enum database_step step;
	struct spool_row row;
	sqlite3_stmt *rows;

	*n = 0;
	while (from < o->nitems && o->items[from].settled)
		from++;
	for (end = from; end < o->nitems && !o->items[end].settled;)
		end++;
	if (from == end)
		return true;
	rows = spool_db_records(&s->db, o->items[from].seq - 1, o->items[end - 1].seq,
		o->config->take);
	for (at = from; (step = spool_db_record(&s->db, rows, &row)) == DATABASE_ROW;) {
		while (at < end && o->items[at].seq < row.seq)
			o->items[at++].settled = true;
		if (at == end || o->items[at].seq != row.seq)
			continue; /* not collected: for a later batch */
		if (row.sound)
			records[(*n)++] = record_of(o, &row, NULL);
		else
			refuse_damaged(o, row.seq);
		o->items[at++].settled = !row.sound;
	}
	while (step == DATABASE_END && at < end)
		o->items[at++].settled = true;
	return step == DATABASE_END;
}

/* What is settled without a hole moves the cursor. */
static void
advance(struct outlet *o)
{
	uint64_t cursor = o->cursor;
	uint32_t i = 0;

	while (i < o->nitems && o->items[i].settled)
		cursor = o->items[i++].seq;
	if (i == o->nitems)
		o->nitems = 0;
	if (cursor > o->cursor) {
		o->cursor = cursor;
		o->moved = true;
		o->attempt = 0;
		spool_commit_in(o->spool, SPOOL_COMMIT_MS);
	}
}

static void
on_settled(void *arg, uint32_t sink, uint64_t first, uint64_t last, int32_t verdict,
	const char *reason)
{
	struct spool *s = arg;
	struct outlet *o = &s->outlets[sink];

	for (uint32_t i = 0; i < o->nitems; i++) {
		struct item *item = &o->items[i];

		if (item->seq < first || item->seq > last || item->settled)
			continue;
		item->settled = true;
		o->undelivered = 0;
		if (verdict == PLATEN_REJECTED)
			refuse(o, item->seq, reason);
	}
}

static void
on_over(void *arg, uint32_t sink, bool again, uint64_t wait)
{
	struct spool *s = arg;
	struct outlet *o = &s->outlets[sink];

	let_go(o);
	say_refused(o);
	advance(o);
	o->state = again ? OUTLET_RESTING : OUTLET_IDLE;
	if (!again)
		o->undelivered = 0;
	o->until = clock_ms() + wait;
	/* By timer, not by call: a delivery that answers at once must not come back into itself. */
	spool_turn_in(s, 0);
}

static void
offer(struct outlet *o)
{
	static const struct batch_events events = { on_settled, on_over };
	struct spool *s = o->spool;
	const struct platen_record **records;
	struct platen_batch *batch;
	char id[96];
	uint32_t n;

	o->pool = pool_new();
	records = pool_alloc(o->pool, SPOOL_BATCH_RECORDS * sizeof(*records));
	if (!(o->nitems == 0 ? collect(o, records, &n) : load(o, records, &n))) {
		/* The next commit says what is wrong, and replaces a damaged database. */
		on_over(s, o->sink, true, SPOOL_RETRY_MS);
		spool_commit_in(s, 0);
		return;
	}
	if (n == 0) {
		on_over(s, o->sink, false, 0);
		return;
	}
	snprintf(id, sizeof(id), "%s/%" PRIu64 "-%" PRIu64, s->identity.agent, records[0]->seq,
		records[n - 1]->seq);
	batch = pool_alloc(o->pool, sizeof(*batch));
	*batch = (struct platen_batch){ .size = sizeof(*batch),
		.attempt = ++o->attempt,
		.id = pool_string(o->pool, id),
		.agent = s->identity.agent,
		.n = n,
		.records = records };
	o->state = OUTLET_BUSY;
	if (o->undelivered == 0)
		o->undelivered = clock_ms();
	delivery_offer(s->delivery, o->sink, batch, &events, s);
}

/* ---- when ---- */

/* What is offered within so many ms is not let go of before. */
#define SOON 1000

/* In how many ms the sink is to be offered something; UINT64_MAX: nothing is there. */
static uint64_t
due(const struct outlet *o, uint64_t now)
{
	const struct spool *s = o->spool;
	uint64_t newest = o->config->take == TAKE_ALL ? s->newest : s->urgent;

	switch (o->state) {
	case OUTLET_BUSY:
	case OUTLET_STANDBY:
		return UINT64_MAX;
	case OUTLET_RESTING:
		return o->until > now ? o->until - now : 0;
	case OUTLET_IDLE:
		break;
	}
	if (o->nitems > 0 ||
		(newest > o->taken &&
			(s->urgent > o->taken || o->since == 0 ||
				newest - o->taken >= SPOOL_BATCH_RECORDS ||
				o->bytes >= SPOOL_BATCH_SIZE)))
		return 0;
	if (newest <= o->taken)
		return UINT64_MAX;
	return o->slot > now ? o->slot - now : 0;
}

/* Only what a sink will soon be given, and no more than a batch, is worth its memory. */
static void
let_go_of_recent(struct spool *s, uint64_t now)
{
	uint64_t last = s->newest;

	for (uint32_t i = 0; i < s->noutlets; i++) {
		const struct outlet *o = &s->outlets[i];

		if (o->taken < last && (o->state == OUTLET_BUSY || due(o, now) < SOON))
			last = o->taken;
	}
	recent_let_go(s, last, SPOOL_BATCH_SIZE);
}

void
outlets_turn(struct spool *s)
{
	uint64_t now = clock_ms(), next = UINT64_MAX, ms;

	if (s->loop == NULL) {
		recent_let_go(s, UINT64_MAX, 0);
		return;
	}
	for (uint32_t i = 0; i < s->noutlets; i++) {
		struct outlet *o = &s->outlets[i];

		ms = due(o, now);
		if (ms == 0)
			offer(o);
		else if (ms < next)
			next = ms;
	}
	/* After those they step in for: what was just offered may be late already some day. */
	for (uint32_t i = 0; i < s->noutlets; i++) {
		ms = standby_turn(&s->outlets[i], now);
		if (s->outlets[i].follows != NULL && due(&s->outlets[i], now) == 0)
			ms = 0;
		next = ms < next ? ms : next;
	}
	let_go_of_recent(s, now);
	/* Whoever was offered something comes back by itself. */
	if (next != UINT64_MAX)
		spool_turn_in(s, next);
}
