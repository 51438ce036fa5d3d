/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delivery.c - batches go out through sink plugins; see delivery.h.
 *
 * Per sink: one plugin in a process of its own, one place its bytes go to, one
 * batch at a time.  The plugin's word is checked: it settles only records it
 * was given, and nothing is sent that no place has taken.  Who holds the database
 * itself (allow = network) must be believed: nobody else can see what is in it.
 * Keeps nothing on the disk and moves no cursor.
 */
#include "delivery.h"

#include "plugin/folders.h"
#include "store/place.h"
#include "process/process.h"
#include "process/wan.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A batch that is not over by then is tried again. */
#define DELIVERY_SECONDS 120
/* A server may ask for no longer rest than this. */
#define MAX_RETRY_AFTER 86400u

struct sink {
	const struct sink_config *config;
	uint32_t index;
	const struct place_kind *kind;
	struct place *place;
	struct worker *worker;
	uv_timer_t *deadline;
	bool ailing; /* said that it does not work */

	/* The batch in hand; NULL: free. */
	const struct platen_batch *batch;
	const struct batch_events *events;
	void *arg;
	uint64_t number; /* of this attempt, as the plugin knows it; rises */
	bool given; /* the plugin has it */
	bool arrived; /* a place has taken something of it */
	bool *settled; /* each record */
	uint32_t open; /* records that are not */
	uint32_t retry_after; /* seconds, as the other side asked */
	char reason[256]; /* why something is left */
};

struct delivery {
	struct wan *wan;
	uint32_t nsinks;
	struct sink *sinks;
};

/* ---- the end of an attempt ---- */

/* Doubling from retry_min to retry_max, a quarter of it by chance: sites must not come in step. */
static uint64_t
back_off(const struct sink *s)
{
	uint64_t wait = s->config->retry_min, asked;

	for (uint32_t i = 1; i < s->batch->attempt && wait < s->config->retry_max; i++)
		wait *= 2;
	if (wait > s->config->retry_max)
		wait = s->config->retry_max;
	asked = (uint64_t)s->retry_after * 1000;
	if (asked > wait)
		wait = asked;
	return wait + random_below(wait / 4 < UINT32_MAX ? (uint32_t)(wait / 4) : UINT32_MAX);
}

static void
say(struct sink *s, bool works)
{
	if (works && s->ailing)
		log_info("sink %s: delivers again", s->config->name);
	if (!works && !s->ailing)
		log_warn("sink %s: %" PRIu32 " records are left for later: %s", s->config->name,
			s->open, s->reason[0] != '\0' ? s->reason : "the plugin gave no reason");
	s->ailing = !works;
}

/* The batch is over; what is not settled is for later. */
static void
finish(struct sink *s, const char *reason)
{
	const struct batch_events *events = s->events;
	bool again = s->open > 0;
	uint64_t wait;

	if (s->batch == NULL)
		return;
	wait = again ? back_off(s) : 0;
	if (reason != NULL && s->reason[0] == '\0')
		snprintf(s->reason, sizeof(s->reason), "%s", reason);
	say(s, !again);
	uv_timer_stop(s->deadline);
	free(s->settled);
	s->settled = NULL;
	s->batch = NULL;
	events->over(s->arg, s->index, again, wait);
}

static void
on_deadline(uv_timer_t *t)
{
	struct sink *s = t->data;
	char text[96];

	snprintf(text, sizeof(text), "the plugin was not done after %d seconds", DELIVERY_SECONDS);
	finish(s, text);
}

/* ---- what the plugin does ---- */

/* Is that number the batch in hand?  What is late belongs to nobody. */
static bool
ours(const struct sink *s, uint64_t number)
{
	return s->batch != NULL && s->given && number == s->number;
}

/* One send on its way to the place. */
struct errand {
	struct sink *sink;
	uint64_t number, serial;
};

static void
on_sent(void *arg, const struct sent *sent)
{
	struct errand *e = arg;

	if (sent->status == PLATEN_OK && ours(e->sink, e->number))
		e->sink->arrived = true;
	worker_sent(e->sink->worker, e->number, e->serial, sent);
	free(e);
}

