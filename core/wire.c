/* SPDX-License-Identifier: Apache-2.0 */
/* wire.c - frames and fields; see wire.h.  The only place that trusts a length from a pipe. */
#include "wire.h"

#include <string.h>

/* Bytes of an empty buffer that are kept for what is said next. */
#define KEPT_MOST 8192

/* A frame's length in three bytes, and its type. */
#define HEAD 4
#define TYPE_AT 3

_Static_assert(WIRE_MAX_FRAME < 1u << 24, "its length has three bytes");

/* Seven bits a byte, the lowest first, all but the last with the highest bit set. */
#define SUBID_MOST 5 /* bytes of 32 bits */
#define MORE WIRE_MORE

/* Sub-identifiers that are compared and copied at once. */
#define STEP 4

size_t
wire_begin(struct buf *b, uint32_t type)
{
	uint8_t *head = buf_more(b, HEAD);

	head[TYPE_AT] = (uint8_t)type;
	return b->n - HEAD;
}

void
wire_end_with(struct buf *b, size_t begun, size_t n)
{
	n += b->n - begun - HEAD;
	b->p[begun] = (uint8_t)n;
	b->p[begun + 1] = (uint8_t)(n >> 8);
	b->p[begun + 2] = (uint8_t)(n >> 16);
}

void
wire_end(struct buf *b, size_t begun)
{
	wire_end_with(b, begun, 0);
}

/* ---- writing ---- */

void
wire_u64(struct buf *b, uint64_t v)
{
	wire_grown(b, wire_number(wire_room(b, WIRE_NUMBER_MOST), v));
}

void
wire_i64(struct buf *b, int64_t v)
{
	wire_u64(b, wire_signed(v));
}

void
wire_bytes(struct buf *b, const void *p, size_t n)
{
	uint8_t *to = wire_number(wire_room(b, WIRE_NUMBER_MOST + n), n);

	if (n > 0)
		memcpy(to, p, n);
	wire_grown(b, to + n);
}

void
wire_text(struct buf *b, const char *s)
{
	wire_bytes(b, s, s != NULL && s[0] != 0 ? strlen(s) + 1 : 0);
}

size_t
wire_oid_most(struct platen_oid oid)
{
	return 2 * WIRE_NUMBER_MOST + SUBID_MOST * (size_t)oid.n;
}

uint8_t *
wire_oid_write(uint8_t *to, struct platen_oid before, struct platen_oid oid)
{
	uint32_t n = oid.n < PLATEN_MAX_SUBIDS ? oid.n : PLATEN_MAX_SUBIDS, same = 0;
	uint32_t common = n < before.n ? n : before.n;

	while (same + STEP <= common &&
		memcmp(oid.sub + same, before.sub + same, STEP * sizeof(*oid.sub)) == 0)
		same += STEP;
	while (same < common && oid.sub[same] == before.sub[same])
		same++;
	to = wire_number(wire_number(to, same), n - same);
	while (same < n)
		to = wire_number(to, oid.sub[same++]);
	return to;
}

void
wire_oid_after(struct buf *b, struct platen_oid before, struct platen_oid oid)
{
	wire_grown(b, wire_oid_write(wire_room(b, wire_oid_most(oid)), before, oid));
}

void
wire_oid(struct buf *b, struct platen_oid oid)
{
	wire_oid_after(b, (struct platen_oid){ 0 }, oid);
}

/* ---- frames ---- */

static size_t
length_of(const uint8_t *head)
{
	return (size_t)head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
}

int64_t
wire_frame(const uint8_t *p, size_t n, struct wire *out)
{
	size_t length;

	if (n < HEAD)
		return 0;
	length = length_of(p);
	if (length > WIRE_MAX_FRAME || p[TYPE_AT] == 0 || p[TYPE_AT] > WIRE_TYPE_MOST)
		return -1;
	if (n - HEAD < length)
		return 0;
	*out = (struct wire){ .type = p[TYPE_AT], .p = p + HEAD, .n = length };
	return (int64_t)(HEAD + length);
}

