/* SPDX-License-Identifier: Apache-2.0 */
/* trial.c - plugins on trial; see trial.h. */
#include "cmd/trial.h"

#include "cmd/load.h"
#include "plugin/folders.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TRIALS (2 * MAX_SCRAPERS)

struct one {
	struct court *court;
	char *name, *path, *why;
	struct worker *worker;
	bool settled;
};

struct court {
	const struct config *config;
	uv_loop_t loop;
	uv_timer_t soon; /* workers are not closed from within their own calls */
	struct one list[MAX_TRIALS];
	uint32_t n, unsettled;
	void (*each)(void *arg, const struct trial *);
	void *arg;
};

static void
on_soon(uv_timer_t *timer)
{
	struct court *c = timer->data;

	for (uint32_t i = 0; i < c->n; i++) {
		struct one *o = &c->list[i];

		c->each(c->arg,
			&(struct trial){
				.name = o->name,
				.path = o->path,
				.why = o->why,
				.about = o->why == NULL ? worker_about(o->worker) : NULL,
			});
		worker_close(o->worker);
	}
	uv_close((uv_handle_t *)timer, NULL);
}

static void
settle(struct one *o)
{
	if (o->settled)
		return;
	o->settled = true;
	if (--o->court->unsettled == 0)
		uv_timer_start(&o->court->soon, on_soon, 0, 0);
}

static void
on_ready(void *arg)
{
	settle(arg);
}

static void
on_gone(void *arg, const char *how)
{
	struct one *o = arg;

	if (!o->settled)
		o->why = mem_string(how);
	settle(o);
}

static void
on_matched(void *arg, uint64_t id, int32_t match)
{
	(void)arg, (void)id, (void)match;
}

static void
on_log(void *arg, uint64_t visit, enum log_level level, const char *line)
{
	struct one *o = arg;

	(void)visit;
	log_line(level, "plugin %s: %s", o->name, line);
}

static void
try_with(struct court *c, const char *name, const char *path, const struct option *options,
	uint32_t noptions, bool network)
{
	/* Nothing is asked of it, so nothing else can come. */
	static const struct worker_events events = { .log = on_log };
	struct one *o = &c->list[c->n];

	if (c->n == MAX_TRIALS)
		return;
	*o = (struct one){ .court = c, .name = mem_string(name), .path = mem_string(path) };
	c->n++;
	c->unsettled++;
	o->worker = worker_open(&c->loop, c->config, path, options, noptions,
		&(struct worker_owner){
			.events = &events,
			.ready = on_ready,
			.matched = on_matched,
			.gone = on_gone,
			.arg = o,
			.network = network,
		});
}

static void
try_one(struct court *c, const char *name, const char *path, bool enabled)
{
	const struct plugin_config *section = config_plugin(c->config, name);
	bool is_sink = false;

	for (uint32_t i = 0; i < c->config->nsinks; i++)
		if (strcmp(c->config->sinks[i].plugin, name) == 0) {
			is_sink = true;
			try_with(c, name, path, c->config->sinks[i].options,
				c->config->sinks[i].noptions,
				c->config->sinks[i].allow == ALLOW_NETWORK);
		}
	/* A sink's plugin has a section for its sha256 alone. */
	if (section != NULL && enabled && !(is_sink && section->noptions == 0))
		try_with(c, name, path, section->options, section->noptions, false);
	else if (section == NULL && !is_sink)
		try_with(c, name, path, NULL, 0, false);
}

static void
try_installed(void *arg, const char *name, const char *path)
{
	struct court *c = arg;
	const struct plugin_config *section = config_plugin(c->config, name);

	try_one(c, name, path, section == NULL || section->enabled);
}

/* "dir/hp-ews.so" is hp-ews. */
static void
try_file(struct court *c, const char *path)
{
	char *copy = mem_string(path), *name = basename(copy);
	size_t n = strlen(name);

	if (n > 3 && strcmp(name + n - 3, ".so") == 0)
		name[n - 3] = 0;
	try_one(c, name, path, true);
	free(copy);
}

uint32_t
trial_all(const struct config *config, const char *only,
	void (*each)(void *arg, const struct trial *), void *arg)
{
	struct court *c = mem_alloc(sizeof(*c));
	uint32_t n;

	c->config = config;
	c->each = each;
	c->arg = arg;
	uv_loop_init(&c->loop);
	uv_timer_init(&c->loop, &c->soon);
	c->soon.data = c;
	if (only != NULL)
		try_file(c, only);
	else
		plugins_each(config, try_installed, c);
	if (c->unsettled == 0)
		uv_timer_start(&c->soon, on_soon, 0, 0);
	loop_empty(&c->loop);
	n = c->n;
	for (uint32_t i = 0; i < n; i++) {
		free(c->list[i].name);
		free(c->list[i].path);
		free(c->list[i].why);
	}
	free(c);
	return n;
}