static void
on_send(void *arg, uint64_t number, uint64_t serial, const struct parcel *given)
{
	struct sink *s = arg;
	struct parcel parcel = *given;
	struct errand *e;

	if (!ours(s, number)) {
		worker_sent(s->worker, number, serial,
			&(struct sent){ .status = PLATEN_EREFUSED, .body = (const uint8_t *)"" });
		return;
	}
	e = mem_alloc(sizeof(*e));
	*e = (struct errand){ s, number, serial };
	parcel.agent = s->batch->agent;
	parcel.key = s->batch->id;
	s->kind->send(s->place, &parcel, on_sent, e);
}

/* Tell of those of the records first..end that were not settled before, run by run. */
static void
settle_run(struct sink *s, uint32_t first, uint32_t end, int32_t verdict, const char *reason)
{
	for (uint32_t i = first, from; i < end; i++) {
		for (from = i; i < end && !s->settled[i]; i++, s->open--)
			s->settled[i] = true;
		if (i > from)
			s->events->settled(s->arg, s->index, s->batch->records[from]->seq,
				s->batch->records[i - 1]->seq, verdict, reason);
	}
}

static void
on_settle(void *arg, uint64_t number, uint32_t first, uint32_t n, int32_t verdict,
	uint32_t retry_after, const char *reason)
{
	struct sink *s = arg;

	if (!ours(s, number))
		return;
	if (first >= s->batch->n || n > s->batch->n - first) {
		log_error("sink %s: plugin %s settles %" PRIu32 " records from %" PRIu32
			  " of a batch of %" PRIu32 "; that is not heard",
			s->config->name, s->config->plugin, n, first, s->batch->n);
		return;
	}
	switch (verdict) {
	case PLATEN_SENT:
		if (s->arrived || s->config->allow == ALLOW_NETWORK)
			settle_run(s, first, first + n, verdict, "");
		else
			snprintf(s->reason, sizeof(s->reason),
				"plugin %s says sent, but nothing was taken anywhere",
				s->config->plugin);
		return;
	case PLATEN_REJECTED:
		settle_run(s, first, first + n, verdict,
			reason[0] != '\0' ? reason : "the plugin gave no reason");
		return;
	case PLATEN_LATER:
		if (retry_after > s->retry_after)
			s->retry_after = retry_after < MAX_RETRY_AFTER ? retry_after
								       : MAX_RETRY_AFTER;
		snprintf(s->reason, sizeof(s->reason), "%s", reason);
		return;
	default:
		log_error("sink %s: plugin %s settles with %" PRId32 ", which means nothing",
			s->config->name, s->config->plugin, verdict);
	}
}

static void
on_delivered(void *arg, uint64_t number, int32_t status)
{
	struct sink *s = arg;

	if (ours(s, number))
		finish(s, status == PLATEN_OK ? NULL : "the plugin could not take the batch");
}

static void
on_log(void *arg, uint64_t visit, enum log_level level, const char *line)
{
	const struct sink *s = arg;

	(void)visit;
	log_line(level, "sink %s: %s", s->config->name, line);
}

/* A sink has no visits: these are said by no honest plugin, and mean nothing here. */
static void
on_ask(void *arg, uint64_t visit, uint64_t serial, const struct question *q)
{
	const struct sink *s = arg;

	(void)q;
	worker_answer(s->worker, visit, serial,
		&(struct answer){ .kind = ASK_GET, .status = PLATEN_EREFUSED });
}

static void
on_readings(void *arg, uint64_t visit, const struct emitted *r, uint32_t n)
{
	(void)arg, (void)visit, (void)r, (void)n;
}

static void
on_done(void *arg, uint64_t visit, int32_t status)
{
	(void)arg;
	(void)visit;
	(void)status;
}

static void
on_matched(void *arg, uint64_t id, int32_t match)
{
	(void)arg;
	(void)id;
	(void)match;
}

static const struct worker_events worker_events = { on_ask, on_readings, on_done, on_log, on_send,
	on_settle, on_delivered };

/* ---- giving it a batch ---- */

static void
give(struct sink *s)
{
	const struct manifest *about = worker_about(s->worker);

	if (about != NULL && !about->sink) {
		snprintf(s->reason, sizeof(s->reason), "plugin %s is no sink", s->config->plugin);
		finish(s, NULL);
		return;
	}
	s->given = true;
	worker_deliver(s->worker, s->number, s->batch);
}

static void
on_ready(void *arg)
{
	struct sink *s = arg;

	if (s->batch != NULL && !s->given)
		give(s);
}