/* How many bytes more the frame that begins with these n must have; 0: it is whole. */
static size_t
missing(const uint8_t *p, size_t n)
{
	if (n < HEAD)
		return HEAD - n;
	return n - HEAD < length_of(p) ? length_of(p) - (n - HEAD) : 0;
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

/* ---- reading ---- */

static const uint8_t nothing[1];

/* It is not what it should be: nothing more is had of it. */
static void
spoil(struct wire *w)
{
	w->bad = true;
	w->p = nothing;
	w->n = 0;
}

/* As short as it can be: else it is none. */
uint64_t
wire_get_long(struct wire *w)
{
	uint64_t v = 0;
	size_t i = 0;

	for (; i < w->n && i < WIRE_NUMBER_MOST && w->p[i] >= MORE; i++)
		v |= (uint64_t)(w->p[i] & (MORE - 1)) << 7 * i;
	if (i == w->n || i == WIRE_NUMBER_MOST || (w->p[i] == 0 && i > 0) ||
		(i == WIRE_NUMBER_MOST - 1 && w->p[i] > 1)) {
		spoil(w);
		return 0;
	}
	v |= (uint64_t)w->p[i] << 7 * i;
	w->p += i + 1;
	w->n -= i + 1;
	return v;
}

int64_t
wire_get_i64(struct wire *w)
{
	uint64_t v = wire_get_u64(w);

	return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

uint32_t
wire_get_max(struct wire *w, uint32_t max)
{
	uint64_t v = wire_get_u64(w);

	if (v <= max)
		return (uint32_t)v;
	spoil(w);
	return 0;
}

uint32_t
wire_get_count(struct wire *w, uint32_t max, size_t least)
{
	uint32_t n = wire_get_max(w, max);

	if (n <= w->n / least)
		return n;
	spoil(w);
	return 0;
}

const uint8_t *
wire_get_bytes(struct wire *w, size_t *n)
{
	uint64_t length = wire_get_u64(w);
	const uint8_t *p = w->p;

	*n = 0;
	if (length > w->n) {
		spoil(w);
		return nothing;
	}
	*n = (size_t)length;
	w->p += length;
	w->n -= (size_t)length;
	return p;
}

const uint8_t *
wire_past_long(const uint8_t *p, const uint8_t *end)
{
	struct wire w = { .p = p, .n = (size_t)(end - p) };
	size_t n;

	wire_get_bytes(&w, &n);
	return w.bad ? NULL : w.p;
}

void
wire_go_on(struct wire *w, const uint8_t *p)
{
	if (p == NULL) {
		spoil(w);
		return;
	}
	w->n -= (size_t)(p - w->p);
	w->p = p;
}

const char *
wire_get_text(struct wire *w)
{
	size_t n;
	const uint8_t *p = wire_get_bytes(w, &n);

	if (n == 0)
		return "";
	/* The empty one has one form, and that is no byte. */
	if (n > 1 && memchr(p, 0, n) == p + n - 1)
		return (const char *)p;
	spoil(w);
	return "";
}

const char *
wire_get_line(struct wire *w, uint32_t *length, bool *plain)
{
	size_t n;
	const char *text = (const char *)wire_get_bytes(w, &n);

	*length = n > 0 ? (uint32_t)n - 1 : 0;
	*plain = text_plain(text, *length) == *length;
	if (n == 0)
		return "";
	if (n > 1 && text[n - 1] == 0 && (*plain || memchr(text, 0, n) == text + n - 1))
		return text;
	spoil(w);
	*length = 0;
	return "";
}

struct platen_oid
wire_get_oid_after(struct wire *w, struct pool *pool, struct platen_oid before)
{
	uint32_t same = wire_get_max(w, before.n);
	uint32_t more = wire_get_count(w, PLATEN_MAX_SUBIDS - same, 1);
	uint32_t *sub, i = 0;

	if (w->bad)
		return (struct platen_oid){ 0 };
	if (more == 0 && same == before.n && same > 0)
		return before;
	sub = pool_alloc(pool, (same + more) * sizeof(*sub));
	for (; i + STEP <= same; i += STEP)
		memcpy(sub + i, before.sub + i, STEP * sizeof(*sub));
	for (; i < same; i++)
		sub[i] = before.sub[i];
	for (; i < same + more; i++)
		sub[i] = wire_get_max(w, UINT32_MAX);
	return (struct platen_oid){ .sub = sub, .n = same + more };
}

struct platen_oid
wire_get_oid(struct wire *w, struct pool *pool)
{
	return wire_get_oid_after(w, pool, (struct platen_oid){ 0 });
}

uint32_t
wire_skip_oid_after(struct wire *w, uint32_t before)
{
	uint32_t same = wire_get_max(w, before);
	uint32_t more = wire_get_count(w, PLATEN_MAX_SUBIDS - same, 1);

	for (uint32_t i = 0; i < more; i++)
		wire_get_max(w, UINT32_MAX);
	return w->bad ? 0 : same + more;
}

bool
wire_ended(const struct wire *w)
{
	return !w->bad && w->n == 0;
}
