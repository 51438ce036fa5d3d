/* SPDX-License-Identifier: Apache-2.0 */
/* scrapers.c - the scraper plugins at hand; see scrapers.h. */
#include "process/scrapers.h"

#include "plugin/folders.h"
#include "plugin/trust.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What scrapers are offered. */
static const char *const services[] = { PLATEN_SNMP, PLATEN_HTTP, NULL };

struct scraper {
	struct scrapers *all;
	uint32_t index;
	char *name;
	const struct plugin_config *config; /* NULL: no section in the INI */
	struct reach narrowed; /* what the INI lets it ask; empty: its whole reach */
	struct worker *worker; /* jailed */
	struct plugin *here; /* or in this process */
	const char *yields; /* metrics in which it gives way, in words; "" : in none */
	bool gives_way[METRIC_NONE]; /* ... and by their numbers */
	bool settled; /* ready or refused has been heard once */
	bool useless; /* it reads nothing: its process can go */
};

struct scrapers {
	uv_loop_t *loop;
	const struct config *config;
	enum scrapers_where where;
	struct scraper list[MAX_SCRAPERS];
	uint32_t n, unsettled;
	struct pool *pool;
	const struct scraper_events *events;
	void *arg;
	void (*ready)(void *arg);
	void *ready_arg;
	uv_timer_t soon; /* what must not be done from within a worker's own call */
	struct why why;
	bool failed;
};

/* ---- what a plugin does, told on with its number ---- */

static void
on_ask(void *arg, uint64_t visit, uint64_t serial, const struct question *q)
{
	struct scraper *s = arg;

	s->all->events->ask(s->all->arg, s->index, visit, serial, q);
}

static void
on_readings(void *arg, uint64_t visit, const struct emitted *r, uint32_t n)
{
	struct scraper *s = arg;

	s->all->events->readings(s->all->arg, s->index, visit, r, n);
}

static void
on_done(void *arg, uint64_t visit, int32_t status)
{
	struct scraper *s = arg;

	s->all->events->done(s->all->arg, s->index, visit, status);
}

static void
on_log(void *arg, uint64_t visit, enum log_level level, const char *line)
{
	struct scraper *s = arg;

	if (s->all->events != NULL)
		s->all->events->log(s->all->arg, s->index, visit, level, line);
	else
		log_line(level, "plugin %s: %s", s->name, line);
}

/* A scraper delivers nothing: a host that says so is not believed. */
static void
on_send(void *arg, uint64_t delivery, uint64_t serial, const struct parcel *parcel)
{
	(void)arg, (void)delivery, (void)serial, (void)parcel;
}

static void
on_settle(void *arg, uint64_t delivery, uint32_t first, uint32_t n, int32_t verdict,
	uint32_t retry_after, const char *reason)
{
	(void)arg, (void)delivery, (void)first, (void)n, (void)verdict, (void)retry_after;
	(void)reason;
}

static void
on_delivered(void *arg, uint64_t delivery, int32_t status)
{
	(void)arg, (void)delivery, (void)status;
}

static const struct worker_events worker_events = {
	.ask = on_ask,
	.readings = on_readings,
	.done = on_done,
	.log = on_log,
	.send = on_send,
	.settle = on_settle,
	.delivered = on_delivered,
};

/* ---- coming and going ---- */

/* Let the processes of plugins that read nothing go; say once that all are settled. */
static void
on_soon(uv_timer_t *timer)
{
	struct scrapers *all = timer->data;

	for (uint32_t i = 0; i < all->n; i++)
		if (all->list[i].useless && all->list[i].worker != NULL) {
			worker_close(all->list[i].worker);
			all->list[i].worker = NULL;
		}
	if (all->unsettled == 0 && all->ready != NULL) {
		void (*ready)(void *) = all->ready;

		all->ready = NULL;
		ready(all->ready_arg);
	}
}

static void
settled(struct scraper *s)
{
	if (s->settled)
		return;
	s->settled = true;
	s->all->unsettled--;
	uv_timer_start(&s->all->soon, on_soon, 0, 0);
}

/* The options as it declares them. */
static const struct platen_option *
declared(const struct scraper *s, uint32_t *n)
{
	const struct platen_option *o;

	*n = 0;
	if (s->worker != NULL && worker_about(s->worker) != NULL) {
		*n = worker_about(s->worker)->noptions;
		return worker_about(s->worker)->options;
	}
	o = s->here != NULL ? plugin_about(s->here)->options : NULL;
	while (o != NULL && o[*n].key != NULL)
		(*n)++;
	return o;
}

/* What it yields, in words; "" : nothing. */
static const char *
yields(const struct scraper *s)
{
	uint32_t n;
	const struct platen_option *o = declared(s, &n);
	const char *said = s->config != NULL
		? option_value(s->config->options, s->config->noptions, OPTION_YIELD)
		: NULL;

	for (uint32_t i = 0; i < n; i++)
		if (strcmp(o[i].key, OPTION_YIELD) == 0 && (said != NULL || o[i].value != NULL))
			return said != NULL ? said : o[i].value;
	return "";
}

