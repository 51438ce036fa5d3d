/* SPDX-License-Identifier: Apache-2.0 */
/* message_answer.c - answers and the values in them, put on the wire and taken off it. */
#include "message_read.h"

#include <string.h>

/* Bytes of a bind, at least: a number of them asks for no more memory than came. */
#define LEAST_BIND 3

/* ---- values ---- */

static inline size_t
value_most(const struct platen_bind *v)
{
	size_t type = 1, nul = 1;

	switch (v->type) {
	case PLATEN_OCTETS:
		return type + WIRE_NUMBER_MOST + v->len + nul;
	case PLATEN_OBJECT_ID:
		return type + wire_oid_most(v->value);
	default:
		return type + WIRE_NUMBER_MOST;
	}
}

static inline uint8_t *
value_write(uint8_t *to, const struct platen_bind *v)
{
	*to++ = (uint8_t)v->type;
	switch (v->type) {
	case PLATEN_INTEGER:
	case PLATEN_UNSIGNED:
		return wire_number(to, wire_signed(v->number));
	case PLATEN_OCTETS:
		to = wire_number(to, v->len);
		if (v->len > 0)
			memcpy(to, v->octets, v->len);
		to[v->len] = 0;
		return to + v->len + 1;
	case PLATEN_OBJECT_ID:
		return wire_oid_write(to, (struct platen_oid){ 0 }, v->value);
	case PLATEN_ABSENT:
	default:
		return to;
	}
}

size_t
values_most(const struct platen_bind *values, uint32_t n)
{
	size_t most = 0;

	for (uint32_t i = 0; i < n; i++)
		most += value_most(&values[i]);
	return most;
}

uint8_t *
values_write(uint8_t *to, const struct platen_bind *values, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to = value_write(to, &values[i]);
	return to;
}

void
value_put(struct buf *b, const struct platen_bind *v)
{
	wire_grown(b, value_write(wire_room(b, value_most(v)), v));
}

void
value_get(struct wire *w, struct pool *pool, struct platen_bind *v)
{
	size_t n;

	v->size = sizeof(*v);
	v->type = (int32_t)wire_get_max(w, PLATEN_OBJECT_ID);
	v->octets = (const uint8_t *)"";
	switch (v->type) {
	case PLATEN_INTEGER:
	case PLATEN_UNSIGNED:
		v->number = wire_get_i64(w);
		break;
	case PLATEN_OCTETS:
		v->octets = wire_get_bytes(w, &n);
		v->len = (uint32_t)n;
		/* The NUL that platen/snmp.h promises is among what is said. */
		wire_get_max(w, 0);
		break;
	case PLATEN_OBJECT_ID:
		v->value = wire_get_oid(w, pool);
		break;
	default:
		break;
	}
}

struct platen_oid
oid_join_at(uint32_t *sub, struct platen_oid column, struct platen_oid index)
{
	uint32_t n = column.n + index.n;

	memcpy(sub, column.sub, column.n * sizeof(*sub));
	memcpy(sub + column.n, index.sub, index.n * sizeof(*sub));
	return (struct platen_oid){ sub, n < PLATEN_MAX_SUBIDS ? n : PLATEN_MAX_SUBIDS };
}

struct platen_oid
oid_join(struct pool *pool, struct platen_oid column, struct platen_oid index)
{
	return oid_join_at(pool_alloc(pool, (column.n + index.n) * sizeof(uint32_t)), column,
		index);
}

/* ---- GET and TABLE ---- */

static struct platen_oid
oid_before(const struct answer *a, uint32_t i)
{
	return i > 0 ? a->binds[i - 1].oid : (struct platen_oid){ 0 };
}

static void
binds_put(struct buf *b, const struct answer *a)
{
	wire_u64(b, a->n);
	for (uint32_t i = 0; i < a->n; i++) {
		wire_oid_after(b, oid_before(a, i), a->binds[i].oid);
		value_put(b, &a->binds[i]);
	}
}

static void
binds_get(struct wire *w, struct pool *pool, struct answer *a)
{
	a->n = wire_get_count(w, PLATEN_MAX_ROWS * PLATEN_MAX_OIDS, LEAST_BIND);
	a->binds = pool_alloc(pool, (a->n + 1) * sizeof(*a->binds));
	for (uint32_t i = 0; i < a->n && !w->bad; i++) {
		a->binds[i].oid = wire_get_oid_after(w, pool, oid_before(a, i));
		value_get(w, pool, &a->binds[i]);
	}
}

/* ---- answers ---- */

void
answer_put(struct buf *b, const struct answer *a)
{
	wire_i64(b, a->status);
	wire_u64(b, a->packets);
	wire_u64(b, a->kind);
	switch (a->kind) {
	case ASK_GET:
	case ASK_TABLE:
		binds_put(b, a);
		break;
	case ASK_PAGE:
	case ASK_LOGIN:
		wire_i64(b, a->code);
		wire_text(b, a->type);
		wire_bytes(b, a->body, a->len);
		wire_text(b, a->odd);
		break;
	case ASK_READ:
		read_put(b, a);
		break;
	}
}

bool
answer_get(struct wire *w, struct pool *pool, struct answer *a)
{
	size_t n;

	*a = (struct answer){ .status = (int32_t)wire_get_i64(w), .shape = "" };
	a->packets = wire_get_max(w, UINT32_MAX);
	a->kind = wire_get_max(w, ASK_READ);
	switch (a->kind) {
	case ASK_GET:
	case ASK_TABLE:
		binds_get(w, pool, a);
		break;
	case ASK_PAGE:
	case ASK_LOGIN:
		a->code = (int32_t)wire_get_i64(w);
		a->type = wire_get_text(w);
		a->body = wire_get_bytes(w, &n);
		a->len = n;
		a->body = pool_copy(pool, a->body, n);
		a->odd = wire_get_text(w);
		break;
	case ASK_READ:
		return read_get(w, pool, a);
	}
	return !w->bad;
}

struct answer
answer_none(enum question_kind kind, int32_t status)
{
	return (struct answer){
		.kind = kind,
		.status = status,
		.type = "",
		.body = (const uint8_t *)"",
		.shape = "",
	};
}
