/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_who.c - which agent a token or a key id belongs to; see gate.h.
 *
 * Tokens are known by their SHA-256 alone, and compared in a time that tells
 * nothing of how much was right.
 */
#include "net/gate.h"
#include "net/token.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static int
in_order(const void *a, const void *b)
{
	const struct gate_key *x = a, *y = b;
	int order = strcmp(x->agent, y->agent);

	return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

bool
gate_keys_take(struct gate *g, struct wire *w)
{
	struct pool *pool = pool_new();
	struct gate_keys keys;

	if (!gate_keys_get(w, pool, &keys)) {
		pool_free(pool);
		return false;
	}
	qsort(keys.keys, keys.n, sizeof(*keys.keys), in_order);
	OPENSSL_cleanse(g->keys.master, sizeof(g->keys.master));
	pool_free(g->keys_pool);
	g->keys_pool = pool;
	g->keys = keys;
	return true;
}

const struct gate_key *
gate_key_of_token(const struct gate *g, const char *token)
{
	const struct gate_key *found = NULL;
	uint8_t hash[TOKEN_HASH];

	token_hash(token, hash);
	for (uint32_t i = 0; i < g->keys.n; i++)
		if (CRYPTO_memcmp(g->keys.keys[i].token, hash, TOKEN_HASH) == 0)
			found = &g->keys.keys[i];
	return found;
}

const struct gate_key *
gate_key_of(const struct gate *g, const char *agent, uint32_t id)
{
	uint32_t from = 0, to = g->keys.n;

	while (from < to) {
		uint32_t middle = (from + to) / 2;
		int order = strcmp(g->keys.keys[middle].agent, agent);

		if (order < 0 || (order == 0 && g->keys.keys[middle].id < id))
			from = middle + 1;
		else
			to = middle;
	}
	if (from == g->keys.n || strcmp(g->keys.keys[from].agent, agent) != 0 ||
		(id != 0 && g->keys.keys[from].id != id))
		return NULL;
	return &g->keys.keys[from];
}
