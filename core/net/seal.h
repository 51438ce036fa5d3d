/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.h - the sealed envelope: what travels where there is no TLS.
 *
 * ChaCha20-Poly1305 (RFC 8439) over padded content, with the whole head
 * authenticated.  sdk/ENVELOPE tells it byte by byte, with vectors.  Knows no
 * socket, no file and no clock; who has seen which counter is seal_window.h's.
 */
#ifndef PLATEN_SEAL_H
#define PLATEN_SEAL_H

#include "net/seal_keys.h"

#define SEAL_VERSION 1
#define SEAL_HEAD 48 /* bytes before the sealed content */
#define SEAL_TAG 16 /* bytes behind it */
#define SEAL_LEAST (SEAL_HEAD + 128 + SEAL_TAG) /* bytes of the smallest envelope */
#define SEAL_CONTENT_MOST (4u << 20) /* bytes of content one envelope may carry */
#define SEAL_MOST (SEAL_HEAD + (5u << 20) + SEAL_TAG) /* bytes of the largest envelope */
#define SEAL_DATAGRAM 1200 /* bytes of an envelope in one datagram at most */
/* Content that fits into a datagram: its length, padded to 64, must leave room for head and tag. */
#define SEAL_DATAGRAM_CONTENT (1088 - 4)

enum seal_kind {
	SEAL_HELLO = 1, /* asks for the receiver's session, carries nothing */
	SEAL_BATCH = 2, /* an upload as over https */
	SEAL_URGENT = 3, /* the urgent facts of one printer */
	SEAL_RECEIPT = 4, /* the answer to any of them; its key opens nothing else */
};

/* 96 bits; in an agent's envelopes never the same twice. */
struct seal_counter {
	uint64_t block; /* reserved on the disk before its first use */
	uint32_t count; /* within the block */
};

struct seal_head {
	enum seal_kind kind;
	uint32_t key; /* id */
	uint8_t agent[SEAL_AGENT_BYTES];
	struct seal_counter counter; /* of a receipt: at random */
	uint64_t session; /* the receiver's, 0: not known yet */
	uint32_t length; /* of the padded content */
};

/*
 * The head of n bytes that should be an envelope, whole.  Nothing of it is
 * proven before seal_open.  False: why says what is wrong with it.
 */
bool seal_head_read(const uint8_t *p, size_t n, struct seal_head *, struct why *);
/* The whole size of an envelope whose first SEAL_HEAD bytes are these; 0: they begin none. */
size_t seal_whole(const uint8_t *p);

/*
 * Add an envelope of kind to out.  The counter must never have been used with
 * these keys.  At most SEAL_CONTENT_MOST bytes.
 */
void seal_close(const struct seal_keys *, enum seal_kind, const struct seal_counter *,
	uint64_t session, const void *content, size_t n, struct buf *out);
/*
 * Add the receipt for the request with that counter.  Its own nonce is drawn at
 * random: a receiver that forgets everything at a restart still repeats none.
 */
void seal_receipt(const struct seal_keys *, const struct seal_counter *request, uint64_t session,
	const void *content, size_t n, struct buf *out);

/*
 * Whole and untouched?  Then its head and its content, which is added to out.
 * False: why says what is wrong, and nothing of the envelope may be believed.
 */
bool seal_open(const struct seal_keys *, const uint8_t *p, size_t n, struct seal_head *,
	struct buf *content, struct why *);
/*
 * The same for a receipt: it must be one for that request.
 */
bool seal_open_receipt(const struct seal_keys *, const struct seal_counter *request,
	const uint8_t *p, size_t n, struct seal_head *, struct buf *content, struct why *);

/* How large an envelope with n bytes of content is. */
size_t seal_size(size_t n);

#endif
