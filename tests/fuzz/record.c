/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.c - any readings that pass the gate (metric_check), of two plugins,
 * become one record: JSON in which nothing that was said is missing and nothing
 * is null.
 *
 * The input is a row of readings, each a few bytes of choices and its texts.
 * The registry and the spool are left out: they have tests of their own.
 */
#include "metrics.h"
#include "reading.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *p;
	size_t n;
};

static uint8_t
byte(struct input *in)
{
	if (in->n == 0)
		return 0;
	in->n--;
	return *in->p++;
}

/* A text of the pool: its length in a byte or two, then what it is made of; NULs cut it. */
static char *
text(struct input *in, struct pool *pool)
{
	size_t n = byte(in);
	char *s;

	if (n > 250)
		n = n * 4 + byte(in);
	if (n > in->n)
		n = in->n;
	s = pool_alloc(pool, n + 1);
	if (n > 0)
		memcpy(s, in->p, n);
	in->p += n;
	in->n -= n;
	return s;
}

static int64_t
number(struct input *in)
{
	static const int64_t odd[] = { PLATEN_NONE, PLATEN_UNKNOWN, PLATEN_SOME, PLATEN_UNLIMITED,
		INT64_MAX, INT64_MAX / 100, UINT32_MAX, 0, 1, 100, 1104, -1 };
	uint8_t choice = byte(in);

	if (choice < COUNT(odd))
		return odd[choice];
	return (int64_t)choice << (byte(in) % 56);
}

/* The n'th word of a list, or any text. */
static const char *
word(struct input *in, struct pool *pool, const char *list)
{
	uint32_t n = byte(in);
	const char *said = list != NULL && n <= 200 ? word_at(list, n % 16) : NULL;

	return said != NULL ? said : text(in, pool);
}

static const char *
metric_name(struct input *in, struct pool *pool, const struct metric *m)
{
	size_t n = strcspn(m->name, "*");
	struct buf b = { 0 };
	const char *name;

	if (m->name[n] == 0)
		return m->name;
	buf_add(&b, m->name, n);
	buf_text(&b, m->ends != NULL ? word(in, pool, m->ends) : "iso_a4_210x297mm");
	name = pool_string(pool, (const char *)b.p);
	buf_free(&b);
	return name;
}

static void
one_reading(struct input *in, struct pool *pool, struct readings *readings)
{
	const struct metric *m = &metrics[byte(in) % metrics_count];
	uint8_t how = byte(in);
	struct platen_reading r = { .size = sizeof(r), .metric = metric_name(in, pool, m) };
	struct emitted reading;
	struct why why;

	r.part = how & 1 ? text(in, pool) : NULL;
	r.unit = m->units != NULL ? word(in, pool, m->units) : NULL;
	r.number = m->kind == METRIC_TEXT ? PLATEN_NONE : number(in);
	r.full = m->kind == METRIC_LEVEL ? number(in) : PLATEN_NONE;
	r.text = m->kind == METRIC_TEXT ? word(in, pool, m->words) : NULL;
	reading = emitted_of(&r);
	if (metric_allows(&reading, &why))
		readings_add(readings, how & 2 ? "first" : "second", how & 4 ? 50 : 1, &reading);
}

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* No null anywhere, and no object without a key. */
static void
complete(const json_t *json)
{
	const char *key;
	json_t *inner;
	size_t i;

	must(json != NULL && !json_is_null(json));
	must(!json_is_object(json) || json_object_size(json) > 0);
	json_object_foreach ((json_t *)json, key, inner)
		complete(inner);
	json_array_foreach (json, i, inner)
		complete(inner);
}

/* A text fact of the device is in the record. */
static void
told(const json_t *record, const struct visited *v, const char *metric, const char *key)
{
	const json_t *device = json_object_get(record, "device");

	for (uint32_t i = 0; i < v->nfacts; i++)
		if (strcmp(v->facts[i].metric, metric) == 0 && v->facts[i].text[0] != 0)
			must(json_is_string(json_object_get(device, key)));
}

static void
on_made(void *arg, const char *json, const struct visited *v)
{
	json_t *record = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	const json_t *notes = json_object_get(record, "notes");
	uint32_t *made = arg;
	json_t *n;
	size_t i;

	(*made)++;
	must(record != NULL && strchr(json, '\n') == NULL && text_is_utf8(json, strlen(json)));
	complete(record);
	told(record, v, "device.manufacturer", "manufacturer");
	told(record, v, "device.model", "model");
	told(record, v, "device.serial", "serial");
	told(record, v, "device.serial", "id");
	told(record, v, "device.firmware", "firmware");
	json_array_foreach (notes, i, n)
		must(json_object_get(n, "kind") != NULL && json_object_get(n, "text") != NULL);
	json_decref(record);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct pool *pool = pool_new();
	struct readings *readings = readings_new(pool);
	struct config config = { .customer = "C-1", .site = "head-office" };
	uint32_t made = 0;
	struct recorder recorder = { .config = &config, .made = on_made, .arg = &made };
	struct printer known = { .address = "192.0.2.1", .port = 161 }, now = known;

	for (uint32_t i = 0; in.n > 0 && i < 200; i++)
		one_reading(&in, pool, readings);
	must(readings_finish(readings, &recorder, &known, &now) && made == 1);
	pool_free(pool);
	return 0;
}
