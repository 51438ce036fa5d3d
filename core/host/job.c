/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job.c - a visit or a delivery in a plugin's hands, and which callback is running.
 *
 * A job is over when nothing is waited for; it ends exactly once, and every
 * question it asked is answered exactly once before that.
 */
#include "host/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One thread, never re-entered: there is at most one callback running in this process. */
static struct {
	struct plugin *plugin; /* the last one that was called */
	struct job *job; /* NULL: the callback belongs to none */
	bool inside;
} running;

/* ---- what the plugin says ---- */

static struct lines *
lines_of(struct plugin *p, struct job *job)
{
	return job != NULL ? &job->lines : &p->lines;
}

/* Text from a plugin, fit for the log: valid UTF-8, no control bytes, not too long. */
void
plugin_clean(char *s)
{
	for (size_t n = strlen(s), i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7F)
			s[i] = ' ';
	if (text_is_utf8(s, strlen(s)))
		return;
	for (; *s != 0; s++)
		if ((unsigned char)*s >= 0x80)
			*s = '?';
}

void
plugin_log(struct plugin *p, struct job *job, enum log_level level, const char *fmt, ...)
{
	struct lines *lines = lines_of(p, job);
	char line[MAX_PLUGIN_LINE + 1];
	va_list ap;

	if (lines->said == PLATEN_MAX_LOG_LINES) {
		lines->left_out++;
		return;
	}
	lines->said++;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	plugin_clean(line);
	p->events->log(p->arg, job != NULL ? job->id : 0, level, line);
}

static void
lines_end(struct plugin *p, struct job *job)
{
	struct lines *lines = lines_of(p, job);
	char line[80];

	if (lines->left_out > 0) {
		snprintf(line, sizeof(line), "%u more log lines were left out", lines->left_out);
		p->events->log(p->arg, job != NULL ? job->id : 0, LOG_WARN, line);
	}
	*lines = (struct lines){ 0 };
}

/* ---- the running callback ---- */

void
call_begin(struct plugin *p, struct job *job)
{
	running.plugin = p;
	running.job = job;
	running.inside = true;
}

void
call_end(void)
{
	running.inside = false;
	if (running.job == NULL)
		lines_end(running.plugin, NULL);
	running.job = NULL;
}

void
call_forget(const struct plugin *p)
{
	if (running.plugin == p)
		running.plugin = NULL;
}

struct plugin *
call_plugin(const char *what)
{
	if (running.inside)
		return running.plugin;
	if (running.plugin != NULL)
		plugin_log(running.plugin, NULL, LOG_WARN,
			"called %s outside of its callbacks: refused", what);
	return NULL;
}

struct job *
call_current(void)
{
	return running.job;
}

struct job *
call_job(const void *handle, enum job_kind kind, const char *what)
{
	static const char *const words[] = {
		[JOB_VISIT] = "visit",
		[JOB_DELIVERY] = "delivery",
	};
	struct plugin *p = call_plugin(what);

	if (p == NULL)
		return NULL;
	if (running.job != NULL && running.job->kind == kind &&
		running.job->handle == (uintptr_t)handle)
		return running.job;
	plugin_log(p, running.job, LOG_WARN,
		"called %s for a %s that is over or not the one at hand: refused", what,
		words[kind]);
	return NULL;
}

/* ---- jobs ---- */

static struct job **
bucket_of(struct plugin *p, uint64_t id)
{
	return &p->buckets[id % JOB_BUCKETS];
}

static void
job_link(struct plugin *p, struct job *job)
{
	struct job **bucket = bucket_of(p, job->id);

	job->same = *bucket;
	*bucket = job;
	job->next = p->jobs;
	if (job->next != NULL)
		job->next->before = job;
	p->jobs = job;
}

static void
job_unlink(struct plugin *p, struct job *job)
{
	struct job **at = bucket_of(p, job->id);

	while (*at != job)
		at = &(*at)->same;
	*at = job->same;
	if (job->next != NULL)
		job->next->before = job->before;
	if (job->before != NULL)
		job->before->next = job->next;
	else
		p->jobs = job->next;
}

static struct job *
job_new(struct plugin *p, enum job_kind kind, uint64_t id)
{
	static uintptr_t handles;
	struct job *job = mem_alloc(sizeof(*job));

	*job = (struct job){
		.plugin = p,
		.kind = kind,
		.id = id,
		.handle = handles += 16,
		.pool = pool_new(),
		.since = clock_ms(),
	};
	job_link(p, job);
	return job;
}

