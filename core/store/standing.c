/* SPDX-License-Identifier: Apache-2.0 */
/* standing.c - a hash table of printers and of what is kept of them; see standing.h. */
#include "store/standing.h"

#include "store/latest.h"

#include <stdlib.h>

#define ROOM_LEAST 64

struct stand {
	uint64_t device; /* 0: free */
	uint64_t meters;
	int64_t until;
};

static uint64_t
hash_device(const struct standing *s, const char *device)
{
	uint64_t h = hash_string(s->seed, device);

	return h != 0 ? h : 1;
}

static uint64_t
hash_meters(const struct standing *s, const struct spool_meter *meters, uint32_t n)
{
	uint64_t h = s->seed, of[2] = { 0 };

	for (const struct spool_meter *m = meters; m < meters + n; m++) {
		/* Most have the words of the one before, and these lie where those do. */
		if (m == meters || m->unit != m[-1].unit || m->via != m[-1].via)
			of[0] = hash_string(hash_string(s->seed, m->unit), m->via);
		of[1] = (uint64_t)m->value;
		h = hash_on(hash_string(h, m->name), of, sizeof(of));
	}
	return h;
}

/* Where it is, or would be. */
static struct stand *
place_of(const struct standing *s, uint64_t device)
{
	uint32_t at = (uint32_t)device & (s->room - 1);

	while (s->list[at].device != 0 && s->list[at].device != device)
		at = (at + 1) & (s->room - 1);
	return &s->list[at];
}

bool
standing_has(const struct standing *s, const char *device, const struct spool_meter *meters,
	uint32_t n)
{
	int64_t now = clock_wall();
	const struct stand *stand;

	if (s->n == 0)
		return false;
	stand = place_of(s, hash_device(s, device));
	/* A clock that was set back says nothing of how long they have stood. */
	return stand->until > now && stand->until - now <= LATEST_STANDS &&
		stand->meters == hash_meters(s, meters, n);
}

/* Twice the room, and all of it again. */
static void
grow(struct standing *s)
{
	struct standing old = *s;

	if (old.room == 0)
		s->seed = random_u64();
	s->room = old.room == 0 ? ROOM_LEAST : 2 * old.room;
	s->list = mem_alloc(s->room * sizeof(*s->list));
	for (uint32_t i = 0; i < old.room; i++)
		if (old.list[i].device != 0)
			*place_of(s, old.list[i].device) = old.list[i];
	free(old.list);
}

void
standing_add(struct standing *s, const char *device, const struct spool_meter *meters, uint32_t n,
	int64_t until)
{
	struct stand *stand;

	if (s->n >= STANDING_MOST)
		standing_clear(s);
	if (4 * (s->n + 1) > 3 * s->room)
		grow(s);
	stand = place_of(s, hash_device(s, device));
	s->n += stand->device == 0;
	*stand = (struct stand){ hash_device(s, device), hash_meters(s, meters, n), until };
}

void
standing_drop(struct standing *s, const char *device)
{
	if (s->n > 0)
		place_of(s, hash_device(s, device))->until = 0;
}

void
standing_clear(struct standing *s)
{
	free(s->list);
	*s = (struct standing){ 0 };
}
