/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message_gate.h - what the agent of a gateway and its gate role say to each other:
 * where to listen, who may send, what was sent, and what became of it.
 */
#ifndef PLATEN_MESSAGE_GATE_H
#define PLATEN_MESSAGE_GATE_H

#include "message.h"

/* Outside sizes. */
#define MAX_GATE_LISTENERS 32 /* listen addresses, all kinds together */
#define MAX_GATE_KEYS 200000 /* keys in a gateway's file */
#define MAX_GATE_RECORDS 5000 /* records of one upload */
#define MAX_GATE_GAPS 4096 /* runs of numbers of one agent that are remembered apart */
#define TOKEN_HASH 32 /* bytes of SHA-256 */

/* How an upload came. */
enum gate_how { GATE_HTTPS, GATE_HTTP, GATE_TCP, GATE_UDP };
#define GATE_HOWS 4
const char *gate_how_word(enum gate_how); /* as in [gateway]: "https" */

/* ---- settings: the fields in order, lists with their number first ---- */

struct gate_listen {
	enum gate_how how;
	const char *address; /* "127.0.0.1:8443", "[::]:443" */
};

struct gate_settings {
	uint32_t nlisten;
	struct gate_listen *listen;
	const char *cert, *key, *client_ca; /* PEM, "" without */
	uint64_t max_body; /* bytes of one upload, unpacked */
	uint64_t timeout; /* ms for one whole request */
	uint32_t requests; /* a minute and agent */
	uint32_t connections; /* at one time */
	uint32_t connections_each; /* ... of one address */
	enum sandbox sandbox;
};

void gate_settings_put(struct buf *, const struct gate_settings *);
/* Texts lie in the frame. */
bool gate_settings_get(struct wire *, struct pool *, struct gate_settings *);

/* ---- keys: u64 n, n x { u64 id, text agent, bytes hash }, bytes master ---- */

struct gate_key {
	uint32_t id;
	char agent[UUID_TEXT];
	uint8_t token[TOKEN_HASH]; /* SHA-256 of the token's text */
};

struct gate_keys {
	uint32_t n;
	struct gate_key *keys;
	uint8_t master[32]; /* seal keys of agents are derived from it (seal_keys.h) */
};

void gate_keys_put(struct buf *, const struct gate_keys *);
bool gate_keys_get(struct wire *, struct pool *, struct gate_keys *);

/*
 * ---- batch: u64 id, text agent, u64 how, text peer, text customer, text site,
 * text version, u64 bytes, u64 n, n x { u64 kind, u64 seq, i64 time, text device,
 * text label, u64 urgent, bytes json } ----
 */
enum gate_kind {
	GATE_READING, /* platen.reading/1: seq counts without holes */
	GATE_URGENT /* platen.urgent/1: seq names the reading it is taken from */
};

struct gate_record {
	enum gate_kind kind;
	uint64_t seq;
	int64_t time; /* seconds since 1970, as the record says */
	const char *device; /* device.id, "" : a record without a printer */
	const char *label; /* the printer for a person */
	bool urgent;
	const char *json; /* one line, whole */
	size_t len;
};

struct gate_batch {
	uint64_t id;
	const char *agent; /* proven */
	enum gate_how how;
	const char *peer; /* address it came from */
	const char *customer, *site, *version; /* "" : not said */
	uint64_t bytes; /* on the wire */
	uint32_t n;
	struct gate_record *records;
};

void gate_batch_put(struct buf *, const struct gate_batch *);
bool gate_batch_get(struct wire *, struct pool *, struct gate_batch *);

/* ---- kept: u64 id, u64 outcome, u64 n, n x u64 fate ---- */

enum gate_outcome {
	GATE_KEPT, /* committed; fates tell of each record */
	GATE_BUSY, /* the disk takes nothing now */
	GATE_FULL /* the sinks have not had what is there */
};

enum gate_fate {
	FATE_KEPT,
	FATE_KNOWN, /* it was here before */
	FATE_SCATTERED /* refused: more than MAX_GATE_GAPS holes in the agent's numbers */
};

struct gate_kept {
	uint64_t id;
	enum gate_outcome outcome;
	uint32_t n; /* as many as records when GATE_KEPT, else 0 */
	enum gate_fate *fates;
};

void gate_kept_put(struct buf *, const struct gate_kept *);
bool gate_kept_get(struct wire *, struct pool *, struct gate_kept *);

#endif