struct job *
job_find(struct plugin *p, enum job_kind kind, uint64_t id)
{
	for (struct job *job = *bucket_of(p, id); job != NULL; job = job->same)
		if (job->id == id && job->kind == kind)
			return job;
	return NULL;
}

static struct waiting *
job_add(struct job *job)
{
	struct waiting *w = pool_alloc(job->pool, sizeof(*w));

	w->serial = ++job->plugin->serial;
	w->foreseen = -1;
	w->next = job->waiting;
	job->waiting = w;
	return w;
}

struct waiting *
job_wait(struct job *job, const char *what)
{
	struct plugin *p = job->plugin;

	if (job->ending || job->asked == PLATEN_MAX_QUESTIONS) {
		/* Who asks on after an answer that ends the visit has done nothing wrong. */
		plugin_log(p, job, job->ending ? LOG_DEBUG : LOG_WARN, "%s refused: %s", what,
			job->ending ? "the visit is being ended" : "too many questions");
		return NULL;
	}
	job->asked++;
	return job_add(job);
}

struct waiting *
job_watch(struct job *job)
{
	struct waiting *w;

	if (job->ending || job->watches == PLATEN_MAX_WATCHES)
		return NULL;
	w = job_add(job);
	w->watch = true;
	job->watches++;
	return w;
}

struct waiting *
job_take(struct job *job, uint64_t serial)
{
	for (struct waiting **at = &job->waiting; *at != NULL; at = &(*at)->next)
		if ((*at)->serial == serial) {
			struct waiting *w = *at;

			*at = w->next;
			job->watches -= w->watch;
			return w;
		}
	return NULL;
}

void
job_settle(struct job *job, int32_t status)
{
	struct plugin *p = job->plugin;
	uint64_t id = job->id;
	enum job_kind kind = job->kind;

	if (job->waiting != NULL)
		return;
	job_unlink(p, job);
	lines_end(p, job);
	p->allocated -= job->allocated;
	pool_free(job->pool);
	buf_free(&job->frame);
	free(job);
	switch (kind) {
	case JOB_VISIT:
		p->events->done(p->arg, id, status);
		break;
	case JOB_DELIVERY:
		p->events->delivered(p->arg, id, status);
		break;
	}
}

/* Nobody waits for it any more: answer what is outstanding with "no answer", then end. */
void
job_end(struct job *job, int32_t status)
{
	job->ending = true;
	while (job->waiting != NULL) {
		struct waiting *w = job_take(job, job->waiting->serial);
		struct answer none = answer_none(w->kind, PLATEN_ENOANSWER);

		switch (job->kind) {
		case JOB_VISIT:
			answer_give(job, w, &none);
			break;
		case JOB_DELIVERY:
			if (w->watch)
				watch_give(job, w, PLATEN_EBUDGET, 0);
			else
				sent_give(job, w,
					&(struct sent){
						.status = PLATEN_ENOANSWER,
						.body = (const uint8_t *)"",
					});
			break;
		}
	}
	job_settle(job, status);
}

/* What a callback returned, when it is one of the words. */
static int32_t
status_of(struct job *job, int32_t returned)
{
	if (returned <= PLATEN_OK && returned >= PLATEN_EPARTIAL)
		return returned;
	plugin_log(job->plugin, job, LOG_WARN, "returned %d, which is no status of platen/plugin.h",
		returned);
	return PLATEN_EINVAL;
}

/* The one that was asked first of those whose answers are here. */
static const struct waiting *
next_foreseen(const struct job *job)
{
	const struct waiting *first = NULL;

	for (const struct waiting *w = job->waiting; w != NULL; w = w->next)
		if (w->foreseen >= 0)
			first = w;
	return first;
}

/* What was foreseen and asked for is answered, what was not asked for is forgotten. */
static void
give_foreseen(struct job *job)
{
	const struct foreseen *f = job->foreseen;
	const struct waiting *w;

	while (f != NULL && (w = next_foreseen(job)) != NULL) {
		job_take(job, w->serial);
		if (f->before != NULL)
			f->before();
		answer_give(job, w, &f->answers[w->foreseen]);
	}
	job->foreseen = NULL;
}

static void
job_begun(struct job *job, int32_t returned)
{
	int32_t status = status_of(job, returned);

	if (status == PLATEN_OK) {
		give_foreseen(job);
		job_settle(job, status);
	} else {
		job_end(job, status);
	}
}

