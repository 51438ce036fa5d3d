/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c - a plugin on trial alone, step by step; see judge.h. */
#include "cmd/judge.h"

#include "plugin/folders.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the document ---- */

void
judge_say(json_t *about, const char *key, const char *fmt, ...)
{
	json_t *list = json_object_get(about, key), *line;
	char text[600];
	va_list ap;
	size_t i;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_array_foreach (list, i, line) {
		json_t *times = json_object_get(line, "times");

		if (strcmp(json_string_value(json_object_get(line, "text")), text) == 0) {
			json_integer_set(times, json_integer_value(times) + 1);
			return;
		}
	}
	line = json_pack("{s:s, s:i}", "text", text, "times", 1);
	json_array_append_new(list,
		line != NULL
			? line
			: json_pack("{s:s, s:i}", "text", "a line that is no UTF-8", "times", 1));
}

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

void
manifest_json(json_t *line, const struct manifest *m)
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

/* ---- what it declares ---- */

static void
judge_manifest(json_t *about, const struct manifest *m)
{
	const char *name = json_string_value(json_object_get(about, "name"));

	if (strcmp(m->name, name) != 0)
		judge_say(about, "faults",
			"it calls itself %s, but its file %s.so: the INI knows "
			"it by its file, people by its name; rename one",
			m->name, name);
	if (m->abi_minor > PLATEN_ABI_MINOR)
		judge_say(about, "remarks",
			"it was built against a newer SDK (v1.%u) than this "
			"platen's (v1.%d): it must do without what is new",
			m->abi_minor, PLATEN_ABI_MINOR);
	if (m->scraper && m->nreach == 0)
		judge_say(about, "faults", "its reach is empty: it may ask printers for nothing");
	for (uint32_t i = 0; i < m->nreach; i++) {
		if (reach_is_wide(m->reach[i]))
			judge_say(about, "remarks",
				"its reach \"%s\" is wider than any plugin "
				"needs; narrow it in the INI",
				m->reach[i]);
		if (strncmp(m->reach[i], "login ", 6) == 0)
			judge_say(about, "remarks", "it may have the site's password sent to %s",
				m->reach[i] + 6);
	}
}

static void
on_trial(void *arg, const struct trial *t)
{
	json_t *about = arg;

	/* A sink's plugin is tried once for each of its sections; the first says what it is. */
	if (json_object_get(about, "state") != NULL)
		return;
	json_object_set_new(about, "state", json_string(t->why != NULL ? "refused" : "ready"));
	if (t->why != NULL) {
		json_object_set_new(about, "why", json_string(t->why));
		judge_say(about, "faults", "%s", t->why);
		return;
	}
	manifest_json(about, t->about);
	judge_manifest(about, t->about);
}

/* ---- the whole ---- */

static char *
captures_beside(const char *file)
{
	char *copy = mem_string(file), *folder = mem_format("%s/captures", dirname(copy));
	struct stat st;

	free(copy);
	if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode))
		return folder;
	free(folder);
	return NULL;
}

static json_t *
judgement_new(const char *file)
{
	char *copy = mem_string(file), name[PLUGIN_NAME];
	json_t *about = json_pack("{s:s, s:s, s:[], s:[], s:[]}", "name",
		plugin_name(basename(copy), name) ? name : basename(copy), "file", file, "runs",
		"faults", "remarks");

	free(copy);
	if (about == NULL)
		die("%s: a name that is no UTF-8", file);
	return about;
}

json_t *
judge(const struct config *config, const char *file, const char *const *captures, uint32_t n)
{
	json_t *about = judgement_new(file);
	char *beside = n == 0 ? captures_beside(file) : NULL;
	const char *const found[] = { beside };

	judge_bytes(about, config, file);
	trial_all(config, file, on_trial, about);
	if (!json_is_true(json_object_get(about, "scraper")))
		; /* refused, or a sink: nothing to read printers with */
	else if (n > 0 || beside != NULL)
		judge_runs(about, config, file, n > 0 ? captures : found, n > 0 ? n : 1);
	else
		judge_say(about, "remarks",
			"no recorded printer was at hand: give --captures DIR "
			"to see what it does");
	free(beside);
	return about;
}
