/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdu.h - one SNMP request and what came of it, as those see it who decide what
 * is asked next.  No network and of BER no more than how an OID is written: core/net
 * makes packets of it, a capture answers it from a file.
 */
#ifndef PLATEN_PDU_H
#define PLATEN_PDU_H

#include "base/base.h"

#include <platen/snmp.h>

/* Bytes of objects and values an answer should not be much larger than: fragments get lost. */
#define PDU_ANSWER_AIM 1400

enum request_kind { REQUEST_GET, REQUEST_NEXT, REQUEST_BULK };

/*
 * An OID, and how it stands in a message: the bytes behind its tag and length, which are this OID
 * and no other, and as few as can be.  NULL: it is not written yet, or cannot be so.
 */
struct name {
	struct platen_oid oid;
	const uint8_t *coded;
	uint32_t ncoded;
};

struct request {
	enum request_kind kind;
	uint32_t repetitions; /* of BULK */
	uint32_t n;
	const struct name *names;
	const struct name *likely; /* of n answers, should they come; NULL: not known */
};

/* What a Report says (RFC 3414, 5 and RFC 3412, 5). */
enum report {
	REPORT_NONE, /* it is a Response */
	REPORT_LEVEL,
	REPORT_TIME,
	REPORT_USER,
	REPORT_ENGINE,
	REPORT_DIGEST,
	REPORT_DECRYPTION,
	REPORT_OTHER
};

/* Error-status of a Response (RFC 3416). */
enum {
	ERROR_NONE = 0,
	ERROR_TOO_BIG = 1,
	ERROR_NO_SUCH_NAME = 2,
	ERROR_GEN_ERR = 5,
	ERROR_AUTHORIZATION = 16
};

struct reply {
	enum report report;
	int32_t error;
	uint32_t index; /* 1..n as the request counted; 0: it did not say which */
	bool broken; /* what came cannot be decoded: no binds */
	bool partial; /* a value of a type that cannot be carried came as PLATEN_ABSENT */
	uint32_t n;
	struct platen_bind *binds; /* .type PLATEN_ABSENT for the three exceptions */
	size_t bytes; /* of the whole message */
};

/*
 * Nothing, of no object.  Field by field: put together elsewhere and copied, the processor would
 * wait for the parts.
 */
static inline void
bind_clear(struct platen_bind *b)
{
	b->size = sizeof(*b);
	b->type = PLATEN_ABSENT;
	b->oid = (struct platen_oid){ 0 };
	b->number = 0;
	b->octets = (const uint8_t *)"";
	b->len = 0;
	b->reserved = 0;
	b->value = (struct platen_oid){ 0 };
}

/* An object that is not there. */
static inline struct platen_bind
bind_absent(struct platen_oid oid)
{
	struct platen_bind b;

	bind_clear(&b);
	b.oid = oid;
	return b;
}

uint32_t oid_width(const struct platen_oid *);
uint32_t name_width(const struct name *);

/* ... of a value. */
static inline uint32_t
bind_width(const struct platen_bind *b)
{
	switch (b->type) {
	case PLATEN_INTEGER:
	case PLATEN_UNSIGNED:
		return 5;
	case PLATEN_OCTETS:
		return b->len;
	case PLATEN_OBJECT_ID:
		return oid_width(&b->value);
	default:
		return 0;
	}
}

/* ... of an object with an OID and a value of so many. */
uint32_t bind_bytes(uint32_t oid, uint32_t width);
/* Bytes of one sub-identifier, at most. */
#define SUBID_BYTES 5
/* Bytes of sub-identifiers, not the first two of an OID; written, and what is behind them. */
uint32_t subids_bytes(const uint32_t *sub, uint32_t n);
uint8_t *subids_write(uint8_t *to, const uint32_t *sub, uint32_t n);
/* Written in memory of the pool. */
struct name name_of(struct pool *, struct platen_oid);

#endif
