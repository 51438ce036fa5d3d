/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool.c - records come in, wait in memory, and are kept with the next commit;
 * see spool.h.  Does not know how a record looks inside, nor who takes it.
 */
#include "store/latest.h"
#include "store/spool_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Seconds that the running time may be behind on the disk while no record comes. */
#define LIVED_SECONDS 60

/* ---- opening, and beginning anew after damage ---- */

/*
 * Put a fresh database where a damaged one was, with what can be read of that.
 * seqs below `below` may have been used there.
 */
static bool
begin_anew(struct spool *s, uint64_t below, struct why *why)
{
	char *path = mem_format("%s/" SPOOL_FILE, s->config->state);
	char aside[4096];
	uint64_t saved = 0;
	bool ok;

	log_error("the spool is damaged and is set aside: %s", s->db.why.text);
	database_close(&s->db);
	ok = database_set_aside(path, aside, why);
	ok = ok && spool_db_open(&s->db, s->config->state, DATABASE_TREASURE);
	if (ok)
		saved = spool_db_salvage(&s->db, aside, below, spool_lived(s));
	if (ok && below > 1) {
		spool_db_skip(&s->db, below - 1);
		spool_db_note_loss(&s->db,
			&(struct spool_loss){ .first = 1,
				.last = below - 1,
				.sinks = "",
				.reason = "the spool was damaged" });
		log_error("%s holds the damaged spool; %" PRIu64
			  " records could be read and are kept, new ones begin with %" PRIu64,
			aside, saved, below);
	} else if (!ok && why->text[0] == '\0') {
		*why = s->db.why;
	}
	free(path);
	return ok;
}

/* Who are we: the small file, else the database, else somebody new. */
static bool
find_identity(struct spool *s, struct why *why)
{
	char agent[UUID_TEXT];
	bool known = identity_read(s->config->state, &s->identity, why);

	if (!known && why->text[0] != '\0')
		log_warn("%s", why->text);
	if (s->db.db == NULL)
		return known;
	spool_db_meta(&s->db, "agent", agent, sizeof(agent));
	if (!known) {
		snprintf(s->identity.agent, UUID_TEXT, "%s", agent);
		if (agent[0] == '\0')
			uuid_v4(s->identity.agent);
		s->identity.promised = spool_db_highest(&s->db) + 1;
		if (!identity_write(s->config->state, &s->identity, why))
			return false;
	} else if (agent[0] != '\0' && strcmp(agent, s->identity.agent) != 0) {
		log_warn("%s was made by agent %s; this agent is %s and goes on with it",
			s->db.path, agent, s->identity.agent);
	}
	return true;
}

/*
 * Where counting goes on.  A promise is made for all that waits and a block more,
 * so a database further behind it than that is lost, or an old one put back.
 */
static void
find_next(struct spool *s)
{
	uint64_t next = spool_db_highest(&s->db) + 1;

	if (next + SPOOL_MAX_WAITING + IDENTITY_BLOCK < s->identity.promised ||
		(next == 1 && s->identity.promised > 1)) {
		log_warn("%s is older than its agent: records go on with %" PRIu64
			 " instead of %" PRIu64,
			s->db.path, s->identity.promised, next);
		spool_db_note_loss(&s->db,
			&(struct spool_loss){ .first = next,
				.last = s->identity.promised - 1,
				.sinks = "",
				.reason = "the spool was lost" });
		spool_db_skip(&s->db, s->identity.promised - 1);
		next = s->identity.promised;
	}
	s->next = next;
}

static bool
open_database(struct spool *s, struct why *why)
{
	bool damaged = false;

	if (!spool_db_open(&s->db, s->config->state, DATABASE_TREASURE)) {
		*why = s->db.why;
		damaged = s->db.damaged;
		if (!damaged)
			return false;
	}
	if (!find_identity(s, why) && !damaged)
		return false;
	if (damaged) {
		/* The count is known from the small file; without that, from nowhere. */
		why->text[0] = '\0';
		if (!begin_anew(s, s->identity.promised ? s->identity.promised : 1, why) ||
			!find_identity(s, why))
			return false;
	}
	find_next(s);
	if (damaged)
		spool_note(s,
			"the spool was damaged and set aside; readings from before may be missing");
	return true;
}

