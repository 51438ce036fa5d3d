/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_record.c - is a line of an upload a record that this agent may send?
 *
 * Who sent it was proven before; here is only what it says.  It is passed on as
 * it came, byte by byte, so what is not looked at here is the sinks' to judge.
 */
#include "net/gate_body.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Numbers that are left free above, so that counting on never runs over. */
#define SEQ_MOST INT64_C(0x3fffffffffffffff)

static const char *const schemas[] = {
	[GATE_READING] = "platen.reading/1",
	[GATE_URGENT] = "platen.urgent/1",
};

/* "2026-11-20T10:00:00Z" */
static bool
read_time(const char *s, int64_t *out)
{
	struct tm tm = { 0 };
	const char *end = s != NULL && strlen(s) == 20 ? strptime(s, "%Y-%m-%dT%H:%M:%SZ", &tm)
						       : NULL;

	if (end == NULL || *end != 0)
		return false;
	*out = timegm(&tm);
	return true;
}

/* Names are shown to people, in lines and in tables: one line each, and no bells. */
static bool
is_plain(const char *s)
{
	for (; *s != 0; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7F)
			return false;
	return true;
}

static const char *
label_of(const json_t *device, struct pool *pool)
{
	static const char *const keys[] = { "manufacturer", "model", "serial", "ip" };
	struct buf all = { 0 };
	char label[200];

	for (size_t i = 0; i < COUNT(keys); i++) {
		const char *s = json_string_value(json_object_get(device, keys[i]));

		if (s != NULL && is_plain(s))
			buf_format(&all, "%s%s", all.n > 0 ? " " : "", s);
	}
	text_copy(label, sizeof(label), all.n > 0 ? (const char *)all.p : "");
	buf_free(&all);
	return pool_string(pool, label);
}

static bool
check_kind(const json_t *record, struct gate_record *out, struct why *why)
{
	const char *schema = json_string_value(json_object_get(record, "schema"));

	for (size_t i = 0; schema != NULL && i < COUNT(schemas); i++)
		if (strcmp(schema, schemas[i]) == 0) {
			out->kind = (enum gate_kind)i;
			out->urgent = out->kind == GATE_URGENT;
			return true;
		}
	return why_set(why, "its schema is not platen.reading/1");
}

static bool
check_device(const json_t *record, struct pool *pool, struct gate_record *out, struct why *why)
{
	const json_t *device = json_object_get(record, "device");
	const char *id = json_string_value(json_object_get(device, "id"));

	out->device = out->label = "";
	if (device == NULL)
		return true;
	/* Urgent facts have a hash for a printer: which one it is, the record tells later. */
	if (out->kind == GATE_URGENT)
		return json_is_string(device) || why_set(why, "its device is no text");
	if (!json_is_object(device) || id == NULL || *id == 0 || strlen(id) > NAME_MOST)
		return why_set(why, "its device has no id");
	if (!is_plain(id))
		return why_set(why, "its device's id holds control characters");
	out->device = pool_string(pool, id);
	out->label = label_of(device, pool);
	return true;
}

bool
record_check(const json_t *record, const char *agent, struct pool *pool, struct gate_record *out,
	struct why *why)
{
	const json_t *seq = json_object_get(record, "seq");
	const char *id = json_string_value(json_object_get(record, "id"));
	const char *whose = json_string_value(json_object_get(record, "agent"));

	*out = (struct gate_record){ .device = "", .label = "" };
	if (!json_is_object(record))
		return why_set(why, "it is no JSON object");
	if (!json_is_integer(seq) || json_integer_value(seq) < 1 ||
		json_integer_value(seq) > SEQ_MOST)
		return why_set(why, "it has no seq of 1 or more");
	out->seq = (uint64_t)json_integer_value(seq);
	if (whose == NULL || strcmp(whose, agent) != 0)
		return why_set(why, "it is not of the agent that sent it");
	if (!check_kind(record, out, why))
		return false;
	if (out->kind == GATE_READING && (id == NULL || strlen(id) != UUID_TEXT - 1))
		return why_set(why, "its id is no UUID");
	if (!read_time(json_string_value(json_object_get(record, "time")), &out->time))
		return why_set(why, "its time is not like 2026-11-20T10:00:00Z");
	return check_device(record, pool, out, why);
}

const char *
record_name(const json_t *record, const char *key, struct pool *pool)
{
	const char *s = json_string_value(json_object_get(record, key));

	return s != NULL && strlen(s) <= NAME_MOST && is_plain(s) ? pool_string(pool, s) : "";
}
