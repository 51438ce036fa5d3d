/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugins.c - `platen plugins`: each plugin is started in its jail as the agent
 * would, and tells what it is, what it needs and how far it reaches.
 */
#include "cmd/load.h"
#include "cmd/options.h"

#include "scrapers.h"

#include <jansson.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shown {
	struct listing *listing;
	char *name, *path, *why;
	struct worker *worker;
	bool settled;
	json_t *about;
};

struct listing {
	const struct config *config;
	uv_loop_t loop;
	uv_timer_t soon; /* workers are not closed from within their own calls */
	struct shown list[MAX_SCRAPERS];
	uint32_t n, unsettled;
	bool json;
};

/* ---- a plugin's own words ---- */

static json_t *
texts(const char *const *list, uint32_t n)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

static json_t *
options(const struct manifest *m)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < m->noptions; i++) {
		const struct platen_option *o = &m->options[i];
		json_t *option = json_object();

		json_object_set_new(option, "key", json_string(o->key));
		if (o->value != NULL)
			json_object_set_new(option, "default", json_string(o->value));
		json_object_set_new(option, "help", json_string(o->help));
		json_array_append_new(array, option);
	}
	return array;
}

static void
describe(struct shown *s)
{
	const struct manifest *m = worker_about(s->worker);
	json_t *kinds = json_array();

	json_object_set_new(s->about, "state", json_string("ready"));
	json_object_set_new(s->about, "version", json_string(m->version));
	json_object_set_new(s->about, "summary", json_string(m->summary));
	json_object_set_new(s->about, "abi", json_sprintf("v1.%u", m->abi_minor));
	if (m->scraper)
		json_array_append_new(kinds, json_string("scraper"));
	if (m->sink)
		json_array_append_new(kinds, json_string("sink"));
	json_object_set_new(s->about, "kinds", kinds);
	json_object_set_new(s->about, "needs", texts(m->needs, m->nneeds));
	json_object_set_new(s->about, "reach", texts(m->reach, m->nreach));
	json_object_set_new(s->about, "options", options(m));
}

/* ---- printing ---- */

static void
print_list(const json_t *about, const char *key)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(about, key), i, item)
		printf("  %-9s %s\n", i == 0 ? key : "", json_string_value(item));
}

static void
print_options(const json_t *about)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(about, "options"), i, o) {
		const char *value = json_string_value(json_object_get(o, "default"));
		char key[64];

		snprintf(key, sizeof(key), "%s%s%s", json_string_value(json_object_get(o, "key")),
			value ? " = " : " (must be set)", value ? value : "");
		printf("  %-9s %-24s %s\n", i == 0 ? "options" : "", key,
			json_string_value(json_object_get(o, "help")));
	}
}

static void
print_text(const struct shown *s)
{
	const json_t *about = s->about;
	const char *state = json_string_value(json_object_get(about, "state"));

	if (strcmp(state, "ready") != 0) {
		printf("%-16s %s: %s\n", s->name, state, s->why ? s->why : "");
		return;
	}
	printf("%-16s %-8s ABI %-6s %s\n", s->name,
		json_string_value(json_object_get(about, "version")),
		json_string_value(json_object_get(about, "abi")), state);
	printf("  %s\n", json_string_value(json_object_get(about, "summary")));
	print_list(about, "kinds");
	print_list(about, "needs");
	print_list(about, "reach");
	print_options(about);
}

static void
print(const struct shown *s, bool as_json)
{
	char *line;

	if (!as_json) {
		print_text(s);
		return;
	}
	line = json_dumps(s->about, JSON_COMPACT);
	puts(line);
	free(line);
}

/* ---- starting them ---- */

static void on_soon(uv_timer_t *timer);

static void
settle(struct shown *s)
{
	if (s->settled)
		return;
	s->settled = true;
	if (--s->listing->unsettled == 0)
		uv_timer_start(&s->listing->soon, on_soon, 0, 0);
}

static void
on_ready(void *arg)
{
	struct shown *s = arg;

	if (!s->settled)
		describe(s);
	settle(s);
}

static void
on_gone(void *arg, const char *how)
{
	struct shown *s = arg;

	if (s->settled)
		return;
	json_object_set_new(s->about, "state", json_string(
		worker_state_word(worker_state(s->worker))));
	json_object_set_new(s->about, "why", json_string(how));
	s->why = mem_string(how);
	settle(s);
}

