/* SPDX-License-Identifier: Apache-2.0 */
/*
 * https.h - inside the sender of https places: https.c chooses servers,
 * https_try.c speaks to one of them, https_words.c says what went wrong.
 */
#ifndef PLATEN_HTTPS_H
#define PLATEN_HTTPS_H

#include "net/net.h"
#include "net/sealer.h"
#include "net/wan.h"

/* One of a place's servers. */
struct https_server {
	const char *url;
	struct url at;
	uint64_t rest_until; /* clock_ms(); not its turn before */
	uint32_t failures; /* one after the other */
	bool sealed; /* http:// */
	uint64_t session; /* ... its session, 0: not known */
	CURL *easy; /* kept: with it TLS sessions are resumed */
};

struct https_place {
	const struct wan_place *settings;
	struct url proxy; /* host "" : none */
	struct sealer *sealer; /* NULL: no seal key */
	char *pins; /* as curl takes them, NULL: none */
	uint32_t nservers;
	struct https_server *servers;
	uint32_t current; /* the server that served last */
};

struct lookup;

/* One errand with one server. */
struct https_try {
	struct errand *errand;
	struct https_place *place;
	struct https_server *server;
	struct lookup *lookup; /* of a name that is waited for */
	bool sending; /* curl has it */
	struct curl_slist *headers, *resolve;
	uint64_t until; /* clock_ms(); it may take so long */
	/* To a server without TLS: what is asked, and how often it was. */
	struct sealed sealed;
	enum seal_kind asked;
	uint32_t asks;
	struct buf body; /* of the answer */
	bool too_big;
	struct buf head_out, body_out; /* for the transcript */
	char error[CURL_ERROR_SIZE];
	/* It is over; reason "" : there was an answer with that code. */
	void (*over)(struct https_try *, long code, uint32_t retry_after, const char *reason);
};

/* Ends with one over(), perhaps at once; wait: milliseconds it may take. */
void https_try_begin(struct https_try *, uint64_t wait);
/* Let go of what it holds, and of curl; no over() follows. */
void https_try_end(struct https_try *);

/* ---- https_seal.c ---- */

/* Seal what is to be asked next; false: why. */
bool https_seal(struct https_try *, struct why *);

enum https_unsealed { UNSEALED_NOTHING, UNSEALED_ASK_AGAIN, UNSEALED_ANSWER };

/* Open the body that came with *code; it becomes the body that was sealed, and so do the others. */
enum https_unsealed https_unseal(struct https_try *, long *code, uint32_t *retry_after,
	struct why *);

/* What went wrong and what to do, without the server's name. */
void https_say(CURLcode, const char *detail, struct buf *out);

#endif
