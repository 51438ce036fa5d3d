/* SPDX-License-Identifier: Apache-2.0 */
/* agent.c - the stages put together; see agent.h. */
#include "agent.h"

#include "delivery.h"
#include "intake.h"
#include "spool.h"
#include "store/database.h"
#include "store/pins.h"

#include <stdlib.h>

/* Milliseconds after a commit after which memory is given back; a visit's commit is to come. */
#define REST_AFTER 50

struct agent {
	uv_loop_t *loop;
	struct agent_order order;
	struct registry *registry;
	struct spool *spool;
	struct delivery *delivery;
	struct intake *intake; /* of a gateway, else NULL */
	struct lan *lan;
	struct scrapers *scrapers;
	struct recorder recorder;
	struct visits *visits;
	struct devices *devices;
	struct sweep *sweep;
	uv_timer_t done_timer; /* ended() is never called from within a stage */
	uv_timer_t rest_timer;
	uint64_t rest_at; /* not before this, by the loop's time: a visit's commit is to come */
	void (*ended)(void *arg);
	void *ended_arg;
};

/* ---- is all done? ---- */

static void
on_done_timer(uv_timer_t *timer)
{
	struct agent *a = timer->data;

	if (a->ended != NULL && a->sweep != NULL && !sweep_running(a->sweep) &&
		devices_busy(a->devices) == 0)
		a->ended(a->ended_arg);
}

static void
look_whether_done(struct agent *a)
{
	if (a->order.mode != DEVICES_WATCH)
		uv_timer_start(&a->done_timer, on_done_timer, 0, 0);
}

/* ---- what the stages say ---- */

static void
on_learned(void *arg, const char *address, uint16_t port, const char *learned)
{
	struct agent *a = arg;

	if (a->devices != NULL)
		device_learned(a->devices, address, port, learned);
	if (a->order.learned != NULL)
		a->order.learned(a->order.arg, address, learned);
}

/* Nobody has been visited for a while, and nothing delivered. */
static void
on_rest(uv_timer_t *timer)
{
	struct agent *a = timer->data;
	uint64_t now = uv_now(a->loop);

	if (now < a->rest_at) {
		uv_timer_start(timer, on_rest, a->rest_at - now, 0);
		return;
	}
	if (a->spool != NULL)
		database_rest(spool_database(a->spool));
	if (a->registry != NULL)
		registry_rest(a->registry);
	mem_rest();
}

static void
on_committed(void *arg)
{
	struct agent *a = arg;

	if (!uv_is_active((uv_handle_t *)&a->rest_timer))
		uv_timer_start(&a->rest_timer, on_rest, REST_AFTER, 0);
}

static void
on_told(void *arg, const struct visit_result *r)
{
	struct agent *a = arg;
	bool last = a->spool != NULL && r->outcome == VISIT_READ && devices_busy(a->devices) == 0;

	/* It waits for no other record. */
	if (last)
		spool_hurry(a->spool, 0);
	a->rest_at = uv_now(a->loop) + (last ? 0 : SPOOL_COMMIT_MS) + REST_AFTER;
	if (last || !uv_is_active((uv_handle_t *)&a->rest_timer))
		uv_timer_start(&a->rest_timer, on_rest, a->rest_at - uv_now(a->loop), 0);
	if (a->order.told != NULL)
		a->order.told(a->order.arg, r);
	look_whether_done(a);
}

static void
on_made(void *arg, const char *json, const struct visited *v)
{
	struct agent *a = arg;

	if (a->order.made != NULL)
		a->order.made(a->order.arg, json, v);
}

static void
on_found(void *arg, const char *address, const char *as_asked)
{
	struct agent *a = arg;

	if (a->order.found != NULL)
		a->order.found(a->order.arg, address, as_asked);
}

static void
on_progress(void *arg, uint64_t sent, uint64_t total, uint64_t found)
{
	struct agent *a = arg;

	if (a->order.progress != NULL)
		a->order.progress(a->order.arg, sent, total, found);
}

static void
on_swept(void *arg, uint64_t packets, const char *why)
{
	struct agent *a = arg;

	if (a->order.mode == DEVICES_WATCH)
		log_info("swept: %llu packets, %u printers known", (unsigned long long)packets,
			devices_count(a->devices));
	if (why[0] != 0 && a->order.trouble != NULL)
		a->order.trouble(a->order.arg, why);
	look_whether_done(a);
}

