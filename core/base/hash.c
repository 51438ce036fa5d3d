/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash.c - bytes become a number, eight at a time.
 *
 * Each step can be undone: what differs in eight bytes alone never becomes the same.  It keeps no
 * secret and proves nothing; begun with a random number, nobody knows beforehand what collides.
 */
#include "base.h"

#include <string.h>

static uint64_t
step(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 32;
}

uint64_t
hash_on(uint64_t h, const void *p, size_t n)
{
	const uint8_t *at = p;
	uint64_t word = 0;

	/* The length too: what is hashed one after the other is told apart. */
	for (h = step(h, n); n >= sizeof(word); at += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		h = step(h, word);
	}
	/* Most of what is hashed is short: a call would cost more than this. */
	for (word = 0; n > 0; n--)
		word = word << 8 | at[n - 1];
	return step(h, word);
}

uint64_t
hash_string(uint64_t h, const char *s)
{
	return hash_on(h, s, strlen(s));
}
