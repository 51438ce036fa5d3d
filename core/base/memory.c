/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c - allocation that does not fail, growable buffers, pools. */
#include "base.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a block that is mapped by itself, and of what may lie free at the heap's end. */
#define LARGE (256 << 10)
#define SPARE (1 << 20)

void
mem_open(void)
{
	mallopt(M_ARENA_MAX, 1);
	/* Said, it stays: else every large block that is freed raises it. */
	mallopt(M_MMAP_THRESHOLD, LARGE);
	mallopt(M_TRIM_THRESHOLD, SPARE);
}

static void *
given(void *p)
{
	if (p == NULL)
		die("out of memory");
	return p;
}

void *
mem_alloc(size_t n)
{
	return given(calloc(1, n ? n : 1));
}

void *
mem_grow(void *p, size_t n)
{
	return given(realloc(p, n ? n : 1));
}

void *
mem_copy(const void *p, size_t n)
{
	void *q = mem_alloc(n);

	if (n > 0)
		memcpy(q, p, n);
	return q;
}

char *
mem_string_n(const char *s, size_t n)
{
	char *t = mem_alloc(n + 1);

	if (n > 0)
		memcpy(t, s, n);
	return t;
}

char *
mem_string(const char *s)
{
	return s == NULL ? NULL : mem_string_n(s, strlen(s));
}

static void
buf_vformat(struct buf *b, const char *fmt, va_list ap)
{
	char line[256], *longer;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(line, sizeof(line), fmt, again);
	va_end(again);
	if (n < 0)
		die("cannot format \"%s\"", fmt);
	if ((size_t)n < sizeof(line)) {
		buf_add(b, line, (size_t)n);
		return;
	}
	longer = mem_alloc((size_t)n + 1);
	vsnprintf(longer, (size_t)n + 1, fmt, ap);
	buf_add(b, longer, (size_t)n);
	free(longer);
}

char *
mem_format(const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vformat(&b, fmt, ap);
	va_end(ap);
	return buf_take(&b);
}

uint8_t *
buf_more(struct buf *b, size_t n)
{
	uint8_t *p;

	if (n >= SIZE_MAX / 2 - b->n)
		die("out of memory");
	if (b->n + n + 1 > b->cap) {
		size_t cap = b->cap ? b->cap : 256;

		while (cap < b->n + n + 1)
			cap *= 2;
		b->p = mem_grow(b->p, cap);
		b->cap = cap;
	}
	p = b->p + b->n;
	b->n += n;
	b->p[b->n] = 0;
	return p;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	uint8_t *to = buf_more(b, n);

	if (n > 0)
		memcpy(to, p, n);
}

void
buf_text(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_number(struct buf *b, int64_t number)
{
	char digits[20], *at = digits + sizeof(digits);
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;

	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		*--at = '-';
	buf_add(b, at, (size_t)(digits + sizeof(digits) - at));
}

void
buf_format(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vformat(b, fmt, ap);
	va_end(ap);
}

void
buf_cut(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
	b->p[b->n] = 0;
}

void
buf_clear(struct buf *b)
{
	b->n = 0;
	if (b->p != NULL)
		b->p[0] = 0;
}

void
buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

char *
buf_take(struct buf *b)
{
	char *s;

	buf_add(b, "", 0);
	s = (char *)b->p;
	*b = (struct buf){ 0 };
	return s;
}

#define POOL_CHUNK 4000

/* Bytes that come with a pool: many hold no more. */
#define POOL_FIRST 432

/*
 * Chunks kept for the pools to come, until memory is given back: so many visits as are open at
 * a time begin and end together.  None where a sanitizer is to see what is used after it was freed.
 */
#ifndef POOL_SPARE
#define POOL_SPARE 1024
#endif

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(max_align_t) uint8_t bytes[];
};

struct pool {
	struct chunk *chunks;
	size_t total;
};

static struct chunk *spare; /* of POOL_CHUNK bytes, all of them 0 */
static uint32_t nspare;

_Static_assert(sizeof(struct pool) % _Alignof(struct chunk) == 0, "the first chunk stands behind");

static struct chunk *
pool_first(struct pool *p)
{
	return (struct chunk *)(void *)(p + 1);
}

struct pool *
pool_new(void)
{
	struct pool *p = mem_alloc(sizeof(*p) + sizeof(struct chunk) + POOL_FIRST);

	p->chunks = pool_first(p);
	p->chunks->size = POOL_FIRST;
	return p;
}

static struct chunk *
pool_chunk(struct pool *p, size_t least)
{
	size_t size = least > POOL_CHUNK ? least : POOL_CHUNK;
	struct chunk *c = spare;

	if (c != NULL && size == POOL_CHUNK) {
		spare = c->next;
		nspare--;
	} else {
		c = mem_alloc(sizeof(*c) + size);
		c->size = size;
	}
	p->total += sizeof(*c) + size;
	if (size > POOL_CHUNK && p->chunks != pool_first(p)) {
		/* Full as it is, it does not take the place of one that has room left. */
		c->next = p->chunks->next;
		p->chunks->next = c;
	} else {
		c->next = p->chunks;
		p->chunks = c;
	}
	return c;
}

void *
pool_alloc(struct pool *p, size_t n)
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
pool_copy(struct pool *p, const void *from, size_t n)
{
	void *q = pool_alloc(p, n + 1);

	if (n > 0)
		memcpy(q, from, n);
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
	into->total += sizeof(**from) + sizeof(struct chunk) + POOL_FIRST + (*from)->total;
	*from = NULL;
}

/* What was used of it is cleared: that is less than all of it. */
static void
chunk_free(struct chunk *c)
{
	if (c->size == POOL_FIRST) {
		free((struct pool *)(void *)c - 1); /* of a pool that was joined */
		return;
	}
	if (c->size != POOL_CHUNK || nspare + 1 > POOL_SPARE) {
		free(c);
		return;
	}
	memset(c->bytes, 0, c->used);
	c->used = 0;
	c->next = spare;
	spare = c;
	nspare++;
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
	while (spare != NULL) {
		struct chunk *c = spare;

		spare = c->next;
		free(c);
	}
	nspare = 0;
	malloc_trim(0);
}
