/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool_bounds.c - the spool stays small: the oldest records go when it is too
 * big or they are too old.  What every sink has had goes without a word; what
 * one of them still waits for is counted, and that is a record itself.
 */
#include "store/spool_inside.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define TRIM_RECORDS 10000 /* deleted in one transaction, at most */
/*
 * A spool that is full is brought down to this part of its size, so that it is not full again at
 * once.
 */
#define TRIM_PERCENT 90

char *
spool_note_json(const struct spool *s, uint64_t seq, const char *text)
{
	const char *customer = s->config->customer, *site = s->config->site;
	char id[UUID_TEXT], time[24];
	json_t *note;
	char *line;

	uuid_v7(id);
	clock_iso(clock_wall(), time);
	note = json_pack("{ss ss ss sI ss* ss* ss s[{ss ss}]}", "schema", "platen.reading/1", "id",
		id, "agent", s->identity.agent, "seq", (json_int_t)seq, "customer",
		customer != NULL && customer[0] != '\0' ? customer : NULL, "site",
		site != NULL && site[0] != '\0' ? site : NULL, "time", time, "notes", "kind",
		"dropped", "text", text);
	line = json_dumps(note, JSON_COMPACT);
	json_decref(note);
	if (line == NULL)
		die("out of memory");
	return line;
}

/* seq is filled in by whoever keeps it. */
static struct spool_record
note_record(uint64_t seq, const char *json)
{
	return (struct spool_record){
		.seq = seq, .device = "", .time = clock_wall(), .json = json, .len = strlen(json)
	};
}

void
spool_note(struct spool *s, const char *text)
{
	char *json = spool_note_json(s, s->next, text);
	struct spool_record r = note_record(s->next, json);
	struct why why;

	if (!spool_keep(s, &r, &why))
		log_warn("%s", why.text);
	free(json);
}

/* ---- how much has to go ---- */

static uint64_t
lowest_cursor(const struct spool *s)
{
	uint64_t lowest = s->newest;

	for (uint32_t i = 0; i < s->noutlets; i++)
		if (s->outlets[i].cursor < lowest)
			lowest = s->outlets[i].cursor;
	return lowest;
}

/* The last number that is too much: 0: none. */
static uint64_t
too_much(struct spool *s)
{
	uint64_t used = spool_db_used(&s->db), max = s->config->spool_max_size;
	uint64_t records, n, most;

	if (max == 0 || used <= max)
		return 0;
	records = spool_db_count(&s->db, 0, s->newest, TAKE_ALL);
	n = (uint64_t)((double)records * (double)(used - max / 100 * TRIM_PERCENT) / (double)used) +
		1;
	most = records < TRIM_RECORDS ? records : TRIM_RECORDS;
	return n > 0 && most > 0 ? spool_db_nth(&s->db, n < most ? n : most) : 0;
}

static uint64_t
too_old(struct spool *s)
{
	uint64_t last, most;

	if (s->config->spool_max_age == 0)
		return 0;
	last = spool_db_older(&s->db, spool_lived(s) - (int64_t)(s->config->spool_max_age / 1000));
	/* Counting is a walk over the records: not with each commit, only when some are to go. */
	if (last < spool_db_lowest(&s->db))
		return 0;
	most = spool_db_nth(&s->db, TRIM_RECORDS);
	return most > 0 && most < last ? most : last;
}

/* ---- dropping ---- */

/* Who loses what when everything up to last goes; count 0: nobody. */
static void
weigh(struct spool *s, uint64_t last, struct spool_loss *loss, struct buf *sinks)
{
	for (uint32_t i = 0; i < s->noutlets; i++) {
		const struct outlet *o = &s->outlets[i];
		int64_t n = o->cursor >= last
			? 0
			: (int64_t)spool_db_count(&s->db, o->cursor, last, o->config->take);

		if (n == 0)
			continue;
		buf_format(sinks, "%s%s", sinks->n > 0 ? ", " : "", o->config->name);
		if (n > loss->count)
			loss->count = n;
	}
}

/* The loss and the record that tells of it, in the transaction that drops. */
static bool
write_loss(struct spool *s, struct spool_loss *loss)
{
	char *text, *json;
	struct spool_record r;
	const struct spool_record *list[] = { &r };
	struct why why;
	bool ok;

	text = mem_format("%" PRId64 " records from %" PRIu64 " to %" PRIu64
			  " were dropped before sink %s had them: %s",
		loss->count, loss->first, loss->last, loss->sinks, loss->reason);
	json = spool_note_json(s, s->next, text);
	r = note_record(s->next, json);
	ok = spool_promise(s, s->next, &why) && spool_db_note_loss(&s->db, loss) &&
		spool_db_insert(&s->db, list, COUNT(list), spool_lived(s));
	if (ok)
		log_warn("%s", text);
	free(text);
	free(json);
	return ok;
}

static void
pass_all(struct spool *s, uint64_t last)
{
	for (uint32_t i = 0; i < s->noutlets; i++) {
		struct outlet *o = &s->outlets[i];

		if (o->cursor >= last)
			continue;
		o->cursor = last;
		o->moved = true;
		if (o->taken < last)
			o->taken = last;
	}
}

static void
drop(struct spool *s, uint64_t last, const char *reason)
{
	struct spool_loss loss = { .last = last, .reason = reason };
	struct buf sinks = { 0 };
	bool ok = database_begin(&s->db), lost = false, forgot = false;

	if (ok && last > lowest_cursor(s)) {
		buf_text(&sinks, "");
		weigh(s, last, &loss, &sinks);
		loss.first = spool_db_lowest(&s->db);
		if (loss.first <= lowest_cursor(s))
			loss.first = lowest_cursor(s) + 1;
		loss.sinks = (const char *)sinks.p;
		lost = loss.count > 0;
		ok = !lost || write_loss(s, &loss);
	}
	ok = ok && spool_db_delete(&s->db, last) &&
		spool_db_tidy(&s->db, s->config->spool_max_size, &forgot);
	if (forgot)
		standing_clear(&s->standing);
	if (database_done(&s->db, ok)) {
		pass_all(s, last);
		recent_let_go(s, lost ? UINT64_MAX : last, SIZE_MAX);
		if (lost)
			s->newest = s->next++;
	} else {
		log_warn("%s; the spool stays larger than it should be", s->db.why.text);
	}
	buf_free(&sinks);
}

/* At a gateway what a sink still waits for has been receipted: it stays, whatever the bounds. */
static uint64_t
may_go(const struct spool *s, uint64_t last)
{
	uint64_t lowest = lowest_cursor(s);

	return config_is_gateway(s->config) && last > lowest ? lowest : last;
}

void
bounds_keep(struct spool *s)
{
	uint64_t last;

	if (s->nwaiting > 0 || s->delivery == NULL)
		return;
	if ((last = may_go(s, too_old(s))) >= spool_db_lowest(&s->db) && last > 0)
		drop(s, last, "they were older than [spool] max_age");
	if ((last = may_go(s, too_much(s))) >= spool_db_lowest(&s->db) && last > 0)
		drop(s, last, "the spool was full ([spool] max_size)");
	s->full = config_is_gateway(s->config) && spool_db_used(&s->db) > s->config->spool_max_size;
}
