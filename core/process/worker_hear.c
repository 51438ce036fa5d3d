/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker_hear.c - what a platen-host says, taken as a stranger's word.
 *
 * Every message is checked against what the host was given: one that passes a
 * limit it keeps itself has been taken over, and is ended.
 */
#include "process/worker_own.h"

#include <stdlib.h>
#include <string.h>

/* Readings that are told on together. */
#define READINGS_AT_ONCE 16

/* A line the log can bear. */
static void
clean(char *line)
{
	size_t n = strlen(line), plain = text_plain(line, n);
	bool utf8 = text_is_utf8(line + plain, n - plain);

	for (size_t i = plain; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F ||
			(!utf8 && (unsigned char)line[i] >= 0x80))
			line[i] = '?';
}

/* What is said, as one; false: it is too long. */
static bool
line_take(char line[static WIRE_MAX_LINE + 1], const char *said)
{
	size_t n = strlen(said);

	if (n > WIRE_MAX_LINE)
		return false;
	memcpy(line, said, n + 1);
	clean(line);
	return true;
}

static bool
is_clean(const char *s)
{
	char *copy = mem_string(s);
	bool same;

	clean(copy);
	same = strcmp(copy, s) == 0;
	free(copy);
	return same;
}

static bool
take_hello(struct worker *w, struct wire *m)
{
	uint64_t protocol = wire_get_u64(m);

	wire_get_text(m);
	if (!wire_ended(m))
		return false;
	w->greeted = true;
	if (protocol == WIRE_PROTOCOL)
		return true;
	why_set(&w->trouble, "%s speaks protocol %llu, this platen %d: install both from one build",
		w->program, (unsigned long long)protocol, WIRE_PROTOCOL);
	log_error("%s: %s", w->who, w->trouble.text);
	child_refused(w->child, w->trouble.text);
	return true;
}

static bool
take_log(struct worker *w, struct wire *m)
{
	enum log_level level = wire_get_max(m, LOG_ERROR);
	uint64_t visit = wire_get_u64(m);
	const char *said = wire_get_text(m);
	char line[WIRE_MAX_LINE + 1];

	if (!wire_ended(m) || w->lines == 0 || !line_take(line, said))
		return false;
	w->lines--;
	if (worker_job(w, JOB_VISIT, visit) == NULL)
		visit = 0;
	w->owner.events->log(w->owner.arg, visit, level, line);
	return true;
}

/* Everything that is shown to people is one clean line each. */
static bool
manifest_clean(const struct manifest *m)
{
	bool ok = is_clean(m->name) && is_clean(m->version) && is_clean(m->summary);

	for (uint32_t i = 0; i < m->nneeds; i++)
		ok = ok && is_clean(m->needs[i]);
	for (uint32_t i = 0; i < m->nreach; i++)
		ok = ok && is_clean(m->reach[i]) && reach_valid(m->reach[i]);
	for (uint32_t i = 0; i < m->noptions; i++)
		ok = ok && is_clean(m->options[i].key) && is_clean(m->options[i].help) &&
			(m->options[i].value == NULL || is_clean(m->options[i].value));
	return ok;
}

static bool
take_ready(struct worker *w, struct wire *m)
{
	struct pool *about_pool = pool_new();
	/* The manifest lives longer than the frame. */
	struct wire copy = { .p = pool_copy(about_pool, m->p, m->n), .n = m->n };
	struct manifest about;

	if (!manifest_get(&copy, about_pool, &about) || !manifest_clean(&about) ||
		worker_state(w) != WORKER_STARTING) {
		pool_free(about_pool);
		return false;
	}
	pool_free(w->about_pool);
	w->about_pool = about_pool;
	w->about = about;
	w->reach = reach_of(about_pool, about.reach, about.nreach);
	w->known = true;
	child_ready(w->child);
	w->owner.ready(w->owner.arg);
	worker_up(w);
	return true;
}

static bool
take_refused(struct worker *w, struct wire *m)
{
	const char *text = wire_get_text(m);

	if (!wire_ended(m) || worker_state(w) != WORKER_STARTING)
		return false;
	why_set(&w->trouble, "%s", text);
	clean(w->trouble.text);
	log_error("%s", w->trouble.text);
	child_refused(w->child, w->trouble.text);
	return true;
}

static bool
take_matched(struct worker *w, struct wire *m)
{
	uint64_t id = wire_get_u64(m);
	int64_t match = wire_get_i64(m);

	if (!wire_ended(m) || match < 0 || match > 100)
		return false;
	w->owner.matched(w->owner.arg, id, (int32_t)match);
	return true;
}

/* Of a visit that has been ended meanwhile nobody wants to hear: no fault of the host's. */
static bool
take_ask(struct worker *w, struct wire *m)
{
	struct job *job = worker_job(w, JOB_VISIT, wire_get_u64(m));
	uint64_t serial = wire_get_u64(m);
	struct pool *pool = pool_new();
	struct question q;
	bool ok = question_get(m, pool, &q) && wire_ended(m) && q.kind != ASK_READ;

	if (ok && job != NULL && !job->ending && (ok = job->asked++ < PLATEN_MAX_QUESTIONS))
		w->owner.events->ask(w->owner.arg, job->id, serial, &q);
	pool_free(pool);
	return ok;
}