struct spool *
spool_open(const struct config *config, struct why *why)
{
	struct spool *s = mem_alloc(sizeof(*s));

	s->config = config;
	s->last = &s->first;
	s->opened = clock_ms();
	s->lock = identity_lock(config->state, why);
	if (s->lock < 0 || !open_database(s, why)) {
		spool_close(s);
		return NULL;
	}
	s->lived = s->lived_kept = spool_db_lived(&s->db);
	s->newest = spool_db_highest(&s->db);
	s->urgent = spool_db_urgent(&s->db);
	if (!spool_db_set_meta(&s->db, "agent", s->identity.agent) ||
		!spool_db_set_meta(&s->db, "open", "yes"))
		log_warn("%s", s->db.why.text);
	return s;
}

const char *
spool_agent(const struct spool *s)
{
	return s->identity.agent;
}

uint64_t
spool_next(const struct spool *s)
{
	return s->next;
}

int64_t
spool_lived(const struct spool *s)
{
	return s->lived + (int64_t)((clock_ms() - s->opened) / 1000);
}

/* ---- taking ---- */

static size_t
text_size_of(const char *s)
{
	return strlen(s) + 1;
}

static const char *
put_text(char **at, const char *s, size_t n)
{
	char *to = *at;

	memcpy(to, s, n);
	*at += n;
	return to;
}

/* One block: the struct, its meters, its texts. */
static struct waiting *
copy_record(const struct spool_record *r)
{
	size_t size = sizeof(struct waiting) + r->nmeters * sizeof(*r->meters) +
		text_size_of(r->device) + r->len + 1;
	struct spool_meter *meters;
	struct waiting *w;
	char *at;

	for (uint32_t i = 0; i < r->nmeters; i++)
		size += text_size_of(r->meters[i].name) + text_size_of(r->meters[i].unit) +
			text_size_of(r->meters[i].via);
	w = mem_alloc(size);
	w->size = size;
	w->record = *r;
	meters = (struct spool_meter *)(w + 1);
	at = (char *)(meters + r->nmeters);
	w->record.meters = w->meters = meters;
	w->record.device = put_text(&at, r->device, text_size_of(r->device));
	w->record.json = put_text(&at, r->json, r->len);
	at++; /* the NUL is there: the block was zeroed */
	for (uint32_t i = 0; i < r->nmeters; i++) {
		const struct spool_meter *m = &r->meters[i];

		meters[i] = *m;
		meters[i].name = put_text(&at, m->name, text_size_of(m->name));
		meters[i].unit = put_text(&at, m->unit, text_size_of(m->unit));
		meters[i].via = put_text(&at, m->via, text_size_of(m->via));
	}
	return w;
}

static struct waiting **
bucket_of(struct spool *s, const char *device)
{
	uint32_t hash = 2166136261u;

	for (; *device != '\0'; device++)
		hash = (hash ^ (uint8_t)*device) * 16777619u;
	return &s->buckets[hash % WAITING_BUCKETS];
}

bool
spool_keep(struct spool *s, const struct spool_record *r, struct why *why)
{
	struct waiting *w, **bucket;

	if (r->seq != s->next)
		return why_set(why, "record %" PRIu64 " comes out of turn, %" PRIu64 " is next",
			r->seq, s->next);
	if (r->len > SPOOL_MAX_RECORD || memchr(r->json, '\n', r->len) != NULL ||
		memchr(r->json, '\0', r->len) != NULL)
		return why_set(why,
			"the record of %s is %zu bytes or more than a line: at most %u in one line",
			r->device, r->len, SPOOL_MAX_RECORD);
	if (s->nwaiting >= SPOOL_MAX_WAITING || s->waiting_size >= SPOOL_MAX_WAITING_SIZE)
		return why_set(why,
			"%s takes nothing and %" PRIu32 " records wait in memory: make room there",
			s->config->state, s->nwaiting);
	if (!latest_stands(r->meters, r->nmeters))
		standing_drop(&s->standing, r->device);
	w = copy_record(r);
	*s->last = w;
	s->last = &w->next;
	bucket = bucket_of(s, r->device);
	w->older = *bucket;
	*bucket = w;
	s->nwaiting++;
	s->waiting_size += w->size;
	s->next++;
	spool_commit_in(s, SPOOL_COMMIT_MS);
	return true;
}

static const struct spool_meter *
same_meter(const struct spool_record *r, const struct spool_meter *like)
{
	for (uint32_t i = 0; i < r->nmeters; i++) {
		const struct spool_meter *m = &r->meters[i];

		if (strcmp(m->name, like->name) == 0 && strcmp(m->unit, like->unit) == 0 &&
			strcmp(m->via, like->via) == 0)
			return m;
	}
	return NULL;
}

