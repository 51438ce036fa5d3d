/* SPDX-License-Identifier: Apache-2.0 */
/* plugins.c - `platen plugins`: what each plugin is, what it needs, how far it reaches. */
#include "cmd/load.h"
#include "cmd/options.h"
#include "cmd/trial.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct listing {
	bool json;
	uint32_t refused;
};

/* ---- for tools ---- */

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
set_manifest(json_t *line, const struct manifest *m)
{
	json_object_set_new(line, "version", json_string(m->version));
	json_object_set_new(line, "summary", json_string(m->summary));
	json_object_set_new(line, "abi", json_sprintf("v1.%u", m->abi_minor));
	json_object_set_new(line, "scraper", json_boolean(m->scraper));
	json_object_set_new(line, "sink", json_boolean(m->sink));
	json_object_set_new(line, "needs", texts(m->needs, m->nneeds));
	json_object_set_new(line, "reach", texts(m->reach, m->nreach));
	json_object_set_new(line, "options", options(m));
}

static void
print_json(const struct trial *t)
{
	json_t *line = json_object();
	char *text;

	json_object_set_new(line, "name", json_string(t->name));
	json_object_set_new(line, "file", json_string(t->path));
	json_object_set_new(line, "state", json_string(t->why ? "refused" : "ready"));
	if (t->why != NULL)
		json_object_set_new(line, "why", json_string(t->why));
	else
		set_manifest(line, t->about);
	text = json_dumps(line, JSON_COMPACT);
	if (text == NULL)
		die("out of memory");
	puts(text);
	free(text);
	json_decref(line);
}

/* ---- for people ---- */

static void
print_list(const char *key, const char *const *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		printf("  %-9s %s\n", i == 0 ? key : "", list[i]);
}

static void
print_options(const struct manifest *m)
{
	for (uint32_t i = 0; i < m->noptions; i++) {
		const struct platen_option *o = &m->options[i];
		char *key = mem_format("%s%s%s", o->key, o->value ? " = " : " (must be set)",
			o->value ? o->value : "");

		printf("  %-9s %-20s %s\n", i == 0 ? "options" : "", key, o->help);
		free(key);
	}
}

static void
print_text(const struct trial *t)
{
	const struct manifest *m = t->about;

	if (t->why != NULL) {
		printf("%-16s refused\n  %s\n", t->name, t->why);
		return;
	}
	printf("%-16s %-8s ABI v1.%u  %s%s%s\n", t->name, m->version, m->abi_minor,
		m->scraper ? "scraper" : "", m->scraper && m->sink ? " and " : "",
		m->sink ? "sink" : "");
	printf("  %s\n", m->summary);
	print_list("needs", m->needs, m->nneeds);
	print_list("reach", m->reach, m->nreach);
	print_options(m);
}

static void
print(void *arg, const struct trial *t)
{
	struct listing *l = arg;

	if (t->why != NULL)
		l->refused++;
	if (l->json)
		print_json(t);
	else
		print_text(t);
}

static int
run(int argc, char **argv)
{
	struct listing l = { 0 };
	const char *file = NULL;
	const struct cmd_option table[] = {
		OPTION_CONFIG(&file),
		{ 0, "json", NULL, "one JSON object a line on stdout, nothing else", &l.json, NULL },
	};
	int status, first = options_read(&cmd_plugins, table, COUNT(table), argc, argv, &status);
	struct config *config;
	uint32_t n;

	if (first < 0)
		return status;
	if (argc - first > 1)
		return options_wrong(&cmd_plugins, "give one FILE.so, or none");
	if ((config = load_config(file)) == NULL)
		return EXIT_USAGE;
	/* What is refused is told below, in its place. */
	log_open("platen", LOG_NOTHING);
	n = trial_all(config, first < argc ? argv[first] : NULL, print, &l);
	if (n == 0)
		fprintf(stderr, "platen plugins: there is no plugin in %s\n", config->plugin_path);
	config_free(config);
	return n > 0 && l.refused == 0 ? EXIT_DONE : EXIT_SOME;
}

const struct cmd cmd_plugins = {
	.name = "plugins",
	.synopsis = "[-c FILE] [--json] [FILE.so]",
	.summary = "what plugins there are, what they need and reach",
	.run = run,
};
