/* SPDX-License-Identifier: Apache-2.0 */
/* wire.c - frames and fields; see wire.h.  The only place that trusts a length from a pipe. */
#include "wire.h"

#include <string.h>

#define HEAD 8

/* Bytes of an empty buffer that are kept for what is said next. */
#define KEPT_MOST 8192

static void
put_u32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)(v >> 16);
	p[3] = (uint8_t)(v >> 24);
}

static uint32_t
get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

size_t
wire_begin(struct buf *b, uint32_t type)
{
	uint8_t *head = buf_more(b, HEAD);

	put_u32(head, 0);
	put_u32(head + 4, type);
	return b->n - HEAD;
}

void
wire_end(struct buf *b, size_t begun)
{
	put_u32(b->p + begun, (uint32_t)(b->n - begun - HEAD));
}

/* A field of n bytes, to be filled. */
static uint8_t *
field(struct buf *b, size_t n)
{
	uint8_t *p = buf_more(b, 4 + n);

	put_u32(p, (uint32_t)n);
	return p + 4;
}

void
wire_bytes(struct buf *b, const void *p, size_t n)
{
	uint8_t *to = field(b, n);

	if (n > 0)
		memcpy(to, p, n);
}

void
wire_u64(struct buf *b, uint64_t v)
{
	uint8_t *le = field(b, 8);

	put_u32(le, (uint32_t)v);
	put_u32(le + 4, (uint32_t)(v >> 32));
}

void
wire_i64(struct buf *b, int64_t v)
{
	wire_u64(b, (uint64_t)v);
}

void
wire_text(struct buf *b, const char *s)
{
	if (s == NULL)
		s = "";
	wire_bytes(b, s, strlen(s) + 1);
}

void
wire_oid(struct buf *b, struct platen_oid oid)
{
	uint32_t n = oid.n < PLATEN_MAX_SUBIDS ? oid.n : PLATEN_MAX_SUBIDS;
	uint8_t *le = field(b, 4 * (size_t)n);

	for (uint32_t i = 0; i < n; i++)
		put_u32(le + 4 * (size_t)i, oid.sub[i]);
}

int64_t
wire_frame(const uint8_t *p, size_t n, struct wire *out)
{
	uint32_t length;

	if (n < HEAD)
		return 0;
	length = get_u32(p);
	if (length > WIRE_MAX_FRAME)
		return -1;
	if (n - HEAD < length)
		return 0;
	*out = (struct wire){ .type = get_u32(p + 4), .p = p + HEAD, .n = length };
	return (int64_t)HEAD + length;
}

/* How many bytes more the frame that begins with these n must have; 0: it is whole. */
static size_t
missing(const uint8_t *p, size_t n)
{
	if (n < HEAD)
		return HEAD - n;
	return n - HEAD < get_u32(p) ? get_u32(p) - (n - HEAD) : 0;
}

/* The rest of the frame that waits; what it takes of the n bytes at p, -1: no frame. */
static int64_t
feed_kept(struct buf *kept, const uint8_t *p, size_t n, struct wire *out)
{
	size_t at = 0, more;

	*out = (struct wire){ 0 };
	while ((more = missing(kept->p, kept->n)) > 0 && at < n) {
		more = more < n - at ? more : n - at;
		buf_add(kept, p + at, more);
		at += more;
		if (wire_frame(kept->p, kept->n, out) < 0)
			return -1;
	}
	return (int64_t)at;
}

bool
wire_feed(struct buf *kept, const uint8_t *p, size_t n, bool (*take)(void *arg, struct wire *),
	void *arg)
{
	bool ok = true;
	int64_t size;
	struct wire w;

	if (kept->n > 0) {
		size = feed_kept(kept, p, n, &w);
		if (size < 0)
			return false;
		p += size;
		n -= (size_t)size;
		if (w.p == NULL)
			return true;
		ok = take(arg, &w);
		buf_free(kept);
	}
	while (ok && (size = wire_frame(p, n, &w)) > 0) {
		p += size;
		n -= (size_t)size;
		ok = take(arg, &w);
	}
	if (ok && size == 0 && n > 0)
		buf_add(kept, p, n);
	return ok && size >= 0;
}

void
wire_drain(struct buf *out, size_t n)
{
	buf_cut(out, n);
	if (out->n == 0 && out->cap > KEPT_MOST)
		buf_free(out);
}

const uint8_t *
wire_get_bytes(struct wire *w, size_t *n)
{
	static const uint8_t nothing[1];
	const uint8_t *p = w->p;
	uint32_t length;

	*n = 0;
	if (w->bad || w->n < 4 || (length = get_u32(p)) > w->n - 4) {
		w->bad = true;
		return nothing;
	}
	w->p += 4 + (size_t)length;
	w->n -= 4 + (size_t)length;
	*n = length;
	return p + 4;
}

uint64_t
wire_get_u64(struct wire *w)
{
	size_t n;
	const uint8_t *p = wire_get_bytes(w, &n);

	if (w->bad || n != 8) {
		w->bad = true;
		return 0;
	}
	return (uint64_t)get_u32(p) | (uint64_t)get_u32(p + 4) << 32;
}

int64_t
wire_get_i64(struct wire *w)
{
	return (int64_t)wire_get_u64(w);
}

uint32_t
wire_get_max(struct wire *w, uint32_t max)
{
	uint64_t v = wire_get_u64(w);

	if (v > max) {
		w->bad = true;
		return 0;
	}
	return (uint32_t)v;
}

const char *
wire_get_text(struct wire *w)
{
	size_t n;
	const uint8_t *p = wire_get_bytes(w, &n);

	if (w->bad || n == 0 || memchr(p, 0, n) != p + n - 1) {
		w->bad = true;
		return "";
	}
	return (const char *)p;
}

struct platen_oid
wire_get_oid(struct wire *w, struct pool *pool)
{
	size_t n;
	const uint8_t *p = wire_get_bytes(w, &n);
	uint32_t *sub;

	if (w->bad || n % 4 != 0 || n / 4 > PLATEN_MAX_SUBIDS) {
		w->bad = true;
		return (struct platen_oid){ 0 };
	}
	sub = pool_alloc(pool, n + 4);
	for (size_t i = 0; i < n / 4; i++)
		sub[i] = get_u32(p + 4 * i);
	return (struct platen_oid){ .sub = sub, .n = (uint32_t)(n / 4) };
}

bool
wire_ended(const struct wire *w)
{
	return !w->bad && w->n == 0;
}