static void
on_matched(void *arg, uint64_t id, int32_t match)
{
	(void)arg, (void)id, (void)match;
}

static void
on_log(void *arg, uint64_t visit, enum log_level level, const char *line)
{
	struct shown *s = arg;

	(void)visit;
	log_line(level, "plugin %s: %s", s->name, line);
}

/* The options of the plugin's own section, or of the first sink that uses it. */
static const struct option *
options_of(const struct config *config, const char *name, uint32_t *n)
{
	const struct plugin_config *section = config_plugin(config, name);

	*n = 0;
	if (section != NULL) {
		*n = section->noptions;
		return section->options;
	}
	for (uint32_t i = 0; i < config->nsinks; i++)
		if (strcmp(config->sinks[i].plugin, name) == 0) {
			*n = config->sinks[i].noptions;
			return config->sinks[i].options;
		}
	return NULL;
}

static void
start_one(void *arg, const char *name, const char *path)
{
	/* It is only looked at: what it would do is never asked of it. */
	static const struct worker_events events = { .log = on_log };
	struct listing *l = arg;
	struct shown *s = &l->list[l->n];
	uint32_t noptions;
	const struct option *given = options_of(l->config, name, &noptions);

	if (l->n == COUNT(l->list))
		return;
	*s = (struct shown){
		.listing = l,
		.name = mem_string(name),
		.path = mem_string(path),
		.about = json_object(),
	};
	json_object_set_new(s->about, "name", json_string(name));
	json_object_set_new(s->about, "file", json_string(path));
	l->n++;
	l->unsettled++;
	s->worker = worker_open(&l->loop, l->config, path, given, noptions,
		&(struct worker_owner){
			.events = &events,
			.ready = on_ready,
			.matched = on_matched,
			.gone = on_gone,
			.arg = s,
		});
}

static void
on_soon(uv_timer_t *timer)
{
	struct listing *l = timer->data;

	for (uint32_t i = 0; i < l->n; i++)
		worker_close(l->list[i].worker);
	uv_close((uv_handle_t *)timer, NULL);
}

static int
list(struct listing *l, const char *only)
{
	bool all_good = true;

	uv_loop_init(&l->loop);
	uv_timer_init(&l->loop, &l->soon);
	l->soon.data = l;
	if (only != NULL) {
		char *copy = mem_string(only), *name = basename(copy);
		size_t n = strlen(name);

		start_one(l, n > 3 && strcmp(name + n - 3, ".so") == 0 ? (name[n - 3] = 0, name) : name,
			only);
		free(copy);
	} else {
		plugins_each(l->config, start_one, l);
	}
	if (l->unsettled == 0)
		uv_timer_start(&l->soon, on_soon, 0, 0);
	loop_empty(&l->loop);
	for (uint32_t i = 0; i < l->n; i++) {
		struct shown *s = &l->list[i];

		print(s, l->json);
		all_good = all_good && s->why == NULL;
		free(s->name);
		free(s->path);
		free(s->why);
		json_decref(s->about);
	}
	if (l->n == 0)
		fprintf(stderr, "platen plugins: there is no plugin in %s\n",
			l->config->plugin_path);
	return all_good && l->n > 0 ? EXIT_DONE : EXIT_SOME;
}

static int
run(int argc, char **argv)
{
	struct listing *l = mem_alloc(sizeof(*l));
	const char *file = NULL;
	const struct cmd_option table[] = {
		OPTION_CONFIG(&file),
		{ 0, "json", NULL, "one JSON object a line on stdout, nothing else", &l->json,
			NULL },
	};
	int status, first = options_read(&cmd_plugins, table, COUNT(table), argc, argv, &status);
	struct config *config = NULL;

	if (first >= 0 && argc - first > 1)
		status = options_wrong(&cmd_plugins, "one FILE.so, or none");
	else if (first >= 0 && (config = load_config(file)) == NULL)
		status = EXIT_USAGE;
	else if (first >= 0) {
		l->config = config;
		status = list(l, first < argc ? argv[first] : NULL);
	}
	config_free(config);
	free(l);
	return status;
}

const struct cmd cmd_plugins = {
	.name = "plugins",
	.synopsis = "[-c FILE] [--json] [FILE.so]",
	.summary = "what plugins there are, what they need and reach",
	.run = run,
};
