/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ber.h - ASN.1's basic encoding as SNMP uses it, written and read in place.
 *
 * Written from the end of a message to its beginning, so that every length is
 * known when it is due; read without copies and without memory of its own.
 * Every length from outside is checked here.  Knows no message and no PDU.
 */
#ifndef PLATEN_BER_H
#define PLATEN_BER_H

#include "base/base.h"

#include <platen/snmp.h>

enum {
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_NULL = 0x05,
	TAG_OBJECT = 0x06,
	TAG_SEQUENCE = 0x30
};

#define BER_LONG 0x80 /* of a length: the other bits say how many bytes it has */
#define BER_EXTENDED 0x1F /* of a tag: it has more than a byte; SNMP has none */

/* ---- writing ---- */

struct back {
	uint8_t *begin, *end; /* the room */
	uint8_t *at; /* where what is written begins */
	bool full; /* something did not fit */
};
void back_uint(struct back *, uint32_t);
/* What is inside is written already. */
void back_bytes(struct back *, uint8_t tag, const void *p, size_t n);
void back_oid(struct back *, struct platen_oid);
void back_null(struct back *);
static inline void
back_octets(struct back *b, const void *p, size_t n)
{
	back_bytes(b, TAG_OCTETS, p, n);
}

/* A head for what stands from here up to end. */
void back_wrap(struct back *, uint8_t tag, const uint8_t *end);

/* ---- reading: false when what is there is something else, and f is where it was ---- */

struct front {
	uint8_t *p;
	size_t n;
};
/* The next thing, whatever it is. */
bool front_any_long(struct front *f, uint8_t *tag, struct front *inside);

/* Most have a length of one byte. */
static inline bool
front_any(struct front *f, uint8_t *tag, struct front *inside)
{
	const size_t head = 2;

	if (f->n < head || f->p[1] >= BER_LONG || (f->p[0] & BER_EXTENDED) == BER_EXTENDED)
		return front_any_long(f, tag, inside);
	if (f->p[1] > f->n - head)
		return false;
	*tag = f->p[0];
	*inside = (struct front){ f->p + head, f->p[1] };
	f->p += head + inside->n;
	f->n -= head + inside->n;
	return true;
}

static inline bool
front_enter(struct front *f, uint8_t tag, struct front *inside)
{
	uint8_t there;

	return f->n > 0 && f->p[0] == tag && front_any(f, &there, inside);
}

bool front_uint(struct front *f, uint32_t *out); /* 0..2^31-1 */

/* What is inside of a number: 1 to 8 bytes; of one without a sign also 9, the first of them 0. */
bool front_signed(const struct front *inside, int64_t *out);
bool front_unsigned(const struct front *inside, uint64_t *out);
/* What is inside of an object identifier: at most PLATEN_MAX_SUBIDS, in memory of the pool. */
bool front_oid(const struct front *inside, struct pool *, struct platen_oid *out);

#endif
