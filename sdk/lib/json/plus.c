/* SPDX-License-Identifier: Apache-2.0 */
/* plus.c - the counts of a record as what they have risen by; see plus.h. */
#include "plus.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A record has fewer integers and is not deeper; what is beyond goes as changes. */
#define INTEGERS_MOST 4000
#define DEPTH_MOST 8

struct integers {
	json_t *list[INTEGERS_MOST];
	const json_t *others[INTEGERS_MOST]; /* at the same place of another record, or NULL */
	size_t n;
};

static void collect(struct integers *, json_t *, const json_t *other, int depth);

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
collect_members(struct integers *all, json_t *object, const json_t *other, int depth)
{
	const char **keys = calloc(json_object_size(object) + 1, sizeof(*keys)), *key;
	json_t *value;
	size_t n = 0;

	if (keys == NULL)
		return;
	json_object_foreach (object, key, value)
		keys[n++] = key;
	qsort(keys, n, sizeof(*keys), by_bytes);
	for (size_t i = 0; i < n; i++)
		collect(all, json_object_get(object, keys[i]), json_object_get(other, keys[i]),
			depth + 1);
	free(keys);
}

static void
collect(struct integers *all, json_t *value, const json_t *other, int depth)
{
	json_t *part;
	size_t i;

	if (depth > DEPTH_MOST || all->n == INTEGERS_MOST)
		return;
	if (json_is_integer(value)) {
		all->list[all->n] = value;
		all->others[all->n++] = other;
	} else if (json_is_object(value)) {
		collect_members(all, value, other, depth);
	} else {
		json_array_foreach (value, i, part)
			collect(all, part, json_array_get(other, i), depth + 1);
	}
}

static struct integers *
integers_of(json_t *record, const json_t *other)
{
	struct integers *all = calloc(1, sizeof(*all));

	if (all != NULL)
		collect(all, record, other, 0);
	return all;
}

/* No difference that does not fit: it goes as a change then. */
static json_int_t
difference(const json_t *from, const json_t *to)
{
	json_int_t d;

	if (!json_is_integer(to) ||
		__builtin_sub_overflow(json_integer_value(to), json_integer_value(from), &d))
		return 0;
	return d;
}

json_t *
platen_plus_make(json_t *from, const json_t *to)
{
	struct integers *all = integers_of(from, to);
	json_t *plus = json_array();
	size_t n = 0;

	for (size_t i = 0; all != NULL && i < all->n; i++)
		if (difference(all->list[i], all->others[i]) != 0)
			n = i + 1; /* behind the last there is nothing to say */
	for (size_t i = 0; i < n; i++) {
		json_int_t d = difference(all->list[i], all->others[i]);

		json_array_append_new(plus, json_integer(d));
		json_integer_set(all->list[i], json_integer_value(all->list[i]) + d);
	}
	free(all);
	if (n > 0)
		return plus;
	json_decref(plus);
	return NULL;
}

bool
platen_plus_add(json_t *record, const json_t *plus)
{
	struct integers *all = integers_of(record, NULL);
	size_t n = json_array_size(plus), i;
	bool ok = all != NULL && json_is_array(plus) && n <= all->n;

	for (i = 0; ok && i < n; i++) {
		const json_t *d = json_array_get(plus, i);
		json_int_t sum;

		ok = json_is_integer(d) &&
			!__builtin_add_overflow(json_integer_value(all->list[i]),
				json_integer_value(d), &sum) &&
			json_integer_set(all->list[i], sum) == 0;
	}
	free(all);
	return ok;
}
