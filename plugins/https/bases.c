/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bases.c - the newest record of each printer that the server has, as text, in
 * so much memory and no more.
 *
 * What is wrongly believed to be there does no harm: the server asks for the
 * whole record then.
 */
#include "https.h"

#include <platen/delta.h>

#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096 /* a power of two */
#define DAY 10 /* "2026-11-20" */

struct base {
	struct base *next; /* in its bucket */
	struct base *newer, *older; /* by use */
	size_t size;
	char day[DAY + 1]; /* on which it went whole */
	size_t len; /* of json */
	const char *json;
	char device[]; /* its NUL, then json */
};

static struct base *buckets[BUCKETS], *newest, *oldest;
static size_t total;

static struct base **
place_of(const char *device)
{
	uint32_t hash = 2166136261u;
	struct base **at;

	for (const char *p = device; *p != 0; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	at = &buckets[hash & (BUCKETS - 1)];
	while (*at != NULL && strcmp((*at)->device, device) != 0)
		at = &(*at)->next;
	return at;
}

static void
forget(struct base **at)
{
	struct base *b = *at;

	*at = b->next;
	*(b->newer != NULL ? &b->newer->older : &newest) = b->older;
	*(b->older != NULL ? &b->older->newer : &oldest) = b->newer;
	total -= b->size;
	free(b);
}

static void
remember(const char *device, const struct platen_record *r, const char *day)
{
	size_t name = strlen(device) + 1, size = sizeof(struct base) + name + r->len;
	struct base **at = place_of(device), *b;

	if (*at != NULL)
		forget(at);
	while (oldest != NULL && total + size > BASES_MOST)
		forget(place_of(oldest->device));
	b = size <= BASES_MOST ? calloc(1, size) : NULL;
	if (b == NULL)
		return;
	b->size = size;
	b->len = r->len;
	memcpy(b->device, device, name);
	b->json = memcpy(b->device + name, r->json, r->len);
	memcpy(b->day, day, DAY);
	at = place_of(device);
	b->next = *at;
	*at = b;
	b->older = newest;
	*(newest != NULL ? &newest->newer : &oldest) = b;
	newest = b;
	total += size;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* The day's first record of a printer goes whole. */
static json_t *
delta_of(const struct base *b, const json_t *record, const char *time)
{
	json_t *base, *delta;

	if (b == NULL || strncmp(b->day, time, DAY) != 0)
		return NULL;
	base = json_loadb(b->json, b->len, 0, NULL);
	delta = json_integer_value(json_object_get(base, "seq")) <
			json_integer_value(json_object_get(record, "seq"))
		? platen_delta_make(base, record)
		: NULL;
	json_decref(base);
	return delta;
}

json_t *
bases_delta(const struct platen_record *r, bool whole)
{
	json_t *record = json_loadb(r->json, r->len, JSON_REJECT_DUPLICATES, NULL), *delta = NULL;
	const char *device = text_of(json_object_get(record, "device"), "id");
	const char *time = text_of(record, "time");
	char day[DAY + 1] = "";
	const struct base *b;

	if (*device != 0 && strlen(time) > DAY) {
		b = *place_of(device);
		memcpy(day, time, DAY);
		if (!whole)
			delta = delta_of(b, record, time);
		remember(device, r, day);
	}
	json_decref(record);
	return delta;
}

void
bases_forget(const struct platen_record *r)
{
	json_t *record = json_loadb(r->json, r->len, 0, NULL);
	struct base **at = place_of(text_of(json_object_get(record, "device"), "id"));

	if (*at != NULL)
		forget(at);
	json_decref(record);
}

void
bases_forget_all(void)
{
	while (oldest != NULL)
		forget(place_of(oldest->device));
}
