/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_urgent.c - from the urgent facts in an envelope to a row of schema
 * platen.urgent/1; see sdk/ENVELOPE.
 *
 * Only what sdk/ENVELOPE lists is passed on, in this order; whatever else is said is
 * refused.  The row is no reading: that one comes later, with the same number.
 */
#include "net/gate_seal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS_MOST 200 /* of one list */

static bool
is_text(const json_t *v)
{
	return json_is_string(v) && json_string_length(v) < 64;
}

static bool
is_count(const json_t *v)
{
	return json_is_integer(v) && json_integer_value(v) >= 0;
}

static bool
is_flag(const json_t *v)
{
	return json_is_true(v);
}

struct fact {
	const char *key;
	bool (*good)(const json_t *);
};

static const struct fact meter[] = { { "name", is_text }, { "part", is_text },
	{ "value", is_count }, { "unit", is_text }, { 0 } };
static const struct fact supply[] = { { "part", is_text }, { "state", is_text }, { 0 } };
static const struct fact alert[] = { { "severity", is_text }, { "code", is_text },
	{ "number", is_count }, { 0 } };

/* Has an object nothing but these, each as it must be? */
static bool
is_made_of(json_t *object, const struct fact *facts)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return false;
	json_object_foreach (object, key, value) {
		const struct fact *f = facts;

		while (f->key != NULL && strcmp(f->key, key) != 0)
			f++;
		if (f->key == NULL || !f->good(value))
			return false;
	}
	return true;
}

static bool
is_list(const json_t *list, const struct fact *facts)
{
	if (!json_is_array(list) || json_array_size(list) > ITEMS_MOST)
		return false;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!is_made_of(json_array_get(list, i), facts))
			return false;
	return true;
}

static bool
is_meters(const json_t *v)
{
	return is_list(v, meter);
}

static bool
is_supplies(const json_t *v)
{
	return is_list(v, supply);
}

static bool
is_alerts(const json_t *v)
{
	return is_list(v, alert);
}

static const struct fact whole[] = { { "seq", is_count }, { "time", is_text },
	{ "meters", is_meters }, { "supplies", is_supplies }, { "alerts", is_alerts },
	{ "cut", is_flag }, { 0 } };

/* The printer's hash as text; "" where it is all zero. */
static void
hash_text(const uint8_t *p, char out[static 2 * SEAL_DEVICE_BYTES + 1])
{
	uint8_t any = 0;

	for (size_t i = 0; i < SEAL_DEVICE_BYTES; i++) {
		any |= p[i];
		out[2 * i] = "0123456789abcdef"[p[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[p[i] & 15];
	}
	out[any != 0 ? 2 * SEAL_DEVICE_BYTES : 0] = 0;
}

static void
put_row(const char *agent, const uint8_t *hash, json_t *facts, struct buf *out)
{
	char device[2 * SEAL_DEVICE_BYTES + 1];
	json_t *row = json_pack("{ss ss}", "schema", "platen.urgent/1", "agent", agent);
	char *text;

	hash_text(hash, device);
	for (const struct fact *f = whole; f->key != NULL; f++) {
		json_t *value = json_object_get(facts, f->key);

		if (value != NULL)
			json_object_set(row, f->key, value);
		if (strcmp(f->key, "time") == 0 && device[0] != 0)
			json_object_set_new(row, "device", json_string(device));
	}
	text = json_dumps(row, JSON_COMPACT);
	if (text == NULL)
		die("out of memory");
	buf_text(out, text);
	free(text);
	json_decref(row);
}

bool
gate_urgent_line(const char *agent, const uint8_t *p, size_t n, struct buf *out, struct why *why)
{
	json_t *facts = n > SEAL_DEVICE_BYTES
		? json_loadb((const char *)p + SEAL_DEVICE_BYTES, n - SEAL_DEVICE_BYTES,
			  JSON_REJECT_DUPLICATES, NULL)
		: NULL;
	bool ok = is_made_of(facts, whole) && json_object_get(facts, "seq") != NULL &&
		json_object_get(facts, "time") != NULL;

	if (ok)
		put_row(agent, p, facts, out);
	else
		why_set(why, "holds something else than urgent facts");
	json_decref(facts);
	return ok;
}
