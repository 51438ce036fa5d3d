/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delta.c - the difference of two records, made and expanded; see platen/delta.h.
 *
 * Counts come as what is to be added to them (plus.c), all else as changes: a JSON
 * Merge Patch (RFC 7396; records have no null) with one thing more, an object
 * where the base has an array changes the array's elements by number.  What is
 * made is expanded at once and compared: a delta that would not give the record
 * back is never sent.
 */
#include "plus.h"

#include <platen/delta.h>
#include <platen/record_id.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record is not deeper, nor has it longer arrays. */
#define DEPTH_MOST 8
#define ARRAY_MOST 5000

/* What stands in the delta itself, not in its changes. */
static const char *const own[] = { "schema", "agent", "seq", "id", "time" };

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* jansson takes what it only counts as if it changed it. */
static json_t *
shared(const json_t *value)
{
	return json_incref((json_t *)(uintptr_t)value);
}

/* What the id of a record is that does not say it. */
static void
derive_id(const json_t *record, char id[static PLATEN_RECORD_ID])
{
	platen_record_id(text_of(record, "agent"),
		json_integer_value(json_object_get(record, "seq")), text_of(record, "time"), id);
}

/* ---- making ---- */

static json_t *difference(const json_t *from, const json_t *to, int depth);

static json_t *
object_difference(const json_t *from, const json_t *to, int depth)
{
	json_t *changes = json_object(), *value, *change;
	const char *key;

	json_object_foreach ((json_t *)(uintptr_t)from, key, value)
		if (json_object_get(to, key) == NULL)
			json_object_set_new(changes, key, json_null());
	json_object_foreach ((json_t *)(uintptr_t)to, key, value) {
		change = difference(json_object_get(from, key), value, depth + 1);
		if (change != NULL)
			json_object_set_new(changes, key, change);
	}
	return changes;
}

/* By number; NULL: one of them is shorter, so all of it is said. */
static json_t *
array_difference(const json_t *from, const json_t *to, int depth)
{
	json_t *changes, *change;
	char number[24];

	if (json_array_size(to) < json_array_size(from))
		return NULL;
	changes = json_object();
	for (size_t i = 0; i < json_array_size(to); i++) {
		change = difference(json_array_get(from, i), json_array_get(to, i), depth + 1);
		snprintf(number, sizeof(number), "%zu", i);
		if (change != NULL)
			json_object_set_new(changes, number, change);
	}
	return changes;
}

/* What makes `to` of `from`, NULL: nothing. */
static json_t *
difference(const json_t *from, const json_t *to, int depth)
{
	json_t *changes = NULL;

	if (from != NULL && json_equal(from, to))
		return NULL;
	if (from != NULL && depth < DEPTH_MOST) {
		if (json_is_object(from) && json_is_object(to))
			changes = object_difference(from, to, depth);
		else if (json_is_array(from) && json_is_array(to))
			changes = array_difference(from, to, depth);
	}
	return changes != NULL ? changes : shared(to);
}

static bool
same_printer(const json_t *base, const json_t *record)
{
	const json_t *here = json_object_get(record, "device");
	const json_t *there = json_object_get(base, "device");

	return *text_of(here, "id") != 0 &&
		strcmp(text_of(here, "id"), text_of(there, "id")) == 0 &&
		*text_of(record, "agent") != 0 &&
		strcmp(text_of(record, "agent"), text_of(base, "agent")) == 0 &&
		json_is_integer(json_object_get(base, "seq"));
}

static json_t *
without_own(const json_t *record)
{
	json_t *rest = json_copy((json_t *)(uintptr_t)record);

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		json_object_del(rest, own[i]);
	return rest;
}

static json_t *
make(const json_t *base, const json_t *record)
{
	json_t *from = json_deep_copy(base), *to = without_own(record), *plus, *changes;
	json_t *delta = json_object();
	char id[PLATEN_RECORD_ID];

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		json_object_del(from, own[i]);
	plus = platen_plus_make(from, to); /* and from has the counts of to */
	changes = difference(from, to, 0);

	json_object_set_new(delta, "schema", json_string(PLATEN_DELTA_SCHEMA));
	for (size_t i = 1; i < sizeof(own) / sizeof(own[0]); i++)
		json_object_set(delta, own[i], json_object_get(record, own[i]));
	derive_id(record, id);
	if (strcmp(text_of(record, "id"), id) == 0)
		json_object_del(delta, "id");
	json_object_set(delta, "base", json_object_get(base, "seq"));
	json_object_set(delta, "device", json_object_get(json_object_get(record, "device"), "id"));
	if (plus != NULL)
		json_object_set_new(delta, "plus", plus);
	json_object_set_new(delta, "changes", changes != NULL ? changes : json_object());
	json_decref(from);
	json_decref(to);
	return delta;
}

