/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c - allocation that does not fail, growable buffers. */
#include "base.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Bytes of a block that is mapped by itself, and of what may lie free at the heap's end.  Batches
 * on their way out and back are less: the next one finds the pages of the one before, which would
 * cost more than all that is done with them; at rest they are given back.
 */
#define LARGE (2 << 20)
#define SPARE (4 << 20)

/* Bytes up to which a buffer grows in long steps: most that outgrow one outgrow the next too. */
#define SMALL 4096

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
buf_grow(struct buf *b, size_t n)
{
	uint8_t *p;

	if (n >= SIZE_MAX / 2 - b->n)
		die("out of memory");
	if (b->n + n + 1 > b->cap) {
		size_t cap = b->cap ? b->cap : 256;

		while (cap < b->n + n + 1)
			cap *= cap < SMALL ? 4 : 2;
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
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
	size_t n = number < 0 ? 2 : 1;
	uint8_t *at;

	/* At most 19 digits: ten times as much as that begins with still is one of 64 bits. */
	for (uint64_t ten = 10; left >= ten; ten *= 10)
		n++;
	at = buf_more(b, n) + n;
	do
		*--at = (uint8_t)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		*--at = '-';
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
