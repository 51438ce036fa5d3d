/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate.h - inside the gate role: what its listeners share.
 *
 * A listener proves who sends and hands the body to gate_take; that unpacks and
 * checks it, has the records kept by the agent, and answers with a receipt.
 * Listeners know sockets and nothing of records, gate_take the other way round.
 */
#ifndef PLATEN_GATE_H
#define PLATEN_GATE_H

#include "net/address.h"
#include "net/pipe.h"

#include "message_gate.h"

/* Bytes of uploads that are in memory at one time, in all listeners together. */
#define GATE_HELD_MOST (128u << 20)
/* Seconds after which one who was sent away may come again. */
#define GATE_RETRY 30

struct takes;
struct bases;
struct rates;
struct webs;
struct seal_windows;
struct gate_udp;
struct gate_tcp;

struct gate {
	uv_loop_t loop;
	struct pipe_end pipe;
	struct pool *pool; /* of the settings */
	struct gate_settings settings;
	struct pool *keys_pool;
	struct gate_keys keys; /* sorted by agent, then id */
	struct takes *takes;
	struct bases *bases;
	struct rates *rates;
	struct webs *webs;
	struct seal_windows *windows; /* what was sealed and has been seen */
	struct gate_udp *udps;
	struct gate_tcp *tcps;
	size_t held; /* bytes of uploads in memory; whoever holds some adds them */
};

/* ---- gate_who.c: who may send ---- */

/* The key whose token this is; NULL: nobody's. */
const struct gate_key *gate_key_of_token(const struct gate *, const char *token);
/* The key of an agent by its id; id 0: any of the agent's.  NULL: there is none. */
const struct gate_key *gate_key_of(const struct gate *, const char *agent, uint32_t id);
/* New keys: hold nobody by those before. */
bool gate_keys_take(struct gate *, struct wire *);

/* ---- gate_rate.c: how often ---- */

/* One more by this name ("agent UUID", "address 192.0.2.1"); false: too many within a minute. */
bool gate_rate_take(struct gate *, const char *name, uint32_t a_minute);
void gate_rates_free(struct gate *);

/* ---- gate_take.c: what is sent ---- */

enum gate_coding { CODING_NONE, CODING_ZSTD, CODING_GZIP };

/* Statuses have HTTP's numbers, whatever the listener speaks. */
struct gate_answer {
	uint32_t status; /* 200, 400, 413, 415, 429 or 503 */
	uint32_t retry_after; /* seconds; 0: not said */
	const char *body; /* JSON: a receipt with 200, else {"error":"..."} */
	size_t len;
};

typedef void gate_done_fn(void *arg, const struct gate_answer *);

struct gate_upload {
	const char *agent; /* proven to be the sender */
	enum gate_how how;
	const char *peer; /* its address, for people */
	const char *version; /* what it says it is ("platen/0.1.0"), or "" */
	enum gate_coding coding;
	const uint8_t *body;
	size_t len;
	gate_done_fn *done; /* exactly once, never from within gate_take */
	void *arg;
};

/* All is borrowed until the call returns.  A number for gate_forget. */
uint64_t gate_take(struct gate *, const struct gate_upload *);
/* done will not be called; what was sent is kept all the same. */
void gate_forget(struct gate *, uint64_t upload);
/* The agent's MSG_GATE_KEPT. */
bool gate_kept(struct gate *, struct wire *);
void gate_takes_open(struct gate *);
void gate_takes_close(struct gate *);

/* ---- the listeners: each takes over a bound socket, listening if it is one that listens ---- */

bool gate_web_open(struct gate *, enum gate_how, int fd, struct why *); /* gate_web.c */
void gate_webs_close(struct gate *);
bool gate_tcp_open(struct gate *, enum gate_how, int fd, struct why *); /* gate_tcp.c */
void gate_tcps_close(struct gate *);
bool gate_udp_open(struct gate *, enum gate_how, int fd, struct why *); /* gate_udp.c */
void gate_udps_close(struct gate *);

#endif
