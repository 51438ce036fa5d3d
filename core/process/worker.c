/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker.c - the agent's end of a platen-host: what it is told, how long it may
 * take, and what becomes of it; see process.h.
 *
 * A frame the host has not worked off is a task: if it dies, the first task is
 * what it died of.
 */
#include "process/worker_own.h"

#include "plugin/trust.h"

#include "host/jail.h"

#include <platen/network.h>

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Milliseconds between two looks at what is overdue, while there is work. */
#define LOOK 500

/* Milliseconds without work after which a host that may sleep does. */
#define SLEEP_AFTER 30000

/* The host ends itself first: a second later it must be in our hands. */
#define SLACK 1000

/* Lines a host may log for each thing it is given; one says how many were left out. */
#define LINES_EACH (PLATEN_MAX_LOG_LINES + 1)

/* What a plugin can ask for; the runner gives the sink's only to sinks. */
static const char *const services[] = { PLATEN_SNMP, PLATEN_HTTP, PLATEN_UPLOAD, PLATEN_NETWORK };

/* The last of them is a grant. */
static uint32_t
services_of(const struct worker *w)
{
	return w->owner.network ? COUNT(services) : COUNT(services) - 1;
}

/* Jobs in the hands of all hosts; with so many, one more may wait for others, so many ms. */
#define JOBS_MANY 16
#define GATHER 16
static uint32_t jobs_open;

/* A visit with what it asks keeps no printer waiting: it waits for others till worker_flush. */
#define GATHER_FORETOLD 32

/* ---- jobs and tasks ---- */

struct job *
worker_job(struct worker *w, enum job_kind kind, uint64_t id)
{
	for (struct job *job = w->buckets[id % JOB_BUCKETS]; job != NULL; job = job->same)
		if (job->id == id && job->kind == kind)
			return job;
	return NULL;
}

static struct job *
job_add(struct worker *w, enum job_kind kind, uint64_t id, const char *subject)
{
	struct job **bucket = &w->buckets[id % JOB_BUCKETS], *job = mem_alloc(sizeof(*job));

	*job = (struct job){ .same = *bucket, .kind = kind, .id = id, .since = clock_ms() };
	text_copy(job->subject, sizeof(job->subject), subject);
	*bucket = job;
	w->njobs++;
	jobs_open++;
	return job;
}

void
worker_job_end(struct worker *w, struct job *job)
{
	struct job **at = &w->buckets[job->id % JOB_BUCKETS];

	while (*at != job)
		at = &(*at)->same;
	*at = job->same;
	w->njobs--;
	jobs_open--;
	free(job);
}

/* One job after the other; behind NULL comes the first, behind the last NULL. */
static struct job *
job_next(const struct worker *w, const struct job *job)
{
	size_t i = job != NULL ? job->id % JOB_BUCKETS + 1 : 0;

	if (job != NULL && job->same != NULL)
		return job->same;
	while (i < JOB_BUCKETS && w->buckets[i] == NULL)
		i++;
	return i < JOB_BUCKETS ? w->buckets[i] : NULL;
}

static void
task_add(struct worker *w, const struct task *task)
{
	if (w->first == w->last) {
		w->first = w->last = 0;
		w->since = clock_ms();
	}
	if (w->last == w->tasks_room && w->first > w->last / 2) {
		w->last -= w->first;
		memmove(w->tasks, w->tasks + w->first, w->last * sizeof(*w->tasks));
		w->first = 0;
	}
	if (w->last == w->tasks_room) {
		w->tasks_room = w->tasks_room ? w->tasks_room * 2 : 16;
		w->tasks = mem_grow(w->tasks, w->tasks_room * sizeof(*w->tasks));
	}
	w->tasks[w->last++] = *task;
	w->lines += LINES_EACH;
}

/* ---- to the host ---- */

static void on_look(uv_timer_t *);

/* While there is work, and no longer: an idle agent does not wake up. */
static void
look_on(struct worker *w)
{
	if (!w->looking)
		uv_timer_start(&w->look, on_look, LOOK, LOOK);
	w->looking = true;
}

