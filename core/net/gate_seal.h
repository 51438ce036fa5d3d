/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_seal.h - sealed requests at a gateway, over whichever listener they came:
 * opened, held against what was seen before, given to gate_take, answered sealed.
 */
#ifndef PLATEN_GATE_SEAL_H
#define PLATEN_GATE_SEAL_H

#include "net/gate.h"
#include "net/seal.h"

/* An envelope; n = 0: nothing can be said. */
typedef void gate_sealed_fn(void *arg, const uint8_t *envelope, size_t n);

struct gate_sealed {
	enum gate_how how;
	const char *peer; /* its address, for people */
	const char *version; /* what it says it is, or "" */
	const uint8_t *p; /* should be an envelope, whole */
	size_t n;
	gate_sealed_fn *done;
	void *arg;
};

enum gate_sealed_fate {
	SEALED_NOTHING, /* not to be answered; *status is for listeners that have one in clear */
	SEALED_ANSWERED, /* the answer is in out */
	SEALED_WAITS /* done() follows once, unless it is forgotten */
};

struct sealed_take;

enum gate_sealed_fate gate_sealed(struct gate *, const struct gate_sealed *, struct buf *out,
	uint32_t *status, struct sealed_take **);
/* done is not called; what was sent is kept all the same.  NULL is fine. */
void gate_sealed_forget(struct sealed_take *);

/* Bytes of the largest envelope that is taken. */
size_t gate_sealed_most(const struct gate *);

/* Before the first request; after the last. */
void gate_seals_open(struct gate *);
void gate_seals_close(struct gate *);

/*
 * gate_urgent.c: the line of schema platen.urgent/1 that a SEAL_URGENT means.
 * False: it is none, why says so.
 */
bool gate_urgent_line(const char *agent, const uint8_t *p, size_t n, struct buf *out, struct why *);

#endif
