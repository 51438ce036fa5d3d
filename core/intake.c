/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake.c - uploads of other agents on their way into the spool; see intake.h.
 *
 * Which numbers of an agent were here is held in memory and written in the
 * commit that keeps the records, so neither can be there without the other.
 */
#include "intake.h"

#include "process/gatelink.h"
#include "store/intake_db.h"
#include "store/keyfile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One agent that sends to us. */
struct sender {
	char agent[UUID_TEXT];
	struct seen readings;
	struct seen urgent; /* of this life alone: sinks take one twice without harm */
	bool dirty; /* came since the last commit */
	struct intake_visit visit;
	struct buf names; /* the visit's texts, one behind the other */
};

/* A printer that was read, to be written with the next commit. */
struct sighting {
	struct sighting *next;
	const char *agent, *device, *label;
	int64_t time;
};

/* An upload that waits for the commit. */
struct waiter {
	struct waiter *next;
	struct gate_kept kept;
};

struct intake {
	const struct config *config;
	struct spool *spool;
	struct gatelink *link;
	bool ailing; /* the last commit failed; the spool tries again by itself */
	uint32_t n, room;
	struct sender **senders; /* in order of agent */
	struct pool *pool; /* of sightings and waiters; until the next commit */
	struct sighting *sightings;
	struct waiter *waiters;
	uv_timer_t *look; /* at the file of keys */
	struct stat keys; /* the file when it was read */
};

/* ---- senders ---- */

