/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_body.h - from the bytes of an upload to records that may be kept.
 *
 * All of it comes from outside: a bound on everything, and what is wrong with a
 * line costs that line alone.
 */
#ifndef PLATEN_GATE_BODY_H
#define PLATEN_GATE_BODY_H

#include "net/gate.h"

#include <jansson.h>

/* Bytes of one record: the spool takes no more. */
#define RECORD_MOST (1u << 20)
/* How deep its JSON goes; a record of ours needs 4. */
#define RECORD_DEPTH 8
/* Bytes of a device.id, a customer, a site. */
#define NAME_MOST 1023

/* The body unpacked, at most `most` bytes.  413: it is larger, 400: it is no such thing. */
uint32_t body_unpack(enum gate_coding, const uint8_t *p, size_t n, size_t most, struct buf *out);

/* A line that is not kept, and why.  seq 0: not even that could be read. */
struct refusal_line {
	uint64_t seq;
	const char *reason;
};

/* What a body holds. */
struct body {
	struct pool *pool;
	const char *customer, *site; /* of its last record */
	uint32_t nrecords, nrefused, nfull;
	struct gate_record *records;
	struct refusal_line *refused;
	uint64_t *full; /* seqs of deltas whose base is not here */
	size_t most; /* bytes its records may have when they are whole */
	size_t bytes; /* ... and have */
};

/*
 * Every line of a body by that agent, borrowed; most: bytes its records may have
 * when they are whole.  False: more than MAX_GATE_RECORDS lines, or more bytes than that.
 */
bool body_read(struct body *, const char *agent, const char *text, size_t n, size_t most,
	struct bases *);
void body_free(struct body *);

/* ---- gate_bases.c: the last record of each printer, for its next delta ---- */

struct bases *bases_new(void);
void bases_free(struct bases *);
void bases_put(struct bases *, const char *agent, const struct gate_record *);
/* The record, if its number is that one; borrowed until the next put.  NULL: it is not here. */
const char *bases_get(struct bases *, const char *agent, const char *device, uint64_t seq,
	size_t *n);

/*
 * One record, whole.  False: why says what is wrong, seq is what it says of itself or 0.
 * Texts are put into the pool.
 */
bool record_check(const json_t *, const char *agent, struct pool *, struct gate_record *,
	struct why *);

/* A text of the record for people, in the pool; "" when there is none. */
const char *record_name(const json_t *record, const char *key, struct pool *);

#endif