void
spool_latest(struct spool *s, const char *device, struct spool_meter *meters, uint32_t n)
{
	const struct spool_meter *m = NULL;
	int64_t until;

	if (n == 0)
		return;
	if (standing_has(&s->standing, device, meters, n)) {
		latest_let_stand(meters, n);
		return;
	}
	until = spool_db_latest(&s->db, device, meters, n);
	/* What waits is newer than what is kept, and the last of it the newest. */
	for (uint32_t i = 0; i < n; i++, m = NULL) {
		for (const struct waiting *w = *bucket_of(s, device); w != NULL && m == NULL;
			w = w->older)
			if (strcmp(w->record.device, device) == 0)
				m = same_meter(&w->record, &meters[i]);
		if (m == NULL)
			continue;
		meters[i].known = true;
		meters[i].before = m->value;
		meters[i].stands = m->value == meters[i].value;
	}
	if (until > 0 && latest_stands(meters, n))
		standing_add(&s->standing, device, meters, n, until);
}

/* ---- committing ---- */

bool
spool_promise(struct spool *s, uint64_t seq, struct why *why)
{
	struct identity next = s->identity;

	if (seq < s->identity.promised)
		return true;
	next.promised = seq + 1 + IDENTITY_BLOCK;
	if (!identity_write(s->config->state, &next, why))
		return false;
	s->identity = next;
	return true;
}

static bool
write_waiting(struct spool *s, int64_t lived)
{
	const struct spool_record *list[SPOOL_DB_ROWS];
	const struct waiting *w = s->first;
	uint32_t n;
	bool ok = true;

	while (ok && w != NULL) {
		for (n = 0; w != NULL && n < SPOOL_DB_ROWS; w = w->next)
			list[n++] = &w->record;
		ok = spool_db_insert(&s->db, list, n, lived);
	}
	return ok;
}

/*
 * It stands in each record.  Where there is none it is written now and then, and at the end: a
 * commit that only moves a cursor need not write a page more.
 */
static bool
write_lived(struct spool *s, int64_t lived)
{
	bool closing = s->loop == NULL, recorded = s->first != NULL;
	char text[24];

	if (!closing && !recorded && lived - s->lived_kept < LIVED_SECONDS)
		return true;
	s->lived_kept = lived;
	if (recorded)
		return true;
	snprintf(text, sizeof(text), "%" PRId64, lived);
	return spool_db_set_meta(&s->db, "lived", text);
}

static bool
write_all(struct spool *s)
{
	int64_t lived = spool_lived(s);

	return write_waiting(s, lived) && outlets_write(s) &&
		(s->guest.write == NULL || s->guest.write(s->guest.arg, &s->db)) &&
		write_lived(s, lived);
}

static void
forget_waiting(struct spool *s, bool kept)
{
	for (struct waiting *w = s->first, *next; w != NULL; w = next) {
		next = w->next;
		if (kept) {
			s->newest = w->record.seq;
			if (w->record.urgent)
				s->urgent = w->record.seq;
			outlets_notice(s, &w->record);
			recent_add(s, w);
		} else {
			free(w);
		}
	}
	s->first = NULL;
	s->last = &s->first;
	memset(s->buckets, 0, sizeof(s->buckets));
	s->nwaiting = 0;
	s->waiting_size = 0;
}

/* The database is another one: what stood in the old one is to be written again. */
static void
is_another(struct spool *s)
{
	outlets_moved(s);
	recent_let_go(s, UINT64_MAX, 0);
	standing_clear(&s->standing);
	for (struct waiting *w = s->first; w != NULL; w = w->next)
		for (uint32_t i = 0; i < w->record.nmeters; i++)
			w->meters[i].stands = false;
	if (s->guest.anew != NULL)
		s->guest.anew(s->guest.arg);
}

/* A damaged file is replaced at once, and what waits goes into the new one. */
static void
replace(struct spool *s)
{
	uint64_t below = s->first != NULL ? s->first->record.seq : s->next;
	struct why why = { "" };

	if (!begin_anew(s, below, &why)) {
		log_error("%s", why.text);
		return;
	}
	spool_db_set_meta(&s->db, "agent", s->identity.agent);
	spool_db_set_meta(&s->db, "open", "yes");
	is_another(s);
	spool_note(s, "the spool was damaged and set aside; readings from before may be missing");
}

/* The connection may have been lost by an earlier replacement that failed. */
static bool
have_database(struct spool *s)
{
	if (s->db.db != NULL && !database_in_place(&s->db)) {
		why_set(&s->db.why, "%s was taken away", s->db.path);
		s->db.damaged = true;
	}
	if (s->db.db != NULL && s->db.damaged)
		replace(s);
	if (s->db.db == NULL && spool_db_open(&s->db, s->config->state, DATABASE_TREASURE))
		is_another(s);
	return s->db.db != NULL;
}