static uint32_t
place_of(const struct intake *in, const char *agent)
{
	uint32_t from = 0, to = in->n;

	while (from < to) {
		uint32_t middle = (from + to) / 2;

		if (strcmp(in->senders[middle]->agent, agent) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct sender *
sender_of(struct intake *in, const char *agent)
{
	uint32_t at = place_of(in, agent);
	struct sender *s;

	if (at < in->n && strcmp(in->senders[at]->agent, agent) == 0)
		return in->senders[at];
	if (in->n == in->room) {
		in->room = in->room == 0 ? 64 : in->room * 2;
		in->senders = mem_grow(in->senders, in->room * sizeof(*in->senders));
	}
	s = mem_alloc(sizeof(*s));
	memcpy(s->agent, agent, UUID_TEXT);
	memmove(&in->senders[at + 1], &in->senders[at], (in->n - at) * sizeof(*in->senders));
	in->senders[at] = s;
	in->n++;
	return s;
}

static void
load(struct intake *in)
{
	struct database *d = spool_database(in->spool);
	sqlite3_stmt *rows = intake_db_runs(d);
	char agent[UUID_TEXT];
	struct run run;

	while (intake_db_run(d, rows, agent, &run)) {
		struct seen *s = &sender_of(in, agent)->readings;

		if (run.first > run.last || (s->n > 0 && s->runs[s->n - 1].last >= run.first))
			continue; /* made by nobody of us */
		s->runs = mem_grow(s->runs, (s->n + 1) * sizeof(*s->runs));
		s->runs[s->n++] = run;
		s->room = s->n;
	}
}

/* ---- one upload ---- */

/*
 * Texts of the newest upload: those before in this commit do not matter any more.
 * Before its first record: a commit in the middle of it writes what came till then.
 */
static void
note_visit(struct sender *s, const struct gate_batch *b)
{
	struct intake_visit *v = &s->visit;
	const char *const texts[] = { b->customer, b->site, b->version, b->peer };
	const char **const to[] = { &v->customer, &v->site, &v->version, &v->peer };
	size_t at = 0;

	s->dirty = true;
	v->agent = s->agent;
	buf_clear(&s->names);
	for (size_t i = 0; i < COUNT(texts); i++)
		buf_add(&s->names, texts[i], strlen(texts[i]) + 1);
	for (size_t i = 0; i < COUNT(texts); i++) {
		*to[i] = (const char *)s->names.p + at;
		at += strlen(texts[i]) + 1;
	}
	v->how = b->how;
	v->at = clock_wall();
	v->batches++;
	v->bytes += b->bytes;
}

static void
note_printer(struct intake *in, const struct sender *s, const struct gate_record *r)
{
	struct sighting *g = pool_alloc(in->pool, sizeof(*g));

	*g = (struct sighting){
		.next = in->sightings,
		.agent = s->agent,
		.device = pool_string(in->pool, r->device),
		.label = pool_string(in->pool, r->label),
		.time = r->time,
	};
	in->sightings = g;
}

/* False: the spool takes no more now. */
static bool
put(struct intake *in, const struct gate_record *r)
{
	struct spool_record record = {
		.seq = spool_next(in->spool),
		.device = r->device,
		.time = r->time,
		.urgent = r->urgent,
		.json = r->json,
		.len = r->len,
	};
	struct why why;

	if (spool_keep(in->spool, &record, &why))
		return true;
	/* Much came at once: make room by a commit, and nothing but a disk in trouble stays. */
	if (!spool_commit(in->spool, &why))
		return false;
	record.seq = spool_next(in->spool);
	return spool_keep(in->spool, &record, &why);
}

static bool
take_reading(struct intake *in, struct sender *s, const struct gate_record *r, enum gate_fate *fate)
{
	if (seen_has(&s->readings, r->seq)) {
		*fate = FATE_KNOWN;
		return true;
	}
	if (!seen_fits(&s->readings, r->seq, MAX_GATE_GAPS)) {
		*fate = FATE_SCATTERED;
		return true;
	}
	if (!put(in, r))
		return false;
	*fate = FATE_KEPT;
	seen_add(&s->readings, r->seq);
	if (*r->device != 0)
		note_printer(in, s, r);
	return true;
}

/* Of use only until the reading itself is here. */
static bool
take_urgent(struct intake *in, struct sender *s, const struct gate_record *r, enum gate_fate *fate)
{
	*fate = FATE_KNOWN;
	if (seen_has(&s->readings, r->seq) || seen_has(&s->urgent, r->seq))
		return true;
	if (!put(in, r))
		return false;
	*fate = FATE_KEPT;
	if (!seen_fits(&s->urgent, r->seq, MAX_GATE_GAPS))
		seen_free(&s->urgent);
	seen_add(&s->urgent, r->seq);
	return true;
}

/* Numbers of our agents have no holes: what is not there is lost, or still to come. */
static void
tell_gap(const struct gate_batch *b, uint64_t before, uint64_t now)
{
	if (now > before)
		log_warn("agent %s (%s %s): %llu records are missing before some that came; "
			 "`platen agents` shows which",
			b->agent, b->customer, b->site, (unsigned long long)(now - before));
}

static bool
take_all(struct intake *in, struct sender *s, const struct gate_batch *b, enum gate_fate *fates)
{
	uint64_t missing = seen_missing(&s->readings);
	bool ok = true;

	note_visit(s, b);
	for (uint32_t i = 0; ok && i < b->n; i++) {
		const struct gate_record *r = &b->records[i];

		switch (r->kind) {
		case GATE_READING:
			ok = take_reading(in, s, r, &fates[i]);
			break;
		case GATE_URGENT:
			ok = take_urgent(in, s, r, &fates[i]);
			break;
		}
		if (ok && fates[i] == FATE_KEPT) {
			s->visit.records++;
			s->dirty = true; /* again, after a commit in the middle */
		}
	}
	tell_gap(b, missing, seen_missing(&s->readings));
	return ok;
}

static void
answer(struct intake *in, uint64_t id, enum gate_outcome outcome)
{
	gatelink_kept(in->link, &(struct gate_kept){ .id = id, .outcome = outcome });
}

static void
on_batch(void *arg, const struct gate_batch *b)
{
	struct intake *in = arg;
	enum gate_fate *fates;
	struct waiter *w;

	if (spool_is_full(in->spool)) {
		answer(in, b->id, GATE_FULL);
		spool_hurry(in->spool, SPOOL_COMMIT_MS); /* which sees whether there is room */
		return;
	}
	if (in->ailing) {
		answer(in, b->id, GATE_BUSY);
		return;
	}
	fates = mem_alloc((b->n + 1) * sizeof(*fates));
	if (!take_all(in, sender_of(in, b->agent), b, fates)) {
		answer(in, b->id, GATE_BUSY);
		free(fates);
		return;
	}
	/* take_all may have committed: only now is the pool the one that lives until the next. */
	w = pool_alloc(in->pool, sizeof(*w));
	w->kept = (struct gate_kept){
		.id = b->id,
		.outcome = GATE_KEPT,
		.n = b->n,
		.fates = pool_copy(in->pool, fates, b->n * sizeof(*fates)),
	};
	w->next = in->waiters;
	in->waiters = w;
	free(fates);
	spool_hurry(in->spool, INTAKE_COMMIT_MS);
}

/* Receipts of the role that died have nobody to go to. */
static void
on_gone(void *arg)
{
	struct intake *in = arg;

	in->waiters = NULL;
}

/* ---- the commit ---- */

static bool
on_write(void *arg, struct database *d)
{
	struct intake *in = arg;
	bool ok = true;

	for (uint32_t i = 0; ok && i < in->n; i++) {
		struct sender *s = in->senders[i];

		if (s->dirty)
			ok = intake_db_write_runs(d, s->agent, &s->readings) &&
				intake_db_write_visit(d, &s->visit);
	}
	for (const struct sighting *g = in->sightings; ok && g != NULL; g = g->next)
		ok = intake_db_write_printer(d, g->agent, g->device, g->label, g->time);
	return ok;
}

static void
forget_written(struct intake *in)
{
	for (uint32_t i = 0; i < in->n; i++) {
		struct sender *s = in->senders[i];

		if (!s->dirty)
			continue;
		for (uint32_t k = 0; k < s->readings.n; k++)
			s->readings.runs[k].dirty = false;
		s->visit.batches = s->visit.records = s->visit.bytes = 0;
		s->dirty = false;
	}
	in->sightings = NULL;
	pool_free(in->pool);
	in->pool = pool_new();
}

static void
on_done(void *arg, bool kept)
{
	struct intake *in = arg;

	for (struct waiter *w = in->waiters; w != NULL; w = w->next)
		if (kept)
			gatelink_kept(in->link, &w->kept);
		else
			answer(in, w->kept.id, GATE_BUSY);
	in->waiters = NULL;
	in->ailing = !kept;
	if (kept)
		forget_written(in);
}

static void
on_anew(void *arg)
{
	struct intake *in = arg;

	for (uint32_t i = 0; i < in->n; i++)
		for (uint32_t k = 0; k < in->senders[i]->readings.n; k++)
			in->senders[i]->readings.runs[k].dirty = true;
}

/* ---- who may send ---- */

static bool
read_keys(struct intake *in, struct why *why)
{
	struct keyfile file;
	struct pool *pool;
	struct gate_keys keys;

	if (stat(in->config->gateway.keys_file, &in->keys) != 0)
		in->keys = (struct stat){ 0 };
	if (!keyfile_read(in->config->gateway.keys_file, &file, why))
		return false;
	pool = pool_new();
	keys = keyfile_keys(&file, pool);
	gatelink_keys(in->link, &keys);
	if (keys.n == 0)
		log_warn("nobody may send to this gateway: `platen keys new AGENT` makes a key");
	else
		log_info("%u keys of agents", keys.n);
	explicit_bzero(&keys, sizeof(keys));
	keyfile_free(&file);
	pool_free(pool);
	return true;
}

static void
on_look(uv_timer_t *timer)
{
	struct intake *in = timer->data;
	struct stat now = { 0 };
	struct why why;

	if (stat(in->config->gateway.keys_file, &now) != 0)
		now = (struct stat){ 0 };
	if (now.st_ino == in->keys.st_ino && now.st_mtim.tv_sec == in->keys.st_mtim.tv_sec &&
		now.st_mtim.tv_nsec == in->keys.st_mtim.tv_nsec && now.st_size == in->keys.st_size)
		return;
	/* Those before stay valid: a file that is broken locks nobody out, and lets nobody in. */
	if (!read_keys(in, &why))
		log_error("%s; the keys stay as they were", why.text);
}

/* ---- coming and going ---- */

struct intake *
intake_open(uv_loop_t *loop, const struct config *config, struct spool *spool, struct why *why)
{
	struct intake *in = mem_alloc(sizeof(*in));
	const struct gatelink_owner owner = { .batch = on_batch, .gone = on_gone, .arg = in };
	const struct spool_guest guest = {
		.write = on_write, .done = on_done, .anew = on_anew, .arg = in
	};

	in->config = config;
	in->spool = spool;
	in->pool = pool_new();
	load(in);
	spool_invite(spool, &guest);
	in->look = mem_alloc(sizeof(*in->look));
	uv_timer_init(loop, in->look);
	in->look->data = in;
	uv_timer_start(in->look, on_look, INTAKE_KEYS_MS, INTAKE_KEYS_MS);
	in->link = gatelink_open(loop, config, &owner, why);
	if (in->link == NULL || !read_keys(in, why)) {
		intake_close(in);
		return NULL;
	}
	return in;
}

static void
free_timer(uv_handle_t *handle)
{
	free(handle);
}

void
intake_close(struct intake *in)
{
	struct why why;

	uv_close((uv_handle_t *)in->look, free_timer);
	/* Who waits is answered while there is somebody to hear it. */
	if (in->waiters != NULL)
		spool_commit(in->spool, &why);
	spool_invite(in->spool, NULL);
	if (in->link != NULL)
		gatelink_close(in->link);
	for (uint32_t i = 0; i < in->n; i++) {
		seen_free(&in->senders[i]->readings);
		seen_free(&in->senders[i]->urgent);
		buf_free(&in->senders[i]->names);
		free(in->senders[i]);
	}
	free(in->senders);
	pool_free(in->pool);
	free(in);
}
