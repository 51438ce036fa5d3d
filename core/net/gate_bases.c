/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_bases.c - the last record of each printer, so that a delta can be made
 * whole; see gate_body.h.
 *
 * Bounded by bytes, least recently used out.  What is lost is asked for again,
 * whole.  A record is here before its receipt: one that is not kept after all
 * costs its successor a whole record, nothing else.
 */
#include "net/gate_body.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of records that are remembered: 50,000 printers with 2 kB each. */
#define BASES_MOST (100u << 20)
#define BUCKETS 65536

struct base {
	struct base *next; /* in its bucket */
	struct base *newer, *older;
	uint64_t hash;
	uint64_t seq;
	size_t len;
	char *json;
	char *device;
	char agent[UUID_TEXT];
};

struct bases {
	struct base *buckets[BUCKETS];
	struct base *newest, *oldest;
	size_t bytes;
	uint64_t salt; /* so that nobody can choose his bucket */
};

struct bases *
bases_new(void)
{
	struct bases *b = mem_alloc(sizeof(*b));

	b->salt = random_u64();
	return b;
}

static struct base **
find(struct bases *b, const char *agent, const char *device, uint64_t *hash)
{
	struct base **at;

	*hash = hash_string(hash_string(b->salt, agent), device);
	at = &b->buckets[*hash % BUCKETS];
	while (*at != NULL &&
		((*at)->hash != *hash || strcmp((*at)->agent, agent) != 0 ||
			strcmp((*at)->device, device) != 0))
		at = &(*at)->next;
	return at;
}

static void
unlink_age(struct bases *b, struct base *x)
{
	*(x->newer != NULL ? &x->newer->older : &b->newest) = x->older;
	*(x->older != NULL ? &x->older->newer : &b->oldest) = x->newer;
}

static void
make_newest(struct bases *b, struct base *x)
{
	x->newer = NULL;
	x->older = b->newest;
	*(x->older != NULL ? &x->older->newer : &b->oldest) = x;
	b->newest = x;
}

static size_t
size_of(const struct base *x)
{
	return sizeof(*x) + x->len + strlen(x->device);
}

static void
drop(struct bases *b, struct base **at)
{
	struct base *x = *at;

	*at = x->next;
	unlink_age(b, x);
	b->bytes -= size_of(x);
	free(x->json);
	free(x->device);
	free(x);
}

void
bases_put(struct bases *b, const char *agent, const struct gate_record *r)
{
	uint64_t hash;
	struct base **at = find(b, agent, r->device, &hash), *x;

	if (*at != NULL)
		drop(b, at);
	at = &b->buckets[hash % BUCKETS];
	x = mem_alloc(sizeof(*x));
	*x = (struct base){
		.next = *at,
		.hash = hash,
		.seq = r->seq,
		.len = r->len,
		.json = mem_string_n(r->json, r->len),
		.device = mem_string(r->device),
	};
	memcpy(x->agent, agent, UUID_TEXT);
	*at = x;
	make_newest(b, x);
	b->bytes += size_of(x);
	while (b->bytes > BASES_MOST) {
		at = find(b, b->oldest->agent, b->oldest->device, &hash);
		drop(b, at);
	}
}

const char *
bases_get(struct bases *b, const char *agent, const char *device, uint64_t seq, size_t *n)
{
	uint64_t hash;
	struct base *x = *find(b, agent, device, &hash);

	if (x == NULL || x->seq != seq)
		return NULL;
	unlink_age(b, x);
	make_newest(b, x);
	*n = x->len;
	return x->json;
}

void
bases_free(struct bases *b)
{
	if (b == NULL)
		return;
	while (b->oldest != NULL) {
		uint64_t hash;

		drop(b, find(b, b->oldest->agent, b->oldest->device, &hash));
	}
	free(b);
}