/* Every scraper is ready or has been refused: begin. */
static void
on_scrapers_ready(void *arg)
{
	struct agent *a = arg;
	const struct sweep_owner owner = {
		.found = on_found,
		.progress = on_progress,
		.over = on_swept,
		.arg = a,
	};
	bool watch = a->order.mode == DEVICES_WATCH;

	if (watch) {
		mem_started();
		devices_remember(a->devices);
	}
	a->sweep = sweep_new(a->loop, a->order.config, a->lan, a->devices, a->order.targets,
		a->order.ntargets, watch, &owner);
}

/* ---- opening ---- */

/* What only an agent that keeps its readings has. */
static bool
open_keeping(struct agent *a, struct why *why)
{
	const struct config *c = a->order.config;

	if ((a->registry = registry_open(c->state, why)) == NULL)
		return false;
	pins_begin(c->state, a->registry);
	if ((a->spool = spool_open(c, why)) == NULL)
		return false;
	spool_when_committed(a->spool, on_committed, a);
	if ((a->delivery = delivery_open(a->loop, c, why)) == NULL)
		return false;
	spool_run(a->spool, a->loop, a->delivery);
	if (!config_is_gateway(c))
		return true;
	a->intake = intake_open(a->loop, c, a->spool, why);
	return a->intake != NULL;
}

static bool
open_all(struct agent *a, struct why *why)
{
	const struct config *c = a->order.config;
	const struct devices_owner owner = { .told = on_told, .arg = a };

	if (a->order.mode == DEVICES_WATCH && !open_keeping(a, why))
		return false;
	if ((a->lan = lan_open(a->loop, c, why)) == NULL)
		return false;
	a->lan->learned = on_learned;
	a->lan->learned_arg = a;
	a->scrapers = scrapers_open(a->loop, c,
		a->order.mode == DEVICES_IDENTIFY ? SCRAPERS_NONE : SCRAPERS_JAILED, NULL,
		on_scrapers_ready, a, why);
	if (a->scrapers == NULL)
		return false;
	a->recorder = (struct recorder){
		.config = c,
		.registry = a->registry,
		.spool = a->spool,
		.made = on_made,
		.arg = a,
	};
	a->visits = visits_new(a->loop, a->lan, a->scrapers, &a->recorder);
	a->devices = devices_new(a->loop, c, a->registry, a->visits, a->order.mode, &owner);
	return true;
}

struct agent *
agent_open(uv_loop_t *loop, const struct agent_order *order, struct why *why)
{
	struct agent *a = mem_alloc(sizeof(*a));

	a->loop = loop;
	a->order = *order;
	uv_timer_init(loop, &a->done_timer);
	uv_timer_init(loop, &a->rest_timer);
	a->done_timer.data = a->rest_timer.data = a;
	if (!open_all(a, why)) {
		agent_close(a);
		return NULL;
	}
	return a;
}

void
agent_when_done(struct agent *a, void (*ended)(void *arg), void *arg)
{
	a->ended = ended;
	a->ended_arg = arg;
}

void
agent_read_all(struct agent *a)
{
	log_info("reading all %u printers now", devices_count(a->devices));
	devices_all_due(a->devices);
}

/* ---- closing: against the way of a reading's birth, with it for what is kept ---- */

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

/* One after the other: both timers are part of what is freed. */
static void
on_done_closed(uv_handle_t *handle)
{
	struct agent *a = handle->data;

	uv_close((uv_handle_t *)&a->rest_timer, on_closed);
}

void
agent_close(struct agent *a)
{
	if (a->sweep != NULL)
		sweep_free(a->sweep);
	if (a->visits != NULL)
		visits_free(a->visits);
	if (a->devices != NULL)
		devices_free(a->devices);
	a->devices = NULL;
	if (a->scrapers != NULL)
		scrapers_close(a->scrapers);
	if (a->lan != NULL)
		lan_close(a->lan);
	if (a->intake != NULL)
		intake_close(a->intake);
	if (a->spool != NULL)
		spool_close(a->spool);
	if (a->delivery != NULL)
		delivery_close(a->delivery);
	if (a->registry != NULL)
		registry_close(a->registry);
	uv_timer_stop(&a->rest_timer); /* the last commit has been made */
	uv_close((uv_handle_t *)&a->done_timer, on_done_closed);
}
