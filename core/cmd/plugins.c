/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugins.c - `platen plugins`: what each plugin is, what it needs, how far it
 * reaches; of a single one, whether to install it.
 */
#include "cmd/judge.h"
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

static void
print_object(const json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT);

	if (text == NULL)
		die("out of memory");
	puts(text);
	free(text);
}

static void
print_json(const struct trial *t)
{
	json_t *line = json_object();

	json_object_set_new(line, "name", json_string(t->name));
	json_object_set_new(line, "file", json_string(t->path));
	json_object_set_new(line, "state", json_string(t->why ? "refused" : "ready"));
	if (t->why != NULL)
		json_object_set_new(line, "why", json_string(t->why));
	else
		manifest_json(line, t->about);
	print_object(line);
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

/* ---- one file ---- */

static int
judge_one(const struct config *config, const char *file, const char *const *captures, bool json)
{
	uint32_t n = 0;
	json_t *about;
	bool good;

	while (captures[n] != NULL)
		n++;
	about = judge(config, file, captures, n);
	good = json_array_size(json_object_get(about, "faults")) == 0;

	if (json)
		print_object(about);
	else
		judgement_print(about);
	json_decref(about);
	return good ? EXIT_DONE : EXIT_SOME;
}

static int
list_all(const struct config *config, bool json)
{
	struct listing l = { .json = json };
	uint32_t n = trial_all(config, NULL, print, &l);

	if (n == 0)
		fprintf(stderr, "platen plugins: there is no plugin in %s\n", config->plugin_path);
	return n > 0 && l.refused == 0 ? EXIT_DONE : EXIT_SOME;
}

static int
run(int argc, char **argv)
{
	const char *file = NULL, *captures[MAX_REPEATS + 1] = { NULL };
	bool json = false;
	const struct cmd_option table[] = {
		OPTION_CONFIG(&file),
		{ 0, "json", NULL, "one JSON object a line on stdout, nothing else", &json, NULL },
		{ 0, "captures", "DIR...",
			"recorded printers to try FILE.so on (those in captures/ beside it)", NULL,
			captures },
	};
	int status, first = options_read(&cmd_plugins, table, COUNT(table), argc, argv, &status);
	struct config *config;

	if (first < 0)
		return status;
	if (argc - first > 1)
		return options_wrong(&cmd_plugins, "give one FILE.so, or none");
	if (argc - first == 0 && captures[0] != NULL)
		return options_wrong(&cmd_plugins, "--captures is for one FILE.so");
	if ((config = load_config(file)) == NULL)
		return EXIT_USAGE;
	/* What is refused is told below, in its place. */
	log_open("platen", LOG_NOTHING);
	status = first < argc ? judge_one(config, argv[first], captures, json)
			      : list_all(config, json);
	config_free(config);
	return status;
}

const struct cmd cmd_plugins = {
	.name = "plugins",
	.synopsis = "[-c FILE] [--json] [FILE.so [--captures DIR]]",
	.summary = "what plugins there are; whether to install one",
	.more = "FILE.so is looked at from outside, started in its jail and tried on recorded "
		"printers beside the installed plugins. Exit status: 0 nothing is wrong, 1 "
		"something "
		"is.",
	.run = run,
};
