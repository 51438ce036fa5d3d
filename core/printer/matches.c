/* SPDX-License-Identifier: Apache-2.0 */
/* matches.c - a hash table of what is remembered of each kind; see matches.h. */
#include "printer/matches.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST 64

struct matches {
	uint32_t scrapers;
	uint32_t n, room; /* a power of two, or 0 */
	uint64_t seed; /* nobody can know what collides */
	uint64_t *keys; /* 0: free */
	uint8_t *rows; /* `scrapers` bytes of each key */
	struct plan **kept; /* of each key; NULL: it has none */
	struct plans *plans;
};

/* Of all that match() looks at: not which printer of its kind it is. */
uint64_t
matches_key(const struct matches *m, const struct platen_device *d)
{
	uint64_t h = hash_on(m->seed, d->object_id, d->nobject_id * sizeof(*d->object_id));

	h = hash_string(h, d->descr);
	h = hash_string(h, d->model);
	h = hash_string(h, d->device_id);
	h = hash_on(h, &d->hr_device_index, sizeof(d->hr_device_index));
	return h != 0 ? h : 1;
}

/* Where a key is, or would be. */
static uint32_t
place_of(const struct matches *m, uint64_t key)
{
	uint32_t at = (uint32_t)key & (m->room - 1);

	while (m->keys[at] != 0 && m->keys[at] != key)
		at = (at + 1) & (m->room - 1);
	return at;
}

struct matches *
matches_new(uint32_t scrapers)
{
	struct matches *m = mem_alloc(sizeof(*m));

	m->scrapers = scrapers;
	m->plans = plans_new(scrapers);
	m->seed = random_u64();
	return m;
}

const uint8_t *
matches_find(const struct matches *m, uint64_t key)
{
	uint32_t at;

	if (m->room == 0 || m->keys[at = place_of(m, key)] != key)
		return NULL;
	return m->rows + (size_t)at * m->scrapers;
}

static void
put(struct matches *m, uint64_t key, const uint8_t *match, struct plan *plan)
{
	uint32_t at = place_of(m, key);

	m->n += m->keys[at] == 0;
	m->keys[at] = key;
	memcpy(m->rows + (size_t)at * m->scrapers, match, m->scrapers);
	if (plan != NULL)
		m->kept[at] = plan;
}

/* Twice the room, and all of it again; beyond the most, empty. */
static void
grow(struct matches *m)
{
	struct matches old = *m;

	m->n = 0;
	m->room = old.room == 0 ? ROOM_LEAST : old.n < MATCHES_MOST ? 2 * old.room : old.room;
	m->keys = mem_alloc(m->room * sizeof(*m->keys));
	m->rows = mem_alloc((size_t)m->room * m->scrapers + 1);
	m->kept = mem_alloc(m->room * sizeof(struct plan *));
	for (uint32_t i = 0; i < old.room; i++)
		if (old.n >= MATCHES_MOST)
			plan_drop(old.kept[i]);
		else if (old.keys[i] != 0)
			put(m, old.keys[i], old.rows + (size_t)i * m->scrapers, old.kept[i]);
	free(old.keys);
	free(old.rows);
	free(old.kept);
}

void
matches_put(struct matches *m, uint64_t key, const uint8_t *match)
{
	if (4 * (m->n + 1) > 3 * m->room || m->n >= MATCHES_MOST)
		grow(m);
	put(m, key, match, NULL);
}

struct plan *
matches_plan(const struct matches *m, uint64_t key)
{
	uint32_t at = m->room > 0 ? place_of(m, key) : 0;

	return m->room > 0 && m->keys[at] == key ? m->kept[at] : NULL;
}

void
matches_learn(struct matches *m, uint64_t key, const struct news *news)
{
	uint32_t at = m->room > 0 ? place_of(m, key) : 0;
	struct plan *old;

	if (m->room == 0 || m->keys[at] != key)
		return;
	old = m->kept[at];
	m->kept[at] = plans_with(m->plans, old, news);
	plan_drop(old);
}

void
matches_free(struct matches *m)
{
	if (m == NULL)
		return;
	for (uint32_t i = 0; i < m->room; i++)
		plan_drop(m->kept[i]);
	plans_free(m->plans);
	free(m->keys);
	free(m->rows);
	free(m->kept);
	free(m);
}