static bool
commit(struct spool *s, struct why *why)
{
	*why = s->db.why;
	if (!have_database(s) || !spool_promise(s, s->next - 1, why))
		return false;
	if (database_done(&s->db, database_begin(&s->db) && write_all(s)))
		return true;
	*why = s->db.why;
	return false;
}

bool
spool_commit(struct spool *s, struct why *why)
{
	bool ok;

	outlets_pass(s);
	ok = commit(s, why);
	/* Once more, into the file that replaces a damaged one. */
	if (!ok && s->db.damaged)
		ok = commit(s, why);
	if (!ok) {
		if (!s->ailing)
			log_error("%s; records wait in memory until it works again", why->text);
		s->ailing = true;
		spool_commit_in(s, SPOOL_RETRY_MS);
		if (s->guest.done != NULL)
			s->guest.done(s->guest.arg, false);
		return false;
	}
	if (s->ailing)
		log_info("the spool works again: %" PRIu32 " records that waited are kept",
			s->nwaiting);
	s->ailing = false;
	outlets_written(s);
	forget_waiting(s, true);
	bounds_keep(s);
	if (s->guest.done != NULL)
		s->guest.done(s->guest.arg, true);
	outlets_turn(s);
	if (s->committed != NULL)
		s->committed(s->committed_arg);
	return true;
}

static void
on_commit(uv_timer_t *t)
{
	struct why why;

	spool_commit(t->data, &why);
}

void
spool_commit_in(struct spool *s, uint64_t ms)
{
	if (s->loop != NULL && !uv_is_active((uv_handle_t *)s->commit_timer))
		uv_timer_start(s->commit_timer, on_commit, ms, 0);
}

void
spool_hurry(struct spool *s, uint64_t ms)
{
	if (s->loop == NULL)
		return;
	if (uv_is_active((uv_handle_t *)s->commit_timer) &&
		uv_timer_get_due_in(s->commit_timer) <= ms)
		return;
	uv_timer_start(s->commit_timer, on_commit, ms, 0);
}

void
spool_invite(struct spool *s, const struct spool_guest *guest)
{
	s->guest = guest != NULL ? *guest : (struct spool_guest){ 0 };
}

void
spool_when_committed(struct spool *s, void (*committed)(void *arg), void *arg)
{
	s->committed = committed;
	s->committed_arg = arg;
}

struct database *
spool_database(struct spool *s)
{
	return &s->db;
}

bool
spool_is_full(const struct spool *s)
{
	return s->full;
}

/* ---- running ---- */

static void
on_turn(uv_timer_t *t)
{
	outlets_turn(t->data);
}

/* On the heap: libuv lets go of it only when the loop has turned once more. */
static uv_timer_t *
new_timer(struct spool *s)
{
	uv_timer_t *t = mem_alloc(sizeof(*t));

	uv_timer_init(s->loop, t);
	t->data = s;
	return t;
}

void
spool_run(struct spool *s, uv_loop_t *loop, struct delivery *delivery)
{
	s->loop = loop;
	s->commit_timer = new_timer(s);
	s->turn_timer = new_timer(s);
	outlets_open(s, delivery);
	if (s->nwaiting > 0)
		spool_commit_in(s, SPOOL_COMMIT_MS);
	uv_timer_start(s->turn_timer, on_turn, 0, 0);
}

void
spool_turn_in(struct spool *s, uint64_t ms)
{
	uv_timer_start(s->turn_timer, on_turn, ms, 0);
}

static void
free_timer(uv_handle_t *t)
{
	free(t);
}

void
spool_close(struct spool *s)
{
	struct why why;

	if (s == NULL)
		return;
	if (s->loop != NULL) {
		uv_close((uv_handle_t *)s->commit_timer, free_timer);
		uv_close((uv_handle_t *)s->turn_timer, free_timer);
		s->loop = NULL; /* nothing is offered any more */
	}
	if (s->next != 0) { /* it was opened whole */
		if (!spool_commit(s, &why))
			log_error("%" PRIu32 " records are lost: %s", s->nwaiting, why.text);
		spool_db_set_meta(&s->db, "open", NULL);
	}
	forget_waiting(s, false);
	outlets_close(s);
	recent_let_go(s, UINT64_MAX, 0);
	standing_clear(&s->standing);
	if (s->db.db != NULL)
		database_close(&s->db);
	if (s->lock >= 0)
		close(s->lock);
	free(s);
}
