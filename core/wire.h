/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - how platen's processes speak over their pipe (fd 3, a stream socket pair).
 *
 * A frame is a head of 4 bytes (length of the rest, 24 bits little-endian, and
 * type) and fields.  A number has seven bits a byte, the lowest first, and the
 * highest bit of all bytes but the last set: a small one is one byte.  One that
 * may be negative goes as 0, -1, 1, -2 ...  Bytes are their number and they
 * themselves; text is bytes that end with their only NUL, the empty one is none.
 * An OID is how many sub-identifiers it has in common with the one before it in
 * the same frame, how many follow, and those.
 *
 * No C struct crosses the pipe.  This is the one decoder: every length is
 * checked here, a reader that runs past the end gets zeros and `bad` is set.
 *
 * What the types mean and which fields they carry stands in message.h.
 */
#ifndef PLATEN_WIRE_H
#define PLATEN_WIRE_H

#include "base/base.h"

#include <platen/snmp.h>

/* First number of every handshake; both ends come from one build. */
#define WIRE_PROTOCOL 3

/* The largest frame: a body of PLATEN_MAX_BODY_CEILING and what stands around it. */
#define WIRE_MAX_FRAME (PLATEN_MAX_BODY_CEILING + (1u << 20))

/* A type is 1..this: most of what is no frame is seen by its first bytes. */
#define WIRE_TYPE_MOST 127

/* fd of the pipe in every role. */
#define WIRE_FD 3

/*
 * Writing: begin a frame, add fields, end it.  Frames may follow each other in one buffer.
 */
size_t wire_begin(struct buf *, uint32_t type);
void wire_end(struct buf *, size_t begun);
/* ... where the last of its bytes, n of them, are not put into the buffer but follow it. */
void wire_end_with(struct buf *, size_t begun, size_t n);
void wire_u64(struct buf *, uint64_t);
void wire_i64(struct buf *, int64_t);
void wire_bytes(struct buf *, const void *p, size_t n);
void wire_text(struct buf *, const char *s); /* NULL is sent as "" */
void wire_oid(struct buf *, struct platen_oid);
/* ... as what it is beyond the one before it. */
void wire_oid_after(struct buf *, struct platen_oid before, struct platen_oid);

/* ... by hand, where much is said: bytes of a number, and in one: another one follows. */
#define WIRE_NUMBER_MOST 10
#define WIRE_MORE 0x80

/* Room for so many bytes behind what is there; wire_grown is told where what was filled ends. */
static inline uint8_t *
wire_room(struct buf *b, size_t most)
{
	if (b->cap - b->n <= most) {
		buf_more(b, most);
		b->n -= most;
	}
	return b->p + b->n;
}

static inline void
wire_grown(struct buf *b, uint8_t *end)
{
	b->n = (size_t)(end - b->p);
	*end = 0;
}

static inline uint8_t *
wire_number(uint8_t *to, uint64_t v)
{
	for (; v >= WIRE_MORE; v >>= 7)
		*to++ = (uint8_t)(v | WIRE_MORE);
	*to++ = (uint8_t)v;
	return to;
}

/* Bytes of an OID at most; and it, as what it is beyond the one before it. */
size_t wire_oid_most(struct platen_oid);
uint8_t *wire_oid_write(uint8_t *to, struct platen_oid before, struct platen_oid);

/* What is near 0 is short, on either side of it. */
static inline uint64_t
wire_signed(int64_t v)
{
	return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

/* A frame being read; fields come in the order they were written. */
struct wire {
	uint32_t type;
	const uint8_t *p; /* what is left of the fields */
	size_t n;
	bool bad; /* a field was missing, too short, or no text where text belongs */
};

/*
 * The first frame of the n bytes at p.  Returns the bytes it takes, 0: more
 * bytes are needed, -1: this is no frame of ours and the peer is to be ended.
 */
int64_t wire_frame(const uint8_t *p, size_t n, struct wire *out);

/*
 * The n bytes at p have come: the whole frames among them are taken where they
 * lie, the beginning of the next one waits in kept ({ 0 } at first).  What a frame
 * points to lasts until take returns.  False: this is no frame of ours, or take
 * wants no more; then the pipe is at its end.
 */
bool wire_feed(struct buf *kept, const uint8_t *p, size_t n, bool (*take)(void *arg, struct wire *),
	void *arg);
/* The first n bytes of out are on their way; what is large is not held when it is empty. */
void wire_drain(struct buf *out, size_t n);

uint64_t wire_get_long(struct wire *);

/*
 * By hand, where much is heard that is not looked at yet: the end of the number or the bytes
 * that begin at p; NULL: that is none, or does not end before end.
 */
static inline const uint8_t *
wire_past_number(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *from = p;

	while (p < end && *p >= WIRE_MORE)
		p++;
	if (p == end || (*p == 0 && p > from) || p - from >= WIRE_NUMBER_MOST ||
		(p - from == WIRE_NUMBER_MOST - 1 && *p > 1))
		return NULL;
	return p + 1;
}

const uint8_t *wire_past_long(const uint8_t *p, const uint8_t *end);

/* Most are few. */
static inline const uint8_t *
wire_past_bytes(const uint8_t *p, const uint8_t *end)
{
	if (p == end || *p >= WIRE_MORE)
		return wire_past_long(p, end);
	return *p < end - p ? p + 1 + *p : NULL;
}

/* What begins behind it is next; NULL: the frame is bad. */
void wire_go_on(struct wire *, const uint8_t *p);

/* Most are of one byte. */
static inline uint64_t
wire_get_u64(struct wire *w)
{
	if (w->n == 0 || w->p[0] >= WIRE_MORE)
		return wire_get_long(w);
	w->n--;
	return *w->p++;
}

int64_t wire_get_i64(struct wire *);
/* A number that must be 0..max; else bad, and 0. */
uint32_t wire_get_max(struct wire *, uint32_t max);
/* How many of something follow, which have at least so many bytes each, and are at most max. */
uint32_t wire_get_count(struct wire *, uint32_t max, size_t least);
const uint8_t *wire_get_bytes(struct wire *, size_t *n); /* never NULL */
const char *wire_get_text(struct wire *); /* never NULL */
/* ... with its length, and whether every byte of it is plain: text_plain(). */
const char *wire_get_line(struct wire *, uint32_t *length, bool *plain);
/* At most PLATEN_MAX_SUBIDS sub-identifiers, in memory of the pool. */
struct platen_oid wire_get_oid(struct wire *, struct pool *);
/* One that is the same as before lies where that does. */
struct platen_oid wire_get_oid_after(struct wire *, struct pool *, struct platen_oid before);
/* The same, of one whose sub-identifiers are not wanted, behind one of so many: how many it has. */
uint32_t wire_skip_oid_after(struct wire *, uint32_t before);
/* True when all fields were there and nothing is left over. */
bool wire_ended(const struct wire *);

#endif
