/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept.c - what printers are read by, taken apart once: the agent asks the same of
 * all printers of a kind, and one question is known by its bytes.
 *
 * So many are kept, and those that nobody asks any more are not; a question that
 * finds no room is taken apart for itself.
 */
#include "net/ask.h"

#include <string.h>

/* Questions that are kept, and bytes of one. */
#define KEPT_MOST 64
/* ms after which what an outline has learned is learned anew: printers change. */
#define KEPT_LONGEST (3600 * 1000u)
#define PACKED_MOST 8192

struct kept {
	uint64_t hash;
	struct question q;
	struct outline *outline;
	struct pool *pool; /* NULL: this place is free */
	uint32_t users; /* asks that live on it */
	uint64_t born, used; /* clock_ms() */
};

/* Of all but the last bytes; they are compared anyway. */
static uint64_t
hash_of(const struct question *q)
{
	uint64_t h = q->npacked, v;

	for (size_t at = 0; at + sizeof(v) <= q->npacked; at += sizeof(v)) {
		memcpy(&v, q->packed + at, sizeof(v));
		h = (h ^ v) * 0x9E3779B97F4A7C15;
		h ^= h >> 32;
	}
	return h;
}

static bool
is_it(const struct kept *k, uint64_t hash, const struct question *q)
{
	return k->pool != NULL && k->hash == hash && k->q.npacked == q->npacked &&
		memcmp(k->q.packed, q->packed, q->npacked) == 0;
}

/* Its place, or the one to be had for it; NULL: all are in use. */
static struct kept *
place_of(struct kept *all, uint64_t hash, const struct question *q)
{
	struct kept *oldest = NULL;

	for (struct kept *k = all; k < all + KEPT_MOST; k++) {
		if (is_it(k, hash, q))
			return k;
		if (k->users == 0 && (oldest == NULL || k->used < oldest->used))
			oldest = k;
	}
	return oldest;
}

static void
drop(struct kept *k)
{
	pool_free(k->pool);
	*k = (struct kept){ 0 };
}

static bool
fill(struct kept *k, uint64_t hash, const struct question *q)
{
	drop(k);
	k->hash = hash;
	k->pool = pool_new();
	k->born = clock_ms();
	k->q = *q;
	k->q.packed = pool_copy(k->pool, q->packed, q->npacked);
	if (!question_unpack(&k->q, k->pool)) {
		drop(k);
		return false;
	}
	k->outline = outline_new(k->pool, &k->q);
	return true;
}

bool
kept_take(struct role *r, struct ask *a)
{
	uint64_t hash = hash_of(&a->q);
	struct kept *k = NULL;
	const char *shape = a->q.shape;

	if (r->kept == NULL)
		r->kept = pool_alloc(r->pool, KEPT_MOST * sizeof(*k));
	if (a->q.npacked <= PACKED_MOST)
		k = place_of(r->kept, hash, &a->q);
	if (k == NULL)
		return question_unpack(&a->q, a->pool);
	if (!is_it(k, hash, &a->q) && !fill(k, hash, &a->q))
		return false;
	k->users++;
	k->used = clock_ms();
	a->kept = k;
	a->q = k->q;
	a->q.shape = shape;
	a->outline = k->outline;
	return true;
}

void
kept_leave(struct ask *a)
{
	if (a->kept != NULL)
		a->kept->users--;
}

void
kept_forget_idle(struct role *r)
{
	uint64_t now = clock_ms();

	for (uint32_t i = 0; r->kept != NULL && i < KEPT_MOST; i++)
		if (r->kept[i].users == 0 &&
			(now - r->kept[i].used > PEER_IDLE || now - r->kept[i].born > KEPT_LONGEST))
			drop(&r->kept[i]);
}

void
kept_close(struct role *r)
{
	for (uint32_t i = 0; r->kept != NULL && i < KEPT_MOST; i++)
		drop(&r->kept[i]);
}