/* By number; of sizes of paper there are many names: whether there is one of them. */
static void
find_yields(struct scraper *s)
{
	s->yields = yields(s);
	for (enum metric_id id = 0; id < METRIC_NONE; id++)
		s->gives_way[id] = text_has_word(s->yields, metric_called(id));
	s->gives_way[METRIC_METER_SIZE] = strstr(s->yields, metric_called(METRIC_METER_SIZE)) !=
		NULL;
}

static void
on_ready(void *arg)
{
	struct scraper *s = arg;

	s->useless = !worker_about(s->worker)->scraper;
	find_yields(s);
	settled(s);
}

static void
on_matched(void *arg, uint64_t visit, int32_t match)
{
	struct scraper *s = arg;

	s->all->events->matched(s->all->arg, s->index, visit, match);
}

static void
on_handled(void *arg, uint64_t visit)
{
	struct scraper *s = arg;

	if (s->all->events != NULL)
		s->all->events->handled(s->all->arg, s->index, visit);
}

static void
on_gone(void *arg, const char *how)
{
	struct scraper *s = arg;

	if (s->all->events != NULL)
		s->all->events->gone(s->all->arg, s->index, how);
	settled(s);
}

static void
open_jailed(struct scraper *s, const char *path)
{
	const struct worker_owner owner = {
		.events = &worker_events,
		.ready = on_ready,
		.matched = on_matched,
		.handled = on_handled,
		.gone = on_gone,
		.arg = s,
		.sleeps = true,
	};

	s->all->unsettled++;
	s->worker = worker_open(s->all->loop, s->all->config, path,
		s->config ? s->config->options : NULL, s->config ? s->config->noptions : 0, &owner);
}

static bool
open_here(struct scraper *s, const char *path, struct why *why)
{
	int fd = trust_open(s->all->config, s->name, path, why);

	s->settled = true;
	if (fd < 0)
		return false;
	s->here = plugin_load(fd, path, s->config ? s->config->options : NULL,
		s->config ? s->config->noptions : 0, services, &worker_events, s, why);
	close(fd);
	find_yields(s);
	return s->here != NULL;
}

/* A plugin that only delivers is no scraper; which plugins are sinks the INI says. */
bool
scraper_wanted(const struct config *config, const char *name)
{
	const struct plugin_config *section = config_plugin(config, name);

	for (uint32_t i = 0; i < config->nsinks; i++)
		if (strcmp(config->sinks[i].plugin, name) == 0)
			return false;
	return section == NULL || section->enabled;
}

static void
open_one(struct scrapers *all, const char *name, const char *path)
{
	const struct plugin_config *section = config_plugin(all->config, name);
	struct scraper *s = &all->list[all->n];

	if (all->n == MAX_SCRAPERS) {
		log_warn("plugin %s: more than %d scrapers; not loaded", name, MAX_SCRAPERS);
		return;
	}
	*s = (struct scraper){
		.all = all,
		.index = all->n,
		.name = mem_string(name),
		.config = section,
		.yields = "",
	};
	if (section != NULL)
		s->narrowed = reach_of(all->pool, section->reach, section->nreach);
	all->n++;
	switch (all->where) {
	case SCRAPERS_NONE:
		break;
	case SCRAPERS_JAILED:
		open_jailed(s, path);
		break;
	case SCRAPERS_HERE:
		if (!open_here(s, path, &all->why))
			all->failed = true;
		break;
	}
}

static void
open_installed(void *arg, const char *name, const char *path)
{
	struct scrapers *all = arg;

	if (scraper_wanted(all->config, name))
		open_one(all, name, path);
}

static void
open_only(struct scrapers *all, const char *path)
{
	char *copy = mem_string(path), name[PLUGIN_NAME];

	if (plugin_name(basename(copy), name))
		open_one(all, name, path);
	else
		all->failed = !why_set(&all->why, "%s: a plugin's file is called NAME.so", path);
	free(copy);
}

struct scrapers *
scrapers_open(uv_loop_t *loop, const struct config *config, enum scrapers_where where,
	const char *const *files, void (*ready)(void *), void *ready_arg, struct why *why)
{
	struct scrapers *all = mem_alloc(sizeof(*all));

	*all = (struct scrapers){
		.loop = loop,
		.config = config,
		.where = where,
		.pool = pool_new(),
		.ready = ready,
		.ready_arg = ready_arg,
	};
	uv_timer_init(loop, &all->soon);
	all->soon.data = all;
	if (files != NULL)
		for (; *files != NULL && !all->failed; files++)
			open_only(all, *files);
	else if (where != SCRAPERS_NONE)
		plugins_each(config, open_installed, all);
	if (all->failed) {
		*why = all->why;
		scrapers_close(all);
		return NULL;
	}
	uv_timer_start(&all->soon, on_soon, 0, 0);
	return all;
}

void
scrapers_listen(struct scrapers *all, const struct scraper_events *events, void *arg)
{
	all->events = events;
	all->arg = arg;
}