json_t *
platen_delta_make(const json_t *base, const json_t *record)
{
	json_t *delta, *again;
	const char *why;

	if (!same_printer(base, record))
		return NULL;
	delta = make(base, record);
	again = platen_delta_expand(base, delta, &why);
	if (again == NULL || !json_equal(again, record)) {
		json_decref(delta);
		delta = NULL;
	}
	json_decref(again);
	return delta;
}

/* ---- expanding ---- */

static json_t *changed(const json_t *base, const json_t *changes, int depth);

/* A whole value that comes in a delta: it may be anything but null, to any depth. */
static bool
is_sound(const json_t *value, int depth)
{
	const json_t *part;
	const char *key;
	size_t i;

	if (value == NULL || json_is_null(value) || depth > DEPTH_MOST)
		return false;
	json_array_foreach (value, i, part)
		if (!is_sound(part, depth + 1))
			return false;
	json_object_foreach ((json_t *)(uintptr_t)value, key, part)
		if (!is_sound(part, depth + 1))
			return false;
	return true;
}

static bool
change_member(json_t *object, const char *key, const json_t *change, int depth)
{
	json_t *value;

	if (json_is_null(change))
		return json_object_del(object, key) == 0;
	value = changed(json_object_get(object, key), change, depth + 1);
	return value != NULL && json_object_set_new(object, key, value) == 0;
}

/* The element of a number, or the one behind the last. */
static bool
change_element(json_t *array, const char *key, const json_t *change, int depth)
{
	size_t n = json_array_size(array), at;
	json_t *value;
	char again[24];

	at = (size_t)strtoul(key, NULL, 10);
	snprintf(again, sizeof(again), "%zu", at);
	if (strcmp(again, key) != 0 || at > n || at >= ARRAY_MOST)
		return false;
	value = changed(json_array_get(array, at), change, depth + 1);
	if (value == NULL)
		return false;
	return at == n ? json_array_append_new(array, value) == 0
		       : json_array_set_new(array, at, value) == 0;
}

/* base with its changes, NULL: they are not sound. */
static json_t *
changed(const json_t *base, const json_t *changes, int depth)
{
	bool parts = json_is_object(changes) && (json_is_object(base) || json_is_array(base));
	json_t *value, *change;
	const char *key;
	bool ok = true;

	if (depth > DEPTH_MOST)
		return NULL;
	if (!parts)
		return is_sound(changes, depth) ? json_deep_copy(changes) : NULL;
	value = json_copy((json_t *)(uintptr_t)base); /* its parts are shared until they change */
	json_object_foreach ((json_t *)(uintptr_t)changes, key, change)
		ok = ok &&
			(json_is_object(base) ? change_member(value, key, change, depth)
					      : change_element(value, key, change, depth));
	if (!ok) {
		json_decref(value);
		value = NULL;
	}
	return value;
}

static const char *
wrong_with(const json_t *base, const json_t *delta)
{
	if (strcmp(text_of(delta, "schema"), PLATEN_DELTA_SCHEMA) != 0 ||
		!json_is_integer(json_object_get(delta, "seq")) ||
		!json_is_integer(json_object_get(delta, "base")) || *text_of(delta, "agent") == 0 ||
		*text_of(delta, "time") == 0 || *text_of(delta, "device") == 0 ||
		!json_is_object(json_object_get(delta, "changes")))
		return "it lacks something that every delta has";
	if (strcmp(text_of(delta, "agent"), text_of(base, "agent")) != 0 ||
		strcmp(text_of(delta, "device"), text_of(json_object_get(base, "device"), "id")) !=
			0 ||
		!json_equal(json_object_get(delta, "base"), json_object_get(base, "seq")))
		return "it was made of another record";
	return NULL;
}

json_t *
platen_delta_expand(const json_t *base, const json_t *delta, const char **why)
{
	const json_t *plus = json_object_get(delta, "plus");
	json_t *rest, *record = NULL;
	char id[PLATEN_RECORD_ID];

	if ((*why = wrong_with(base, delta)) != NULL)
		return NULL;
	rest = plus != NULL ? json_deep_copy(base) : json_copy((json_t *)(uintptr_t)base);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		json_object_del(rest, own[i]);
	if (plus == NULL || platen_plus_add(rest, plus))
		record = changed(rest, json_object_get(delta, "changes"), 0);
	json_decref(rest);
	*why = "its changes do not fit the record it was made of";
	if (record == NULL)
		return NULL;
	json_object_set(record, "schema", json_object_get(base, "schema"));
	for (size_t i = 1; i < sizeof(own) / sizeof(own[0]); i++)
		json_object_set(record, own[i], json_object_get(delta, own[i]));
	if (json_object_get(delta, "id") == NULL) {
		derive_id(delta, id);
		json_object_set_new(record, "id", json_string(id));
	}
	/* Who the printer is and what is told of it are never taken away. */
	if (strcmp(text_of(json_object_get(record, "device"), "id"), text_of(delta, "device")) == 0)
		return record;
	json_decref(record);
	return NULL;
}
