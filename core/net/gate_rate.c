/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_rate.c - how often each name came within the last minute; see gate.h.
 *
 * A table of fixed size: who comes into the place of another begins anew.  So an
 * attacker with many names forgets counts, and never takes memory.
 */
#include "net/gate.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS 16384
#define MINUTE 60000

struct rates {
	uint64_t salt; /* so that nobody can choose whose place he takes */
	struct {
		uint64_t name; /* hash */
		uint64_t since;
		uint32_t n;
	} slots[SLOTS];
};

static uint64_t
hash(const char *name, uint64_t salt)
{
	uint64_t h = salt ^ UINT64_C(0xcbf29ce484222325);

	for (; *name != 0; name++)
		h = (h ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

bool
gate_rate_take(struct gate *g, const char *name, uint32_t a_minute)
{
	uint64_t now = clock_ms(), h;
	size_t at;

	if (g->rates == NULL) {
		g->rates = mem_alloc(sizeof(*g->rates));
		g->rates->salt = random_u64();
	}
	h = hash(name, g->rates->salt);
	at = h % SLOTS;
	if (g->rates->slots[at].name != h || now - g->rates->slots[at].since >= MINUTE) {
		g->rates->slots[at].name = h;
		g->rates->slots[at].since = now;
		g->rates->slots[at].n = 0;
	}
	return ++g->rates->slots[at].n <= a_minute;
}

void
gate_rates_free(struct gate *g)
{
	free(g->rates);
}