/* ---- worker.h ---- */

int32_t
plugin_match(struct plugin *p, const struct platen_device *device)
{
	int32_t match;

	if (p->about.scraper == NULL)
		return 0;
	call_begin(p, NULL);
	match = p->scraper.match(device);
	if (match < 0 || match > 100) {
		plugin_log(p, NULL, LOG_WARN, "match() returned %d, not 0..100", match);
		match = 0;
	}
	call_end();
	return match;
}

void
plugin_visit(struct plugin *p, uint64_t visit, const struct platen_device *device,
	const struct foreseen *foreseen)
{
	struct job *job;
	int32_t returned;

	if (p->about.scraper == NULL || job_find(p, JOB_VISIT, visit) != NULL) {
		p->events->done(p->arg, visit, PLATEN_EINVAL);
		return;
	}
	job = job_new(p, JOB_VISIT, visit);
	job->foreseen = foreseen;
	job->last_foreseen = UINT32_MAX;
	job->begins = true;
	call_begin(p, job);
	returned = p->scraper.visit((struct platen_visit *)job->handle, device);
	call_end();
	job->begins = false;
	job_begun(job, returned);
}

void
plugin_answer(struct plugin *p, uint64_t visit, uint64_t serial, const struct answer *answer)
{
	struct job *job = job_find(p, JOB_VISIT, visit);
	struct waiting *w = job != NULL ? job_take(job, serial) : NULL;

	if (w == NULL)
		return;
	answer_give(job, w, answer);
	job_settle(job, PLATEN_OK);
}

void
plugin_end(struct plugin *p, uint64_t visit)
{
	struct job *job = job_find(p, JOB_VISIT, visit);

	if (job != NULL)
		job_end(job, PLATEN_ENOANSWER);
}

/* As long as the delivery lives: a copy in the job's memory, of all or of all but the texts. */
static const struct platen_batch *
batch_copy(struct pool *pool, const struct platen_batch *from, bool texts)
{
	struct platen_batch *batch = pool_copy(pool, from, sizeof(*batch));
	const struct platen_record **list = pool_alloc(pool, (from->n + 1) * sizeof(*list));

	if (texts) {
		batch->id = pool_string(pool, from->id);
		batch->agent = pool_string(pool, from->agent);
	}
	batch->records = list;
	for (uint32_t i = 0; i < from->n; i++) {
		struct platen_record *r = pool_copy(pool, from->records[i], sizeof(*r));

		if (texts)
			r->json = pool_copy(pool, r->json, r->len);
		list[i] = r;
	}
	return batch;
}

void
plugin_deliver(struct plugin *p, uint64_t delivery, const struct platen_batch *batch,
	struct buf *frame)
{
	struct job *job;
	int32_t returned;

	if (p->about.sink == NULL || !p->started || job_find(p, JOB_DELIVERY, delivery) != NULL) {
		plugin_log(p, NULL, LOG_ERROR, "cannot deliver: %s",
			p->started ? "it is no sink" : "an option that must be set is not");
		lines_end(p, NULL);
		p->events->delivered(p->arg, delivery,
			p->started ? PLATEN_EINVAL : PLATEN_EREFUSED);
		return;
	}
	job = job_new(p, JOB_DELIVERY, delivery);
	job->records = batch->n;
	batch = batch_copy(job->pool, batch, frame == NULL);
	if (frame != NULL) {
		job->frame = *frame;
		*frame = (struct buf){ 0 };
	}
	call_begin(p, job);
	returned = p->sink.deliver((struct platen_delivery *)job->handle, batch);
	call_end();
	job_begun(job, returned);
}

void
plugin_sent(struct plugin *p, uint64_t delivery, uint64_t serial, const struct sent *sent)
{
	struct job *job = job_find(p, JOB_DELIVERY, delivery);
	struct waiting *w = job != NULL ? job_take(job, serial) : NULL;

	/* The agent answers what it was asked, and no watch. */
	if (w == NULL || w->watch)
		return;
	sent_give(job, w, sent);
	job_settle(job, PLATEN_OK);
}

bool
plugin_idle(const struct plugin *p)
{
	return p->jobs == NULL;
}

void
jobs_end(struct plugin *p)
{
	while (p->jobs != NULL)
		job_end(p->jobs, PLATEN_ENOANSWER);
}
