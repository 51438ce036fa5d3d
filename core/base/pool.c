/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.c - memory that goes together: taken bit by bit, given back all at once.
 *
 * Cleared is what is handed out, when it is handed out: not what lies unused, nor what nobody will
 * have again.  A pool does not hide secrets: who has some wipes them.
 */
#include "base.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the chunks of a pool: each is twice as large as the one before. */
#define CHUNK_LEAST 4000
#define CHUNK_KINDS 3

/*
 * Bytes of chunks that are kept for the pools to come, until memory is given back; and those that
 * come with a pool: many hold no more.  Where a sanitizer looks on, none is kept, and what is
 * handed out is a block by itself: so it sees what is used behind its end, or after it was freed.
 */
#ifdef POOL_APART
#define SPARE_MOST 0
#define FIRST 0
#else
#define SPARE_MOST (1u << 20)
#define FIRST 432
#endif

enum kind { CHUNK_FIRST = CHUNK_KINDS, CHUNK_ALONE };

struct chunk {
	struct chunk *next;
	size_t used, size;
	uint32_t kind; /* CHUNK_LEAST << kind bytes, or enum kind */
	_Alignas(max_align_t) uint8_t bytes[];
};

struct pool {
	struct chunk *chunks;
	size_t total;
};

static struct chunk *spare[CHUNK_KINDS];
static size_t spares; /* bytes of them */

_Static_assert(sizeof(struct pool) % _Alignof(struct chunk) == 0, "the first chunk stands behind");

static struct chunk *
pool_first(struct pool *p)
{
	return (struct chunk *)(void *)(p + 1);
}

static void
chunk_begin(struct chunk *c, uint32_t kind, size_t size)
{
	*c = (struct chunk){ .kind = kind, .size = size };
}

struct pool *
pool_new(void)
{
	struct pool *p = mem_grow(NULL, sizeof(*p) + sizeof(struct chunk) + FIRST);

	*p = (struct pool){ .chunks = pool_first(p) };
	chunk_begin(p->chunks, CHUNK_FIRST, FIRST);
	return p;
}

/* What a chunk behind c is, that is to hold so much. */
static uint32_t
kind_after(const struct chunk *c, size_t least)
{
	uint32_t kind = c->kind + 1 < CHUNK_KINDS ? c->kind + 1 : CHUNK_KINDS - 1;

	if (c->kind >= CHUNK_KINDS)
		kind = 0;
	while (kind < CHUNK_KINDS && (size_t)CHUNK_LEAST << kind < least)
		kind++;
	return kind < CHUNK_KINDS && SPARE_MOST > 0 ? kind : CHUNK_ALONE;
}

static struct chunk *
chunk_new(uint32_t kind, size_t least)
{
	size_t size = kind < CHUNK_KINDS ? (size_t)CHUNK_LEAST << kind : least;
	struct chunk *c = kind < CHUNK_KINDS ? spare[kind] : NULL;

	if (c != NULL) {
		spare[kind] = c->next;
		spares -= size;
	} else {
		c = mem_grow(NULL, sizeof(*c) + size);
	}
	chunk_begin(c, kind, size);
	return c;
}

static struct chunk *
pool_chunk(struct pool *p, size_t least)
{
	struct chunk *c = chunk_new(kind_after(p->chunks, least), least);

	p->total += sizeof(*c) + c->size;
	if (c->kind == CHUNK_ALONE && p->chunks != pool_first(p)) {
		/* Full as it is, it does not take the place of one that has room left. */
		c->next = p->chunks->next;
		p->chunks->next = c;
	} else {
		c->next = p->chunks;
		p->chunks = c;
	}
	return c;
}

/* Not cleared. */
void *
pool_take(struct pool *p, size_t n)
{
	size_t step = (n + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	struct chunk *c = p->chunks;
	void *q;

	if (step < n)
		die("out of memory");
	if (c->size - c->used < step)
		c = pool_chunk(p, step);
	q = c->bytes + c->used;
	c->used += step;
	return q;
}

void *
pool_alloc(struct pool *p, size_t n)
{
	return memset(pool_take(p, n), 0, n);
}

void *
pool_copy(struct pool *p, const void *from, size_t n)
{
	uint8_t *q = pool_take(p, n + 1);

	if (n > 0)
		memcpy(q, from, n);
	q[n] = 0;
	return q;
}

char *
pool_string(struct pool *p, const char *s)
{
	return s == NULL ? NULL : pool_copy(p, s, strlen(s));
}

size_t
pool_size(const struct pool *p)
{
	return p->total;
}

/* The last of a pool's chunks is the one it came with. */
void
pool_join(struct pool *into, struct pool **from)
{
	pool_first(*from)->next = into->chunks;
	into->chunks = (*from)->chunks;
	into->total += sizeof(**from) + sizeof(struct chunk) + FIRST + (*from)->total;
	*from = NULL;
}

static void
chunk_free(struct chunk *c)
{
	if (c->kind == CHUNK_FIRST) {
		free((struct pool *)(void *)c - 1); /* of a pool that was joined */
		return;
	}
	if (c->kind == CHUNK_ALONE || spares + c->size > SPARE_MOST) {
		free(c);
		return;
	}
	c->next = spare[c->kind];
	spare[c->kind] = c;
	spares += c->size;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	for (struct chunk *c = p->chunks, *next; c != pool_first(p); c = next) {
		next = c->next;
		chunk_free(c);
	}
	free(p);
}

void
mem_give_back(void)
{
	for (uint32_t kind = 0; kind < CHUNK_KINDS; kind++)
		for (struct chunk *c; (c = spare[kind]) != NULL;) {
			spare[kind] = c->next;
			free(c);
		}
	spares = 0;
	malloc_trim(0);
}
