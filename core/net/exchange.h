/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange.h - one SNMP request and what became of it, with its tries.
 *
 * An answer counts only when its id, address, port, version and community (or
 * user and engine) are those of a request that waits; all else is dropped and
 * counted.  SNMPv3's engine and clock are found out on the way.
 */
#ifndef PLATEN_EXCHANGE_H
#define PLATEN_EXCHANGE_H

#include "net/peer.h"

enum outcome {
	OUTCOME_REPLY, /* with an answer, good or bad */
	OUTCOME_SILENT, /* nothing that counts in time */
	OUTCOME_REFUSED /* SNMPv3 said no; reply->report says why */
};

typedef void exchange_fn(void *arg, enum outcome, const struct reply *);

struct exchange;

struct exchange_order {
	struct peer *peer;
	const struct credential *credential;
	struct request request; /* its oids must stay until the end */
	struct pool *pool; /* for what the reply says; its binds go when fn returns */
	uint32_t tries;
	uint64_t deadline; /* clock_ms(); no try goes beyond */
	uint32_t *packets; /* counts what is sent */
	exchange_fn *fn; /* called once, never from inside exchange_start */
	void *arg;
};

void exchanges_open(struct role *);
void exchanges_close(struct role *);
struct exchange *exchange_start(const struct exchange_order *);
/* Forget it; fn is not called. */
void exchange_cancel(struct exchange *);
/* A datagram came; udp_fn. */
void exchange_received(void *role, const struct address *from, uint8_t *p, size_t n);
/* Why SNMPv3 refuses, for a person. */
const char *report_say(enum report);

#endif
