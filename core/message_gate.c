/* SPDX-License-Identifier: Apache-2.0 */
/* message_gate.c - what is said between agent and gate role; see message_gate.h. */
#include "message_gate.h"

#include <string.h>

const char *
gate_how_word(enum gate_how how)
{
	static const char *const words[] = {
		[GATE_HTTPS] = "https",
		[GATE_HTTP] = "http",
		[GATE_TCP] = "tcp",
		[GATE_UDP] = "udp",
	};

	return words[how];
}

/* ---- settings ---- */

void
gate_settings_put(struct buf *b, const struct gate_settings *s)
{
	wire_u64(b, s->nlisten);
	for (uint32_t i = 0; i < s->nlisten; i++) {
		wire_u64(b, s->listen[i].how);
		wire_text(b, s->listen[i].address);
	}
	wire_text(b, s->cert);
	wire_text(b, s->key);
	wire_text(b, s->client_ca);
	wire_u64(b, s->max_body);
	wire_u64(b, s->timeout);
	wire_u64(b, s->requests);
	wire_u64(b, s->connections);
	wire_u64(b, s->connections_each);
	wire_u64(b, s->sandbox);
}

bool
gate_settings_get(struct wire *w, struct pool *pool, struct gate_settings *s)
{
	*s = (struct gate_settings){ .nlisten = wire_get_max(w, MAX_GATE_LISTENERS) };
	s->listen = pool_alloc(pool, (s->nlisten + 1) * sizeof(*s->listen));
	for (uint32_t i = 0; i < s->nlisten; i++) {
		s->listen[i].how = wire_get_max(w, GATE_UDP);
		s->listen[i].address = wire_get_text(w);
	}
	s->cert = wire_get_text(w);
	s->key = wire_get_text(w);
	s->client_ca = wire_get_text(w);
	s->max_body = wire_get_u64(w);
	s->timeout = wire_get_u64(w);
	s->requests = wire_get_max(w, UINT32_MAX);
	s->connections = wire_get_max(w, UINT32_MAX);
	s->connections_each = wire_get_max(w, UINT32_MAX);
	s->sandbox = wire_get_max(w, SANDBOX_OFF);
	return wire_ended(w);
}

/* ---- bytes of a known number, and texts that fit ---- */

static void
fixed_get(struct wire *w, uint8_t *out, size_t n)
{
	size_t got;
	const uint8_t *p = wire_get_bytes(w, &got);

	if (got == n)
		memcpy(out, p, n);
	else
		w->bad = true;
}

static void
uuid_get(struct wire *w, char out[static UUID_TEXT])
{
	const char *text = wire_get_text(w);

	if (strlen(text) == UUID_TEXT - 1)
		memcpy(out, text, UUID_TEXT);
	else
		w->bad = true;
}

/* ---- keys ---- */

void
gate_keys_put(struct buf *b, const struct gate_keys *k)
{
	wire_u64(b, k->n);
	for (uint32_t i = 0; i < k->n; i++) {
		wire_u64(b, k->keys[i].id);
		wire_text(b, k->keys[i].agent);
		wire_bytes(b, k->keys[i].token, TOKEN_HASH);
	}
	wire_bytes(b, k->master, sizeof(k->master));
}

bool
gate_keys_get(struct wire *w, struct pool *pool, struct gate_keys *k)
{
	*k = (struct gate_keys){ .n = wire_get_count(w, MAX_GATE_KEYS, 1) };
	k->keys = pool_alloc(pool, (k->n + 1) * sizeof(*k->keys));
	for (uint32_t i = 0; i < k->n && !w->bad; i++) {
		k->keys[i].id = wire_get_max(w, UINT32_MAX);
		uuid_get(w, k->keys[i].agent);
		fixed_get(w, k->keys[i].token, TOKEN_HASH);
	}
	fixed_get(w, k->master, sizeof(k->master));
	return wire_ended(w);
}

/* ---- batch ---- */

void
gate_batch_put(struct buf *b, const struct gate_batch *batch)
{
	wire_u64(b, batch->id);
	wire_text(b, batch->agent);
	wire_u64(b, batch->how);
	wire_text(b, batch->peer);
	wire_text(b, batch->customer);
	wire_text(b, batch->site);
	wire_text(b, batch->version);
	wire_u64(b, batch->bytes);
	wire_u64(b, batch->n);
	for (uint32_t i = 0; i < batch->n; i++) {
		const struct gate_record *r = &batch->records[i];

		wire_u64(b, r->kind);
		wire_u64(b, r->seq);
		wire_i64(b, r->time);
		wire_text(b, r->device);
		wire_text(b, r->label);
		wire_u64(b, r->urgent);
		wire_bytes(b, r->json, r->len);
	}
}

static void
record_get(struct wire *w, struct pool *pool, struct gate_record *r)
{
	const uint8_t *json;

	r->kind = wire_get_max(w, GATE_URGENT);
	r->seq = wire_get_u64(w);
	r->time = wire_get_i64(w);
	r->device = wire_get_text(w);
	r->label = wire_get_text(w);
	r->urgent = wire_get_max(w, 1);
	json = wire_get_bytes(w, &r->len);
	/* With a NUL behind it, which the frame has not. */
	r->json = pool_copy(pool, json, r->len);
}

bool
gate_batch_get(struct wire *w, struct pool *pool, struct gate_batch *b)
{
	*b = (struct gate_batch){ .id = wire_get_u64(w) };
	b->agent = wire_get_text(w);
	b->how = wire_get_max(w, GATE_UDP);
	b->peer = wire_get_text(w);
	b->customer = wire_get_text(w);
	b->site = wire_get_text(w);
	b->version = wire_get_text(w);
	b->bytes = wire_get_u64(w);
	b->n = wire_get_count(w, MAX_GATE_RECORDS, 1);
	b->records = pool_alloc(pool, (b->n + 1) * sizeof(*b->records));
	for (uint32_t i = 0; i < b->n && !w->bad; i++)
		record_get(w, pool, &b->records[i]);
	return wire_ended(w);
}

/* ---- kept ---- */

void
gate_kept_put(struct buf *b, const struct gate_kept *k)
{
	wire_u64(b, k->id);
	wire_u64(b, k->outcome);
	wire_u64(b, k->n);
	for (uint32_t i = 0; i < k->n; i++)
		wire_u64(b, k->fates[i]);
}

bool
gate_kept_get(struct wire *w, struct pool *pool, struct gate_kept *k)
{
	*k = (struct gate_kept){ .id = wire_get_u64(w) };
	k->outcome = wire_get_max(w, GATE_FULL);
	k->n = wire_get_count(w, MAX_GATE_RECORDS, 1);
	k->fates = pool_alloc(pool, (k->n + 1) * sizeof(*k->fates));
	for (uint32_t i = 0; i < k->n; i++)
		k->fates[i] = wire_get_max(w, FATE_SCATTERED);
	return wire_ended(w);
}
