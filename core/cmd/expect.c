/* SPDX-License-Identifier: Apache-2.0 */
/* expect.c - a record against what was expected; see expect.h. */
#include "cmd/expect.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a value in a line about it. */
#define MAX_SHOWN 200

json_t *
expect_load(const char *file, struct why *why)
{
	json_error_t error;
	json_t *wanted = json_load_file(file, JSON_REJECT_DUPLICATES, &error);

	if (wanted == NULL && error.line > 0)
		why_set(why, "%s:%d: %s", file, error.line, error.text);
	else if (wanted == NULL)
		why_set(why, "%s: %s", file, error.text);
	else if (!json_is_object(wanted)) {
		json_decref(wanted);
		wanted = NULL;
		why_set(why, "%s: is no JSON object", file);
	}
	return wanted;
}

struct compare {
	void (*differs)(void *arg, const char *line);
	void *arg;
	uint32_t n;
};

/* True of this reading alone, never of the next. */
static bool
is_passing(const char *key)
{
	static const char *const keys[] = { "time", "id", "agent", "seq" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static char *
say(const json_t *value)
{
	char *text = value != NULL ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	char cut[MAX_SHOWN];

	if (value == NULL)
		return mem_string("nothing");
	if (text == NULL)
		die("out of memory");
	text_copy(cut, sizeof(cut), text);
	free(text);
	return mem_string(cut);
}

static void
differ(struct compare *c, const char *path, const json_t *wanted, const json_t *got)
{
	char *w = say(wanted), *g = say(got), *line;

	line = mem_format("%s: wanted %s, got %s", path, w, g);
	c->differs(c->arg, line);
	c->n++;
	free(line);
	free(w);
	free(g);
}

static void compare(struct compare *, const char *path, const json_t *wanted, const json_t *got);

static void
compare_objects(struct compare *c, const char *path, const json_t *wanted, const json_t *got)
{
	const char *key;
	json_t *value;

	/* jansson iterates through a pointer that is not const and changes nothing. */
	json_object_foreach ((json_t *)(uintptr_t)wanted, key, value) {
		char *deeper = mem_format("%s%s%s", path, *path != 0 ? "." : "", key);

		if (!is_passing(key))
			compare(c, deeper, value, json_object_get(got, key));
		free(deeper);
	}
}

static void
compare_lists(struct compare *c, const char *path, const json_t *wanted, const json_t *got)
{
	size_t nw = json_array_size(wanted), ng = json_array_size(got);

	for (size_t i = 0; i < nw || i < ng; i++) {
		char *deeper = mem_format("%s.%zu", path, i);

		compare(c, deeper, json_array_get(wanted, i), json_array_get(got, i));
		free(deeper);
	}
}

static void
compare(struct compare *c, const char *path, const json_t *wanted, const json_t *got)
{
	if (json_is_object(wanted) && json_is_object(got))
		compare_objects(c, path, wanted, got);
	else if (json_is_array(wanted) && json_is_array(got))
		compare_lists(c, path, wanted, got);
	else if (wanted == NULL || got == NULL || !json_equal(wanted, got))
		differ(c, path, wanted, got);
}

uint32_t
expect_compare(const json_t *wanted, const char *json, void (*differs)(void *arg, const char *line),
	void *arg)
{
	struct compare c = { .differs = differs, .arg = arg };
	json_t *record = json_loads(json, 0, NULL);

	compare(&c, "", wanted, record);
	json_decref(record);
	return c.n;
}