/* A frame for the host, to be written where it leaves from. */
static struct buf *
say_in(struct worker *w, struct buf *to, enum message type)
{
	w->to = to;
	w->saying = type;
	w->begun = wire_begin(to, type);
	return to;
}

/* ... or, while it sleeps, where it waits. */
static struct buf *
say(struct worker *w, enum message type)
{
	bool asleep = w->waking || worker_state(w) == WORKER_ASLEEP;

	return say_in(w, asleep ? &w->line : child_out(w->child), type);
}

/* Until it is awake. */
static void
stand_in_line(struct worker *w, const struct task *task)
{
	w->waking = true;
	child_wake(w->child);
	w->lined = mem_grow(w->lined, (w->nlined + 1) * sizeof(*w->lined));
	w->lined[w->nlined++] = *task;
}

/* What say() began is whole, and the host's to work off; false: it would be too large. */
static bool
said_by(struct worker *w, uint64_t id, uint32_t wait)
{
	struct task task = { .type = w->saying, .id = id };

	if (w->to->n - w->begun > WIRE_MAX_FRAME) {
		w->to->n = w->begun;
		return false;
	}
	wire_end(w->to, w->begun);
	look_on(w);
	if (w->to == &w->line) {
		stand_in_line(w, &task);
		return true;
	}
	task_add(w, &task);
	child_said(w->child, wait);
	return true;
}

static bool
said(struct worker *w, uint64_t id)
{
	return said_by(w, id, jobs_open >= JOBS_MANY ? GATHER : 0);
}

void
worker_up(struct worker *w)
{
	w->waking = false;
	for (uint32_t i = 0; i < w->nlined; i++)
		task_add(w, &w->lined[i]);
	w->nlined = 0;
	if (w->line.n > 0)
		child_send(w->child, &w->line);
	buf_free(&w->line);
}

static void
on_began(void *arg)
{
	struct worker *w = arg;
	struct buf *b = say_in(w, child_out(w->child), MSG_HELLO);

	w->greeted = false;
	w->lines = 0;
	w->handled = w->seen = w->calls = 0;
	wire_u64(b, WIRE_PROTOCOL);
	wire_text(b, "agent");
	said(w, 0);
	b = say_in(w, child_out(w->child), MSG_HOST_START);
	wire_u64(b, w->noptions);
	for (uint32_t i = 0; i < w->noptions; i++) {
		wire_text(b, w->options[i].key);
		wire_text(b, w->options[i].value);
	}
	wire_u64(b, services_of(w));
	for (uint32_t i = 0; i < services_of(w); i++)
		wire_text(b, services[i]);
	said(w, 0);
}

void
worker_match(struct worker *w, uint64_t id, const struct platen_device *device)
{
	struct buf *b;

	if (worker_able(w)) {
		b = say(w, MSG_HOST_MATCH);
		wire_u64(b, id);
		device_put(b, device);
		if (said(w, 0))
			return;
	}
	w->owner.matched(w->owner.arg, id, 0);
}

/* Once a life, and again when the host has dropped it for another one. */
static void
tell_script(struct worker *w, const struct script *script)
{
	uint32_t place = (uint32_t)(script->number % SCRIPTS_MOST), was = w->ntold;

	if (place < was && w->told[place] == script->number)
		return;
	if (place >= was) {
		w->ntold = place + 1;
		w->told = mem_grow(w->told, w->ntold * sizeof(*w->told));
		memset(w->told + was, 0, (w->ntold - was) * sizeof(*w->told));
	}
	w->told[place] = script->number;
	script_put(say(w, MSG_HOST_SCRIPT), script);
	said(w, 0);
}

void
worker_visit(struct worker *w, uint64_t visit, const struct platen_device *device,
	const char *subject, const struct foretold *f)
{
	bool able = worker_able(w) && worker_job(w, JOB_VISIT, visit) == NULL;
	struct buf *b;

	if (able && f != NULL)
		tell_script(w, f->script);
	if (able) {
		b = say(w, MSG_HOST_VISIT);
		wire_u64(b, visit);
		device_put(b, device);
		foretold_put(b, f);
		if (f != NULL ? said_by(w, visit, GATHER_FORETOLD) : said(w, visit)) {
			job_add(w, JOB_VISIT, visit, subject);
			return;
		}
	}
	if (able && f != NULL)
		worker_visit(w, visit, device, subject, NULL);
	else
		w->owner.events->done(w->owner.arg, visit, PLATEN_EREFUSED);
}