static void
on_gone(void *arg, const char *how)
{
	struct sink *s = arg;
	char text[200];

	snprintf(text, sizeof(text), "plugin %s: %s", s->config->plugin, how);
	finish(s, text);
}

void
delivery_offer(struct delivery *d, uint32_t sink, const struct platen_batch *batch,
	const struct batch_events *events, void *arg)
{
	struct sink *s = &d->sinks[sink];

	s->batch = batch;
	s->events = events;
	s->arg = arg;
	s->number++;
	s->given = s->arrived = false;
	s->settled = mem_alloc(batch->n * sizeof(*s->settled));
	s->open = batch->n;
	s->retry_after = 0;
	s->reason[0] = '\0';
	uv_timer_start(s->deadline, on_deadline, DELIVERY_SECONDS * 1000, 0);
	switch (worker_state(s->worker)) {
	case WORKER_STARTING:
	case WORKER_RESTING:
	case WORKER_ASLEEP: /* which is for scrapers */
		return; /* on_ready goes on */
	case WORKER_READY:
		give(s);
		return;
	case WORKER_BROKEN:
	case WORKER_REFUSED:
		snprintf(s->reason, sizeof(s->reason), "plugin %s is %s", s->config->plugin,
			worker_state_word(worker_state(s->worker)));
		finish(s, NULL);
		return;
	}
}

/* ---- opening ---- */

static bool
open_sink(struct sink *s, uv_loop_t *loop, const struct config *config, struct wan *wan,
	struct why *why)
{
	const struct sink_config *c = s->config;
	const struct worker_owner owner = {
		.events = &worker_events,
		.ready = on_ready,
		.matched = on_matched,
		.gone = on_gone,
		.arg = s,
		.network = c->allow == ALLOW_NETWORK,
	};
	char path[PATH_MAX];

	s->kind = c->allow == ALLOW_NETWORK ? &place_none : place_find(c->plugin);
	if (s->kind == NULL)
		return why_set(why,
			"[sink %s] plugin = %s: this platen has no place for it to "
			"send to; choose https or file, or give a database's plugin "
			"allow = network",
			c->name, c->plugin);
	if (!plugin_find(config, c->plugin, path, sizeof(path)))
		return why_set(why,
			"[sink %s] plugin = %s: there is no %s.so in %s ([plugins] path)", c->name,
			c->plugin, c->plugin, config->plugin_path);
	s->place = s->kind->open(c, wan, why);
	if (s->place != NULL) {
		s->deadline = mem_alloc(sizeof(*s->deadline));
		uv_timer_init(loop, s->deadline);
		s->deadline->data = s;
		s->worker = worker_open(loop, config, path, c->options, c->noptions, &owner);
	}
	return s->place != NULL;
}

struct delivery *
delivery_open(uv_loop_t *loop, const struct config *config, struct why *why)
{
	struct delivery *d = mem_alloc(sizeof(*d));

	d->wan = wan_new(loop, config);
	d->sinks = mem_alloc(config->nsinks * sizeof(*d->sinks));
	for (d->nsinks = 0; d->nsinks < config->nsinks; d->nsinks++) {
		struct sink *s = &d->sinks[d->nsinks];

		s->config = &config->sinks[d->nsinks];
		s->index = d->nsinks;
		if (!open_sink(s, loop, config, d->wan, why)) {
			delivery_close(d);
			return NULL;
		}
	}
	wan_begin(d->wan);
	return d;
}

uint32_t
delivery_sinks(const struct delivery *d)
{
	return d->nsinks;
}

const struct sink_config *
delivery_sink(const struct delivery *d, uint32_t sink)
{
	return d->sinks[sink].config;
}

static void
free_timer(uv_handle_t *t)
{
	free(t);
}

void
delivery_close(struct delivery *d)
{
	if (d == NULL)
		return;
	for (uint32_t i = 0; i < d->nsinks; i++)
		d->sinks[i].batch = NULL;
	wan_close(d->wan); /* while those who wait for its answers are there */
	for (uint32_t i = 0; i < d->nsinks; i++) {
		struct sink *s = &d->sinks[i];

		worker_close(s->worker);
		s->kind->close(s->place);
		uv_close((uv_handle_t *)s->deadline, free_timer);
		free(s->settled);
	}
	free(d->sinks);
	free(d);
}