static void
on_closed(uv_handle_t *handle)
{
	struct scrapers *all = handle->data;

	pool_free(all->pool);
	free(all);
}

void
scrapers_close(struct scrapers *all)
{
	for (uint32_t i = 0; i < all->n; i++) {
		if (all->list[i].worker != NULL)
			worker_close(all->list[i].worker);
		if (all->list[i].here != NULL)
			plugin_unload(all->list[i].here);
		free(all->list[i].name);
	}
	all->events = NULL; /* nobody hears what is still on its way up */
	uv_close((uv_handle_t *)&all->soon, on_closed);
}

/* ---- asking for something ---- */

uint32_t
scrapers_count(const struct scrapers *all)
{
	return all->n;
}

const char *
scraper_name(const struct scrapers *all, uint32_t i)
{
	return all->list[i].name;
}

bool
scraper_ready(const struct scrapers *all, uint32_t i)
{
	const struct scraper *s = &all->list[i];

	if (s->here != NULL)
		return plugin_about(s->here)->scraper != NULL;
	return s->worker != NULL && !s->useless && worker_able(s->worker);
}

/* Not now, but maybe later. */
bool
scraper_resting(const struct scrapers *all, uint32_t i)
{
	const struct scraper *s = &all->list[i];

	if (s->worker == NULL || s->useless || worker_able(s->worker))
		return false;
	return worker_state(s->worker) == WORKER_STARTING ||
		worker_state(s->worker) == WORKER_RESTING;
}

pid_t
scraper_process(const struct scrapers *all, uint32_t i)
{
	return all->list[i].worker != NULL ? worker_process(all->list[i].worker) : 0;
}

static const struct reach *
declared_reach(const struct scraper *s)
{
	if (s->here != NULL)
		return plugin_reach(s->here);
	return s->worker != NULL ? worker_reach(s->worker) : NULL;
}

const char *const *
scraper_reach(const struct scrapers *all, uint32_t i, uint32_t *n)
{
	const struct reach *reach = declared_reach(&all->list[i]);

	*n = reach != NULL ? reach->n : 0;
	return reach != NULL ? reach->items : NULL;
}

bool
scraper_may_ask(const struct scrapers *all, uint32_t i, const struct question *q)
{
	const struct scraper *s = &all->list[i];
	const struct reach *reach = declared_reach(s);

	return reach != NULL && reach_covers(reach, q) &&
		(s->narrowed.n == 0 || reach_covers(&s->narrowed, q));
}

bool
scraper_yields(const struct scrapers *all, uint32_t i, const struct emitted *e)
{
	const struct scraper *s = &all->list[i];

	return s->gives_way[e->id] &&
		(e->id != METRIC_METER_SIZE || text_has_word(s->yields, e->said.metric));
}

void
scraper_match(struct scrapers *all, uint32_t i, uint64_t visit, const struct platen_device *device)
{
	struct scraper *s = &all->list[i];

	if (s->here != NULL)
		all->events->matched(all->arg, i, visit, plugin_match(s->here, device));
	else
		worker_match(s->worker, visit, device);
}

/* What a host makes of it. */
static void
visit_here(struct scraper *s, uint64_t visit, const struct platen_device *device,
	const struct foretold *told)
{
	struct foreseen f = { .script = told != NULL ? told->script : NULL };
	struct pool *pool = pool_new();
	struct buf said = { 0 };
	struct wire w;

	if (told != NULL) {
		foretold_put(&said, told);
		w = (struct wire){ .p = said.p, .n = said.n };
		wire_get_u64(&w);
		foreseen_answers(&w, pool, &f);
	}
	plugin_visit(s->here, visit, device, told != NULL ? &f : NULL);
	buf_free(&said);
	pool_free(pool);
	on_handled(s, visit);
}

void
scraper_visit(struct scrapers *all, uint32_t i, uint64_t visit, const struct platen_device *device,
	const char *address, const struct foretold *f)
{
	struct scraper *s = &all->list[i];

	if (s->here != NULL) {
		visit_here(s, visit, device, f);
	} else {
		worker_visit(s->worker, visit, device, address, f);
	}
}

void
scraper_answer(struct scrapers *all, uint32_t i, uint64_t visit, uint64_t serial,
	const struct answer *answer)
{
	struct scraper *s = &all->list[i];

	if (s->here != NULL) {
		plugin_answer(s->here, visit, serial, answer);
		on_handled(s, visit);
	} else {
		worker_answer(s->worker, visit, serial, answer);
	}
}

void
scraper_end(struct scrapers *all, uint32_t i, uint64_t visit)
{
	struct scraper *s = &all->list[i];

	if (s->here != NULL)
		plugin_end(s->here, visit);
	else
		worker_end(s->worker, visit);
}

void
scrapers_flush(struct scrapers *all)
{
	for (uint32_t i = 0; i < all->n; i++)
		if (all->list[i].worker != NULL)
			worker_flush(all->list[i].worker);
}