void
worker_answer(struct worker *w, uint64_t visit, uint64_t serial, const struct answer *answer)
{
	struct answer none = answer_none(answer->kind, PLATEN_ETOOBIG);
	struct buf *b;

	if (worker_job(w, JOB_VISIT, visit) == NULL)
		return;
	b = say(w, MSG_HOST_ANSWER);
	wire_u64(b, visit);
	wire_u64(b, serial);
	answer_put(b, answer);
	if (!said(w, visit))
		worker_answer(w, visit, serial, &none);
}

void
worker_end(struct worker *w, uint64_t visit)
{
	struct job *job = worker_job(w, JOB_VISIT, visit);

	if (job == NULL || job->ending)
		return;
	job->ending = true;
	wire_u64(say(w, MSG_HOST_END), visit);
	said(w, visit);
}

void
worker_flush(struct worker *w)
{
	if (w->child != NULL)
		child_flush(w->child);
}

static void
batch_put(struct buf *b, const struct platen_batch *batch)
{
	wire_text(b, batch->id);
	wire_text(b, batch->agent);
	wire_u64(b, batch->attempt);
	wire_u64(b, batch->n);
	for (uint32_t i = 0; i < batch->n; i++) {
		const struct platen_record *r = batch->records[i];

		wire_u64(b, r->seq);
		wire_u64(b, r->urgent);
		wire_text(b, r->json);
	}
}

void
worker_deliver(struct worker *w, uint64_t delivery, const struct platen_batch *batch)
{
	bool ready = worker_state(w) == WORKER_READY;
	struct buf *b;

	if (ready && worker_job(w, JOB_DELIVERY, delivery) == NULL) {
		b = say(w, MSG_HOST_DELIVER);
		wire_u64(b, delivery);
		batch_put(b, batch);
		if (said(w, delivery)) {
			job_add(w, JOB_DELIVERY, delivery, batch->id)->records = batch->n;
			return;
		}
	}
	w->owner.events->delivered(w->owner.arg, delivery,
		ready ? PLATEN_ETOOBIG : PLATEN_EREFUSED);
}

void
worker_sent(struct worker *w, uint64_t delivery, uint64_t serial, const struct sent *sent)
{
	size_t n = sent->len < PLATEN_MAX_BODY ? sent->len : PLATEN_MAX_BODY;
	struct buf *b;

	if (worker_job(w, JOB_DELIVERY, delivery) == NULL)
		return;
	b = say(w, MSG_HOST_SENT);
	wire_u64(b, delivery);
	wire_u64(b, serial);
	wire_i64(b, sent->status);
	wire_u64(b, (uint64_t)(sent->code > 0 ? sent->code : 0));
	wire_u64(b, sent->retry_after);
	wire_bytes(b, sent->body, n);
	wire_text(b, sent->server);
	wire_text(b, sent->reason);
	said(w, delivery);
}

/* ---- what it is doing, and for how long ---- */

static const char *
subject_of(const struct worker *w, enum job_kind kind, uint64_t id, const char *otherwise)
{
	const struct job *job = worker_job((struct worker *)(uintptr_t)w, kind, id);

	return job != NULL ? job->subject : otherwise;
}

/* Tasks it has begun without saying that they are over: its own count, where that makes sense. */
static uint32_t
begun(const struct worker *w)
{
	uint32_t n = child_progress(w->child).frames - w->handled;

	return n <= w->last - w->first ? n : 0;
}

