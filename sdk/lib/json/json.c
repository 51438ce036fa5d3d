/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - JSON as a tree, over jansson; see platen/json.h. */
#include "../build.h"

#include <platen/json.h>

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void
leaf(struct platen_build *b, const char *name, const char *text, size_t n)
{
	platen_build_leaf(b, "", name, strlen(name), text, n);
}

static void value_add(struct platen_build *, const char *name, const json_t *);

static void
members_add(struct platen_build *b, const json_t *value)
{
	json_t *member;
	const char *key;
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach (value, i, member)
			value_add(b, "item", member);
		return;
	}
	/* The iterator is handed over as void *, though it changes nothing. */
	json_object_foreach ((json_t *)(uintptr_t)value, key, member)
		value_add(b, key, member);
}

/* Goes as deep as the tree may, then build.wrong stops it. */
static void
value_add(struct platen_build *b, const char *name, const json_t *value)
{
	char number[32];

	if (b->wrong != NULL)
		return;
	switch (json_typeof(value)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		platen_build_open(b, name, strlen(name));
		members_add(b, value);
		platen_build_close(b);
		break;
	case JSON_STRING:
		leaf(b, name, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		snprintf(number, sizeof(number), "%" PRId64, (int64_t)json_integer_value(value));
		leaf(b, name, number, strlen(number));
		break;
	case JSON_REAL:
		snprintf(number, sizeof(number), "%#.15g", json_real_value(value));
		leaf(b, name, number, strlen(number));
		break;
	case JSON_TRUE:
		leaf(b, name, "true", 4);
		break;
	case JSON_FALSE:
		leaf(b, name, "false", 5);
		break;
	case JSON_NULL:
		platen_build_open(b, name, strlen(name));
		platen_build_close(b);
		break;
	}
}

const struct platen_node *
platen_json(const struct platen_host *host, struct platen_visit *visit, const uint8_t *body,
	uint64_t len)
{
	struct platen_build b = { .host = host, .visit = visit, .kind = "JSON" };
	json_error_t error;
	json_t *value;

	if (platen_build_begin(&b, len)) {
		value = json_loadb((const char *)body, len, JSON_REJECT_DUPLICATES, &error);
		if (value != NULL)
			members_add(&b, value);
		else
			b.wrong = "it is none from beginning to end";
		json_decref(value);
	}
	return platen_build_end(&b);
}