static bool
take_readings(struct worker *w, struct wire *m)
{
	struct job *job = worker_job(w, JOB_VISIT, wire_get_u64(m));
	struct emitted readings[READINGS_AT_ONCE];
	struct why why;
	uint32_t n;

	do {
		for (n = 0; n < READINGS_AT_ONCE && (n == 0 || m->n > 0); n++)
			if (!reading_get(m, &readings[n], &why))
				return false;
		if (job == NULL || job->ending)
			continue;
		if ((job->readings += n) > PLATEN_MAX_READINGS)
			return false;
		w->owner.events->readings(w->owner.arg, job->id, readings, n);
	} while (m->n > 0);
	return wire_ended(m);
}

static bool
take_end(struct worker *w, struct wire *m, enum job_kind kind,
	void (*told)(void *arg, uint64_t id, int32_t status))
{
	uint64_t id = wire_get_u64(m);
	int64_t status = wire_get_i64(m);
	struct job *job = worker_job(w, kind, id);

	if (!wire_ended(m) || status > PLATEN_OK || status < PLATEN_EPARTIAL || job == NULL)
		return false;
	worker_job_end(w, job);
	told(w->owner.arg, id, (int32_t)status);
	return true;
}

static bool
take_done(struct worker *w, struct wire *m)
{
	return take_end(w, m, JOB_VISIT, w->owner.events->done);
}

static bool
take_delivered(struct worker *w, struct wire *m)
{
	return take_end(w, m, JOB_DELIVERY, w->owner.events->delivered);
}

static bool
take_send(struct worker *w, struct wire *m)
{
	struct job *job = worker_job(w, JOB_DELIVERY, wire_get_u64(m));
	uint64_t serial = wire_get_u64(m);
	struct parcel parcel = { .type = wire_get_text(m) };

	parcel.coding = wire_get_text(m);
	parcel.server = wire_get_text(m);
	parcel.body = wire_get_bytes(m, &parcel.n);
	if (!wire_ended(m) || job == NULL || parcel.n > PLATEN_MAX_BODY_CEILING ||
		!is_clean(parcel.type) || !is_clean(parcel.coding) || !is_clean(parcel.server) ||
		job->asked++ == PLATEN_MAX_QUESTIONS)
		return false;
	w->owner.events->send(w->owner.arg, job->id, serial, &parcel);
	return true;
}

static bool
take_settle(struct worker *w, struct wire *m)
{
	struct job *job = worker_job(w, JOB_DELIVERY, wire_get_u64(m));
	uint32_t first = wire_get_max(m, UINT32_MAX), n = wire_get_max(m, UINT32_MAX);
	int32_t verdict = (int32_t)wire_get_max(m, PLATEN_LATER);
	uint32_t retry_after = wire_get_max(m, UINT32_MAX);
	const char *said = wire_get_text(m);
	char reason[WIRE_MAX_LINE + 1];

	if (!wire_ended(m) || job == NULL || n == 0 || first >= job->records ||
		n > job->records - first || !line_take(reason, said))
		return false;
	w->owner.events->settle(w->owner.arg, job->id, first, n, verdict, retry_after, reason);
	return true;
}

static bool
take_handled(struct worker *w, struct wire *m)
{
	struct task task;

	if (!wire_ended(m) || w->first == w->last)
		return false;
	task = w->tasks[w->first++];
	w->handled++;
	w->since = clock_ms();
	if (w->owner.handled != NULL &&
		(task.type == MSG_HOST_VISIT || task.type == MSG_HOST_ANSWER))
		w->owner.handled(w->owner.arg, task.id);
	return true;
}

/* What a host may say, and whether only of work it was given: then not before it is ready. */
static const struct {
	bool (*take)(struct worker *, struct wire *);
	bool at_work;
} messages[] = {
	[MSG_HELLO] = { take_hello, false },
	[MSG_LOG] = { take_log, false },
	[MSG_HOST_READY] = { take_ready, false },
	[MSG_HOST_REFUSED] = { take_refused, false },
	[MSG_HOST_HANDLED] = { take_handled, false },
	[MSG_HOST_MATCHED] = { take_matched, true },
	[MSG_HOST_ASK] = { take_ask, true },
	[MSG_HOST_READINGS] = { take_readings, true },
	[MSG_HOST_DONE] = { take_done, true },
	[MSG_HOST_SEND] = { take_send, true },
	[MSG_HOST_SETTLE] = { take_settle, true },
	[MSG_HOST_DELIVERED] = { take_delivered, true },
};

bool
worker_hear(void *arg, struct wire *m)
{
	struct worker *w = arg;

	if (m->type >= COUNT(messages) || messages[m->type].take == NULL ||
		w->greeted != (m->type != MSG_HELLO) ||
		(messages[m->type].at_work && worker_state(w) != WORKER_READY))
		return false;
	return messages[m->type].take(w, m);
}