static void
on_doing(void *arg, struct buf *out)
{
	struct worker *w = arg;
	uint32_t n = begun(w), at = n > 0 ? w->first + n - 1 : w->first;
	const struct job *job = job_next(w, NULL);
	const struct task *t = &w->tasks[at];

	if (at == w->last) {
		/* A delivery goes on without us where the plugin has a network of its own. */
		if (job != NULL && job->kind == JOB_DELIVERY)
			buf_format(out, " while delivering %s", job->subject);
		else
			buf_text(out, " while it had nothing to do");
		return;
	}
	switch (t->type) {
	case MSG_HELLO:
	case MSG_HOST_START:
		buf_text(out, " while it was loaded");
		break;
	case MSG_HOST_MATCH:
		buf_text(out, " while it was asked whether it knows a printer");
		break;
	case MSG_HOST_DELIVER:
	case MSG_HOST_SENT:
		buf_format(out, " while delivering %s",
			subject_of(w, JOB_DELIVERY, t->id, "records"));
		break;
	default:
		buf_format(out, " while reading %s", subject_of(w, JOB_VISIT, t->id, "a printer"));
		break;
	}
}

/* Seconds the first task may take: the plugin's own limit and a second for the host to obey it. */
static void
look_at_task(struct worker *w)
{
	bool loading = worker_state(w) == WORKER_STARTING;
	uint64_t callback = w->owner.network ? PLATEN_NETWORK_CALLBACK_SECONDS
					     : PLATEN_CALLBACK_SECONDS;
	uint64_t most = (loading ? PLUGIN_LOAD_SECONDS : callback) * 1000 + SLACK;
	uint32_t calls = child_progress(w->child).calls;

	/* It goes on, and will say so. */
	if ((begun(w) > 0 && w->seen < w->handled + begun(w)) || w->calls != calls) {
		w->seen = w->handled + begun(w);
		w->calls = calls;
		w->since = clock_ms();
	}
	if (w->first == w->last || clock_ms() - w->since < most)
		return;
	/* It may be us who did not listen. */
	child_listen(w->child);
	if (w->first < w->last && clock_ms() - w->since >= most)
		child_kill(w->child, "did not answer for %llu s and was killed",
			(unsigned long long)most / 1000);
}

static void
on_idle(uv_timer_t *timer)
{
	struct worker *w = timer->data;

	w->ntold = 0;
	child_sleep(w->child);
}

static void
on_look(uv_timer_t *timer)
{
	struct worker *w = timer->data;

	if (w->first == w->last && w->njobs == 0 && !w->waking) {
		w->looking = false;
		uv_timer_stop(timer);
		if (w->owner.sleeps)
			uv_timer_start(timer, on_idle, SLEEP_AFTER, 0);
		return;
	}
	look_at_task(w);
	for (struct job *job = job_next(w, NULL); job != NULL; job = job_next(w, job))
		if (job->kind == JOB_VISIT && clock_ms() - job->since > PLATEN_VISIT_SECONDS * 1000)
			worker_end(w, job->id);
}

static void
jobs_end(struct worker *w)
{
	for (struct job *job; (job = job_next(w, NULL)) != NULL;)
		worker_job_end(w, job);
}

static void
on_gone(void *arg, const char *how)
{
	struct worker *w = arg;

	jobs_end(w);
	w->ntold = 0;
	w->first = w->last = w->nlined = 0;
	w->waking = false;
	buf_clear(&w->line);
	if (worker_state(w) != WORKER_REFUSED)
		why_set(&w->trouble, "%s", how);
	w->owner.gone(w->owner.arg, how);
}

/* Its file was refused: told as if a host had done it, and not from within worker_open. */
static void
on_refused(uv_timer_t *timer)
{
	struct worker *w = timer->data;

	log_error("%s", w->trouble.text);
	w->owner.gone(w->owner.arg, w->trouble.text);
}

/* ---- coming and going ---- */

/* Once for all plugins: what the jail lacks on this machine. */
static void
say_jail(enum sandbox sandbox)
{
	static bool said;
	struct why why;

	if (said || sandbox == SANDBOX_REQUIRE)
		return;
	said = true;
	if (sandbox == SANDBOX_OFF)
		log_warn("sandbox = off: plugins can do whatever platen's user can do");
	else if (!jail_whole(&why))
		log_warn("%s: plugins can read what platen's user can read", why.text);
}

