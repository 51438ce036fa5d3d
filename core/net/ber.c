/* SPDX-License-Identifier: Apache-2.0 */
/* ber.c - lengths, numbers, object identifiers; see ber.h. */
#include "net/ber.h"

#include <string.h>

#define MORE 0x80 /* of a sub-identifier's bytes: another one follows */

/* ---- writing ---- */

static void
put(struct back *b, uint8_t byte)
{
	if (b->at > b->begin)
		*--b->at = byte;
	else
		b->full = true;
}

static void
put_head(struct back *b, uint8_t tag, size_t length)
{
	uint8_t bytes = 0;

	if (length >= BER_LONG) {
		for (size_t left = length; left > 0; left >>= 8, bytes++)
			put(b, (uint8_t)left);
		put(b, BER_LONG | bytes);
	} else {
		put(b, (uint8_t)length);
	}
	put(b, tag);
}

void
back_wrap(struct back *b, uint8_t tag, const uint8_t *end)
{
	put_head(b, tag, (size_t)(end - b->at));
}

void
back_uint(struct back *b, uint32_t v)
{
	const uint8_t *end = b->at;

	do
		put(b, (uint8_t)v);
	while ((v >>= 8) > 0);
	if (b->at < end && *b->at >= 0x80)
		put(b, 0); /* it would be negative */
	back_wrap(b, TAG_INTEGER, end);
}

void
back_bytes(struct back *b, uint8_t tag, const void *p, size_t n)
{
	if (n > (size_t)(b->at - b->begin)) {
		b->full = true;
		return;
	}
	b->at -= n;
	if (n > 0)
		memcpy(b->at, p, n);
	put_head(b, tag, n);
}

static void
put_subid(struct back *b, uint32_t v)
{
	put(b, v & 0x7F);
	while ((v >>= 7) > 0)
		put(b, (uint8_t)(MORE | v));
}

/* The first two are one in the encoding. */
static uint32_t
join_first(const struct platen_oid *o)
{
	return (o->n > 0 ? o->sub[0] * 40 : 0) + (o->n > 1 ? o->sub[1] : 0);
}

void
back_oid(struct back *b, struct platen_oid o)
{
	const uint8_t *end = b->at;

	for (uint32_t i = o.n; i > 2;) {
		const uint8_t *begin = b->begin;
		uint8_t *at = b->at;

		/* Most are of one byte. */
		while (i > 2 && at > begin && o.sub[i - 1] < MORE)
			*--at = (uint8_t)o.sub[--i];
		b->at = at;
		if (i > 2)
			put_subid(b, o.sub[--i]);
	}
	put_subid(b, join_first(&o));
	back_wrap(b, TAG_OBJECT, end);
}

void
back_null(struct back *b)
{
	put_head(b, TAG_NULL, 0);
}

/* ---- reading ---- */

/* The length at p[*at]; false: it is cut off, or larger than anything here can be. */
static bool
get_length(const struct front *f, size_t *at, size_t *out)
{
	uint8_t first, bytes;

	if (*at >= f->n)
		return false;
	first = f->p[(*at)++];
	*out = first;
	if (first < BER_LONG)
		return true;
	bytes = first & 0x7F;
	if (bytes == 0 || bytes > sizeof(size_t) || bytes > f->n - *at)
		return false;
	*out = 0;
	for (; bytes > 0; bytes--) {
		if (*out > SIZE_MAX >> 8)
			return false;
		*out = *out << 8 | f->p[(*at)++];
	}
	return true;
}

bool
front_any_long(struct front *f, uint8_t *tag, struct front *inside)
{
	size_t at = 1, length;

	if (f->n < 2 || (f->p[0] & BER_EXTENDED) == BER_EXTENDED || !get_length(f, &at, &length) ||
		length > f->n - at)
		return false;
	*tag = f->p[0];
	*inside = (struct front){ f->p + at, length };
	f->p += at + length;
	f->n -= at + length;
	return true;
}

bool
front_signed(const struct front *f, int64_t *out)
{
	uint64_t v;

	if (f->n == 0 || f->n > 8)
		return false;
	v = f->p[0] & 0x80 ? UINT64_MAX : 0;
	for (size_t i = 0; i < f->n; i++)
		v = v << 8 | f->p[i];
	*out = (int64_t)v;
	return true;
}

bool
front_unsigned(const struct front *f, uint64_t *out)
{
	uint64_t v = 0;

	if (f->n == 0 || f->n > 9 || (f->n == 9 && f->p[0] != 0))
		return false;
	for (size_t i = 0; i < f->n; i++)
		v = v << 8 | f->p[i];
	*out = v;
	return true;
}

bool
front_uint(struct front *f, uint32_t *out)
{
	struct front after = *f, inside;
	int64_t v;

	if (!front_enter(&after, TAG_INTEGER, &inside) || !front_signed(&inside, &v) || v < 0 ||
		v > INT32_MAX)
		return false;
	*f = after;
	*out = (uint32_t)v;
	return true;
}

static void
split_first(uint32_t *sub)
{
	uint32_t both = sub[1];

	sub[0] = both < 40 ? 0 : both < 80 ? 1 : 2;
	sub[1] = both - 40 * sub[0];
}

/* The sub-identifier at p; it ends before the bytes do.  False: it has more than 32 bits. */
static bool
get_subid(const uint8_t **p, uint32_t *out)
{
	uint32_t v = 0;

	do {
		if (v > UINT32_MAX >> 7)
			return false;
		v = v << 7 | (**p & (MORE - 1));
	} while (*(*p)++ & MORE);
	*out = v;
	return true;
}

bool
front_oid(const struct front *f, struct pool *pool, struct platen_oid *out)
{
	const uint8_t *p = f->p, *end = f->p + f->n;
	uint32_t most = f->n < PLATEN_MAX_SUBIDS ? (uint32_t)f->n + 1 : PLATEN_MAX_SUBIDS;
	uint32_t n = 1, *sub; /* the first one holds two */

	if (f->n == 0 || (end[-1] & MORE))
		return false; /* it is cut off */
	sub = pool_take(pool, most * sizeof(*sub));
	while (p < end && n < most) {
		if (*p < MORE) /* as most are */
			sub[n++] = *p++;
		else if (!get_subid(&p, &sub[n++]))
			return false;
	}
	split_first(sub);
	*out = (struct platen_oid){ sub, n };
	return p == end;
}