static char *
name_of(const char *path)
{
	char *copy = mem_string(path), *name = mem_string(basename(copy));
	size_t n = strlen(name);

	if (n > 3 && strcmp(name + n - 3, ".so") == 0)
		name[n - 3] = 0;
	free(copy);
	return name;
}

static void
options_keep(struct worker *w, const struct option *options, uint32_t n)
{
	w->given = pool_new();
	w->options = pool_alloc(w->given, (n + 1) * sizeof(*w->options));
	w->noptions = n;
	for (uint32_t i = 0; i < n; i++)
		w->options[i] = (struct option){
			.key = pool_string(w->given, options[i].key),
			.value = pool_string(w->given, options[i].value),
		};
}

struct worker *
worker_open(uv_loop_t *loop, const struct config *config, const char *path,
	const struct option *options, uint32_t noptions, const struct worker_owner *owner)
{
	static const char *const flags[] = {
		[SANDBOX_AUTO] = "--sandbox=auto",
		[SANDBOX_REQUIRE] = "--sandbox=require",
		[SANDBOX_OFF] = "--sandbox=off",
	};
	struct worker *w = mem_alloc(sizeof(*w));

	w->owner = *owner;
	w->name = name_of(path);
	w->who = mem_format("plugin %s", w->name);
	w->path = mem_string(path);
	w->file = trust_open(config, w->name, path, &w->trouble);
	options_keep(w, options, noptions);
	w->program = child_program("platen-host", "PLATEN_HOST");
	w->argv[0] = pool_string(w->given, "platen-host");
	w->argv[1] = flags[config->sandbox];
	w->argv[2] = w->path;
	uv_timer_init(loop, &w->look);
	w->look.data = w;
	if (w->file < 0) {
		uv_timer_start(&w->look, on_refused, 0, 0);
		return w;
	}
	say_jail(config->sandbox);
	w->child = child_open(loop,
		&(struct child_plan){
			.who = w->who,
			.program = w->program,
			.argv = w->argv,
			.give = w->file,
			.foreign = true,
			.may_break = true,
			.began = on_began,
			.frame = worker_hear,
			.doing = on_doing,
			.gone = on_gone,
			.arg = w,
		});
	return w;
}

enum worker_state
worker_state(const struct worker *w)
{
	return w->child != NULL ? child_state(w->child) : WORKER_REFUSED;
}

bool
worker_able(const struct worker *w)
{
	return w->waking || worker_state(w) == WORKER_READY || worker_state(w) == WORKER_ASLEEP;
}

pid_t
worker_process(const struct worker *w)
{
	return w->child != NULL ? child_process(w->child) : 0;
}

const char *
worker_state_word(enum worker_state state)
{
	static const char *const words[] = {
		[WORKER_STARTING] = "starting",
		[WORKER_READY] = "ready",
		[WORKER_RESTING] = "resting",
		[WORKER_BROKEN] = "broken",
		[WORKER_REFUSED] = "refused",
		[WORKER_ASLEEP] = "asleep",
	};

	return words[state];
}

const struct manifest *
worker_about(const struct worker *w)
{
	return w->known ? &w->about : NULL;
}

const struct reach *
worker_reach(const struct worker *w)
{
	return w->known ? &w->reach : NULL;
}

const char *
worker_trouble(const struct worker *w)
{
	return w->trouble.text;
}

static void
on_closed(uv_handle_t *handle)
{
	struct worker *w = handle->data;

	pool_free(w->given);
	pool_free(w->about_pool);
	jobs_end(w);
	free(w->tasks);
	free(w->lined);
	free(w->told);
	buf_free(&w->line);
	free(w->name);
	free(w->who);
	free(w->program);
	free(w->path);
	free(w);
}

void
worker_close(struct worker *w)
{
	if (w->child != NULL) {
		say(w, MSG_HOST_STOP);
		said(w, 0);
		child_close(w->child);
		close(w->file);
	}
	uv_close((uv_handle_t *)&w->look, on_closed);
}
